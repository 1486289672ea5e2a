import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../server/loopback.js';
import { quiet } from '../support/device-http-recorder.js';
import { type MakeHttp, onHttpStage } from '../support/device-http-stage.js';

const TEXT = Array.from({ length: 400 }, (_, index) => `line ${index}\n`).join('');

/** One text in every framing that HTTP has. */
const FRAMED: [string, string, boolean][] = [
  ['a length', `HTTP/1.1 200 OK\r\nContent-Length: ${TEXT.length}\r\n\r\n${TEXT}`, false],
  ['chunks', `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunked(TEXT, 100)}0\r\n\r\n`, false],
  ['chunks of one byte', `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunked(TEXT, 1)}0\r\n\r\n`, false],
  [
    'chunks with extensions and a trailer',
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunked(TEXT, 1000, ';a=b')}0;c\r\nX-Trailer: 1\r\n\r\n`,
    false,
  ],
  ['an end by close', `HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n${TEXT}`, true],
  ['an end by close, of HTTP/1.0', `HTTP/1.0 200 OK\r\n\r\n${TEXT}`, true],
  ['no reason phrase', `HTTP/1.1 200\r\nContent-Length: ${TEXT.length}\r\n\r\n${TEXT}`, false],
];

function chunked(text: string, size: number, extension = ''): string {
  let out = '';
  for (let from = 0; from < text.length; from += size) {
    const piece = text.slice(from, from + size);
    out += `${piece.length.toString(16)}${extension}\r\n${piece}\r\n`;
  }
  return out;
}

/** Answers that have no body, whatever their header says. */
const BODYLESS: [string, string][] = [
  ['204', 'HTTP/1.1 204 No Content\r\n\r\n'],
  ['304', 'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'],
  ['304 with a length', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 1234\r\n\r\n'],
  ['304 in chunks', 'HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n'],
  ['a length of 0', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'],
  ['no chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
];

/** What comes in: the body, read in pieces, held back, and given up. */
export function httpBodyContract(name: string, make: MakeHttp): void {
  const test = suite(`HTTP contract: ${name}: bodies`);

  for (const [what, answer, ends] of FRAMED) {
    for (const piece of [1, 7, 536]) {
      test(
        `a body with ${what}, read in pieces of ${piece}`,
        onHttpStage(make, async (stage) => {
          const [recorder, connection] = await stage.get({}, { piece });
          connection.send(answer);
          if (ends) connection.socket.end();
          await recorder.over();
          assert.is(recorder.body, TEXT);
          assert.equal(recorder.events, ['writable', 'response', 'readable', 'end']);
        }),
      );
    }
  }

  test(
    'a body that comes byte by byte',
    onHttpStage(make, async (stage) => {
      const [recorder, connection] = await stage.get();
      const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nbyte by byte';
      for (const byte of answer) {
        connection.send(byte);
        await new Promise((resolve) => setImmediate(resolve));
      }
      await recorder.over();
      assert.is(recorder.body, 'byte by byte');
    }),
  );

  for (const [what, answer] of BODYLESS) {
    test(
      `${what}: the end comes at once, and nothing can be read`,
      onHttpStage(make, async (stage) => {
        const [recorder, connection] = await stage.get();
        connection.send(answer);
        await recorder.over();
        assert.equal(recorder.events, ['writable', 'response', 'end']);
        assert.is(recorder.readPiece(), 0);
      }),
    );
  }

  test(
    'the header is told before the body is there',
    onHttpStage(make, async (stage) => {
      const [recorder, connection] = await stage.get();
      connection.send('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n');
      await recorder.heard('response');
      await quiet();
      assert.equal([recorder.readables, recorder.isOver, recorder.readPiece()], [0, false, 0]);
      connection.send('body');
      await recorder.over();
      assert.is(recorder.body, 'body');
    }),
  );

  /** Where an exchange is when it is closed: what the peer has sent by then. */
  const PHASES: [string, string][] = [
    ['before the header', ''],
    ['in the header', 'HTTP/1.1 200 OK\r\nContent-'],
    ['behind the header', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n'],
    ['in the body', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'],
    ['before the end is told', 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody'],
  ];

  for (const [where, answer] of PHASES) {
    test(
      `closed ${where}: nothing is told any more, and the connection goes`,
      onHttpStage(make, async (stage) => {
        const [recorder, connection] = await stage.get({}, { reads: false });
        connection.send(answer);
        if (answer.includes('\r\n\r\n')) await recorder.heard('response');
        recorder.close();
        await until(() => connection.closed, 'the end of the connection');
        assert.is(recorder.readPiece(), 0);
        recorder.close();
        await quiet();
        assert.is(recorder.isOver, false);
      }),
    );
  }

  test(
    'closed at once, before anything was sent',
    onHttpStage(make, async (stage) => {
      const recorder = stage.begin({ method: 'POST' }, { body: Buffer.from('body') });
      recorder.close();
      await quiet();
      assert.equal([recorder.events, stage.server.open], [[], 0]);
    }),
  );

  test(
    'closed behind the end: no fault',
    onHttpStage(make, async (stage) => {
      const [recorder, connection] = await stage.get();
      connection.send('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody');
      await recorder.over();
      recorder.close();
      recorder.close();
      assert.is(recorder.readPiece(), 0);
    }),
  );

  test.run();
}
