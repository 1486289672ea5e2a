import { connect } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ServerEvent } from './journal.js';
import { begin, initiate, open, respond, send, sendRaw, until, upload } from './loopback.js';
import { LOOPBACK_TLS } from './loopback-certificate.js';
import { type ReferenceServer, type ReferenceServerOptions, startReferenceServer } from './reference-server.js';

/** A failed assertion leaves no server that would keep the process alive. */
async function withServer(options: ReferenceServerOptions, act: (server: ReferenceServer) => Promise<void>) {
  const server = await startReferenceServer(options);
  try {
    await act(server);
  } finally {
    await server.close();
  }
}

/** The `code` of the error with which an attempt to start ends. */
async function startError(options: ReferenceServerOptions): Promise<unknown> {
  try {
    await withServer(options, async () => {});
  } catch (error) {
    return (error as { code: unknown }).code;
  }
  return 'started';
}

/** How many servers, connections and timers this process has. */
function activeResources(): number {
  const names = ['TCPServerWrap', 'TCPSocketWrap', 'Timeout'];
  return process.getActiveResourcesInfo().filter((name) => names.includes(name)).length;
}

/** The same, once those of earlier tests are gone, which takes a few turns of the event loop. */
async function settledResources(): Promise<number> {
  let count = activeResources();
  for (let sameTurns = 0; sameTurns < 50; sameTurns++) {
    await new Promise((resolve) => setImmediate(resolve));
    if (activeResources() !== count) sameTurns = 0;
    count = activeResources();
  }
  return count;
}

test('listens on 127.0.0.1, on the port asked for', async () => {
  let port = 0;
  await withServer({}, async ({ origin }) => {
    assert.match(origin, /^http:\/\/127\.0\.0\.1:\d+$/);
    port = Number(new URL(origin).port);
    assert.is(await startError({ port }), 'EADDRINUSE');
    const error = await new Promise((resolve) => connect(port, '::1', () => resolve('connected')).on('error', resolve));
    assert.is.not(error, 'connected');
  });
  await withServer({ port }, async ({ origin }) => {
    assert.is(origin, `http://127.0.0.1:${port}`);
  });
});

test('refuses a script that cannot be used', async () => {
  const before = await settledResources();
  assert.is(await startError({ script: { repository: { '/a': { file: 'does-not-exist' } } } }), 'BAD_SCRIPT');
  await until(() => activeResources() <= before, 'the end of everything');
});

test('begins with its script', async () => {
  const script = {
    sessions: [{ packages: [{ CMD: [['HGET', '{origin}/a']] }] }],
    repository: { '/a': { text: '{origin}' } },
  };
  await withServer({ script }, async ({ origin }) => {
    assert.is((await initiate(origin)).body.toString(), `{"CMD":[["HGET","${origin}/a"]]}`);
    assert.is((await send(`${origin}/a`)).body.toString(), origin);
  });
});

test('refuses sessions and resources that cannot be used', () =>
  withServer({}, async (server) => {
    const isScriptError = (error: { code: unknown }) => error.code === 'BAD_SCRIPT';
    assert.throws(() => server.setSessions([{ packages: [{}] }]), isScriptError);
    assert.throws(() => server.setSessions(JSON.parse('[{"packages":[],"x":1}]')), isScriptError);
    assert.throws(() => server.setResource('/a', JSON.parse('{"text":"","x":1}')), isScriptError);
    assert.throws(() => server.setResource('/a', {}), isScriptError);
    assert.throws(() => server.setResource('/dm/a', { text: '' }), isScriptError);
    assert.throws(() => server.setResource('/dm/a', () => {}), isScriptError);
  }));

test('divides the paths between DM Server and repository', () =>
  withServer({}, async (server) => {
    server.setResource('/dmx', { text: 'repository' });
    assert.is((await send(`${server.origin}/dmx`)).body.toString(), 'repository');
    for (const path of ['/dm', '/dm?x', '/dm/', '/dm/a/b', '/%64m']) {
      assert.is((await initiate(server.origin, 'd', path)).status, 200, path);
    }
    assert.equal([server.packages.length, server.requests.length], [5, 1]);
  }));

function tell(event: ServerEvent): string {
  switch (event.type) {
    case 'received':
      return `received ${event.package.number} ${event.package.devId}`;
    case 'sent':
      return `sent ${event.devId} ${event.path} ${event.status} ${event.text} ${event.fault}`;
    case 'request':
      return `request ${event.request.method} ${event.request.path} ${event.request.status} ${event.fault}`;
    case 'notification':
      return `notification ${event.to} ${event.serverId} ${event.bytes}`;
    case 'violation':
      return event.text;
  }
}

