import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { open, send, sendRaw, until, upload } from './loopback.js';
import { type ReferenceServer, startReferenceServer } from './reference-server.js';
import { loadScript } from './script.js';

const test = suite<{ server: ReferenceServer }>('repository');

test.before.each(async (context) => {
  context.server = await startReferenceServer();
});

test.after.each(({ server }) => server.close());

const MO = 'application/vnd.oma.dm.mo+json';
const document = [{ ClientURI: 'urn:oma:mo:oma-mms:1.3//', MOData: { MMS: { Name: 'x' } } }];

test('serves documents, texts and files of a script', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dmlet-repository-'));
  const bytes = Buffer.from([0x7b, 0xff, 0x00]);
  const repository = {
    '/a': { document: { at: '{origin}/x' } },
    '/b': { text: '{"broken": {origin}', type: 'text/{origin}', headers: { 'X-A': '{origin}' }, status: 201 },
    '/c': { file: 'c.bin', type: null },
  };
  writeFileSync(join(folder, 'c.bin'), bytes);
  writeFileSync(join(folder, 's.json'), JSON.stringify({ repository }));
  const server = await startReferenceServer({ script: loadScript(join(folder, 's.json')) });
  try {
    const a = await send(`${server.origin}/a`);
    assert.equal([a.status, a.headers['content-type'], a.body.toString()], [200, MO, `{"at":"${server.origin}/x"}`]);
    const b = await send(`${server.origin}/b`);
    assert.is(b.status, 201);
    assert.equal(b.body.toString(), `{"broken": ${server.origin}`);
    assert.equal([b.headers['content-type'], b.headers['x-a']], [`text/${server.origin}`, server.origin]);
    const c = await send(`${server.origin}/c`);
    assert.equal([c.body, c.headers['content-type']], [bytes, undefined]);
  } finally {
    await server.close();
    rmSync(folder, { recursive: true });
  }
});

test('finds a path with its query before the path, however it is encoded', async ({ server }) => {
  server.setResource('/a b/c?x=(1)', { text: 'query' });
  server.setResource('/a%20b/c', { text: 'path' });
  const bodyAt = async (target: string) => (await send(server.origin + target)).body.toString();
  assert.is(await bodyAt('/a%20b/c?x=%281%29'), 'query');
  for (const query of ['x=2', 'y=(1)', 'x=(1)&', '']) assert.is(await bodyAt(`/%61%20b/c?${query}`), 'path');
  assert.is(await bodyAt('/a%20b/c'), 'path');
  assert.is((await send(`${server.origin}/a%20b%2Fc`)).status, 404);
  server.removeResource('/a b/c');
  assert.is((await send(`${server.origin}/a%20b/c`)).status, 404);
});

test('answers 304 to a tag that is still right', async ({ server }) => {
  server.setResource('/a', { document, headers: { 'X-A': 'b' } });
  server.setResource('/b', { document, etag: '"1"' });
  server.setResource('/c', { document, etag: null });
  server.setResource('/d', { document, etag: '"1"', status: 203 });
  const tag = String((await send(`${server.origin}/a`)).headers.etag);
  assert.match(tag, /^"[0-9a-f]+"$/);
  const get = (path: string, header: string) => send(server.origin + path, { headers: { 'If-None-Match': header } });
  const same = await get('/a', `"0", ${tag}`);
  assert.is(same.status, 304);
  assert.is(same.body.length, 0);
  assert.equal(
    ['content-length', 'transfer-encoding', 'content-type', 'etag', 'x-a'].map((name) => same.headers[name]),
    [undefined, undefined, undefined, tag, 'b'],
  );
  assert.is((await get('/b', 'W/"1"')).status, 304);
  assert.is((await get('/b', '*')).status, 304);
  assert.is((await get('/b', '"2"')).status, 200);
  assert.is((await get('/c', '"1"')).status, 200);
  assert.is((await get('/d', '"1"')).status, 203);
  assert.is((await send(`${server.origin}/c`)).headers.etag, undefined);
  server.setResource('/a', { document: [] });
  assert.is((await get('/a', tag)).status, 200);
});

test('answers HEAD as GET without the body', async ({ server }) => {
  server.setResource('/a', { text: 'four' });
  const seen = await send(`${server.origin}/a`, { method: 'HEAD' });
  assert.equal([seen.status, seen.headers['content-length'], seen.body.length], [200, '4', 0]);
});

