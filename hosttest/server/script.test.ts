import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkScript, loadScript, ScriptError } from './script.js';

const test = suite<{ folder: string }>('script', { folder: '' });

test.before((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'dmlet-script-'));
});

test.after(({ folder }) => rmSync(folder, { recursive: true }));

function refusal(action: () => void): string {
  try {
    action();
  } catch (error) {
    assert.instance(error, ScriptError);
    return (error as ScriptError).message;
  }
  throw new Error('was accepted');
}

const refusalOf = (value: unknown) => refusal(() => checkScript(value, 'demo.json'));
const refusalOfPackage = (entry: unknown) => refusalOf({ sessions: [{ packages: [entry] }] });
const refusalOfResource = (resource: unknown) => refusalOf({ repository: { '/a/b~c': resource } });

const FAULTS = [
  { kind: 'delay', ms: 1 },
  { kind: 'stall', after: -1 },
  { kind: 'close', after: 0 },
  { kind: 'length', by: -3 },
  { kind: 'chunked', size: 2 },
  { kind: 'status', status: 503, retryAfter: 5 },
  { kind: 'status', status: 429, retryAfter: 'Fri, 31 Dec 1999 23:59:59 GMT' },
  { kind: 'status', status: 204, retryAfter: 0 },
  { kind: 'redirect', status: 307, to: '{origin}/x' },
  { kind: 'type', type: 'text/html' },
  { kind: 'broken', at: 3 },
  { kind: 'broken', at: 0, byte: 255 },
  { kind: 'broken', at: 0, byte: 0 },
  { kind: 'truncated', at: 3 },
  { kind: 'drip', bytes: 1, interval: 0 },
  { kind: 'garbage', text: '\u0000' },
  { kind: 'headers', count: 3, size: 40 },
  { kind: 'headers', count: 0, size: 0 },
  { kind: 'noreason' },
];

test('takes every form that there is', () => {
  const packages = [
    { CMD: [['GET', 'urn:a/b/'], ['END']], Extra: { any: ['thing'] } },
    { CMD: [] },
    { package: { CMD: 'no array' } },
    { package: null, type: null, headers: { 'X-A': 'b' } },
    { text: '', type: 'text/plain' },
    ...FAULTS.map((fault) => ({ fault })),
  ];
  const repository = {
    '/a': { document: null, etag: null, type: null, status: 201, headers: { 'OMADM-Accept': 'a/b' } },
    '/a?b=c': { text: '{"broken":', etag: 'W/"1"', faultTimes: 0 },
    '/dmx': { status: 404 },
    '/up': { accept: ['application/json', 'x/*'], uploadStatuses: [503, 202] },
    ...Object.fromEntries(FAULTS.map((fault, index) => [`/${index}`, { fault }])),
  };
  const authentication = { '/dm/two': { user: '', password: ':' }, '/': { user: 'a b', password: '' } };
  const sessions = [
    { devID: 'IMEI:1', packages },
    { server: '/dm/two', packages: [] },
  ];
  const script = { sessions, repository, authentication };
  assert.equal(checkScript(script, 'demo.json'), script);
  assert.equal(checkScript({}, 'demo.json'), {});
});

test('tells where a value is wrong, and what was expected', () => {
  assert.is(refusalOf([]), 'demo.json: expected object');
  assert.is(refusalOf({ session: [] }), 'demo.json: unknown member "session"');
  assert.is(refusalOf({ sessions: [{}] }), 'demo.json: /sessions/0: member "packages" is missing');
  assert.is(refusalOf({ sessions: [{ packages: [], devId: 'x' }] }), 'demo.json: /sessions/0: unknown member "devId"');
  assert.is(refusalOfPackage(7), 'demo.json: /sessions/0/packages/0: expected object');
  assert.is(refusalOfPackage({ CDM: [] }), 'demo.json: /sessions/0/packages/0: unknown member "CDM"');
  assert.is(refusalOfPackage({ CMD: [['GET', 5]] }), 'demo.json: /sessions/0/packages/0/CMD/0/1: expected string');
  assert.is(refusalOfPackage({ CMD: 5 }), 'demo.json: /sessions/0/packages/0/CMD: expected array');
  assert.match(refusalOfPackage({ CMD: [[]] }), 'demo.json: /sessions/0/packages/0/CMD/0: must NOT have fewer than 1');
});

test('wants a body from one place', () => {
  const place = 'demo.json: /sessions/0/packages/0';
  assert.is(refusalOfPackage({}), `${place}: one of package, text, fault is missing`);
  assert.is(refusalOfPackage({ package: 1, text: '' }), `${place}: only one of package, text is possible`);
  const resource = 'demo.json: /repository/~1a~1b~0c';
  assert.is(
    refusalOfResource({}),
    `${resource}: one of document, text, file, status, fault, accept, uploadStatuses is missing`,
  );
  assert.is(refusalOfResource({ document: 1, text: '' }), `${resource}: only one of document, text, file is possible`);
});

test('knows the members of a resource', () => {
  const place = 'demo.json: /repository/~1a~1b~0c';
  assert.is(refusalOfResource({ text: '', ETag: '"1"' }), `${place}: unknown member "ETag"`);
  assert.is(refusalOfResource({ text: 1 }), `${place}/text: expected string`);
  assert.is(refusalOfResource({ text: '', etag: 1 }), `${place}/etag: expected string or null`);
  assert.is(refusalOfResource({ status: 600 }), `${place}/status: must be <= 599`);
});

