import type { Limits } from 'dmlet';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../server/loopback.js';
import type { MakeHttp } from '../support/device-http-stage.js';
import type { RawConnection } from '../support/device-raw-server.js';
import { BODY, CHUNKED, FIRST_CHUNK, type Front, GOOD, OK, onFront } from './fire-front.js';

/** What a peer sends before it closes, and the status that HGET gets of it. */
export const ANSWERS: [what: string, answer: string, status: number][] = [
  ['bytes of no protocol', '\x00\x01\xfe\xff\r\n\r\n', 502],
  ['a greeting of another protocol', 'SSH-2.0-OpenSSH_9.6\r\n', 502],
  ['a TLS alert', '\x15\x03\x03\x00\x02\x02\x28', 502],
  ['a body without a header', BODY, 502],
  ['64 KB of one byte', 'A'.repeat(65536), 502],
  ['64 KB of line ends', '\r\n'.repeat(32768), 502],
  ['another version of HTTP', GOOD.replace('1.1', '9.9'), 502],
  ['a status of two digits', GOOD.replace('200', '99'), 502],
  ['a status of four digits', GOOD.replace('200', '2000'), 502],
  ['a status that is no number', GOOD.replace('200', 'OK!'), 502],
  ['a header line without a colon', GOOD.replace('Content-Type', 'no colon\r\nContent-Type'), 502],
  ['a NUL in a header', GOOD.replace('Content-Type', 'X: \x00\r\nContent-Type'), 502],
  ['a header name with a blank', GOOD.replace('Content-Type:', 'Content Type:'), 502],
  ['a header of 20 KB in one line', GOOD.replace('Content-Type', `X: ${'x'.repeat(20000)}\r\nContent-Type`), 502],
  ['a header of 120 KB in many lines', GOOD.replace('Content-Type', `${'X: y\r\n'.repeat(20000)}Content-Type`), 502],
  ['a length below 0', GOOD.replace(/Length: \d+/, 'Length: -1'), 502],
  ['a length that is no number', GOOD.replace(/Length: \d+/, 'Length: 0x20'), 502],
  ['a length beyond all numbers', GOOD.replace(/Length: \d+/, `Length: ${'9'.repeat(40)}`), 502],
  ['two lengths', GOOD.replace('Content-Length', 'Content-Length: 1\r\nContent-Length'), 502],
  ['a length and chunks', GOOD.replace('Content-Length', 'Transfer-Encoding: chunked\r\nContent-Length'), 502],
  ['one byte less than announced', GOOD.slice(0, -1), 502],
  ['one byte more than announced', GOOD.replace(/Length: \d+/, `Length: ${BODY.length - 1}`), 502],
  ['no byte of many', `${OK}Content-Length: 1000000000\r\n\r\n`, 502],
  ['a body of no bytes', `${OK}Content-Length: 0\r\n\r\n`, 502],
  ['a chunk whose size is no number', `${CHUNKED}zz\r\n${BODY}\r\n0\r\n\r\n`, 502],
  ['a chunk whose size is beyond all numbers', `${CHUNKED}${'F'.repeat(40)}\r\n${BODY}`, 502],
  ['a chunk longer than its size', `${CHUNKED}1\r\n${BODY}\r\n0\r\n\r\n`, 502],
  ['chunks without an end', `${CHUNKED}${FIRST_CHUNK}`, 502],
  ['204', 'HTTP/1.1 204 No Content\r\n\r\n', 502],
  ['204 with a body', GOOD.replace('200 OK', '204 No Content'), 502],
  ['205', 'HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n', 502],
  ['304', 'HTTP/1.1 304 Not Modified\r\n\r\n', 304],
  ['304 with the length of what it spares', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 1000\r\n\r\n', 304],
  ['101, to another protocol', 'HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n', 502],
  ['100, and no more', 'HTTP/1.1 100 Continue\r\n\r\n', 502],
  ['a redirect to garbage', 'HTTP/1.1 302 Found\r\nLocation: http://[::/\r\nContent-Length: 0\r\n\r\n', 502],
  ['a redirect to nowhere', 'HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n', 302],
  ['100, then the answer', `HTTP/1.1 100 Continue\r\n\r\n${GOOD}`, 200],
  ['many interim answers', `${'HTTP/1.1 102 Processing\r\n\r\n'.repeat(100)}${GOOD}`, 200],
  ['no reason', GOOD.replace('200 OK', '200'), 200],
  ['a body up to the close', `${OK}\r\n${BODY}`, 200],
  ['HTTP/1.0', `${OK.replace('1.1', '1.0')}\r\n${BODY}`, 200],
];

/** A peer that sends something now and then, for ever, and the limit that ends it. */
export const ENDLESS: [what: string, limit: keyof Limits, first: string, again: string][] = [
  ['nothing', 'headersTime', '', ''],
  ['interim answers', 'headersTime', '', 'HTTP/1.1 102 Processing\r\n\r\n'],
  ['half a status line', 'headersTime', 'HTTP/1.1 20', ''],
  ['header lines', 'headersTime', 'HTTP/1.1 200 OK\r\n', 'X: y\r\n'],
  ['a header, and nothing then', 'idleTime', `${OK}Content-Length: 100\r\n\r\n`, ''],
  ['a part of a body, and nothing then', 'idleTime', GOOD.slice(0, -5), ''],
  ['a chunk, and nothing then', 'idleTime', `${CHUNKED}${FIRST_CHUNK}`, ''],
  ['chunks', 'wholeTime', `${CHUNKED}${FIRST_CHUNK}`, '1\r\na\r\n'],
  ['a body up to a close that never comes', 'wholeTime', `${OK}\r\n[{"x":"`, 'a'],
  ['blanks behind a document', 'wholeTime', `${OK}\r\n${BODY}`, ' '],
];

/** Milliseconds; the DM server, which behaves, has no more than that either, on a machine that may be busy. */
export const SHORT = 250;
export const INTERVAL = 10;

/**
 * The network as it can be, met with a whole client over an adapter: what the peer does, the status that a server is told of it, and
 * that the client goes on (PROTOCOL.md §3.1, §12).
 * @param name of the adapter.
 */
export function httpUnderFire(name: string, make: MakeHttp): void {
  const test = suite(`HTTP under fire: ${name}`);

  const fire = (title: string, limits: Partial<Limits>, act: (front: Front) => Promise<void>): void =>
    test(title, onFront(make, limits, act));

  for (const isReset of [false, true]) {
    fire(`whatever a peer sends before it ${isReset ? 'resets' : 'closes'}`, {}, async (front) => {
      for (const [what, answer, status] of ANSWERS) {
        const count = front.peer.connections.length;
        const codes = await front.codes(1, async () => {
          const connection = await front.peer.connection(count + 1);
          await connection.request();
          connection.send(answer);
          if (isReset) connection.socket.write('', () => setTimeout(() => connection.socket.resetAndDestroy(), 5));
          else connection.socket.end();
        });
        // What is ended by a close is not ended by a reset, and a reset may destroy what had come.
        if (isReset) assert.ok(codes[0] === status || codes[0] === 502, `${what}: ${codes[0]}`);
        else assert.equal(codes, [status], what);
        await until(() => front.peer.open === 0, `${what}: the end of the connection`);
      }
      await front.works();
    });
  }

  fire('a good answer that is closed behind any of its bytes [ST-502]', {}, async (front) => {
    const codes = await front.codes(GOOD.length + 1, async () => {
      for (let length = 0; length <= GOOD.length; length += 1) {
        const connection = await front.peer.connection(length + 1);
        await connection.request();
        connection.send(GOOD.slice(0, length));
        connection.socket.end();
      }
    });
    assert.equal(codes, [...new Array(GOOD.length).fill(502), 200]);
    await front.works();
  });

  for (const [what, limit, first, again] of ENDLESS) {
    fire(`${what}, for ever: 408 by ${limit} [ST-408 HTTP-25]`, { [limit]: SHORT }, async (front) => {
      let connection: RawConnection | undefined;
      const timer = setInterval(() => connection?.send(again), INTERVAL);
      const codes = await front.codes(1, async () => {
        const met = await front.peer.connection();
        await met.request();
        met.send(first);
        connection = met;
      });
      clearInterval(timer);
      assert.equal(codes, [408]);
      await until(() => front.peer.open === 0, 'the end of the connection');
      await front.works();
    });
  }

  fire('answers that nobody asked for, behind one that is whole', {}, async (front) => {
    const codes = await front.codes(3, async () => {
      for (let count = 1; count <= 3; count += 1) {
        await until(
          () => front.peer.connections.flatMap(({ requests }) => requests).length >= count,
          `request ${count}`,
        );
        const connection = front.peer.connections[front.peer.connections.length - 1];
        connection.send(GOOD + GOOD + GOOD);
      }
    });
    // One that lies there when the connection is used again is taken for the answer: HTTP/1.1 cannot tell.
    assert.ok(
      codes.every((code) => code === 200 || code === 502),
      `${codes}`,
    );
    assert.is(codes[0], 200);
    for (const { socket } of front.peer.connections) socket.destroy();
    await front.works();
  });

  test.run();
}
