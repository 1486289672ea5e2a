import { DEFAULT_LIMITS, DmClient, type DmError, type Flash, type Limits, type Platform } from 'dmlet';
import { BytesResource, NodeDigests, NodeIdentity, NodeText } from 'dmlet/node';
import { DeviceLog } from '../support/device-log.js';
import { Pace } from '../support/pace.js';
import { PacedHttp } from '../support/paced-http.js';
import { TestClock } from '../support/test-clock.js';
import { type CutStore, PowerCut } from './cut-store.js';
import type { Said, World } from './world.js';

/** What devices of all runs share: none of it remembers anything. */
const PARTS = {
  digests: new NodeDigests(),
  text: new NodeText(),
  identity: new NodeIdentity({ MCC: '262', MNC: '01', DevID: 'IMEI:490154203237518' }),
  random: { next: () => 0.5 },
};

/** Longest wait of the retry engine, and how many such waits a device gets to do all that is due. */
const LONGEST_WAIT = 21600000;
const MOST_WAITS = 8;

/** Timers that no scenario comes near: a device that needs more is in a loop. */
const MOST_TIMERS = 20000;

class BoundedClock extends TestClock {
  private started = 0;

  override after(delay: number, callback: () => void): unknown {
    this.started += 1;
    if (this.started > MOST_TIMERS) throw new Error('the device does not come to rest');
    return super.after(delay, callback);
  }
}

/** A device with a clock that only moves when it is told to: whatever it does is done when a call returns. */
export class CutDevice {
  readonly client: DmClient;
  readonly http: PacedHttp;
  readonly log = new DeviceLog();
  /** Codes of sessions that failed. */
  readonly failures: string[] = [];
  readonly clock = new BoundedClock();

  constructor(
    readonly store: CutStore,
    readonly world: World,
    limits: Partial<Limits> = {},
  ) {
    this.http = new PacedHttp(this.clock, new Pace(0), DEFAULT_LIMITS.uri, (request, body) =>
      world.answer(request, body),
    );
    const flash: Flash = store;
    const platform: Platform = { ...PARTS, flash, http: this.http, clock: this.clock, log: this.log };
    this.client = new DmClient(platform, { limits });
    world.powered(store);
  }

  /** Starts the client. @returns whether the bootstrap was applied. */
  start(bootstrap?: object): boolean {
    const applied = this.client.start(bootstrap && resource(bootstrap));
    this.settle();
    return applied;
  }

  /** Loads what is in flash, and does nothing that is due. */
  load(): void {
    this.client.start(undefined);
  }

  /** Applies another bootstrap. */
  receive(bootstrap: object): void {
    this.client.applyBootstrap(resource(bootstrap));
  }

  /** Opens a session in which the server sends these packages. */
  session(...packages: Said[][]): void {
    let code = 'NO_ANSWER';
    this.world.packages = packages;
    this.client.openSession('', (error) => {
      code = codeOf(error);
    });
    this.settle();
    this.world.packages = [];
    if (code !== '') this.failures.push(code);
  }

  /** Asks for configuration as an application does that does not wait. @returns the error's code, '' for none. */
  configure(moid: string): string {
    let code = 'NO_ANSWER';
    this.client.requestConfiguration(
      moid,
      (error) => {
        code = codeOf(error);
      },
      true,
    );
    this.settle();
    return code;
  }

  /** Waits until all that is due is done. */
  rest(): void {
    this.advance(this.client.device.limits.settleTime);
    for (let waits = 0; waits < MOST_WAITS && this.client.dueCount > 0; waits += 1) this.advance(LONGEST_WAIT);
  }

  private settle(): void {
    this.advance(0);
  }

  private advance(milliseconds: number): void {
    if (!this.store.isOff) this.clock.advance(milliseconds);
    // The client may have taken it for an error of the store, and gone on.
    if (this.store.isOff) throw new PowerCut('before');
  }
}

function codeOf(error: DmError | undefined): string {
  return error === undefined ? '' : error.code;
}

function resource(document: object): BytesResource {
  return new BytesResource(Buffer.from(JSON.stringify(document)));
}
