import * as fs from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { dmlet, type Ended, linesOf, snapshot, withFolder } from './program.js';
import { ACCOUNT, account, DEVINFO, devInfo, MMS, NAP, type Scene, type State, withScene } from './samples.js';

const SECRET = 'open-sesame';

const AUTH = {
  Bootstrap: { ServerURI: 'https://boot.test/', SecMode: 1, ClientSecretKey: `${SECRET}-1` },
  Noti: { Type: 'SHA256', Data: 'bm9uY2U=', Secret: `${SECRET}-2` },
  Trsp: { Data: 'user', Secret: `${SECRET}-3` },
};

const ROUTER = {
  ClientURI: `${NAP}/left right/`,
  MOData: { NAP: { Port: 443, Ratio: 0.5, On: true, Off: false, None: null, Text: 'é"\\ \n', Empty: '', Hollow: {} } },
};

/** A device with one of everything; no session has succeeded. */
function withDevice(act: (scene: Scene, json: Ended, text: Ended) => Promise<void>): Promise<void> {
  const bootstrap = (origin: string) => ({
    MO: [ROUTER, account('srv', `${origin}/lost`, [NAP, MMS, DEVINFO], { Name: 'N', Auth: AUTH }), devInfo('D')],
    CMD: [
      ['DEFAULT', `${origin}/[MCC]/x`, MMS],
      ['DEFAULT', `${origin}/y`, NAP],
    ],
  });
  return withScene({}, bootstrap, async (scene) => {
    assert.is((await scene.run()).code, 1);
    const text = await dmlet('inspect', '--state', scene.state);
    const json = await dmlet('inspect', '--state', scene.state, '--json');
    for (const { code, stderr } of [text, json]) assert.equal({ code, stderr }, { code: 0, stderr: '' });
    await act(scene, json, text);
  });
}

test('prints the whole state in exactly its shape', async () => {
  await withDevice(async ({ server, state }, { stdout }) => {
    assert.is(linesOf(stdout).length, 1);
    const leaves = (base: string, entries: [string, string, unknown][]) =>
      entries.map(([name, format, value]) => ({ uri: `${base}/${name}`, format, value }));
    const files = fs.readdirSync(state);
    const expected = {
      tree: [
        ...leaves(`${NAP}/left%20right`, [
          ['Port', 'int', 443],
          ['Ratio', 'float', 0.5],
          ['On', 'bool', true],
          ['Off', 'bool', false],
          ['None', 'null', null],
          ['Text', 'chr', 'é"\\ \n'],
          ['Empty', 'chr', ''],
        ]),
        ...leaves(`${ACCOUNT}/srv`, [
          ['SrvID', 'chr', 'srv'],
          ['SrvURI', 'chr', `${server.origin}/lost`],
          ['Perm/p0/MOID', 'chr', NAP],
          ['Perm/p1/MOID', 'chr', MMS],
          ['Perm/p2/MOID', 'chr', DEVINFO],
          ['Name', 'chr', 'N'],
          ['Auth/Bootstrap/ServerURI', 'chr', 'https://boot.test/'],
          ['Auth/Bootstrap/SecMode', 'int', 1],
          ['Auth/Bootstrap/ClientSecretKey', 'chr', '(secret)'],
          ['Auth/Noti/Type', 'chr', 'SHA256'],
          ['Auth/Noti/Data', 'chr', 'bm9uY2U='],
          ['Auth/Noti/Secret', 'chr', '(secret)'],
          ['Auth/Trsp/Data', 'chr', 'user'],
          ['Auth/Trsp/Secret', 'chr', '(secret)'],
        ]),
        ...leaves(`${DEVINFO}/m1`, [
          ['DevID', 'chr', 'D'],
          ['Man', 'chr', 'Somebody'],
          ['DmV', 'chr', '2.0'],
        ]),
      ],
      defaults: [
        { moid: MMS, serverUri: `${server.origin}/[MCC]/x` },
        { moid: NAP, serverUri: `${server.origin}/y` },
      ],
      accounts: [{ srvId: 'srv', srvUri: `${server.origin}/lost`, perm: [NAP, MMS, DEVINFO] }],
      flash: {
        records: files.length,
        bytes: files.reduce((sum, name) => sum + name.length + fs.statSync(`${state}/${name}`).size, 0),
        capacity: 1048576,
      },
    };
    const actual = JSON.parse(stdout) as State;
    assert.equal(actual, expected);
    // The order of members is what a reader of the text sees.
    assert.is(stdout, `${JSON.stringify(expected)}\n`);
  });
});

