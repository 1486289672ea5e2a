import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Fault } from './fault.js';
import { begin, initiate, type Seen, send, sendRaw, until } from './loopback.js';
import { type ReferenceServer, startReferenceServer } from './reference-server.js';

const test = suite<{ server: ReferenceServer }>('faults');

test.before.each(async (context) => {
  context.server = await startReferenceServer();
});

test.after.each(({ server }) => server.close());

const MO = 'application/vnd.oma.dm.mo+json';
const REQUEST = 'application/vnd.oma.dm.request+json';
const BODY = '[{"ClientURI":"urn:a//"}]';
/** Longer than any test: what waits for it does not come. */
const FOREVER = 2 ** 31 - 1;

function get(server: ReferenceServer, fault: Fault): Promise<Seen> {
  server.setResource('/a', { text: BODY, etag: '"1"', fault });
  return send(`${server.origin}/a`);
}

/** Begins a request, waits for a beginning of the answer, then for whole exchanges beside it. */
async function watch(server: ReferenceServer, fault: Fault, bytes: number): Promise<ReturnType<typeof begin>> {
  server.setResource('/a', { text: BODY, fault });
  server.setResource('/other', { text: 'x' });
  const exchange = begin(`${server.origin}/a`);
  await until(() => server.requests.length === 1 && exchange.seen.body.length >= bytes, 'the beginning');
  for (let round = 0; round < 3; round++) assert.is((await send(`${server.origin}/other`)).status, 200);
  return exchange;
}

const rawGet = (server: ReferenceServer, method = 'GET') =>
  sendRaw(server.origin, `${method} /a HTTP/1.1\r\nHost: x\r\n\r\n`);

function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}

test('delay: nothing, then everything', async ({ server }) => {
  const { seen, over } = await watch(server, { kind: 'delay', ms: FOREVER }, 0);
  assert.equal([seen.status, seen.isOver], [0, false]);
  await server.close();
  assert.is((await over).status, 0);
});

test('delay: is answered in the end', async ({ server }) => {
  const seen = await get(server, { kind: 'delay', ms: 2 });
  assert.equal([seen.status, seen.body.toString(), seen.complete], [200, BODY, true]);
});

test('stall: a part of the body, then silence', async ({ server }) => {
  const { seen, over, request } = await watch(server, { kind: 'stall', after: 5 }, 5);
  assert.equal([seen.status, seen.headers['content-length']], [200, String(BODY.length)]);
  assert.equal([seen.body.toString(), seen.isOver], [BODY.slice(0, 5), false]);
  request.destroy();
  await over;
});

test('stall: the header only, or not even that', async ({ server }) => {
  const header = await watch(server, { kind: 'stall', after: 0 }, 0);
  await until(() => header.seen.status === 200, 'the header');
  assert.equal([header.seen.body.length, header.seen.isOver], [0, false]);
  server.setResource('/b', { text: BODY, fault: { kind: 'stall', after: -1 } });
  const nothing = begin(`${server.origin}/b`);
  await until(() => server.requests.some(({ path }) => path === '/b'), 'the request');
  assert.is((await send(`${server.origin}/other`)).status, 200);
  assert.equal([nothing.seen.status, nothing.seen.isOver], [0, false]);
  await server.close();
  assert.equal([(await nothing.over).complete, (await header.over).complete], [false, false]);
});

test('stall: after the end of the body is no fault', async ({ server }) => {
  const seen = await get(server, { kind: 'stall', after: BODY.length });
  assert.equal([seen.body.toString(), seen.complete], [BODY, true]);
});

test('close: in the body, after the header, before it, after the end', async ({ server }) => {
  const part = await get(server, { kind: 'close', after: 7 });
  assert.equal([part.status, part.body.toString(), part.complete], [200, BODY.slice(0, 7), false]);
  const header = await get(server, { kind: 'close', after: 0 });
  assert.equal([header.status, header.body.length, header.complete], [200, 0, false]);
  const nothing = await get(server, { kind: 'close', after: -1 });
  assert.is(nothing.status, 0);
  const whole = await get(server, { kind: 'close', after: 99 });
  assert.equal([whole.body.toString(), whole.complete], [BODY, true]);
});

test('length: says more or less than there is, then closes', async ({ server }) => {
  server.setResource('/a', { text: BODY, fault: { kind: 'length', by: 10 } });
  const more = await rawGet(server);
  assert.match(more, `Content-Length: ${BODY.length + 10}\r\n`);
  assert.ok(more.endsWith(`\r\n\r\n${BODY}`));
  assert.is((await send(`${server.origin}/a`)).complete, false);
  server.setResource('/a', { text: BODY, fault: { kind: 'length', by: -10 } });
  const less = await rawGet(server);
  assert.match(less, `Content-Length: ${BODY.length - 10}\r\n`);
  assert.ok(less.endsWith(`\r\n\r\n${BODY}`));
});

