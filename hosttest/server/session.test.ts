import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Fault } from './fault.js';
import { initiate, open, packageHeaders, respond, until } from './loopback.js';
import { answers, END, REQUEST_TYPE, refuses, remove } from './package-assertions.js';
import { type ReferenceServer, startReferenceServer } from './reference-server.js';

const test = suite<{ server: ReferenceServer }>('session');

test.before.each(async (context) => {
  context.server = await startReferenceServer();
});

test.after.each(({ server }) => server.close());

test('wants a Package#1 before a Package#3', async ({ server }) => {
  await initiate(server.origin, 'other');
  refuses(await respond(server.origin, [200]), server, 'a Package#3 without a session begun');
});

test('wants no Package#3 after END', async ({ server }) => {
  server.setSessions([{ packages: [{ CMD: [['END'], ['GET', 'urn:a//']] }] }]);
  await initiate(server.origin);
  refuses(await respond(server.origin, [200]), server, 'a Package#3 after a Package#2 with END');
});

test('wants one status for each command', async ({ server }) => {
  server.setSessions([{ packages: [{ CMD: [['GET', 'urn:a//'], ['NONE']] }] }]);
  await initiate(server.origin);
  refuses(await respond(server.origin, [200, 501, 400]), server, 'expected 2 statuses, got 200, 501, 400');
  await initiate(server.origin);
  server.setSessions([{ packages: [remove('a')] }]);
  await initiate(server.origin);
  assert.is((await respond(server.origin, [])).body.toString(), 'expected 1 statuses, got none');
});

test('wants statuses that fit their commands', async ({ server }) => {
  const command = '["GET","urn:a//"]';
  server.setSessions([{ packages: [{ CMD: [['DELETE', 'urn:a//'], JSON.parse(command)] }] }]);
  await initiate(server.origin);
  refuses(await respond(server.origin, [404, 200]), server, `status 1, of ${command}: 200 without Data`);
});

test('counts the commands of every CMD member, of wrong shape too', async ({ server }) => {
  server.setSessions([{ packages: [{ text: '{"CMD":[["A"],5],"x":{"CMD":[1]},"CMD":[["B"]]}' }] }]);
  await initiate(server.origin);
  answers(await respond(server.origin, [200, 400, 200]), END);
});

const UNREADABLE = [
  { text: '{"CMD":[["A"],["B"]' },
  { text: '' },
  { text: '{"CMD":[["A"]]} x' },
  { package: { COMMANDS: [] } },
  { package: { CMD: {} } },
  { package: [['CMD', []]] },
  { package: { CMD: [] }, type: 'application/json' },
];

test('wants statuses that end with 400 after an unreadable package', async ({ server }) => {
  for (const entry of UNREADABLE) {
    server.setSessions([{ packages: [entry] }]);
    await initiate(server.origin);
    answers(await respond(server.origin, [200, 400]), END);
    server.setSessions([{ packages: [entry] }]);
    await initiate(server.origin);
    const refused = await respond(server.origin, [400, 200]);
    assert.is(refused.body.toString(), 'expected statuses that end with 400, got 400, 200', JSON.stringify(entry));
  }
});

test('reads a package whose type differs in case, has a charset, or is missing', async ({ server }) => {
  for (const type of [null, `${REQUEST_TYPE}; charset=UTF-8`, REQUEST_TYPE.toUpperCase()]) {
    server.setSessions([{ packages: [{ package: remove('a'), type }] }]);
    await initiate(server.origin);
    answers(await respond(server.origin, [200]), END);
  }
  assert.equal(server.violations, []);
});

test('wants no third try after a second unreadable package', async ({ server }) => {
  server.setSessions([{ packages: [{ text: 'x' }, { text: 'y' }] }]);
  await initiate(server.origin);
  await respond(server.origin, [400]);
  refuses(await respond(server.origin, [400]), server, 'a Package#3 after a second unreadable Package#2');
});

