import * as fs from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../server/loopback.js';
import { dmlet, eventsOf, type JsonEvent, linesOf, only, type Program, start } from './program.js';
import { account, bootstrapFor, devInfo, MMS, type Scene, sessionsSeen, withScene } from './samples.js';

/** A device that listens, once its session after the bootstrap is over. */
interface Listening {
  program: Program;
  /** HOST:PORT */
  to: string;
}

async function listening({ bootstrap, state, server }: Scene): Promise<Listening> {
  const args = ['run', '--bootstrap', bootstrap, '--state', state, '--json', '--listen', '0'];
  const program = start(args);
  const line = await program.line((text) => text.includes('"listening"'));
  await program.line((text) => text.includes('"finished"'));
  assert.equal(sessionsSeen(server), ['BootstrapComplete']);
  return { program, to: `127.0.0.1:${(JSON.parse(line) as { port: number }).port}` };
}

function notify(to: string, ...more: string[]): Promise<unknown> {
  return dmlet('notify', '--to', to, ...more);
}

/** Waits for the `count`-th notification that the program tells of. */
async function told(program: Program, code: string): Promise<JsonEvent> {
  const line = await program.line((text) => text.includes('"notification"') && text.endsWith(`"code":"${code}"}`));
  return JSON.parse(line) as JsonEvent;
}

test('opens a session where a notification asks for one', async () => {
  await withScene({}, bootstrapFor, async (scene) => {
    const { program, to } = await listening(scene);
    await notify(to, '--server-id', 'manager.test', '--id', '7', '--mos');
    const { from, bytes } = await told(program, '');
    assert.match(String(from), /^127\.0\.0\.1:\d+$/);
    assert.is(bytes, 2 + 1 + 'manager.test'.length + 3 + 1);
    await until(() => scene.server.packages.length === 2, 'the session');
    const { Alert, MOS } = scene.server.packages[1].body as { Alert: unknown[]; MOS: { MOID: string }[] };
    assert.equal(Alert, [{ AlertType: 'urn:oma:at:dm:2.0:ServerInitiatedMgmt', Data: '7' }]);
    assert.ok(MOS.some(({ MOID }) => MOID === MMS));
    program.kill('SIGTERM');
    const { code, stderr } = await program.ended;
    assert.equal({ code, stderr }, { code: 0, stderr: '' });
    assert.equal(scene.server.violations, []);
  });
});

test('tells why it ignores a notification, and goes on', async () => {
  const signed = (origin: string) => ({
    MO: [
      devInfo('D'),
      account('manager.test', `${origin}/dm`, [MMS], { Auth: { Noti: { Secret: 'sésame', Data: 'nonce' } } }),
    ],
  });
  await withScene({}, signed, async (scene) => {
    const { program, to } = await listening(scene);
    await notify(to, '--server-id', 'other.test');
    await told(program, 'NO_ACCOUNT');
    await notify(to, '--server-id', 'manager.test');
    await told(program, 'NOT_AUTHENTIC');
    assert.is(scene.server.packages.length, 1);
    const proof = ['--server-id', 'manager.test', '--secret', 'sésame', '--data', 'nonce', '--id', '1'];
    await notify(to, ...proof, '--timestamp', 'now');
    await told(program, '');
    await notify(to, ...proof);
    await told(program, 'REPEATED');
    await until(() => scene.server.packages.length === 2, 'the session');
    program.kill('SIGINT');
    assert.is((await program.ended).code, 0);
    assert.equal(sessionsSeen(scene.server), ['BootstrapComplete', 'ServerInitiatedMgmt']);
  });
});

test('says in words that it listens, and to what', async () => {
  await withScene({}, bootstrapFor, async ({ bootstrap, state }) => {
    const program = start(['run', '--bootstrap', bootstrap, '--state', state, '--listen', '0']);
    const line = await program.line((text) => text.startsWith('listens for notifications at UDP port '));
    const port = /port (\d+);/.exec(line)?.[1];
    await notify(`127.0.0.1:${port}`, '--server-id', 'other.test');
    await program.line((text) => text === '    Package#0: NO_ACCOUNT: other.test');
    await program.line((text) => /^◀── Package#0 from 127\.0\.0\.1:\d+ {2}13 bytes {2}NO_ACCOUNT$/.test(text));
    program.kill('SIGTERM');
    assert.is((await program.ended).code, 0);
    assert.equal(
      fs.readdirSync(state).filter((name) => name.startsWith('lock.')),
      [],
    );
  });
});

test('refuses a port that is in use, and changes nothing', async () => {
  await withScene({}, bootstrapFor, async (scene) => {
    const { program, to } = await listening(scene);
    const port = to.slice(to.indexOf(':') + 1);
    const state = `${scene.folder}/other`;
    const ended = await dmlet('run', '--bootstrap', scene.bootstrap, '--state', state, '--listen', port);
    assert.equal([ended.code, ended.stdout, linesOf(ended.stderr).length], [2, '', 1]);
    assert.match(ended.stderr, new RegExp(`^dmlet: --listen ${port}: .*EADDRINUSE`));
    assert.equal(fs.readdirSync(state), []);
    program.kill('SIGTERM');
    await program.ended;
  });
});

test('ends with exit code 1 where something failed while it listened', async () => {
  const refusal = { packages: [{ fault: { kind: 'status', status: 403 } as const }] };
  await withScene({ sessions: [refusal] }, bootstrapFor, async ({ bootstrap, state }) => {
    const program = start(['run', '--bootstrap', bootstrap, '--state', state, '--json', '--listen', '0']);
    await program.line((text) => text.includes('"finished"'));
    program.kill('SIGTERM');
    const { code, stdout, stderr } = await program.ended;
    assert.equal([code, stderr], [1, 'dmlet: session manager.test: HTTP_STATUS 403\n']);
    assert.equal(
      only(eventsOf(stdout), 'finished').map(({ status }) => status),
      [403],
    );
  });
});

test.run();
