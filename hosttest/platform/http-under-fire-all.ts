import type { Limits } from 'dmlet';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../server/loopback.js';
import type { MakeHttp } from '../support/device-http-stage.js';
import { type RawConnection, RawServer } from '../support/device-raw-server.js';
import { type Front, GOOD, onFront } from './fire-front.js';
import { ANSWERS, ENDLESS, INTERVAL, SHORT } from './http-under-fire.js';

/** What an upload gets of the answers of which HGET gets something else: of a success it reads the body, and does not look at it. */
const UPLOADED: Record<string, number> = {
  'one byte more than announced': 200,
  'a body of no bytes': 200,
  '204': 200,
  '204 with a body': 200,
  '205': 200,
  'a redirect to garbage': 302,
};

const PACKAGE = 'HTTP/1.1 200 OK\r\nContent-Type: application/vnd.oma.dm.request+json\r\n';

/** What a DM server may go on with for ever: all that is no body, and packages. */
const ENDLESS_PACKAGES: typeof ENDLESS = [
  ...ENDLESS.slice(0, 4),
  ['a header, and nothing then', 'idleTime', `${PACKAGE}Content-Length: 100\r\n\r\n`, ''],
  ['a part of a package, and nothing then', 'idleTime', `${PACKAGE}Content-Length: 100\r\n\r\n{"CMD":[`, ''],
  ['chunks of a package', 'wholeTime', `${PACKAGE}Transfer-Encoding: chunked\r\n\r\n8\r\n{"CMD":[\r\n`, '1\r\n \r\n'],
  ['blanks in a package', 'wholeTime', `${PACKAGE}\r\n{"CMD":[`, ' '],
];

const SRV_URI = 'urn:oma:mo:oma-dm-dmacc:1.2/operator/SrvURI';

/**
 * The same for what is not an HGET: peers that cannot be reached, connections that went stale, uploads and sessions (PROTOCOL.md §3.1, §12).
 * @param name of the adapter.
 */
export function httpUnderFireAll(name: string, make: MakeHttp): void {
  const test = suite(`HTTP under fire, all: ${name}`);

  const fire = (title: string, limits: Partial<Limits>, act: (front: Front) => Promise<void>): void =>
    test(title, onFront(make, limits, act));

  fire(
    'no address, nobody there: 503; a TLS handshake for ever: 408 by connectTime [ST-408 ST-503]',
    { connectTime: 4 * SHORT },
    async (front) => {
      const gone = await RawServer.start();
      await gone.close();
      for (const [origin, status] of [
        ['http://no-such-host..invalid', 503],
        [gone.origin, 503],
        [front.peer.origin.replace('http:', 'https:'), 408],
      ] as const) {
        for (const [command, , ...more] of [front.hget, front.hput]) {
          assert.equal(await front.device.codes([command, `${origin}/doc`, ...more]), [status], `${command} ${origin}`);
          await front.rests();
        }
      }
      await front.works();
    },
  );

  for (const isReset of [false, true]) {
    fire(
      `a kept connection that is ${isReset ? 'reset' : 'closed'} at the next request: that is sent again, once [HTTP-36]`,
      {},
      async (front) => {
        const end = ({ socket }: RawConnection): unknown => (isReset ? socket.resetAndDestroy() : socket.end());
        for (const command of [front.hget, front.hput]) {
          const before = front.peer.connections.length;
          const codes = await front.codes(
            3,
            async () => {
              const first = await front.peer.connection(before + 1);
              await first.request();
              first.send(GOOD);
              await first.request(2);
              end(first);
              const second = await front.peer.connection(before + 2);
              assert.is(await second.request(), first.requests[1]);
              second.send(GOOD);
              // The third finds the connection dead, too, and so is the new one.
              await second.request(2);
              end(second);
              const third = await front.peer.connection(before + 3);
              await third.request();
              end(third);
            },
            command,
          );
          assert.equal(codes, [200, 200, 502], command[0]);
          assert.is(front.peer.connections.length, before + 3);
        }
        await front.works();
      },
    );
  }

  fire(
    'a kept connection that is closed while nobody uses it: the next request has one of its own',
    {},
    async (front) => {
      const codes = await front.codes(2, async () => {
        for (const count of [1, 2]) {
          const connection = await front.peer.connection(count);
          await connection.request();
          connection.send(GOOD);
          connection.socket.end();
        }
      });
      assert.equal(codes, [200, 200]);
      await front.works();
    },
  );

  fire('whatever a peer sends to an upload', {}, async (front) => {
    for (const [what, answer, status] of ANSWERS) {
      const count = front.peer.connections.length;
      const codes = await front.codes(
        1,
        async () => {
          const connection = await front.peer.connection(count + 1);
          await connection.request();
          connection.send(answer);
          connection.socket.end();
        },
        front.hput,
      );
      assert.equal(codes, [UPLOADED[what] ?? status], what);
      await front.rests();
    }
    await front.works();
  });

  for (const [what, limit, first, again] of ENDLESS) {
    fire(`${what}, for ever, to an upload: 408 by ${limit} [ST-408 HTTP-25]`, { [limit]: SHORT }, async (front) => {
      assert.equal(await endless(front, first, again, () => front.device.codes(front.hput)), [408]);
      await front.works();
    });
  }

  for (const [what, limit, first, again] of ENDLESS_PACKAGES) {
    fire(`${what}, for ever, in a session: TIMEOUT by ${limit} [SES-7 HTTP-25]`, { [limit]: SHORT }, async (front) => {
      front.device.client.local.write(SRV_URI, `${front.peer.origin}/dm`);
      const error = await endless(front, first, again, () => front.device.session());
      assert.is(error?.code, 'TIMEOUT');
      front.device.client.local.write(SRV_URI, `${front.origin}/dm`);
      await front.works();
    });
  }

  fire(
    'a DM server that answers garbage: the session ends with a code, and the next one is as ever',
    {},
    async (front) => {
      front.device.client.local.write(SRV_URI, `${front.peer.origin}/dm`);
      const codes = new Set<string>();
      for (const [what, answer] of ANSWERS) {
        const before = front.peer.connections.length;
        const ended = front.device.session();
        let isOver = false;
        void ended.then(() => {
          isOver = true;
        });
        // An unreadable package is answered once; the answer to that is garbage again.
        for (let at = before; !isOver; ) {
          await until(() => isOver || front.peer.connections.length > at, what);
          if (isOver) break;
          const connection = front.peer.connections[at];
          at += 1;
          await until(() => isOver || connection.requests.length > 0, what);
          connection.send(answer);
          connection.socket.end();
        }
        const error = await ended;
        codes.add(error?.code ?? 'ok');
        assert.ok(error !== undefined && error.name === 'DmError' && error.code !== 'INTERNAL', `${what}: ${error}`);
      }
      assert.ok(codes.size > 2, [...codes].join());
      front.device.client.local.write(SRV_URI, `${front.origin}/dm`);
      await front.works();
    },
  );

  test.run();
}

/** Runs what meets a peer that sends something now and then. */
async function endless<Result>(
  front: Front,
  first: string,
  again: string,
  run: () => Promise<Result>,
): Promise<Result> {
  let connection: RawConnection | undefined;
  const timer = setInterval(() => connection?.send(again), INTERVAL);
  const result = run();
  const met = await front.peer.connection();
  await met.request();
  met.send(first);
  connection = met;
  try {
    return await result;
  } finally {
    clearInterval(timer);
    await until(() => front.peer.open === 0, 'the end of the connection');
  }
}
