import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { startReferenceServer } from '../server/index.js';
import { initiate, open, send, upload } from '../server/loopback.js';
import { dmlet, type Ended, forEach, linesOf, type Program, start, withFolder } from './program.js';
import { bootstrapFor, inspect, MMS, MMS_DOCUMENT, NAP, NAP_DOCUMENT, writeBootstrap } from './samples.js';

const SCRIPT = {
  sessions: [{ packages: [{ CMD: [['HGET', '{origin}/nap']] }] }],
  repository: { '/nap': { document: NAP_DOCUMENT }, '/mms/262-02': { document: MMS_DOCUMENT } },
};

/** Where a server that was started says that it is. */
async function originOf(program: Program): Promise<string> {
  const line = await program.line((text) => text.startsWith('DM Server at '));
  return new URL(line.split(' ')[3].replace(',', '')).origin;
}

/** Lets `act` use a server that runs as a program of its own, then ends it. */
async function withServe(args: string[], act: (origin: string, program: Program) => Promise<void>): Promise<Ended> {
  const program = start(['serve', '--port', '0', ...args]);
  try {
    await act(await originOf(program), program);
  } finally {
    program.kill('SIGTERM');
  }
  return program.ended;
}

/** What `dmlet serve` says of a script file with this text. */
async function refusalOf(text: string): Promise<string> {
  return withFolder(async (folder) => {
    const file = path.join(folder, 'script.json');
    fs.writeFileSync(file, text);
    const program = start(['serve', '--port', '0', '--script', file], { onLine: () => program.kill('SIGKILL') });
    const { code, stdout, stderr } = await program.ended;
    assert.equal({ code, stdout, lines: linesOf(stderr).length }, { code: 2, stdout: '', lines: 1 }, stderr);
    assert.ok(stderr.startsWith(`dmlet: ${file}: `), stderr);
    return stderr.slice(`dmlet: ${file}: `.length, -1);
  });
}

test('serves the demonstration where it is given no script', async () => {
  const { code, stderr } = await withServe([], async (origin) => {
    assert.is((await send(`${origin}/Settings/262/01/MMS`)).status, 200);
    assert.is((await send(`${origin}/nothing`)).status, 404);
    const first = JSON.parse((await initiate(origin)).body.toString()) as { CMD: string[][] };
    assert.equal(first.CMD[1], ['HGET', `${origin}/mo/internet-access`]);
  });
  assert.equal({ code, stderr }, { code: 0, stderr: '' });
});

test('serves a script, and shows what happens', async () => {
  await withFolder(async (folder) => {
    const script = path.join(folder, 'script.json');
    const bootstrap = path.join(folder, 'bootstrap.json');
    const state = path.join(folder, 'state');
    fs.writeFileSync(script, JSON.stringify(SCRIPT));
    const { code, stdout, stderr } = await withServe(['--script', script], async (origin, program) => {
      writeBootstrap(bootstrap, bootstrapFor(origin));
      const identity = ['--identity', 'MCC=262,MNC=02'];
      const run = await dmlet('run', '--bootstrap', bootstrap, '--state', state, '--request', MMS, ...identity);
      assert.equal({ code: run.code, stderr: run.stderr }, { code: 0, stderr: '' });
      await program.line((line) => line.includes('GET /mms/262-02'));
    });
    assert.equal({ code, stderr }, { code: 0, stderr: '' });
    assert.not.ok(stdout.includes('\u001b'));
    const shown = ['Package#1 from SN-77 ', '"HGET"', 'GET /nap  HTTP 200', 'Package#3 from SN-77 ', '"END"'];
    const places = shown.map((text) => stdout.indexOf(text));
    assert.equal(
      places,
      [...places].sort((a, b) => a - b),
    );
    assert.ok(places[0] > 0);
    const { tree } = await inspect(state);
    assert.ok(tree.some(({ uri }) => uri.startsWith(`${NAP}/`)) && tree.some(({ uri }) => uri.startsWith(`${MMS}/`)));
  });
});

test('shows what a device puts there', async () => {
  const { stdout } = await withServe([], async (origin, program) => {
    await upload('PUT', `${origin}/reports/1`, MMS_DOCUMENT);
    await program.line((line) => line.includes('PUT /reports/1'));
  });
  assert.ok(stdout.includes(`PUT /reports/1  HTTP 201  ${JSON.stringify(MMS_DOCUMENT)}\n`), stdout);
});

test('shows what a client does against the protocol', async () => {
  const { code, stdout } = await withServe([], async (origin, program) => {
    await send(`${origin}/dm`, { method: 'POST', body: 'nonsense' });
    await program.line((line) => line.includes('violation'));
  });
  assert.is(code, 0);
  assert.match(stdout, /nonsense/);
});

test('names the place of what is wrong in a script', async () => {
  const cases: [unknown, RegExp][] = [
    [[], /expected object/],
    [{ sessions: [{ packages: [{ CMD: [['GET', 5]] }] }] }, /^\/sessions\/0\/packages\/0\/CMD\/0\/1: /],
    [{ repository: { '/a/b': { document: 1, text: '' } } }, /^\/repository\/~1a~1b: /],
    [{ repository: { '/f': { file: 'missing.bin' } } }, /^\/repository\/~1f: .*missing\.bin/],
  ];
  await forEach(cases, async ([script, place]) => assert.match(await refusalOf(JSON.stringify(script)), place));
  assert.match(await refusalOf('{"sessions":[],\n  "repository":{"/a":}}'), /line 2\D+22:/);
  assert.match(await refusalOf(''), /line 1/);
});

test('refuses a script that it cannot read', async () => {
  await withFolder(async (folder) => {
    for (const file of [path.join(folder, 'missing.json'), folder]) {
      const { code, stdout, stderr } = await dmlet('serve', '--port', '0', '--script', file);
      assert.equal({ code, stdout, lines: linesOf(stderr).length }, { code: 2, stdout: '', lines: 1 }, stderr);
      assert.ok(stderr.startsWith(`dmlet: ${file}: `), stderr);
    }
  });
});

test('refuses a port that is in use', async () => {
  const other = await startReferenceServer();
  const port = new URL(other.origin).port;
  const { code, stdout, stderr } = await dmlet('serve', '--port', port);
  await other.close();
  assert.equal({ code, stdout, lines: linesOf(stderr).length }, { code: 2, stdout: '', lines: 1 }, stderr);
  assert.match(stderr, new RegExp(`^dmlet: --port ${port}: .*in use`));
});

test('ends with exit code 0 when it is told to, whoever is connected', async () => {
  await forEach(['SIGTERM', 'SIGINT'] as const, async (signal) => {
    const program = start(['serve', '--port', '0']);
    const origin = await originOf(program);
    await initiate(origin);
    const socket = open(origin);
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.write('POST /dm HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf');
    const gone = new Promise((resolve) => socket.once('close', resolve));
    program.kill(signal);
    const { code, stderr } = await program.ended;
    assert.equal({ code, stderr }, { code: 0, stderr: '' }, signal);
    await gone;
  });
});

test('ends with exit code 0 as soon as it has said that it serves', async () => {
  const program = start(['serve', '--port', '0'], {
    // A second signal would end it at once.
    onLine: (_line, number) => {
      if (number === 1) program.kill('SIGTERM');
    },
  });
  const { code, signal } = await program.ended;
  assert.equal({ code, signal }, { code: 0, signal: null });
});

test.run();
