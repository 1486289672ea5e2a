import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { dmlet, type Ended, forEach, linesOf, start, withFolder } from './program.js';
import { bootstrapFor, writeBootstrap } from './samples.js';

const COMMANDS = ['demo', 'serve', 'run', 'notify', 'inspect', 'device'];

/** One clear line on stderr, nothing on stdout, exit code 2. */
function assertRefused({ code, stdout, stderr }: Ended, about: RegExp): void {
  assert.is(code, 2, stderr);
  assert.is(stdout, '');
  assert.is(linesOf(stderr).length, 1, stderr);
  assert.ok(stderr.endsWith('\n'));
  assert.match(stderr, about);
}

test('each command explains itself', async () => {
  const own: Record<string, string[]> = {
    demo: ['--json'],
    serve: ['--port', '--script'],
    run: [
      ...['--bootstrap', '--state', '--identity', '--request', '--session', '--wait', '--listen', '--handle'],
      ...['--cert', '--key', '--ca', '--json'],
    ],
    notify: ['--to', '--server-id', '--secret', '--data', '--id', '--timestamp', '--mos', '--connection'],
    inspect: ['--state', '--json'],
    device: ['options'],
  };
  await forEach(COMMANDS, async (command) => {
    const { code, stdout, stderr } = await dmlet(command, '--help');
    assert.is(code, 0);
    assert.is(stderr, '');
    assert.ok(stdout.startsWith(`Usage: dmlet ${command} `), stdout);
    for (const option of own[command]) assert.ok(stdout.includes(`  ${option} `), `${command} ${option}`);
  });
  const { code, stdout, stderr } = await dmlet('--help');
  assert.equal({ code, stderr }, { code: 0, stderr: '' });
  assert.ok(stdout.startsWith('Usage: dmlet '));
  for (const command of COMMANDS) assert.match(stdout, new RegExp(`^ {2}${command} `, 'm'));
});

test('tells its version', async () => {
  const file = path.resolve(import.meta.dirname, '../../../../package.json');
  const { version } = JSON.parse(fs.readFileSync(file, 'utf8')) as { version: string };
  const { code, stdout, stderr } = await dmlet('--version');
  assert.equal({ code, stdout, stderr }, { code: 0, stdout: `${version}\n`, stderr: '' });
});

test('without a command, prints usage as an error', async () => {
  const { code, stdout, stderr } = await dmlet();
  assert.equal({ code, stdout }, { code: 2, stdout: '' });
  assert.ok(stderr.startsWith('Usage: dmlet '));
});

test('refuses commands and options that there are not', async () => {
  const cases: [string[], RegExp][] = [
    [['bogus'], /bogus/],
    [['demo', '--bogus'], /--bogus/],
    [['demo', 'bogus'], /argument/],
    [['serve', '--bogus'], /--bogus/],
    [['run', '--bootstrap', 'x', '--state', 'x', '--bogus'], /--bogus/],
    [['run'], /--bootstrap/],
    [['run', '--bootstrap', 'x'], /--state/],
    [['run', '--bootstrap'], /--bootstrap/],
    [['run', '--bootstrap', 'x', '--state', 'x', '--handle', '/Run'], /--handle/],
    [['run', '--bootstrap', 'x', '--state', 'x', '--listen', 'x'], /--listen/],
    [['notify', '--server-id', 'x'], /--to/],
    [['notify', '--to', 'localhost:1'], /--server-id/],
    [['inspect'], /--state/],
    [['inspect', '--bogus', '--state', 'x'], /--bogus/],
  ];
  await forEach(cases, async ([args, about]) => assertRefused(await dmlet(...args), about));
});

test('refuses ports that are none', async () => {
  await forEach(['x', '-1', '65536', '1.5', '80 80', ''], async (port) => {
    const program = start(['serve', '--port', port], { onLine: () => program.kill('SIGKILL') });
    assertRefused(await program.ended, /--port/);
  });
});

test('refuses a bootstrap that is no file, and makes no state', async () => {
  await withFolder(async (folder) => {
    const state = path.join(folder, 'state');
    const missing = path.join(folder, 'missing');
    assertRefused(await dmlet('run', '--bootstrap', missing, '--state', state), /--bootstrap .*missing/);
    assertRefused(await dmlet('run', '--bootstrap', folder, '--state', state), /--bootstrap .*file/);
    assert.not.ok(fs.existsSync(state));
  });
});

test('refuses an identity that is none, and makes no state', async () => {
  await withFolder(async (folder) => {
    const state = path.join(folder, 'state');
    const bootstrap = path.join(folder, 'bootstrap');
    writeBootstrap(bootstrap, bootstrapFor('http://127.0.0.1:9'));
    await forEach(['MCC', 'MCC=262,MNC', '=262', 'Mcc=262', 'MCC=262, toString=1', '__proto__=1'], async (identity) => {
      const ended = await dmlet('run', '--bootstrap', bootstrap, '--state', state, '--identity', identity);
      assertRefused(ended, /--identity/);
    });
    assert.not.ok(fs.existsSync(state));
  });
});

test('refuses a state that is no folder', async () => {
  await withFolder(async (folder) => {
    const bootstrap = path.join(folder, 'bootstrap');
    writeBootstrap(bootstrap, bootstrapFor('http://127.0.0.1:9'));
    assertRefused(await dmlet('run', '--bootstrap', bootstrap, '--state', bootstrap), /--state/);
    const below = path.join(bootstrap, 'below');
    assertRefused(await dmlet('run', '--bootstrap', bootstrap, '--state', below), /--state/);
    assert.equal(fs.readdirSync(folder), ['bootstrap']);
  });
});

test('inspects no folder that is missing, and makes none', async () => {
  await withFolder(async (folder) => {
    const missing = path.join(folder, 'missing');
    assertRefused(await dmlet('inspect', '--state', missing), /--state .*missing/);
    assertRefused(await dmlet('inspect', '--state', missing, '--json'), /--state .*missing/);
    assert.equal(fs.readdirSync(folder), []);
  });
});

test('inspects no file', async () => {
  await withFolder(async (folder) => {
    const file = path.join(folder, 'file');
    fs.writeFileSync(file, '');
    assertRefused(await dmlet('inspect', '--state', file), /--state/);
  });
});

test.run();