test('knows the members for uploads', () => {
  const place = 'demo.json: /repository/~1a~1b~0c';
  assert.match(refusalOfResource({ accept: [] }), `${place}/accept: must NOT have fewer than 1`);
  assert.is(refusalOfResource({ accept: ['json'] }), `${place}/accept/0: expected a media type`);
  assert.is(refusalOfResource({ accept: ['a/b; c=d'] }), `${place}/accept/0: expected a media type`);
  assert.match(refusalOfResource({ uploadStatuses: [] }), `${place}/uploadStatuses: must NOT have fewer than 1`);
  assert.is(refusalOfResource({ uploadStatuses: [100] }), `${place}/uploadStatuses/0: must be >= 200`);
});

test('names the paths of its servers, and those that want credentials', () => {
  const withServer = (server: unknown) => refusalOf({ sessions: [{ server, packages: [] }] });
  assert.is(withServer(1), 'demo.json: /sessions/0/server: expected string');
  for (const path of ['/', '/dmx', 'dm', '']) {
    assert.is(withServer(path), `demo.json: /sessions/0/server: the path "${path}" must be "/dm" or below it`);
  }
  const protect = (path: string, credentials: unknown) => refusalOf({ authentication: { [path]: credentials } });
  const place = 'demo.json: /authentication';
  assert.is(protect('/a', { user: 'x' }), `${place}/~1a: member "password" is missing`);
  assert.is(protect('/a', { user: 'x:y', password: '' }), `${place}/~1a/user: expected a name without a colon`);
  for (const path of ['a', '', '/a?b']) {
    const text = `${place}: "${path}" must be a path that begins with "/"`;
    assert.is(protect(path, { user: '', password: '' }), text);
  }
});

test('names faults and their parameters', () => {
  const place = 'demo.json: /repository/~1a~1b~0c/fault';
  const withFault = (fault: unknown) => refusalOfResource({ text: '', fault });
  assert.is(withFault({ kind: 'hang' }), `${place}: unknown kind "hang"`);
  assert.is(withFault({}), `${place}: member "kind" is missing`);
  assert.is(withFault({ kind: 'stall' }), `${place}: member "after" is missing`);
  assert.is(withFault({ kind: 'stall', after: 'x' }), `${place}/after: expected integer`);
  assert.is(withFault({ kind: 'stall', after: -2 }), `${place}/after: must be >= -1`);
  assert.is(withFault({ kind: 'stall', after: 1, at: 1 }), `${place}: unknown member "at"`);
  assert.is(withFault({ kind: 'delay', ms: 2 ** 31 }), `${place}/ms: must be <= 2147483647`);
  assert.is(withFault({ kind: 'drip', bytes: 0, interval: 1 }), `${place}/bytes: must be >= 1`);
  assert.is(withFault({ kind: 'status', status: 100 }), `${place}/status: must be >= 200`);
});

test('refuses what cannot stand in a header', () => {
  const place = 'demo.json: /repository/~1a~1b~0c';
  const text = 'expected text that can stand in an HTTP header';
  assert.is(refusalOfResource({ text: '', etag: 'a\nb' }), `${place}/etag: ${text}`);
  assert.is(refusalOfResource({ text: '', headers: { a: '\u0000' } }), `${place}/headers/a: ${text}`);
  assert.is(
    refusalOfResource({ text: '', headers: { 'a b': '' } }),
    `${place}/headers: member name "a b": expected the name of an HTTP header`,
  );
});

test('keeps the paths of the DM Server free', () => {
  for (const path of ['/dm', '/dm/', '/dm/x', '/%64m', '/dm?x', 'x']) {
    assert.match(
      refusalOf({ repository: { [path]: { text: '' } } }),
      `demo.json: /repository: the path "${path}" must`,
    );
  }
});

test('loads a file, and finds what it names beside it', ({ folder }) => {
  const file = join(folder, 'good.json');
  writeFileSync(join(folder, 'big.json'), '[]');
  writeFileSync(file, JSON.stringify({ repository: { '/big': { file: 'big.json' } } }));
  assert.equal(loadScript(file), { repository: { '/big': { file: join(folder, 'big.json') } } });
});

test('tells the line and column of what is no JSON', ({ folder }) => {
  const file = join(folder, 'bad.json');
  writeFileSync(file, '{\n  "sessions": [],\n  "repository": {,}\n}');
  assert.is(
    refusal(() => loadScript(file)),
    `${file}: line 3, column 18: expected a member name, found ","`,
  );
  writeFileSync(file, '{"sessions": [],\n "sessions": []}');
  assert.is(
    refusal(() => loadScript(file)),
    `${file}: line 2, column 2: member "sessions" twice`,
  );
});

test('tells which file is missing or unreadable', ({ folder }) => {
  const file = join(folder, 'missing.json');
  assert.match(
    refusal(() => loadScript(file)),
    `${file}: cannot be read: ENOENT`,
  );
  writeFileSync(file, Buffer.from([0x22, 0xff, 0x22]));
  assert.match(
    refusal(() => loadScript(file)),
    `${file}: cannot be read: `,
  );
  writeFileSync(file, JSON.stringify({ repository: { '/big': { file: 'none' } } }));
  assert.is(
    refusal(() => loadScript(file)),
    `${file}: /repository/~1big: no file ${join(folder, 'none')}`,
  );
});

test.run();
