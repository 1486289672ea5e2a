import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CLIENT_INITIATED, packageHeaders, respond, type Seen, send, upload } from './loopback.js';
import { LOOPBACK_TLS } from './loopback-certificate.js';
import { answers, remove } from './package-assertions.js';
import { type ReferenceServer, startReferenceServer } from './reference-server.js';

const test = suite<{ server: ReferenceServer }>('authentication');

const AUTHENTICATION = {
  '/dm/two': { user: 'device', password: 'öpen:sesame' },
  '/a': { user: 'device', password: 'a' },
  '/a/b c': { user: 'device', password: 'b' },
};

test.before.each(async (context) => {
  const script = { authentication: AUTHENTICATION };
  context.server = await startReferenceServer({ tls: LOOPBACK_TLS, script });
});

test.after.each(({ server }) => server.close());

const basic = (user: string, password: string) => ({
  Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});

function initiateAt(url: string, headers: Record<string, string>): Promise<Seen> {
  const body = JSON.stringify({ Alert: [CLIENT_INITIATED] });
  return send(url, { method: 'POST', headers: { ...packageHeaders(1), ...headers }, body });
}

test('asks for credentials where the script does', async ({ server }) => {
  for (const path of ['/a', '/a?x=y', '/a/', '/%61/c']) {
    const seen = await send(server.origin + path);
    assert.equal([seen.status, seen.headers['www-authenticate']], [401, 'Basic realm="/a", charset="UTF-8"'], path);
    assert.is((await send(server.origin + path, { headers: basic('device', 'a') })).status, 404, path);
    assert.is((await send(server.origin + path, { headers: basic('device', 'b') })).status, 401, path);
  }
  for (const path of ['/', '/ab', '/b/a', '/dm']) assert.is.not((await send(server.origin + path)).status, 401, path);
});

test('takes the credentials of the longest path', async ({ server }) => {
  const status = async (password: string) =>
    (await send(`${server.origin}/a/b%20c/d`, { headers: basic('device', password) })).status;
  assert.equal([await status('a'), await status('b')], [401, 404]);
});

test('lets nobody in for an upload or to a handler', async ({ server }) => {
  server.setResource('/a/handler', (_, response) => response.end('inside'));
  const refused = await send(`${server.origin}/a/handler`);
  assert.equal([refused.status, refused.body.toString()], [401, 'no credentials']);
  assert.is((await send(`${server.origin}/a/handler`, { headers: basic('device', 'a') })).body.toString(), 'inside');
  assert.is((await upload('PUT', `${server.origin}/a/up`, [])).status, 401);
  assert.is((await send(`${server.origin}/a/up`, { headers: basic('device', 'a') })).status, 404);
  assert.equal(server.violations, []);
});

test('keeps a session for a device that proves who it is', async ({ server }) => {
  server.setSessions([{ packages: [remove('a'), remove('b')] }]);
  const url = `${server.origin}/dm/two`;
  const proof = basic('device', AUTHENTICATION['/dm/two'].password);
  for (const headers of [{}, basic('device', ''), basic('other', AUTHENTICATION['/dm/two'].password)]) {
    assert.is((await initiateAt(url, headers)).status, 401);
  }
  answers(await initiateAt(url, proof), remove('a'));
  assert.is((await respond(server.origin, [200], undefined, '/dm/two')).status, 401);
  assert.equal(server.violations, []);
  const late = { method: 'POST', headers: { ...packageHeaders(3), ...proof }, body: '{"Status":[{"sc":200}]}' };
  assert.is((await send(url, late)).body.toString(), 'a Package#3 after status 401');
  assert.equal(
    server.packages.map(({ number }) => number),
    [1, 1, 1, 1, 3, 3],
  );
});

test('calls credentials without TLS a violation', async () => {
  const plain = await startReferenceServer();
  try {
    const headers = basic('device', 'a');
    assert.is((await send(`${plain.origin}/x?y`, { headers })).status, 404);
    await initiateAt(`${plain.origin}/dm`, headers);
    assert.equal(plain.violations, ['GET to /x?y: credentials without TLS', 'POST to /dm: credentials without TLS']);
  } finally {
    await plain.close();
  }
});

test.run();
