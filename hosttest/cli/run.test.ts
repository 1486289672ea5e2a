import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { dmlet, eventsOf, linesOf, only, snapshot, start } from './program.js';
import {
  bootstrapFor,
  DEVINFO,
  IMS,
  inspect,
  leaf,
  MMS,
  MMS_DOCUMENT,
  NAP,
  NAP_DOCUMENT,
  sessionsSeen,
  statusesSeen,
  withScene,
} from './samples.js';

const SCRIPT = {
  sessions: [
    {
      packages: [
        {
          CMD: [
            ['HGET', '{origin}/nap'],
            ['DEFAULT', '{origin}/ims', IMS],
          ],
        },
      ],
    },
    { packages: [] },
  ],
  repository: { '/nap': { document: NAP_DOCUMENT }, '/mms/262-01': { document: MMS_DOCUMENT } },
};

test('applies a new bootstrap, does what it leaves to do, and ends', async () => {
  await withScene(SCRIPT, bootstrapFor, async ({ server, run, inspect }) => {
    const { code, stdout, stderr } = await run();
    assert.equal({ code, stderr }, { code: 0, stderr: '' });
    const events = eventsOf(stdout);
    assert.equal(only(events, 'bootstrap'), [{ event: 'bootstrap', applied: true }]);
    assert.equal(only(events, 'finished'), [{ event: 'finished', work: 'session', subject: 'manager.test', code: '' }]);
    assert.equal(sessionsSeen(server), ['BootstrapComplete']);
    assert.equal(statusesSeen(server), [[200, 200]]);
    assert.equal(server.violations, []);
    const state = await inspect();
    assert.is(leaf(state, `${NAP}/m1/Obsolete/Speed`), 9600);
    assert.equal(state.defaults, [
      { moid: MMS, serverUri: `${server.origin}/mms/[MCC]-[MNC]` },
      { moid: IMS, serverUri: `${server.origin}/ims` },
    ]);
    const shown = new Map(only(events, 'stored').map(({ uri, value }) => [uri, value]));
    for (const { uri, value } of state.tree) assert.is(shown.get(uri), value, uri);
  });
});

test('finds its tree and DEFAULT table again, and does nothing where nothing is due', async () => {
  await withScene(SCRIPT, bootstrapFor, async ({ server, state, run, inspect }) => {
    assert.is((await run()).code, 0);
    const before = await inspect();
    const flash = snapshot(state);
    const packages = server.packages.length;
    const second = await run();
    assert.equal(second, { code: 0, signal: null, stdout: '{"event":"bootstrap","applied":false}\n', stderr: '' });
    assert.is(server.packages.length, packages);
    assert.equal(await inspect(), before);
    assert.equal(snapshot(state), flash);
  });
});

test('says in words what it says in JSON', async () => {
  await withScene(SCRIPT, bootstrapFor, async ({ server, state, bootstrap, run }) => {
    server.setSessions(Array(3).fill(SCRIPT.sessions[0]));
    const args = ['run', '--bootstrap', bootstrap, '--state', state];
    const first = await dmlet(...args);
    assert.equal({ code: first.code, stderr: first.stderr }, { code: 0, stderr: '' });
    const patterns = [
      /^bootstrap applied$/m,
      /──▶ Package#1 .*http:\/\/127\.0\.0\.1:\d+\/dm {2}\d+ bytes/,
      /◀── Package#2 /,
      /⇄ GET http.*\/nap {2}HTTP 200/,
      /\+ urn:oma:mo:oma-connmo-nap:1\.0\/m1\/Addr = "old\.test"/,
      /flash write/,
      /HGET +200 +http.*\/nap/,
      /DEFAULT +200 +http.*\/ims {2}urn:oma:mo:ext-3gpp-ims:1\.0/,
      /✔ session manager\.test done/,
    ];
    for (const pattern of patterns) assert.match(first.stdout, pattern);
    assert.not.ok(first.stdout.includes('\u001b'));
    const again = await start(args, { env: { FORCE_COLOR: '1' } }).ended;
    assert.is(again.stdout, 'bootstrap already applied: not applied again\n');
    const session = [await run('--session'), await dmlet(...args, '--session')];
    assert.is(linesOf(session[0].stdout).length, linesOf(session[1].stdout).length);
  });
});

test('opens one session where it is asked to; the one after a bootstrap counts', async () => {
  await withScene({}, bootstrapFor, async ({ server, run }) => {
    assert.is((await run('--session')).code, 0);
    assert.equal(sessionsSeen(server), ['BootstrapComplete']);
    assert.is((await run('--session')).code, 0);
    assert.equal(sessionsSeen(server), ['BootstrapComplete', 'ClientInitiatedMgmt']);
    assert.is((await run()).code, 0);
    assert.is(sessionsSeen(server).length, 2);
    assert.equal(server.violations, []);
  });
});