test('shows the same to people', async () => {
  await withDevice(async (_scene, json, text) => {
    const state = JSON.parse(json.stdout) as State;
    const lines = linesOf(text.stdout);
    assert.not.ok(text.stdout.includes('\u001b'));
    const places = ['Tree', 'DEFAULT table', 'Accounts'].map((title) => lines.indexOf(title));
    assert.is(places[0], 0);
    assert.equal(
      places,
      [...places].sort((a, b) => a - b),
    );
    const drawn = lines.slice(0, places[1]).filter((line) => / (chr|int|float|bool|null) /.test(line));
    assert.is(drawn.length, state.tree.length);
    for (const [index, { uri, format, value }] of state.tree.entries()) {
      const name = uri.slice(uri.lastIndexOf('/') + 1);
      assert.ok(drawn[index].endsWith(`─ ${name} ${format} ${JSON.stringify(value)}`), drawn[index]);
    }
    for (const { moid, serverUri } of state.defaults) assert.ok(lines.includes(`  ${moid}  ${serverUri}`));
    const { records, bytes, capacity } = state.flash;
    assert.is(lines[lines.length - 1], `Flash  ${records} records, ${bytes} of ${capacity} bytes`);
  });
});

test('never shows a secret', async () => {
  await withDevice(async ({ run }, json, text) => {
    for (const { stdout } of [json, text, await run('--session')]) assert.not.ok(stdout.includes(SECRET), stdout);
  });
});

test('never shows what is below a secret', async () => {
  const bootstrap = (origin: string) => ({
    MO: [account('srv', `${origin}/dm`, [MMS], { Ext: { VendorSecret: { Key: SECRET } } }), devInfo('D')],
  });
  await withScene({}, bootstrap, async ({ run, state }) => {
    const shown = [
      await run(),
      await dmlet('inspect', '--state', state),
      await dmlet('inspect', '--state', state, '--json'),
    ];
    for (const { stdout } of shown) assert.not.ok(stdout.includes(SECRET), stdout);
  });
});

test('never shows the password of an access point', async () => {
  const nap = { ClientURI: `${NAP}//`, MOData: { NAP: { AuthInfo: { AuthName: 'user', AuthSecret: SECRET } } } };
  await withScene(
    {},
    () => ({ MO: [nap] }),
    async ({ run, state }) => {
      const shown = [
        await run(),
        await dmlet('inspect', '--state', state),
        await dmlet('inspect', '--state', state, '--json'),
      ];
      for (const { stdout } of shown) assert.not.ok(stdout.includes(SECRET), stdout);
    },
  );
});

test('changes nothing', async () => {
  await withDevice(async ({ state }) => {
    // What a crash, and what a person may leave.
    fs.writeFileSync(`${state}/007000009000.tmp`, 'half');
    fs.writeFileSync(`${state}/README`, 'mine');
    const before = snapshot(state);
    const changed = fs.statSync(state).mtimeMs;
    for (const more of [[], ['--json']]) assert.is((await dmlet('inspect', '--state', state, ...more)).code, 0);
    assert.equal(snapshot(state), before);
    assert.is(fs.statSync(state).mtimeMs, changed);
  });
});

test('shows a device that holds nothing', async () => {
  await withFolder(async (folder) => {
    const empty = { tree: [], defaults: [], accounts: [], flash: { records: 0, bytes: 0, capacity: 1048576 } };
    const json = await dmlet('inspect', '--state', folder, '--json');
    assert.equal(JSON.parse(json.stdout), empty);
    const { code, stdout } = await dmlet('inspect', '--state', folder);
    assert.is(code, 0);
    assert.match(stdout, /^Tree\n {2}\(empty\)\n/);
    assert.equal(fs.readdirSync(folder), []);
  });
});

test.run();
