import * as fs from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { dmlet, eventsOf, only, snapshot } from './program.js';
import { bootstrapFor, leaf, MMS, MMS_DOCUMENT, type State, withScene } from './samples.js';

test('leaves alone what is not its own', async () => {
  await withScene({}, bootstrapFor, async ({ state, run, inspect }) => {
    fs.mkdirSync(state);
    for (const name of ['README', 'letter to the editor.tmp', '.hidden']) fs.writeFileSync(`${state}/${name}`, name);
    const before = snapshot(state);
    assert.is((await run()).code, 0);
    const after = snapshot(state);
    for (const [name, entry] of Object.entries(before)) assert.equal(after[name], entry, name);
    assert.is((await inspect()).accounts.length, 1);
  });
});

test('works in a folder that holds other folders', async () => {
  await withScene({}, bootstrapFor, async ({ state, run, inspect }) => {
    fs.mkdirSync(`${state}/src/deep`, { recursive: true });
    const { code, stderr } = await run();
    assert.equal({ code, stderr }, { code: 0, stderr: '' });
    assert.is((await inspect()).accounts.length, 1);
    assert.ok(fs.existsSync(`${state}/src/deep`));
  });
});

/** Flips a bit where a stored record says `text`. */
function damage(state: string, text: string): void {
  const name = fs.readdirSync(state).find((file) => fs.readFileSync(`${state}/${file}`, 'latin1').includes(text));
  const bytes = fs.readFileSync(`${state}/${name}`);
  bytes[bytes.indexOf(text)] ^= 1;
  fs.writeFileSync(`${state}/${name}`, bytes);
}

const WITH_MMS = (origin: string) => ({ ...bootstrapFor(origin), MO: [...bootstrapFor(origin).MO, MMS_DOCUMENT[0]] });

test('runs on with what is left where a record is damaged, and says so', async () => {
  await withScene({}, WITH_MMS, async ({ state, run }) => {
    assert.is((await run()).code, 0);
    damage(state, 'mmsc.test');
    const { code, stdout } = await run('--session');
    assert.is(code, 0);
    assert.ok(
      only(eventsOf(stdout), 'note').some(({ code }) => code === 'FLASH_FAILED'),
      stdout,
    );
    const left = JSON.parse((await dmlet('inspect', '--state', state, '--json')).stdout) as State;
    assert.is(leaf(left, `${MMS}/m1/Addr`), undefined);
    assert.is(left.accounts.length, 1);
  });
});

test('inspects what is left where a record is damaged, and says so', async () => {
  await withScene({}, WITH_MMS, async ({ state, run, inspect }) => {
    assert.is((await run()).code, 0);
    const { tree } = await inspect();
    damage(state, 'mmsc.test');
    const before = snapshot(state);
    const { code, stdout, stderr } = await dmlet('inspect', '--state', state, '--json');
    assert.is(code, 0);
    const left = tree.filter(({ uri }) => !uri.startsWith(`${MMS}/`));
    assert.equal((JSON.parse(stdout) as State).tree, left);
    assert.equal(snapshot(state), before);
    assert.match(stderr, /FLASH_FAILED/);
  });
});

test.run();
