import { HttpFailure } from 'dmlet';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../server/loopback.js';
import { HttpRecorder, quiet } from '../support/device-http-recorder.js';
import { type HttpStage, onHttpStage } from '../support/device-http-stage.js';
import { moddableHttp } from './moddable-stack.js';
import { STACKS } from './moddable-tcp.js';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';
/** Longer than any window of the SDK's sockets. */
const LONG = 'x'.repeat(4000);

/** Requests that would be read as something else than what was meant. */
const BAD_REQUESTS: [what: string, path: string, headers: string[]][] = [
  ['a blank in the URL', '/a b', []],
  ['a line end in the URL', '/a\r\nX: y', []],
  ['a line end in a header', '/', ['ETag', '"1"\r\nX: y']],
  ['a NUL in a header', '/', ['ETag', '"\0"']],
];

const BAD_URLS = [
  'http://',
  'http://:80/',
  'http://[::1]/',
  'http://a@b/',
  'http://a:b/',
  'http://a:0/',
  'http://a:99999/',
  'http://a:1:2/',
];

for (const [name, tcp] of STACKS) {
  // An end that is met while bytes are unread, is told by no callback and seen in no property: there a reader that is slow waits in vain.
  const losesEnds = name === 'lin';
  const test = suite(`HTTP over the SDK's sockets: ${name}`);
  const onStage = (act: (stage: HttpStage) => Promise<void>): (() => Promise<void>) =>
    onHttpStage(() => moddableHttp(tcp), act);

  test(
    'a header longer than the window goes out piece by piece',
    onStage(async (stage) => {
      const url = `${stage.server.origin}/${LONG}`;
      const recorder = stage.begin({ url, method: 'POST', headers: ['X', LONG] }, { body: Buffer.from('body') });
      const connection = await stage.server.connection();
      const request = await connection.request();
      assert.ok(request.startsWith(`POST /${LONG} HTTP/1.1\r\n`));
      assert.ok(request.includes(`\r\nX: ${LONG}\r\n`) && request.endsWith('\r\n\r\nbody'));
      connection.send(OK);
      assert.is((await recorder.over()).status, 200);
    }),
  );

  for (const [what, path, headers] of BAD_REQUESTS) {
    test(
      `${what}: nothing goes out`,
      onStage(async (stage) => {
        const recorder = stage.begin({ url: stage.server.origin + path, headers });
        assert.is((await recorder.over()).failure, HttpFailure.Protocol);
        assert.is(stage.server.connections.length, 0);
      }),
    );
  }

  test(
    'a URL that leads nowhere',
    onStage(async (stage) => {
      for (const url of BAD_URLS) assert.is((await stage.begin({ url }).over()).failure, HttpFailure.Protocol, url);
    }),
  );

  test(
    'a request that is bad, closed at once: nothing is told',
    onStage(async (stage) => {
      const recorder = stage.begin({ url: 'http://' });
      recorder.close();
      await quiet();
      assert.equal(recorder.events, []);
    }),
  );

  test(
    'four numbers that are no address: the socket throws, within a callback of the resolver',
    onStage(async (stage) => {
      assert.is((await stage.begin({ url: 'http://1.2.3.999/' }).over()).failure, HttpFailure.Connect);
    }),
  );

  test(
    'a damaged packet of a name server does no harm, and the next one is taken',
    onStage(async (stage) => {
      const recorder = stage.begin({ url: stage.server.origin.replace('127.0.0.1', 'Damaged.EXAMPLE') });
      const connection = await stage.server.connection();
      assert.ok((await connection.request()).includes('\r\nHost: Damaged.EXAMPLE:'));
      connection.send(OK);
      assert.is((await recorder.over()).status, 200);
    }),
  );

  test(
    'a peer that answers and closes while the body goes out: a socket that cannot be written to any more throws or is silent',
    onStage(async (stage) => {
      const recorder = stage.begin({ method: 'POST' }, { body: Buffer.alloc(100000), reads: losesEnds });
      const connection = await stage.server.connection();
      connection.send('HTTP/1.1 413 Too Large\r\nConnection: close\r\n\r\nno');
      connection.socket.end();
      await recorder.heard('readable');
      await quiet();
      recorder.readAll();
      await recorder.over();
      assert.equal([recorder.status, recorder.body], [413, 'no']);
    }),
  );

  test(
    'what a listener closes within any of its calls, calls no more',
    onStage(async (stage) => {
      for (const event of ['writable', 'header', 'response', 'readable']) {
        const recorder: HttpRecorder = stage.begin({ wanted: ['x'], newConnection: true }, { closes: event });
        const connection = await stage.server.connection(stage.server.connections.length + 1);
        connection.send('HTTP/1.1 200 OK\r\nX: 1\r\nContent-Length: 2\r\n\r\nok');
        await until(() => connection.closed, `the end of the connection, at ${event}`);
        assert.is(recorder.events[recorder.events.length - 1], event);
      }
    }),
  );

  test(
    'a wanted value of 2 KB is told, a longer one is a failure; one that nobody wants may be longer',
    onStage(async (stage) => {
      const values: [string, HttpFailure | undefined][] = [
        ['y'.repeat(2048), undefined],
        ['y'.repeat(2049), HttpFailure.Protocol],
      ];
      for (const [value, failure] of values) {
        const recorder = stage.begin({ wanted: ['x'], newConnection: true });
        const connection = await stage.server.connection(stage.server.connections.length + 1);
        connection.send(`HTTP/1.1 200 OK\r\nY: ${LONG}\r\nX: ${value}\r\nContent-Length: 0\r\n\r\n`);
        await recorder.over();
        assert.equal([recorder.failure, recorder.headers], [failure, failure === undefined ? [[0, value]] : []]);
      }
    }),
  );

  test(
    'a connection is kept for ten seconds without use, and not counted when it is used',
    onStage(async (stage) => {
      let idle: (() => void) | undefined;
      const client = moddableHttp(tcp, undefined, {
        after(delay, callback) {
          if (delay === 0) return setImmediate(callback);
          assert.is(delay, 10000);
          idle = callback;
          return 'idle';
        },
        cancel(timer) {
          if (timer === 'idle') idle = undefined;
          else clearImmediate(timer as NodeJS.Immediate);
        },
      });
      for (const count of [1, 2]) {
        const recorder = new HttpRecorder(client.http, { url: stage.server.origin });
        const connection = await stage.server.connection();
        await connection.request(count);
        assert.is(idle, undefined);
        connection.send(OK);
        await recorder.over();
      }
      const [connection] = stage.server.connections;
      await quiet();
      assert.is(connection.closed, false);
      idle?.();
      await until(() => connection.closed, 'the end of the connection');
    }),
  );

  const LAST: [what: string, answer: string][] = [
    ['with more bytes than it announced', `${OK}x`],
    ['that closes', OK.replace('\r\n', '\r\nConnection: Close\r\n')],
    ['of HTTP/1.0', OK.replace('1.1', '1.0')],
  ];
  for (const [what, answer] of LAST) {
    test(
      `an answer ${what}: the connection goes`,
      onStage(async (stage) => {
        const [recorder, connection] = await stage.get();
        connection.send(answer);
        await recorder.over();
        await until(() => connection.closed, 'the end of the connection');
        assert.is(recorder.status, 200);
      }),
    );
  }

  for (const isReset of [false, true]) {
    test(
      `a body that is written after the peer has ${isReset ? 'reset' : 'closed'} the connection: what it had answered can be read`,
      onStage(async (stage) => {
        const events: unknown[] = [];
        const http = moddableHttp(tcp).http;
        const url = stage.server.origin;
        const request = { method: 'POST', url, headers: [], bodyLength: 600, newConnection: false, wanted: [] };
        const into = new Uint8Array(9);
        const exchange = http.request(request, {
          onWritable: (count) => events.push(count),
          onHeader() {},
          onResponse: (status) => events.push(status),
          onReadable: () => losesEnds && exchange.read(into, 0, 9),
          onEnd: () => events.push('end'),
          onFailure: (failure) => events.push(failure),
        });
        await until(() => events.length > 0, 'the connection');
        const connection = await stage.server.connection();
        connection.send('HTTP/1.1 413 No\r\nContent-Length: 9\r\n\r\nno');
        await until(() => events.length > 1, 'the answer');
        if (isReset) connection.socket.resetAndDestroy();
        else connection.socket.end();
        await quiet();
        exchange.write(new Uint8Array(512), 0, 512);
        exchange.read(into, 0, 9);
        await until(() => events.length > 2, 'the end');
        assert.equal(events, [512, 413, HttpFailure.Closed]);
      }),
    );
  }

  test(
    'bytes on a connection that nobody uses end it',
    onStage(async (stage) => {
      const [recorder, connection] = await stage.get();
      connection.send(OK);
      await recorder.over();
      connection.send(OK);
      await until(() => connection.closed, 'the end of the connection');
    }),
  );

  test(
    'chunks: sizes with zeros before them, in either case, with blanks behind them',
    onStage(async (stage) => {
      const [recorder, connection] = await stage.get();
      const chunk = 'z'.repeat(0x1a);
      connection.send(
        `HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n001A \r\n${chunk}\r\n01a;x\r\n${chunk}\r\n000\r\n\r\n`,
      );
      assert.is((await recorder.over()).body, chunk + chunk);
    }),
  );

  const TOO_MUCH: [string, string][] = [
    ['a chunk\u2019s extension', `5;${'x'.repeat(20000)}`],
    ['a size of zeros', `${'0'.repeat(40)}5\r\n`],
    ['trailers', `0\r\n${'X: y\r\n'.repeat(4000)}`],
  ];
  for (const [what, text] of TOO_MUCH) {
    test(
      `${what} without an end`,
      onStage(async (stage) => {
        const [recorder, connection] = await stage.get();
        connection.send(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${text}`);
        assert.is((await recorder.over()).failure, HttpFailure.Protocol);
      }),
    );
  }

  test.run();
}