test('answers other methods with 405, unknown paths with 404', async ({ server }) => {
  server.setResource('/a', { text: '' });
  const seen = await send(`${server.origin}/a`, { method: 'DELETE' });
  assert.equal([seen.status, seen.headers.allow], [405, 'GET, HEAD, PUT, POST']);
  assert.is((await send(`${server.origin}/b`)).status, 404);
  assert.equal(server.violations, []);
});

test('keeps what is put, not what is posted', async ({ server }) => {
  const url = `${server.origin}/up/1?x=y`;
  assert.is((await upload('POST', url, document)).status, 204);
  assert.is((await send(url)).status, 404);
  assert.is((await upload('PUT', url, document, 'application/json')).status, 201);
  const seen = await send(url);
  assert.equal(JSON.parse(seen.body.toString()), document);
  assert.is(seen.headers['content-type'], 'application/json');
  const changed = [{ ...document[0], CV: '2' }];
  assert.is((await upload('PUT', url, changed)).status, 204);
  assert.equal(JSON.parse((await send(url)).body.toString()), changed);
  assert.is((await send(url, { headers: { 'If-None-Match': String(seen.headers.etag) } })).status, 200);
  assert.equal(server.violations, []);
});

test('remembers requests', async ({ server }) => {
  await upload('PUT', `${server.origin}/up?a=b`, document);
  await send(`${server.origin}/none`);
  const seen = server.requests.map(({ method, path, status, bodyLength }) => [method, path, status, bodyLength]);
  assert.equal(seen, [
    ['PUT', '/up?a=b', 201, JSON.stringify(document).length],
    ['GET', '/none', 404, 0],
  ]);
  assert.equal(server.requests[0].body.toString(), JSON.stringify(document));
  assert.is(server.requests[0].headers['content-type'], MO);
});

test('refuses an upload that is no MO data', async ({ server }) => {
  const url = `${server.origin}/up`;
  const schema = 'PUT to /up: the body breaks its schema: ';
  const cases: [value: unknown, violation: string][] = [
    [document[0], `${schema}expected array`],
    [[{ MOData: { A: 1 } }], `${schema}/0: member "ClientURI" is missing`],
    [[{ ClientURI: 'urn:a//', MOData: {} }], `${schema}/0/MOData: must NOT have fewer than 1 properties`],
    [[{ ClientURI: 'urn:a//', MOData: { A: 1 }, cv: '' }], `${schema}/0: unknown member "cv"`],
  ];
  for (const [value] of cases) assert.is((await upload('PUT', url, value)).status, 400);
  assert.equal(
    server.violations,
    cases.map(([, violation]) => violation),
  );
  const broken = await send(url, { method: 'POST', headers: { 'Content-Type': MO }, body: '[' });
  assert.equal([broken.status, server.violations.length], [400, cases.length + 1]);
  assert.is((await send(url)).status, 404);
});

test('refuses an upload of another type, or without a length', async ({ server }) => {
  assert.is((await upload('PUT', `${server.origin}/up`, document, 'text/plain')).status, 415);
  const types = 'application/vnd.oma.dm.mo+json or application/dmmo+json or application/json';
  assert.is(server.violations[0], `PUT to /up: Content-Type is text/plain, expected ${types}`);
  const headers = { 'Content-Type': MO, 'Transfer-Encoding': 'chunked' };
  assert.is((await send(`${server.origin}/up`, { method: 'PUT', headers, body: '[]' })).status, 411);
  assert.is(server.violations[1], 'PUT to /up: Content-Length is missing');
  await send(`${server.origin}/up`, { method: 'PUT', body: '[]' });
  assert.is(server.violations[2], `PUT to /up: Content-Type is missing, expected ${types}`);
  assert.is((await upload('PUT', `${server.origin}/up`, document, 'Application/DMMO+json; a=b')).status, 201);
});

test('keeps 1 MiB of an upload and counts the rest', async ({ server }) => {
  const limit = 1024 * 1024;
  const body = Buffer.alloc(limit + 5, 'x');
  const sent = { method: 'PUT', headers: { 'Content-Type': MO }, body };
  assert.is((await send(`${server.origin}/up`, sent)).status, 201);
  assert.equal([server.requests[0].body.length, server.requests[0].bodyLength], [limit, limit + 5]);
  assert.is((await send(`${server.origin}/up`)).status, 404);
  assert.equal(server.violations, []);
});

