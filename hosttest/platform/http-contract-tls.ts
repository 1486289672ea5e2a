import { HttpFailure } from 'dmlet';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../server/loopback.js';
import { LOOPBACK_TLS } from '../server/loopback-certificate.js';
import { HttpRecorder } from '../support/device-http-recorder.js';
import { type MakeHttp, onHttpStage } from '../support/device-http-stage.js';
import { RawServer } from '../support/device-raw-server.js';

/** What every HTTP adapter must do with TLS, beside the rest of the contract. */
export function httpTlsContract(name: string, make: MakeHttp): void {
  const test = suite(`HTTP contract: ${name}: TLS`);

  /** One request to a server with TLS, by a client that trusts `ca`. */
  async function secure(
    ca: string | undefined,
    host: string,
    act: (recorder: HttpRecorder, server: RawServer) => Promise<void>,
  ): Promise<void> {
    const server = await RawServer.start(LOOPBACK_TLS);
    const client = make(ca);
    const url = server.origin.replace('127.0.0.1', host);
    const recorder = new HttpRecorder(client.http, { url, wanted: ['x-a'] }, { body: Buffer.from('body') });
    try {
      await act(recorder, server);
      assert.equal(recorder.broken, []);
    } finally {
      recorder.close();
      client.close();
      await server.close();
    }
  }

  test('TLS with a certificate that is trusted', () =>
    secure(LOOPBACK_TLS.cert, '127.0.0.1', async (recorder, server) => {
      const connection = await server.connection();
      assert.ok((await connection.request()).endsWith('\r\n\r\nbody'));
      connection.send('HTTP/1.1 200 OK\r\nX-A: 1\r\nContent-Length: 6\r\n\r\nsecret');
      await recorder.over();
      assert.equal([recorder.body, recorder.headers], ['secret', [[0, '1']]]);
      assert.equal(recorder.events, ['writable', 'header', 'response', 'readable', 'end']);
    }));

  test('TLS with a certificate that nobody vouches for: nothing of the request goes out', () =>
    secure(undefined, '127.0.0.1', async (recorder, server) => {
      assert.is((await recorder.over()).failure, HttpFailure.Tls);
      assert.equal([recorder.events, recorder.written], [['failure'], 0]);
      assert.equal(
        server.connections.map(({ received }) => received).filter((text) => text !== ''),
        [],
      );
    }));

  test('TLS with a certificate for another name', () =>
    secure(LOOPBACK_TLS.cert, '127.0.0.2', async (recorder) => {
      assert.ok([HttpFailure.Tls, HttpFailure.Connect].includes((await recorder.over()).failure as HttpFailure));
      assert.is(recorder.written, 0);
    }));

  test(
    'TLS with a server that has none',
    onHttpStage(make, async (stage) => {
      const recorder = stage.begin({ url: stage.server.origin.replace('http:', 'https:') });
      const connection = await stage.server.connection();
      connection.send('HTTP/1.1 400 Bad Request\r\n\r\n');
      connection.socket.end();
      assert.is((await recorder.over()).failure, HttpFailure.Tls);
    }),
  );

  test(
    'a server that breaks the TLS handshake off',
    onHttpStage(make, async (stage) => {
      const recorder = stage.begin({ url: stage.server.origin.replace('http:', 'https:') });
      const connection = await stage.server.connection();
      await until(() => connection.received.length > 0, 'the greeting');
      connection.socket.destroy();
      assert.is((await recorder.over()).failure, HttpFailure.Tls);
    }),
  );

  test.run();
}
