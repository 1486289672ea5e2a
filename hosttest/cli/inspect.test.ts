import * as fs from 'node:fs';
import { DmClient } from 'dmlet';
import { NodeFlash, NodeResource, nodePlatform } from 'dmlet/node';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { dmlet, type Ended, linesOf, snapshot, withFolder } from './program.js';
import {
  ACCOUNT,
  account,
  DEVINFO,
  devInfo,
  MMS,
  NAP,
  type Scene,
  type State,
  statusesSeen,
  withScene,
} from './samples.js';

const ACCESS = 'urn:oma:mo:oma-dm-dacmo:1.0';

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
      rights: [`${NAP}/left%20right/`, `${DEVINFO}/m1/`].map((instance) => ({
        instance,
        srvId: 'srv',
        rights: 'RWXD',
      })),
      subscriptions: [],
      alerts: [],
      executions: [],
      due: [],
      flash: {
        records: files.length,
        bytes: files.reduce((sum, name) => sum + name.length + fs.statSync(`${state}/${name}`).size, 0),
        capacity: 1048576,
        transactions: 3,
        objects: [
          { object: `${NAP}/left%20right/`, transaction: 1 },
          { object: `${ACCOUNT}/srv/`, transaction: 1 },
          { object: `${DEVINFO}/m1/`, transaction: 2 },
          { object: 'urn:oma:mo:oma-dm-dacmo:1.0/m1/', transaction: 1 },
          { object: `DEFAULT ${MMS} ${server.origin}/[MCC]/x`, transaction: 1 },
          { object: `DEFAULT ${NAP} ${server.origin}/y`, transaction: 1 },
          { object: 'bootstrap', transaction: 1 },
        ],
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
    const { records, bytes, capacity, transactions } = state.flash;
    const use = `${records} records, ${bytes} of ${capacity} bytes; ${transactions} transactions so far`;
    assert.is(lines[lines.length - 1], `Flash  ${use}`);
  });
});

/** A device that has a subscription, an execution under way, alerts that wait, work that failed, and rights that somebody delegated. */
function withBusyDevice(act: (state: State, lines: string[], origin: string) => Promise<void>): Promise<void> {
  const run = { ClientURI: `${NAP}/n/`, MOData: { NAP: { Run: null, Addr: 'a' } } };
  const entry = { MO: `${NAP}/n/`, Acl: { 1: { SrvID: 'srv', Rights: 'RXD' }, 2: { SrvID: 'other', Rights: 'R' } } };
  const rights = { ClientURI: `${ACCESS}//`, MOData: { DACMO: { 1: entry } } };
  const bootstrap = (origin: string) => ({
    MO: [
      devInfo('D'),
      account('srv', `${origin}/dm`, [NAP]),
      account('other', `${origin}/dm/other`, [NAP]),
      run,
      rights,
    ],
  });
  const script = {
    sessions: [
      {
        server: '/dm',
        packages: [
          {
            CMD: [
              ['SUB', '{origin}/reports', `${NAP}/n/Addr`],
              ['EXEC', `${NAP}/n/Run`],
              ['EXEC', `${NAP}/n/Run`, '{origin}/dm/results'],
            ],
          },
        ],
      },
      { server: '/dm/other', packages: [{ fault: { kind: 'status', status: 503, retryAfter: 3600 } as const }] },
    ],
  };
  return withScene(script, bootstrap, async ({ server, state, bootstrap: file, inspect }) => {
    const platform = nodePlatform(new NodeFlash(state), {});
    const client = new DmClient(platform);
    client.onExecute(NAP, 'Run', () => undefined);
    client.start(new NodeResource(file));
    await new Promise<void>((resolve) => client.whenIdle(resolve));
    client.alert({ type: 'urn:test:hot', mark: 'fatal', data: '99', srvId: 'other' });
    client.close();
    platform.http.close();
    assert.equal(statusesSeen(server), [[200, 202, 202]]);
    await act(await inspect(), linesOf((await dmlet('inspect', '--state', state)).stdout), server.origin);
  });
}

test('shows what is under way', async () => {
  await withBusyDevice(async (state, lines, origin) => {
    assert.equal(state.rights, [
      { instance: `${NAP}/n/`, srvId: 'srv', rights: 'RXD' },
      { instance: `${NAP}/n/`, srvId: 'other', rights: 'R' },
    ]);
    assert.equal(state.subscriptions, [{ srvId: 'srv', clientUri: `${NAP}/n/Addr`, serverUri: `${origin}/reports` }]);
    const alert = { AlertType: 'urn:test:hot', Mark: 'fatal', Data: '99' };
    assert.equal(state.alerts, [{ srvId: 'other', serverUri: '', alert }]);
    const execution = { clientUri: `${NAP}/n/Run`, srvId: 'srv' };
    assert.equal(state.executions, [
      { ...execution, serverUri: '' },
      { ...execution, serverUri: `${origin}/dm/results` },
    ]);
    const [{ asked, ...due }] = state.due;
    assert.equal([state.due.length, due], [1, { work: 'session', subject: 'other', reason: 'bootstrap', within: 1 }]);
    assert.is(asked, 3600);
    const shown = [
      ...['Rights', `  ${NAP}/n/  srv  RXD`, `  ${NAP}/n/  other  R`],
      ...['Subscriptions', `  ${NAP}/n/Addr  srv  ${origin}/reports`],
      ...['Alerts that wait', `  other  ${JSON.stringify(alert)}`],
      ...['Executions under way', `  ${NAP}/n/Run  srv`, `  ${NAP}/n/Run  srv  ${origin}/dm/results`],
      ...[
        'Due work',
        `  session (bootstrap) other, failed, next try within 1 s after 3600 s that the server asked for`,
      ],
    ];
    assert.equal(
      lines.filter((line) => shown.includes(line)),
      shown,
    );
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
    const nothing = {
      tree: [],
      defaults: [],
      accounts: [],
      rights: [],
      subscriptions: [],
      alerts: [],
      executions: [],
      due: [],
    };
    const empty = { ...nothing, flash: { records: 0, bytes: 0, capacity: 1048576, transactions: 0, objects: [] } };
    const json = await dmlet('inspect', '--state', folder, '--json');
    assert.equal(JSON.parse(json.stdout), empty);
    const { code, stdout } = await dmlet('inspect', '--state', folder);
    assert.is(code, 0);
    assert.match(stdout, /^Tree\n {2}\(empty\)\n/);
    assert.equal(fs.readdirSync(folder), []);
  });
});

test.run();
