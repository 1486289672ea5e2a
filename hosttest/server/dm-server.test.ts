import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CLIENT_INITIATED, initiate, packageHeaders, respond, send } from './loopback.js';
import { answers, END, REQUEST_TYPE, refuses, remove } from './package-assertions.js';
import { type ReferenceServer, startReferenceServer } from './reference-server.js';

const test = suite<{ server: ReferenceServer }>('DM Server');

test.before.each(async (context) => {
  context.server = await startReferenceServer();
});

test.after.each(({ server }) => server.close());

test('answers END where nothing is scripted', async ({ server }) => {
  answers(await initiate(server.origin), END);
  assert.equal(server.violations, []);
});

test('answers the packages of a session in their order, then END', async ({ server }) => {
  server.setSessions([{ packages: [remove('a'), { ...remove('b'), Extra: [1] }] }]);
  answers(await initiate(server.origin), remove('a'));
  answers(await respond(server.origin, [200]), { ...remove('b'), Extra: [1] });
  answers(await respond(server.origin, [404]), END);
  answers(await initiate(server.origin), END);
  assert.equal(server.violations, []);
  assert.equal(
    server.packages.map(({ number, devId }) => [number, devId]),
    [
      [1, 'IMEI:1'],
      [3, 'IMEI:1'],
      [3, 'IMEI:1'],
      [1, 'IMEI:1'],
    ],
  );
  assert.equal(server.packages[1].body, { Status: [{ sc: 200 }] });
  assert.is(server.packages[1].text, '{"Status":[{"sc":200}]}');
});

test('keeps the sessions of devices apart', async ({ server }) => {
  server.setSessions([
    { packages: [remove('first')] },
    { devID: 'two', packages: [remove('second of two')] },
    { packages: [remove('next')] },
  ]);
  answers(await initiate(server.origin, 'one'), remove('first'));
  answers(await initiate(server.origin, 'two'), remove('first'));
  answers(await respond(server.origin, [200], 'one'), END);
  answers(await respond(server.origin, [200], 'two'), END);
  answers(await initiate(server.origin, 'one'), remove('next'));
  answers(await initiate(server.origin, 'two'), remove('second of two'));
  assert.equal(server.violations, []);
});

test('gives each DM Server its own sessions', async ({ server }) => {
  server.setSessions([
    { server: '/dm/two', packages: [remove('first of two')] },
    { packages: [remove('first')] },
    { server: '/dm', packages: [remove('second of one')] },
    { server: '/dm/two', packages: [remove('second of two')] },
  ]);
  answers(await initiate(server.origin), remove('first'));
  answers(await initiate(server.origin, undefined, '/dm/two?x=1'), remove('first of two'));
  answers(await respond(server.origin, [200], undefined, '/dm/two'), END);
  answers(await initiate(server.origin, undefined, '/dm/%74wo'), remove('second of two'));
  answers(await initiate(server.origin), remove('second of one'));
  answers(await initiate(server.origin, undefined, '/dm/three'), END);
  assert.equal(server.violations, []);
});

test('carries a session on at another path', async ({ server }) => {
  server.setSessions([{ packages: [{ CMD: [['CONT', '{origin}/dm/two?x=1']] }, remove('b')] }]);
  answers(await initiate(server.origin), { CMD: [['CONT', `${server.origin}/dm/two?x=1`]] });
  answers(await respond(server.origin, [200], undefined, '/dm/two?x=1'), remove('b'));
  assert.is(server.packages[1].path, '/dm/two?x=1');
});

test('gives new sessions to the next Package#1, not to the session under way', async ({ server }) => {
  server.setSessions([{ packages: [remove('a'), remove('b')] }]);
  await initiate(server.origin);
  server.setSessions([{ packages: [remove('c')] }]);
  answers(await respond(server.origin, [200]), remove('b'));
  answers(await initiate(server.origin), remove('c'));
});

test('sends wrapped packages as they are written', async ({ server }) => {
  server.setSessions([
    { packages: [{ package: { CMD: '{origin}' }, headers: { 'X-A': '{origin}' } }] },
    { packages: [{ text: '{"CMD":', type: 'text/plain' }] },
    { packages: [{ package: 'CMD', type: null }] },
  ]);
  const first = await initiate(server.origin);
  answers(first, { CMD: server.origin });
  assert.is(first.headers['x-a'], server.origin);
  const second = await initiate(server.origin);
  assert.is(second.body.toString(), '{"CMD":');
  assert.is(second.headers['content-type'], 'text/plain');
  const third = await initiate(server.origin);
  assert.is(third.body.toString(), '"CMD"');
  assert.is(third.headers['content-type'], undefined);
});

test('refuses a package that breaks the protocol, and ends its session', async ({ server }) => {
  server.setSessions([{ packages: [remove('a'), remove('b')] }]);
  await initiate(server.origin);
  const sent = { method: 'POST', headers: packageHeaders(3), body: '{}' };
  refuses(await send(`${server.origin}/dm`, sent), server, 'the body breaks its schema: member "Status" is missing');
  const next = await respond(server.origin, [200]);
  assert.is(next.body.toString(), 'a Package#3 after a refused Package#3');
});

test('keeps the session for a device whose Package#1 it refused', async ({ server }) => {
  server.setSessions([{ packages: [remove('a')] }]);
  const sent = { method: 'POST', headers: packageHeaders(1), body: '{"Alert":[]}' };
  assert.is((await send(`${server.origin}/dm`, sent)).status, 400);
  answers(await initiate(server.origin), remove('a'));
});

test('wants POST with a length', async ({ server }) => {
  const seen = await send(`${server.origin}/dm`, { method: 'PUT', body: '{}' });
  assert.is(seen.status, 400);
  assert.equal(server.violations, ['method PUT to /dm, expected POST']);
  assert.is(server.packages.length, 0);
  const headers = { ...packageHeaders(1), 'Transfer-Encoding': 'chunked' };
  const body = JSON.stringify({ Alert: [CLIENT_INITIATED] });
  const chunked = await send(`${server.origin}/dm`, { method: 'POST', headers: { ...headers, Accept: '*/*' }, body });
  assert.is(chunked.body.toString(), `Accept does not name ${REQUEST_TYPE}\nContent-Length is missing`);
});

test('takes a Package#3 of 4 MiB, and no more', async ({ server }) => {
  const limit = 4 * 1024 * 1024;
  const body = (length: number) => {
    const [head, tail] = ['{"Status":[{"sc":200,"Data":[{"ClientURI":"urn:a//","MOData":{"A":"', '"}}]}]}'];
    return head + 'x'.repeat(length - head.length - tail.length) + tail;
  };
  const sent = { method: 'POST', headers: packageHeaders(3) };
  server.setSessions([{ packages: [{ CMD: [['GET', 'urn:a//']] }, remove('b')] }]);
  await initiate(server.origin);
  answers(await send(`${server.origin}/dm`, { ...sent, body: body(limit) }), remove('b'));
  const seen = await send(`${server.origin}/dm`, { ...sent, body: body(limit + 1) });
  refuses(seen, server, `the body is longer than ${limit} bytes`);
});

test.run();