test('sends a resource its headers and fault with uploads too', async ({ server }) => {
  const headers = { 'OMADM-Accept': MO };
  server.setResource('/up', { text: 'old', headers, fault: { kind: 'status', status: 415 }, faultTimes: 1 });
  const first = await upload('PUT', `${server.origin}/up`, document);
  assert.equal([first.status, first.headers['omadm-accept']], [415, MO]);
  assert.is((await send(`${server.origin}/up`)).body.toString(), 'old');
  const second = await upload('PUT', `${server.origin}/up`, document);
  assert.equal([second.status, second.headers['omadm-accept']], [204, MO]);
  const third = await send(`${server.origin}/up`);
  assert.equal([third.body.toString(), third.headers['omadm-accept']], [JSON.stringify(document), MO]);
});

test('keeps the fault of a resource that is replaced', async ({ server }) => {
  server.setResource('/up', { text: 'old', fault: { kind: 'type', type: 'text/html' }, faultTimes: 2 });
  await upload('PUT', `${server.origin}/up`, document);
  assert.is((await send(`${server.origin}/up`)).headers['content-type'], 'text/html');
  assert.is((await send(`${server.origin}/up`)).headers['content-type'], MO);
});

test('sends a header once, however its name is written', async ({ server }) => {
  const headers = { 'content-TYPE': 'text/plain', etag: '"2"', 'content-length': '1' };
  server.setResource('/a', { text: '', headers, fault: { kind: 'type', type: 'text/html' } });
  const raw = await sendRaw(server.origin, 'GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  const lines = raw.split('\r\n').filter((line) => /^(content|etag)/i.test(line));
  assert.equal(lines.sort(), ['Content-Type: text/html', 'content-length: 1', 'etag: "2"']);
});

test('answers pipelined requests', async ({ server }) => {
  server.setResource('/a', { text: 'first', fault: { kind: 'drip', bytes: 1, interval: 1 } });
  server.setResource('/b', { text: 'second' });
  const requests = 'GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
  assert.match(await sendRaw(server.origin, requests), /\r\n\r\nfirstHTTP\/1.1 200 .*\r\n\r\nsecond$/s);
});

test('counts the requests that meet a fault', async ({ server }) => {
  const fault = { kind: 'status', status: 503 } as const;
  server.setResource('/a', { text: 'a', fault, faultTimes: 2 });
  server.setResource('/b', { text: 'b', fault });
  const statuses = async (path: string) => {
    const seen: number[] = [];
    for (let round = 0; round < 4; round++) seen.push((await send(server.origin + path)).status);
    return seen;
  };
  assert.equal(await statuses('/a'), [503, 503, 200, 200]);
  assert.equal(await statuses('/b'), [503, 503, 503, 503]);
});

test('leaves requests to a handler, and reads the body that it does not', async ({ server }) => {
  const chunk = Buffer.alloc(64 * 1024, 'y');
  server.setResource('/big', (_, response) => {
    response.writeHead(202, { 'Content-Length': chunk.length * 32 });
    for (let count = 0; count < 32; count++) response.write(chunk);
    response.end();
  });
  const seen = await send(`${server.origin}/big`, { method: 'POST', body: 'ignored' });
  assert.equal([seen.status, seen.body.length], [202, chunk.length * 32]);
  await until(() => server.requests[0].bodyLength === 7, 'the body');
  assert.equal([server.requests[0].status, server.requests[0].body.toString()], [202, 'ignored']);
});

test('lets a handler read the body itself', async ({ server }) => {
  server.setResource('/echo', async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    response.end(Buffer.concat(chunks));
  });
  const seen = await send(`${server.origin}/echo`, { method: 'PATCH', body: 'hello' });
  assert.is(seen.body.toString(), 'hello');
  assert.is(server.requests[0].body.toString(), 'hello');
});

test('knows a request before it is whole', async ({ server }) => {
  open(server.origin).write('PUT /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab');
  await until(() => server.requests.length === 1, 'the request');
  const { status, body, bodyLength } = server.requests[0];
  assert.equal([status, body.length, bodyLength], [0, 0, 0]);
});

test.run();
