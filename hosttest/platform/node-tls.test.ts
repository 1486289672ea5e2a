import { HttpFailure } from 'dmlet';
import { NodeHttp, type NodeHttpOptions } from 'dmlet/node';
import { type ReferenceServer, startReferenceServer } from 'dmlet/server';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LOOPBACK_CLIENT_TLS, LOOPBACK_TLS } from '../server/loopback-certificate.js';
import { HttpRecorder } from '../support/device-http-recorder.js';

const test = suite<{ server: ReferenceServer }>('NodeHttp: TLS');

const ca = LOOPBACK_TLS.cert;

test.before.each(async (context) => {
  context.server = await startReferenceServer({ tls: { ...LOOPBACK_TLS, ca: LOOPBACK_CLIENT_TLS.cert } });
  context.server.setResource('/secret', { text: 'for the device' });
});

test.after.each(({ server }) => server.close());

/** One GET. @returns what came of it. */
async function get(server: ReferenceServer, options: NodeHttpOptions): Promise<HttpRecorder> {
  const http = new NodeHttp(options);
  const recorder = new HttpRecorder(http, { url: `${server.origin}/secret` });
  try {
    await recorder.over();
    assert.equal(recorder.broken, []);
    return recorder;
  } finally {
    recorder.close();
    http.close();
  }
}

test('shows its certificate to a server that wants one', async ({ server }) => {
  const recorder = await get(server, { ca, ...LOOPBACK_CLIENT_TLS });
  assert.equal([recorder.status, recorder.body], [200, 'for the device']);
  assert.is(server.requests.length, 1);
});

test('trusts several authorities', async ({ server }) => {
  for (const both of [[LOOPBACK_CLIENT_TLS.cert, ca], `${LOOPBACK_CLIENT_TLS.cert}${ca}`]) {
    assert.is((await get(server, { ca: both, ...LOOPBACK_CLIENT_TLS })).body, 'for the device');
  }
});

test('gets nothing from a server that wants a certificate, without one or with another', async ({ server }) => {
  for (const options of [{ ca }, { ca, ...LOOPBACK_TLS }]) {
    const recorder = await get(server, options);
    // In TLS 1.3 the client is done before the server judges; it may meet the alert, or the end of the connection behind it.
    assert.ok([HttpFailure.Tls, HttpFailure.Closed].includes(recorder.failure as HttpFailure), recorder.detail);
    assert.is(recorder.status, 0);
  }
  assert.is(server.requests.length, 0);
});

test('shows no certificate to a server that it does not trust', async ({ server }) => {
  const recorder = await get(server, { ca: LOOPBACK_CLIENT_TLS.cert, ...LOOPBACK_CLIENT_TLS });
  assert.is(recorder.failure, HttpFailure.Tls);
  assert.is(server.requests.length, 0);
});

test('refuses certificates and keys that cannot be used', () => {
  const cases: NodeHttpOptions[] = [
    { ca: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' },
    { cert: 'none', key: LOOPBACK_TLS.key },
    { cert: LOOPBACK_TLS.cert, key: 'none' },
    { cert: LOOPBACK_TLS.cert, key: LOOPBACK_CLIENT_TLS.key },
  ];
  for (const options of cases) assert.throws(() => new NodeHttp(options), undefined, JSON.stringify(options));
});

test.run();
