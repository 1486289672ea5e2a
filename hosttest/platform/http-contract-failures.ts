import { HttpFailure } from 'dmlet';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../server/loopback.js';
import { quiet } from '../support/device-http-recorder.js';
import { type MakeHttp, onHttpStage } from '../support/device-http-stage.js';
import { RawServer } from '../support/device-raw-server.js';

/** Bytes that a peer sends before it closes, and what the listener is told. */
const BROKEN: [string, string, HttpFailure[]][] = [
  ['nothing', '', [HttpFailure.Closed]],
  ['a part of a header', 'HTTP/1.1 200 OK\r\nContent-', [HttpFailure.Closed]],
  ['a header, and no body', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n', [HttpFailure.Closed]],
  ['a part of a body', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf', [HttpFailure.Closed]],
  ['chunks without an end', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n', [HttpFailure.Closed]],
  ['a part of a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf', [HttpFailure.Closed]],
  ['a chunk without a size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno\r\n', [HttpFailure.Protocol]],
  ['no HTTP', '220 smtp.example ESMTP\r\n', [HttpFailure.Protocol]],
  ['another protocol\u2019s version', 'HTTP/3.7 abc\r\n\r\n', [HttpFailure.Protocol]],
  ['a header that never ends', `HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(20000)}`, [HttpFailure.Protocol]],
  ['a header line that never ends', `HTTP/1.1 200 OK\r\nX: ${'y'.repeat(100000)}`, [HttpFailure.Protocol]],
  [
    'a change to another protocol',
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
    [HttpFailure.Protocol],
  ],
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx', [HttpFailure.Protocol]],
];

/** What goes wrong, and what it is called. */
export function httpFailureContract(name: string, make: MakeHttp): void {
  const test = suite(`HTTP contract: ${name}: failures`);

  for (const [what, answer, expected] of BROKEN) {
    test(
      `${what}, then a close`,
      onHttpStage(make, async (stage) => {
        const [recorder, connection] = await stage.get();
        connection.send(answer);
        connection.socket.end();
        await recorder.over();
        assert.ok(expected.includes(recorder.failure as HttpFailure), `${recorder.failure} ${recorder.detail}`);
        assert.is(recorder.events[recorder.events.length - 1], 'failure');
        await quiet();
        await until(() => connection.closed, 'the end of the connection');
      }),
    );
  }

  test(
    'a connection that is reset',
    onHttpStage(make, async (stage) => {
      const [recorder, connection] = await stage.get();
      connection.socket.resetAndDestroy();
      assert.is((await recorder.over()).failure, HttpFailure.Closed);
    }),
  );

  test(
    'a port at which nobody listens',
    onHttpStage(make, async (stage) => {
      const gone = await RawServer.start();
      await gone.close();
      const recorder = stage.begin({ url: `${gone.origin}/` });
      assert.is((await recorder.over()).failure, HttpFailure.Connect);
      assert.equal(recorder.events, ['failure']);
    }),
  );

  test(
    'a name that has no address',
    onHttpStage(make, async (stage) => {
      const recorder = stage.begin({ url: 'http://no-such-host..invalid/' }, { body: Buffer.from('body') });
      assert.is((await recorder.over()).failure, HttpFailure.Name);
      assert.equal(recorder.events, ['failure']);
    }),
  );

  test(
    'a kept-alive connection that the peer closed before the first byte of an answer',
    onHttpStage(make, async (stage) => {
      const [first, connection] = await stage.get();
      connection.send('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
      await first.over();
      await quiet();
      const second = stage.begin({ method: 'POST' }, { body: Buffer.from('body') });
      await connection.request(2);
      connection.socket.destroy();
      assert.is((await second.over()).failure, HttpFailure.Stale);
      const third = stage.begin();
      const fresh = await stage.server.connection(2);
      await fresh.request();
      fresh.socket.destroy();
      assert.is((await third.over()).failure, HttpFailure.Closed);
    }),
  );

  test(
    'a kept-alive connection that closes in the answer is not stale',
    onHttpStage(make, async (stage) => {
      const [first, connection] = await stage.get();
      connection.send('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
      await first.over();
      await quiet();
      const second = stage.begin();
      await connection.request(2);
      connection.send('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf');
      await second.heard('readable');
      connection.socket.destroy();
      assert.is((await second.over()).failure, HttpFailure.Closed);
    }),
  );

  test(
    'an idle connection that the peer closed is not used again',
    onHttpStage(make, async (stage) => {
      const [first, connection] = await stage.get();
      connection.send('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
      await first.over();
      connection.socket.end();
      await until(() => connection.closed, 'the end of the connection');
      await quiet();
      const second = stage.begin();
      const fresh = await stage.server.connection(2);
      await fresh.request();
      fresh.send('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      assert.is((await second.over()).body, 'ok');
    }),
  );

  test.run();
}
