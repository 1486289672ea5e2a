import type { Limits } from 'dmlet';
import * as assert from 'uvu/assert';
import { until } from '../server/loopback.js';
import { CountingClock } from '../support/counting-clock.js';
import { bootstrapWith, MMS } from '../support/device-bootstrap.js';
import { onStage, type Stage, type TestDevice } from '../support/device-fixture.js';
import type { MakeHttp } from '../support/device-http-stage.js';
import { RawServer } from '../support/device-raw-server.js';

const TYPE = 'Content-Type: application/vnd.oma.dm.mo+json\r\n';
export const BODY = JSON.stringify([{ ClientURI: `${MMS}/a/`, MOData: { MMS: { Name: 'new' } } }]);
export const OK = `HTTP/1.1 200 OK\r\n${TYPE}`;
/** An answer that a GET takes, and any upload, too. */
export const GOOD = `${OK}Content-Length: ${BODY.length}\r\n\r\n${BODY}`;
export const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`;
export const FIRST_CHUNK = `${(9).toString(16)}\r\n[{"x":"aa\r\n`;

/** A device, and a peer that says what the test wants, byte by byte. */
export class Front {
  private constructor(
    readonly device: TestDevice,
    readonly peer: RawServer,
    /** The reference server's. */
    readonly origin: string,
    private readonly clock: CountingClock,
    private readonly closeHttp: () => void,
  ) {}

  static async open(stage: Stage, make: MakeHttp, limits: Partial<Limits> = {}): Promise<Front> {
    const clock = new CountingClock();
    const mo = [{ ClientURI: `${MMS}/a/`, MOData: { MMS: { Name: 'old' } } }];
    const device = stage.device({ bootstrap: bootstrapWith({ mo }), limits: { reply: 16384, ...limits }, clock });
    const client = make();
    device.platform.http.request = (request, listener) => client.http.request(request, listener);
    device.start();
    await device.idle();
    return new Front(device, await RawServer.start(), stage.server.origin, clock, () => client.close());
  }

  /** The command that meets the peer. */
  get hget(): string[] {
    return ['HGET', `${this.peer.origin}/doc`];
  }

  /** The one that sends it something. */
  get hput(): string[] {
    return ['HPUT', `${this.peer.origin}/doc`, `${MMS}/a/`];
  }

  /** Runs a command so often while `act` plays the peer. @returns the statuses. */
  async codes(count: number, act: () => Promise<void>, command = this.hget): Promise<number[]> {
    const codes = this.device.codes(...Array.from({ length: count }, () => command));
    await act();
    return codes;
  }

  /** The peer behaves: the client works, what it is asked then is done, and nothing is left of what was before. */
  async works(): Promise<void> {
    const before = this.peer.connections.length;
    const codes = this.device.codes(this.hget);
    const connection = await this.peer.connection(before + 1);
    await connection.request();
    connection.send(GOOD);
    connection.socket.end();
    assert.equal(await codes, [200], 'the next request');
    assert.is(this.device.client.local.read(`${MMS}/a/Name`), 'new');
    await this.rests();
  }

  /** The device is on and idle: no timer runs, and no connection to the peer is open. */
  async rests(): Promise<void> {
    await this.device.idle();
    await until(() => this.clock.pending === 0, `the end of ${this.clock.pending} timers`);
    await until(() => this.peer.open === 0, `the end of ${this.peer.open} connections`);
  }

  /** Switches the device off: no timer and no connection may be left of it. */
  async close(): Promise<void> {
    this.device.close();
    this.closeHttp();
    await until(() => this.clock.pending === 0, `the end of ${this.clock.pending} timers`);
    await until(() => this.peer.open === 0, `the end of ${this.peer.open} connections`);
    await this.peer.close();
  }
}

/** Sockets, servers and timers of the whole process. */
function resources(): string {
  return process
    .getActiveResourcesInfo()
    .filter((kind) => /TCP|TLS|Timeout|Immediate|GetAddrInfo/.test(kind))
    .sort()
    .join();
}

/** A test with a front; behind it the process holds no more sockets and timers than before. */
export function onFront(
  make: MakeHttp,
  limits: Partial<Limits>,
  act: (front: Front) => Promise<void>,
): () => Promise<void> {
  return async () => {
    // The runner's own timer is over by then.
    await new Promise((resolve) => setTimeout(resolve, 0));
    const before = resources();
    await onStage(async (stage) => {
      const front = await Front.open(stage, make, limits);
      try {
        await act(front);
      } finally {
        await front.close();
      }
    })();
    await until(() => resources() === before, `no more than ${before}`);
  };
}