test('lets a client find a very deep package readable or not', async ({ server }) => {
  const text = `{"x":${'['.repeat(500)}${']'.repeat(500)},"CMD":[["A"]]}`;
  server.setSessions([{ packages: [{ text }] }, { packages: [{ text }] }, { packages: [{ text }] }]);
  for (const statuses of [[200], [200, 400]]) {
    await initiate(server.origin);
    answers(await respond(server.origin, statuses), END);
  }
  await initiate(server.origin);
  const seen = await respond(server.origin, [200, 200]);
  refuses(seen, server, 'expected 1 statuses or statuses that end with 400, got 200, 200');
});

test('wants no Package#3 after an HTTP error', async ({ server }) => {
  server.setSessions([{ packages: [{ ...wrapped('a'), fault: { kind: 'status', status: 503, retryAfter: 9 } }] }]);
  const seen = await initiate(server.origin);
  assert.is(seen.status, 503);
  assert.is(seen.headers['retry-after'], '9');
  refuses(await respond(server.origin, [200]), server, 'a Package#3 after status 503');
  server.setSessions([{ packages: [{ fault: { kind: 'status', status: 400 } }] }]);
  await initiate(server.origin);
  assert.is((await respond(server.origin, [400])).body.toString(), 'a Package#3 after status 400');
});

const wrapped = (name: string) => ({ package: remove(name) });
const redirect = (to: string) => ({ fault: { kind: 'redirect' as const, status: 307, to } });

test('goes on with a session whose packages are redirected', async ({ server }) => {
  server.setSessions([{ packages: [redirect('/dm/b'), remove('a'), redirect('{origin}/dm/c'), remove('b')] }]);
  const first = await initiate(server.origin);
  assert.is(first.status, 307);
  assert.is(first.headers.location, '/dm/b');
  answers(await initiate(server.origin, undefined, '/dm/b'), remove('a'));
  assert.is((await respond(server.origin, [200])).headers.location, `${server.origin}/dm/c`);
  answers(await respond(server.origin, [200], undefined, '/dm/c'), remove('b'));
  assert.equal(server.violations, []);
});

test('still counts the statuses of a redirected Package#3', async ({ server }) => {
  server.setSessions([{ packages: [remove('a'), redirect('/dm/b'), remove('b')] }]);
  await initiate(server.origin);
  await respond(server.origin, [200]);
  const again = await respond(server.origin, [200, 200], undefined, '/dm/b');
  refuses(again, server, 'expected 1 statuses, got 200, 200');
});

test('counts them after several redirects too', async ({ server }) => {
  server.setSessions([{ packages: [remove('a'), redirect('/dm/b'), redirect('/dm/c'), remove('b')] }]);
  await initiate(server.origin);
  await respond(server.origin, [200]);
  await respond(server.origin, [200], undefined, '/dm/b');
  answers(await respond(server.origin, [200], undefined, '/dm/c'), remove('b'));
});

test('wants a redirected Package#3 where the redirect leads', async ({ server }) => {
  server.setSessions([{ packages: [remove('a'), redirect('/dm/b'), remove('b')] }]);
  await initiate(server.origin);
  await respond(server.origin, [200]);
  refuses(await respond(server.origin, [200]), server, `a Package#3 elsewhere than at ${server.origin}/dm/b`);
});

test('takes a Package#1 that does not follow its redirect as a new session', async ({ server }) => {
  server.setSessions([{ packages: [redirect('http://other.example/dm'), remove('a')] }, { packages: [remove('b')] }]);
  await initiate(server.origin);
  answers(await initiate(server.origin), remove('b'));
});

test('takes a 307 without a place to go for an unreadable package', async ({ server }) => {
  server.setSessions([{ packages: [{ fault: { kind: 'status', status: 307 } }] }]);
  await initiate(server.origin);
  answers(await respond(server.origin, [400]), END);
});

