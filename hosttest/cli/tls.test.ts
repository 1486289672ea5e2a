import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { startReferenceServer } from '../server/index.js';
import { LOOPBACK_CLIENT_TLS, LOOPBACK_TLS } from '../server/loopback-certificate.js';
import { dmlet, type Ended, forEach, linesOf, withFolder } from './program.js';
import { bootstrapFor, sessionsSeen, writeBootstrap } from './samples.js';

const FILES: Record<string, string> = {
  ca: LOOPBACK_TLS.cert,
  cert: LOOPBACK_CLIENT_TLS.cert,
  key: LOOPBACK_CLIENT_TLS.key,
  other: LOOPBACK_TLS.key,
  none: 'no certificate\n',
};

/** Lets `act` run a device with options about certificates, each value the name of one of the files. */
async function withFiles(
  origin: string,
  act: (run: (...args: string[]) => Promise<Ended>, state: string) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    for (const [name, text] of Object.entries(FILES)) fs.writeFileSync(path.join(folder, name), text);
    const bootstrap = path.join(folder, 'bootstrap');
    const state = path.join(folder, 'state');
    writeBootstrap(bootstrap, bootstrapFor(origin));
    const run = (...args: string[]) => {
      const options = args.map((arg) => (arg.startsWith('-') ? arg : path.join(folder, arg)));
      return dmlet('run', '--bootstrap', bootstrap, '--state', state, ...options);
    };
    await act(run, state);
  });
}

test('shows a certificate to a server that wants one, and trusts it by another', async () => {
  const server = await startReferenceServer({ tls: { ...LOOPBACK_TLS, ca: LOOPBACK_CLIENT_TLS.cert } });
  try {
    await withFiles(server.origin, async (run) => {
      const anonymous = await run('--ca', 'ca');
      assert.is(anonymous.code, 1);
      const distrustful = await run('--cert', 'cert', '--key', 'key');
      assert.is(distrustful.code, 1);
      assert.is(server.packages.length, 0);
      const { code, stderr } = await run('--ca', 'ca', '--cert', 'cert', '--key', 'key');
      assert.equal({ code, stderr }, { code: 0, stderr: '' });
      assert.equal(sessionsSeen(server), ['BootstrapComplete']);
      assert.equal(server.violations, []);
    });
  } finally {
    await server.close();
  }
});

test('refuses files that it cannot use, and makes no state', async () => {
  await withFiles('https://127.0.0.1:9', async (run, state) => {
    const cases: [string[], RegExp][] = [
      [['--cert', 'cert'], /--cert and --key go together/],
      [['--key', 'key'], /--cert and --key go together/],
      [['--cert', 'missing', '--key', 'key'], /--cert .*missing/],
      [['--cert', 'cert', '--key', 'missing'], /--key .*missing/],
      [['--ca', 'missing'], /--ca .*missing/],
      [['--ca', 'none'], /none: /],
      [['--cert', 'none', '--key', 'key'], /none, .*key: /],
      [['--cert', 'cert', '--key', 'other'], /cert, .*other: /],
    ];
    await forEach(cases, async ([args, about]) => {
      const { code, stdout, stderr } = await run(...args);
      assert.equal({ code, stdout, lines: linesOf(stderr).length }, { code: 2, stdout: '', lines: 1 }, stderr);
      assert.match(stderr, about);
    });
    assert.not.ok(fs.existsSync(state));
  });
});

test.run();