test('requests configuration just in time, once, and tells no DM Server', async () => {
  await withScene(SCRIPT, bootstrapFor, async ({ server, run, inspect }) => {
    assert.is((await run()).code, 0);
    const packages = server.packages.length;
    server.requests.length = 0;
    const { code, stdout } = await run('--request', MMS, '--identity', 'MCC=262,MNC=01');
    assert.is(code, 0);
    const events = eventsOf(stdout);
    assert.equal(only(events, 'finished'), [{ event: 'finished', work: 'configuration', subject: MMS, code: '' }]);
    assert.equal(
      only(events, 'exchange').map(({ url, status }) => [url, status]),
      [[`${server.origin}/mms/262-01`, 200]],
    );
    assert.equal(
      server.requests.map(({ method, path }) => `${method} ${path}`),
      ['GET /mms/262-01'],
    );
    assert.is(server.packages.length, packages);
    assert.is(leaf(await inspect(), `${MMS}/m1/CrMode`), 2);
  });
});

test('does not fetch again what has not changed', async () => {
  await withScene(SCRIPT, bootstrapFor, async ({ server, state, run }) => {
    const args = ['--request', MMS, '--identity', 'MCC=262,MNC=01'];
    assert.is((await run(...args)).code, 0);
    const flash = snapshot(state);
    const { code, stdout } = await run(...args);
    assert.is(code, 0);
    assert.equal(
      only(eventsOf(stdout), 'exchange').map(({ status }) => status),
      [304],
    );
    assert.equal(snapshot(state), flash);
    assert.is(server.requests.filter(({ path }) => path === '/mms/262-01').length, 2);
  });
});

test('asks for a session and for configuration in one run', async () => {
  await withScene(SCRIPT, bootstrapFor, async ({ server, run, inspect }) => {
    const { code, stdout } = await run('--session', '--request', MMS, '--identity', 'MCC=262,MNC=01');
    assert.is(code, 0);
    const finished = only(eventsOf(stdout), 'finished').map(({ work, code }) => `${work} ${code}`);
    assert.equal(finished.sort(), ['configuration ', 'session ']);
    assert.equal(sessionsSeen(server), ['BootstrapComplete']);
    const state = await inspect();
    assert.is(leaf(state, `${MMS}/m1/Addr`), 'http://mmsc.test/');
    assert.is(leaf(state, `${NAP}/m1/NapId`), 'n');
  });
});

test('shows what the command line says of the device in DevInfo', async () => {
  await withScene({}, bootstrapFor, async ({ server, run, inspect }) => {
    const names = ['Man', 'Mod', 'Lang', 'DevType', 'OEM', 'FwV', 'SwV', 'HwV'];
    const identity = names.map((name) => `${name}=the ${name}`);
    const { code } = await run('--identity', ['DevID=IMEI:5', 'MCC=001', ...identity].join(','));
    assert.is(code, 0);
    assert.is(server.packages[0].devId, 'IMEI:5');
    const state = await inspect();
    for (const name of names) assert.is(leaf(state, `${DEVINFO}/m1/${name}`), `the ${name}`);
    assert.is(leaf(state, `${DEVINFO}/m1/DevID`), 'IMEI:5');
    assert.is(leaf(state, `${DEVINFO}/m1/DmV`), '2.0');
    assert.is(leaf(state, `${DEVINFO}/m1/MCC`), undefined);
    assert.is((await run('--session', '--identity', 'DevID=IMEI:6')).code, 0);
    const later = await inspect();
    assert.is(server.packages[1].devId, 'IMEI:6');
    assert.is(leaf(later, `${DEVINFO}/m1/FwV`), 'the FwV');
  });
});

test('takes together what several identities say; the later one counts', async () => {
  await withScene({}, bootstrapFor, async ({ run, inspect }) => {
    const identity = ['--identity', 'DevID=IMEI:5,Man=first', '--identity', 'Man=last,Bearer=2,Roaming=1'];
    assert.is((await run(...identity)).code, 0);
    const state = await inspect();
    assert.equal([leaf(state, `${DEVINFO}/m1/DevID`), leaf(state, `${DEVINFO}/m1/Man`)], ['IMEI:5', 'last']);
  });
});

test('makes the folder of its state, and those above it', async () => {
  await withScene({}, bootstrapFor, async ({ folder, bootstrap }) => {
    const state = `${folder}/a/b/state`;
    assert.is((await dmlet('run', '--bootstrap', bootstrap, '--state', state)).code, 0);
    assert.is((await inspect(state)).accounts.length, 1);
  });
});

test('with --wait, ends where nothing is left to wait for', async () => {
  await withScene(SCRIPT, bootstrapFor, async ({ server, run }) => {
    assert.is((await run('--wait')).code, 0);
    assert.equal(sessionsSeen(server), ['BootstrapComplete']);
  });
});

test.run();
