import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../server/loopback.js';
import { quiet } from '../support/device-http-recorder.js';
import { HUGE, type MakeHttp, onHttpStage } from '../support/device-http-stage.js';

const TEXT = Array.from({ length: 400 }, (_, index) => `line ${index}\n`).join('');

/** Bodies whose end comes later than their last byte. */
const LATE: [string, string, string][] = [
  ['chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n', '0\r\n\r\n'],
  ['chunks with a trailer', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n', 'X: y\r\n\r\n'],
  ['an end by close', 'HTTP/1.1 200 OK\r\n\r\nbody', ''],
];

/** How the reader sets the pace. */
export function httpReadingContract(name: string, make: MakeHttp): void {
  const test = suite(`HTTP contract: ${name}: reading`);

  for (const [what, answer, end] of LATE) {
    test(
      `the end of ${what} comes when all was read`,
      onHttpStage(make, async (stage) => {
        const [recorder, connection] = await stage.get();
        connection.send(answer);
        await until(() => recorder.body === 'body', 'the body');
        await quiet();
        assert.is(recorder.isOver, false);
        if (end === '') connection.socket.end();
        else connection.send(end);
        await recorder.over();
        assert.equal(recorder.events, ['writable', 'response', 'readable', 'end']);
      }),
    );
  }

  test(
    'while nothing is read, readable is told once',
    onHttpStage(make, async (stage) => {
      const [recorder, connection] = await stage.get({}, { reads: false });
      connection.send('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\none');
      await recorder.heard('readable');
      for (const part of ['two', 'six']) {
        await quiet();
        connection.send(part);
      }
      await quiet();
      assert.equal([recorder.readables, recorder.isOver], [1, false]);
      recorder.reads = true;
      recorder.readAll();
      await recorder.over();
      assert.is(recorder.body, 'onetwosix');
    }),
  );

  test(
    'a read that took all, or found nothing, is followed by readable when more comes',
    onHttpStage(make, async (stage) => {
      const [recorder, connection] = await stage.get({}, { reads: false, piece: 3 });
      connection.send('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\none');
      await recorder.heard('readable');
      assert.is(recorder.readPiece(), 3);
      connection.send('two');
      await until(() => recorder.readables >= 2, 'the second piece');
      assert.is(recorder.readPiece(), 3);
      await recorder.over();
      assert.is(recorder.body, 'onetwo');
    }),
  );

  test(
    'the end is told only when all was read',
    onHttpStage(make, async (stage) => {
      const [recorder, connection] = await stage.get({}, { reads: false, piece: 100 });
      connection.send(`HTTP/1.1 200 OK\r\nContent-Length: ${TEXT.length}\r\n\r\n${TEXT}`);
      await recorder.heard('readable');
      await quiet();
      assert.is(recorder.isOver, false);
      while (recorder.body.length < TEXT.length - 100) {
        recorder.readPiece();
        await new Promise((resolve) => setImmediate(resolve));
      }
      await quiet();
      assert.is(recorder.isOver, false);
      recorder.readAll();
      await recorder.over();
      assert.equal([recorder.body, recorder.failure], [TEXT, undefined]);
    }),
  );

  test(
    'a body larger than the reader takes holds the peer back, and comes whole when it is read',
    onHttpStage(make, async (stage) => {
      const [recorder, connection] = await stage.get({}, { reads: false, piece: 65536 });
      const { socket } = connection;
      const block = Buffer.alloc(65536, 'x');
      connection.send(`HTTP/1.1 200 OK\r\nContent-Length: ${HUGE}\r\n\r\n`);
      let sent = 0;
      let isFull = false;
      const push = (): void => {
        isFull = false;
        while (sent < HUGE && !isFull) {
          sent += block.length;
          isFull = !socket.write(block);
        }
      };
      socket.on('drain', push);
      push();
      await recorder.heard('readable');
      let last = -1;
      while (sent !== last) {
        last = sent;
        await quiet();
      }
      assert.ok(isFull && sent < HUGE, `${sent} bytes went out unread`);
      recorder.reads = true;
      recorder.readAll();
      await recorder.over();
      assert.equal([recorder.body.length, recorder.failure, sent], [HUGE, undefined, HUGE]);
    }),
  );

  test(
    'what came before the connection closed can be read, however late',
    onHttpStage(make, async (stage) => {
      const [recorder, connection] = await stage.get({}, { reads: false, piece: 7 });
      connection.send(`HTTP/1.1 200 OK\r\nContent-Length: ${TEXT.length + 1}\r\n\r\n${TEXT}`);
      connection.socket.end();
      await recorder.heard('readable');
      await quiet();
      recorder.reads = true;
      recorder.readAll();
      await recorder.over();
      assert.is(recorder.body.length, TEXT.length);
      assert.ok(recorder.failure !== undefined);
    }),
  );

  test.run();
}
