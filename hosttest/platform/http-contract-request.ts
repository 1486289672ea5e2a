import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../server/loopback.js';
import { quiet } from '../support/device-http-recorder.js';
import { HUGE, type MakeHttp, onHttpStage } from '../support/device-http-stage.js';
import { RawServer } from '../support/device-raw-server.js';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';

/** Header lines of a request by name in lower case. */
function headersOf(request: string): Map<string, string> {
  const lines = request.split('\r\n\r\n')[0].split('\r\n').slice(1);
  return new Map(lines.map((line) => [line.split(':')[0].toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
}

/** What goes out: request line, headers, and the body through a window. */
export function httpRequestContract(name: string, make: MakeHttp): void {
  const test = suite(`HTTP contract: ${name}: requests`);

  test(
    'a request without body: its line, the host with its port, the headers that were given',
    onHttpStage(make, async (stage) => {
      const url = `${stage.server.origin}/a/b%20c?d=e&f`;
      const [recorder, connection] = await stage.get({ url, headers: ['Accept', 'x/y, z', 'OMADM-DevID', 'IMEI:1'] });
      const request = await connection.request();
      assert.ok(request.startsWith('GET /a/b%20c?d=e&f HTTP/1.1\r\n'), request);
      const headers = headersOf(request);
      assert.is(headers.get('host'), stage.server.origin.slice('http://'.length));
      assert.equal([headers.get('accept'), headers.get('omadm-devid')], ['x/y, z', 'IMEI:1']);
      assert.equal([headers.has('content-length'), headers.has('transfer-encoding')], [false, false]);
      connection.send(OK);
      await recorder.over();
      assert.equal(recorder.events, ['writable', 'response', 'end']);
      assert.equal([recorder.announced, recorder.status], [0, 200]);
    }),
  );

  test(
    'a URL without a path',
    onHttpStage(make, async (stage) => {
      const [recorder, connection] = await stage.get({ url: stage.server.origin });
      assert.ok((await connection.request()).startsWith('GET / HTTP/1.1\r\n'));
      connection.send(OK);
      await recorder.over();
    }),
  );

  for (const piece of [1, 7, 536, 100000]) {
    test(
      `a body, written in pieces of ${piece}, arrives as it was, with its length`,
      onHttpStage(make, async (stage) => {
        const body = Buffer.from(Array.from({ length: 3000 }, (_, index) => (index * 7) & 0xff));
        const recorder = stage.begin({ method: 'POST', headers: ['Content-Type', 'a/b'] }, { body, piece });
        const connection = await stage.server.connection();
        const request = await connection.request();
        assert.ok(request.startsWith('POST /path HTTP/1.1\r\n'));
        assert.is(headersOf(request).get('content-length'), '3000');
        assert.is(headersOf(request).get('transfer-encoding'), undefined);
        assert.ok(request.endsWith(`\r\n\r\n${body.toString('latin1')}`));
        assert.equal([recorder.announced, recorder.written], [3000, 3000]);
        connection.send(OK);
        await recorder.over();
        assert.equal(recorder.events, ['writable', 'response', 'end']);
      }),
    );
  }

  test(
    'an empty body has a length, of 0',
    onHttpStage(make, async (stage) => {
      const recorder = stage.begin({ method: 'PUT' }, { body: Buffer.alloc(0) });
      const connection = await stage.server.connection();
      const request = await connection.request();
      assert.ok(request.startsWith('PUT /path HTTP/1.1\r\n'));
      assert.is(headersOf(request).get('content-length'), '0');
      connection.send(OK);
      await recorder.over();
      assert.equal([recorder.events, recorder.announced], [['writable', 'response', 'end'], 0]);
    }),
  );

  test(
    'a peer that does not read stops the writer; one that reads on gets all of it',
    onHttpStage(make, async (stage) => {
      const body = Buffer.alloc(HUGE, 'abcdefg');
      const recorder = stage.begin({ method: 'POST' }, { body, piece: 65536 });
      const connection = await stage.server.connection();
      connection.socket.removeAllListeners('data');
      connection.socket.pause();
      let last = -1;
      while (recorder.announced !== last) {
        last = recorder.announced;
        await quiet();
      }
      assert.ok(last > 0 && last < HUGE, String(last));
      // Beside the header, some of the body may have come before the server stopped.
      let { received } = connection;
      let left = HUGE - received.length;
      connection.socket.on('data', (chunk) => {
        if (received.indexOf('\r\n\r\n') < 0) received += chunk.toString('latin1');
        left -= chunk.length;
        if (left + received.indexOf('\r\n\r\n') + 4 <= 0) connection.send(OK);
      });
      connection.socket.resume();
      await recorder.over();
      assert.equal([recorder.status, recorder.announced, recorder.written], [200, HUGE, HUGE]);
    }),
  );

  test(
    'an answer may come before the body is out',
    onHttpStage(make, async (stage) => {
      const recorder = stage.begin({ method: 'POST' }, { body: Buffer.alloc(HUGE), piece: 65536 });
      const connection = await stage.server.connection();
      connection.socket.pause();
      connection.send('HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno');
      await recorder.heard('response');
      assert.is(recorder.status, 413);
    }),
  );

  test(
    'an answer that is whole before the body is out is the end, and the connection goes',
    onHttpStage(make, async (stage) => {
      const recorder = stage.begin({ method: 'POST' }, { body: Buffer.alloc(HUGE), piece: 65536 });
      const connection = await stage.server.connection();
      connection.socket.pause();
      connection.send('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      await recorder.over();
      assert.equal([recorder.status, recorder.body, recorder.failure], [200, 'ok', undefined]);
      connection.socket.resume();
      await until(() => connection.closed, 'the end of the connection');
    }),
  );

  test(
    'only the headers that are wanted are told, each by its place, whatever its case, as often as it comes',
    onHttpStage(make, async (stage) => {
      const [recorder, connection] = await stage.get({ wanted: ['etag', 'location', 'x-a'] });
      connection.send(
        'HTTP/1.1 200 OK\r\nX-A: 1\r\nEtag:  "v" \r\nSet-Cookie: c=d\r\nx-a:\r\nX-AB: 5\r\nX-A: two, three\r\nContent-Length: 0\r\n\r\n',
      );
      await recorder.over();
      assert.equal(recorder.headers, [
        [2, '1'],
        [0, '"v"'],
        [2, ''],
        [2, 'two, three'],
      ]);
      assert.equal(recorder.events, ['writable', 'header', 'response', 'end']);
    }),
  );

  test(
    'interim answers are not told',
    onHttpStage(make, async (stage) => {
      const [recorder, connection] = await stage.get({ wanted: ['link', 'x-a'] });
      connection.send('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n');
      connection.send('HTTP/1.1 201 Created\r\nX-A: 1\r\nContent-Length: 0\r\n\r\n');
      await recorder.over();
      assert.equal([recorder.status, recorder.headers], [201, [[1, '1']]]);
    }),
  );

  test(
    'a connection that is kept alive serves the next request',
    onHttpStage(make, async (stage) => {
      const [first, connection] = await stage.get();
      connection.send('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none');
      await first.over();
      await quiet();
      const second = stage.begin({ method: 'POST' }, { body: Buffer.from('body') });
      await connection.request(2);
      connection.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\ntwo\r\n0\r\n\r\n');
      await second.over();
      assert.equal([first.body, second.body, stage.server.connections.length], ['one', 'two', 1]);
      assert.equal(second.events, ['writable', 'response', 'readable', 'end']);
    }),
  );

  test(
    'exchanges at the same time do not mix',
    onHttpStage(make, async (stage) => {
      const recorders = ['a', 'b'].map((path) => stage.begin({ url: `${stage.server.origin}/${path}` }));
      for (const index of [1, 2]) await (await stage.server.connection(index)).request();
      for (const connection of stage.server.connections.slice().reverse()) {
        const path = connection.received.slice(5, 6);
        connection.send(`HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nfrom ${path}`);
      }
      for (const recorder of recorders) await recorder.over();
      assert.equal(
        recorders.map(({ body }) => body),
        ['from a', 'from b'],
      );
    }),
  );

  test(
    'a request for a new connection gets one, and those behind it do not go back to the old one',
    onHttpStage(make, async (stage) => {
      const [first, connection] = await stage.get();
      connection.send(OK);
      await first.over();
      await quiet();
      const second = stage.begin({ newConnection: true });
      const fresh = await stage.server.connection(2);
      await fresh.request();
      fresh.send(OK);
      await second.over();
      await quiet();
      const third = stage.begin();
      await fresh.request(2);
      fresh.send(OK);
      await third.over();
      assert.is(connection.requests.length, 1);
    }),
  );

  test(
    'connections to many servers: no more than two are kept',
    onHttpStage(make, async (stage) => {
      const servers = await Promise.all([1, 2, 3, 4].map(() => RawServer.start()));
      try {
        for (const server of servers) {
          const recorder = stage.begin({ url: server.origin });
          const connection = await server.connection();
          await connection.request();
          connection.send(OK);
          await recorder.over();
          await quiet();
          const open = servers.reduce((sum, one) => sum + one.open, 0);
          assert.ok(open <= 2, `${open} connections`);
        }
      } finally {
        for (const server of servers) await server.close();
      }
    }),
  );

  test.run();
}
