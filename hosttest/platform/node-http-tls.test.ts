import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { NodeHttp, type NodeHttpOptions } from 'dmlet/node';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LOOPBACK_TLS } from '../server/loopback-certificate.js';

/** Asks a server that wants a client certificate. @returns the HTTP status, 0 where there was none. */
async function ask(options: NodeHttpOptions): Promise<[status: number, shown: boolean]> {
  let shown = false;
  const server = createServer(
    { ...LOOPBACK_TLS, ca: LOOPBACK_TLS.cert, requestCert: true, rejectUnauthorized: true },
    (request, response) => {
      shown = (request.socket as TLSSocket).authorized;
      response.end();
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const http = new NodeHttp({ ca: LOOPBACK_TLS.cert, ...options });
  let status = 0;
  await new Promise<void>((resolve) => {
    http.request(
      { method: 'GET', url, headers: [], bodyLength: -1, newConnection: false, wanted: [] },
      {
        onWritable() {},
        onHeader() {},
        onResponse(answered) {
          status = answered;
        },
        onReadable() {},
        onEnd: resolve,
        onFailure: () => resolve(),
      },
    );
  });
  http.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return [status, shown];
}

test('a client certificate is shown to a server that asks for one [HTTP-23]', async () => {
  assert.equal(await ask({ cert: LOOPBACK_TLS.cert, key: LOOPBACK_TLS.key }), [200, true]);
});

test('a server that wants a client certificate does not answer without one [HTTP-23]', async () => {
  assert.equal(await ask({}), [0, false]);
});

test.run();
