import * as fs from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { dmlet, linesOf, type Program, start } from './program.js';
import { bootstrapFor, freePort, inspect, type Scene, withScene } from './samples.js';

/** Lets `act` look at a device that runs, and waits for a server that is not there. */
async function withRunning(act: (scene: Scene, program: Program) => Promise<void>): Promise<void> {
  const origin = `http://127.0.0.1:${await freePort()}`;
  await withScene(
    {},
    () => bootstrapFor(origin),
    async (scene) => {
      const program = start(['run', '--bootstrap', scene.bootstrap, '--state', scene.state, '--json', '--wait']);
      try {
        await program.line((line) => line.includes('"NO_CONNECTION"'));
        await act(scene, program);
      } finally {
        program.kill('SIGKILL');
        await program.ended;
      }
    },
  );
}

/** What processes have left in a folder. */
function locks(state: string): string[] {
  return fs.readdirSync(state).filter((name) => name.startsWith('lock.'));
}

test('keeps a second device out of a folder', async () => {
  await withRunning(async ({ state, bootstrap, run }) => {
    const [lock] = locks(state);
    const pid = lock.slice('lock.'.length);
    const { code, stdout, stderr } = await run();
    assert.equal({ code, stdout, lines: linesOf(stderr).length }, { code: 2, stdout: '', lines: 1 }, stderr);
    assert.ok(stderr.startsWith(`dmlet: --state ${state}: in use by process ${pid}; remove ${state}/${lock} `), stderr);
    assert.equal(locks(state), [lock], 'nothing is left of the second');
    const elsewhere = await dmlet('run', '--bootstrap', bootstrap, '--state', `${state}/other`);
    assert.is(elsewhere.code, 1, 'another folder is free');
  });
});

test('lets anybody look into a folder that is in use', async () => {
  await withRunning(async ({ state }) => {
    const [lock] = locks(state);
    assert.is((await inspect(state)).accounts.length, 1);
    assert.equal(locks(state), [lock]);
  });
});

test('takes over what a process left that was killed', async () => {
  await withRunning(async ({ state, run }, program) => {
    const [lock] = locks(state);
    program.kill('SIGKILL');
    await program.ended;
    assert.equal(locks(state), [lock]);
    const { stdout } = await run();
    assert.match(stdout, '"applied":false');
    assert.equal(locks(state), []);
  });
});

test('leaves nothing of its own, and what only looks like it', async () => {
  await withScene({}, bootstrapFor, async ({ state, run }) => {
    fs.mkdirSync(state);
    const others = ['lock', 'lock.', 'lock.0', 'lock.1x', 'lock.x1'];
    for (const name of others) fs.writeFileSync(`${state}/${name}`, '');
    assert.is((await run()).code, 0);
    assert.equal(
      fs.readdirSync(state).filter((name) => name.startsWith('lock')),
      others,
    );
  });
});

test('respects the process of another user', async () => {
  await withScene({}, bootstrapFor, async ({ state, run }) => {
    fs.mkdirSync(state);
    // The first process of the machine is there for as long as this one.
    fs.writeFileSync(`${state}/lock.1`, '');
    const { code, stderr } = await run();
    assert.is(code, 2);
    assert.match(stderr, 'in use by process 1;');
  });
});

test.run();