test('expects no repetition for other redirects', async ({ server }) => {
  const fault = { kind: 'redirect', status: 303, to: '/dm' } as const;
  server.setSessions([{ packages: [{ fault }, remove('a')] }, { packages: [remove('b')] }]);
  await initiate(server.origin);
  answers(await initiate(server.origin), remove('b'));
});

test('wants a redirected Package#1 again, not a Package#3', async ({ server }) => {
  server.setSessions([{ packages: [redirect('/dm/b')] }]);
  await initiate(server.origin);
  refuses(await respond(server.origin, []), server, 'a Package#3 after a redirected Package#1');
});

test('redirects to itself for ever', async ({ server }) => {
  server.setSessions([{ packages: [redirect('/dm')] }]);
  for (let round = 0; round < 5; round++) assert.is((await initiate(server.origin)).status, 307);
});

test('expects a Package#3 for what a fault leaves of a package', async ({ server }) => {
  const fault = { kind: 'broken', at: 3, byte: 0xff } as const;
  server.setSessions([{ packages: [{ ...wrapped('a'), fault }] }]);
  await initiate(server.origin);
  answers(await respond(server.origin, [400]), END);
});

test('expects statuses that end with 400 where the package does not come whole', async ({ server }) => {
  const length = JSON.stringify(remove('a')).length;
  const faults: Fault[] = [
    { kind: 'close', after: length - 1 },
    { kind: 'close', after: -1 },
    { kind: 'length', by: 1 },
    { kind: 'length', by: -1 },
    { kind: 'garbage', text: 'x' },
  ];
  server.setSessions(faults.map((fault) => ({ packages: [{ ...wrapped('a'), fault }] })));
  for (const fault of faults) {
    await initiate(server.origin);
    assert.is((await respond(server.origin, [200, 400])).status, 200, JSON.stringify(fault));
  }
});

test('expects every status where the package comes whole', async ({ server }) => {
  const length = JSON.stringify(remove('a')).length;
  const faults: Fault[] = [
    { kind: 'close', after: length },
    { kind: 'stall', after: length },
    { kind: 'length', by: 0 },
    { kind: 'chunked', size: 4 },
    { kind: 'noreason' },
  ];
  server.setSessions(faults.map((fault) => ({ packages: [{ ...wrapped('a'), fault }] })));
  for (const fault of faults) {
    await initiate(server.origin);
    const seen = await respond(server.origin, [200, 400]);
    assert.is(seen.body.toString(), 'expected 1 statuses, got 200, 400', JSON.stringify(fault));
  }
});

for (const [what, isReused, isGone, isTaken] of [
  ['whose kept connection went', true, true, true],
  ['while its connection is still there', true, false, false],
  ['whose connection was new', false, true, false],
] as const) {
  test(`${isTaken ? 'takes' : 'wants'} ${isTaken ? 'a' : 'no'} Package#3 once more ${what} [HTTP-36]`, async ({
    server,
  }) => {
    server.setSessions([{ packages: [remove('a')] }]);
    await initiate(server.origin);
    const socket = open(server.origin);
    if (isReused) {
      socket.write('GET /none HTTP/1.1\r\nHost: x\r\n\r\n');
      await until(() => server.requests.length === 1, 'a request before');
    }
    const body = '{"Status":[{"sc":200}]}';
    const headers = Object.entries(packageHeaders(3)).map((pair) => `${pair.join(': ')}\r\n`);
    socket.write(`POST /dm HTTP/1.1\r\nHost: x\r\n${headers.join('')}Content-Length: ${body.length}\r\n\r\n${body}`);
    await until(() => server.packages.length === 2, 'the first Package#3');
    if (isGone) {
      socket.destroy();
      await until(() => server.openSockets() === 0, 'the end of the connection');
    }
    const again = await respond(server.origin, [200]);
    socket.destroy();
    if (isTaken) answers(again, END);
    else refuses(again, server, 'a Package#3 after a Package#2 with END');
    assert.is(server.violations.length, isTaken ? 0 : 1);
  });
}

test.run();