test('tells what happens as it happens', async () => {
  const told: string[] = [];
  await withServer({ onEvent: (event) => told.push(tell(event)) }, async (server) => {
    server.setSessions([{ packages: [{ package: { CMD: [] }, fault: { kind: 'chunked', size: 1 } }] }]);
    server.setResource('/a', { text: '', fault: { kind: 'noreason' } });
    server.setResource('/handler', (_, response) => response.writeHead(203).end());
    await initiate(server.origin);
    await respond(server.origin, [200]);
    await send(`${server.origin}/a`);
    await upload('PUT', `${server.origin}/b`, {});
    await send(`${server.origin}/handler`);
    await until(() => told.length === 9, 'the last event');
  });
  assert.equal(told, [
    'received 1 IMEI:1',
    'sent IMEI:1 /dm 200 {"CMD":[]} chunked',
    'received 3 IMEI:1',
    'Package#3 to /dm: expected 0 statuses, got 200',
    'sent IMEI:1 /dm 400 expected 0 statuses, got 200 undefined',
    'request GET /a 200 noreason',
    'PUT to /b: the body breaks its schema: expected array',
    'request PUT /b 400 undefined',
    'request GET /handler 203 undefined',
  ]);
});

test('speaks HTTPS', () =>
  withServer({ tls: LOOPBACK_TLS }, async (server) => {
    assert.match(server.origin, /^https:/);
    server.setSessions([{ packages: [{ CMD: [['HGET', '{origin}/a']] }] }]);
    const seen = await initiate(server.origin);
    assert.is(seen.body.toString(), `{"CMD":[["HGET","${server.origin}/a"]]}`);
    server.setResource('/a', { text: 'abcdef', fault: { kind: 'close', after: 3 } });
    const part = await send(`${server.origin}/a`);
    assert.equal([part.body.toString(), part.complete], ['abc', false]);
    server.setResource('/a', { text: 'abcdef', fault: { kind: 'noreason' } });
    assert.is((await send(`${server.origin}/a`)).body.toString(), 'abcdef');
    await until(() => server.openSockets() === 0, 'the end of the connections');
    server.setResource('/a', { text: 'abcdef', fault: { kind: 'stall', after: 3 } });
    const { over, seen: stalled } = begin(`${server.origin}/a`);
    await until(() => stalled.body.length === 3, 'the beginning');
    assert.is(server.openSockets(), 1);
    await server.close();
    assert.is(server.openSockets(), 0);
    assert.is((await over).complete, false);
  }));

test('calls bytes that are no HTTP a violation', () =>
  withServer({}, async (server) => {
    const answer = 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';
    assert.is(await sendRaw(server.origin, 'HELLO\r\n\r\n'), answer);
    assert.is(server.violations.length, 1);
    assert.match(server.violations[0], 'not an HTTP request: ');
  }));

test('calls a broken connection no violation', () =>
  withServer({}, async (server) => {
    const sockets = [open(server.origin), open(server.origin)];
    for (const socket of sockets) socket.write('GET /a HTTP/1.1\r\nHo');
    await until(() => server.openSockets() === 2, 'the connections');
    sockets[0].resetAndDestroy();
    sockets[1].end();
    await until(() => server.openSockets() === 0, 'the end of the connections');
    assert.equal(server.violations, []);
  }));

test('counts its connections', () =>
  withServer({}, async (server) => {
    assert.is(server.openSockets(), 0);
    const sockets = [open(server.origin), open(server.origin)];
    await until(() => server.openSockets() === 2, 'two connections');
    sockets[0].destroy();
    await until(() => server.openSockets() === 1, 'one connection');
    await server.close();
    assert.is(server.openSockets(), 0);
  }));

test('leaves nothing behind when it is closed', async () => {
  const before = await settledResources();
  await withServer({}, async (server) => {
    const longest = 2 ** 31 - 1;
    server.setResource('/drip', { text: 'abc', fault: { kind: 'drip', bytes: 1, interval: longest } });
    server.setResource('/delay', { text: 'abc', fault: { kind: 'delay', ms: longest } });
    server.setResource('/silent', () => {});
    open(server.origin);
    const exchanges = ['/drip', '/delay', '/silent'].map((path) => begin(server.origin + path));
    await until(() => server.requests.length === 3 && exchanges[0].seen.body.length === 1, 'the requests');
    await until(() => server.openSockets() === 4, 'the connections');
    await Promise.all([server.close(), server.close()]);
    assert.is(server.openSockets(), 0);
    await Promise.all(exchanges.map(({ over }) => over));
  });
  await until(() => activeResources() <= before, 'the end of everything');
});

test.run();