test('chunked: pieces of the size asked for, without a length', async ({ server }) => {
  server.setResource('/a', { text: BODY, fault: { kind: 'chunked', size: 10 } });
  const raw = await sendRaw(server.origin, 'GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  assert.match(raw, `Content-Type: ${MO}\r\n`);
  const [header, body] = raw.split(/\r\n\r\n(.*)/s);
  assert.match(header, 'Transfer-Encoding: chunked');
  assert.not.match(header, /content-length/i);
  const pieces = [BODY.slice(0, 10), BODY.slice(10, 20), BODY.slice(20)];
  const chunks = pieces.map((piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`);
  assert.is(body, `${chunks.join('')}0\r\n\r\n`);
});

test('status: another one, with a body where there may be one', async ({ server }) => {
  for (const status of [404, 429, 500, 503]) {
    const seen = await get(server, { kind: 'status', status, retryAfter: 120 });
    assert.equal([seen.status, seen.headers['retry-after'], seen.body.toString()], [status, '120', BODY]);
  }
  for (const status of [204, 304]) {
    server.setResource('/a', { text: BODY, fault: { kind: 'status', status } });
    const raw = await sendRaw(server.origin, 'GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    assert.match(raw, `HTTP/1.1 ${status} `);
    assert.not.match(raw, /content-length|transfer-encoding/i);
    assert.ok(raw.endsWith('\r\n\r\n'));
  }
});

test('redirect: to where it says', async ({ server }) => {
  const relative = await get(server, { kind: 'redirect', status: 302, to: '../b?c' });
  assert.equal([relative.status, relative.headers.location, relative.body.length], [302, '../b?c', 0]);
  const absolute = await get(server, { kind: 'redirect', status: 308, to: '{origin}/a' });
  assert.equal([absolute.status, absolute.headers.location], [308, `${server.origin}/a`]);
});

test('type: another media type', async ({ server }) => {
  const seen = await get(server, { kind: 'type', type: 'text/html' });
  assert.equal([seen.headers['content-type'], seen.body.toString()], ['text/html', BODY]);
});

test('broken: one byte is another', async ({ server }) => {
  const seen = await get(server, { kind: 'broken', at: 3 });
  assert.is(seen.body.toString(), `${BODY.slice(0, 3)}\u0000${BODY.slice(4)}`);
  const last = await get(server, { kind: 'broken', at: 999, byte: 0xff });
  assert.equal(last.body, Buffer.concat([Buffer.from(BODY.slice(0, -1)), Buffer.from([0xff])]));
});

test('truncated: a whole response with a part of the body', async ({ server }) => {
  const seen = await get(server, { kind: 'truncated', at: 6 });
  assert.equal([seen.headers['content-length'], seen.body.toString(), seen.complete], ['6', BODY.slice(0, 6), true]);
});

test('drip: the first piece, long before the next', async ({ server }) => {
  const before = timers();
  const { seen, over, request } = await watch(server, { kind: 'drip', bytes: 2, interval: FOREVER }, 2);
  assert.equal([seen.body.toString(), seen.headers['content-length']], [BODY.slice(0, 2), String(BODY.length)]);
  assert.is(timers(), before + 1);
  request.destroy();
  await over;
  await until(() => timers() === before, 'the end of the timer');
});

test('drip: comes whole in the end', async ({ server }) => {
  const seen = await get(server, { kind: 'drip', bytes: 4, interval: 1 });
  assert.equal([seen.body.toString(), seen.complete], [BODY, true]);
  assert.ok(seen.pieces.every((piece) => piece % 4 === 0 || piece % 4 === BODY.length % 4));
});

test('garbage: no HTTP at all', async ({ server }) => {
  server.setResource('/a', { text: BODY, fault: { kind: 'garbage', text: 'SSH-2.0-x\r\n\u00e9' } });
  assert.is(await rawGet(server), Buffer.from('SSH-2.0-x\r\n\u00e9').toString('latin1'));
  assert.is((await send(`${server.origin}/a`)).status, 0);
});

test('headers: many, of a size', async ({ server }) => {
  server.setResource('/a', { text: BODY, fault: { kind: 'headers', count: 30, size: 200 } });
  const raw = await sendRaw(server.origin, 'GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  const fillers = raw.split('\r\n').filter((line) => /^X-Filler-\d+: x+$/.test(line));
  assert.equal([fillers.length, new Set(fillers.map((line) => line.length))], [30, new Set([200])]);
  assert.ok(raw.endsWith(BODY));
});

test('noreason: a status line that ends with the status', async ({ server }) => {
  server.setResource('/a', { text: BODY, fault: { kind: 'noreason' } });
  const raw = await rawGet(server);
  assert.ok(raw.startsWith('HTTP/1.1 200\r\n'));
  assert.match(raw, `\r\nContent-Length: ${BODY.length}\r\n`);
  assert.match(raw, `\r\nContent-Type: ${MO}\r\n`);
  assert.match(raw, '\r\nConnection: close\r\n');
  assert.ok(raw.endsWith(`\r\n\r\n${BODY}`));
  assert.ok((await rawGet(server, 'HEAD')).endsWith('\r\n\r\n'));
  assert.is(server.requests[0].status, 200);
});

test('a 304 meets faults as well', async ({ server }) => {
  server.setResource('/a', { text: BODY, etag: '"1"', fault: { kind: 'noreason' } });
  const raw = await sendRaw(server.origin, 'GET /a HTTP/1.1\r\nHost: x\r\nIf-None-Match: "1"\r\n\r\n');
  assert.ok(raw.startsWith('HTTP/1.1 304\r\n'));
  assert.not.match(raw, /content-length/i);
  assert.ok(raw.endsWith('\r\n\r\n'));
});

test('packages meet the same faults', async ({ server }) => {
  const text = '{"CMD":[["END"]]}';
  const faults: Fault[] = [
    { kind: 'truncated', at: 8 },
    { kind: 'close', after: -1 },
    { kind: 'chunked', size: 3 },
  ];
  server.setSessions(faults.map((fault) => ({ packages: [{ text, fault }] })));
  const cut = await initiate(server.origin);
  assert.equal([cut.body.toString(), cut.headers['content-type'], cut.complete], [text.slice(0, 8), REQUEST, true]);
  assert.is((await initiate(server.origin)).status, 0);
  const chunked = await initiate(server.origin);
  assert.equal([chunked.body.toString(), chunked.headers['transfer-encoding']], [text, 'chunked']);
});

test.run();
