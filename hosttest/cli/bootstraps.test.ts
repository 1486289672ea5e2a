import * as fs from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { startReferenceServer } from '../server/index.js';
import { LOOPBACK_TLS } from '../server/loopback-certificate.js';
import { dmlet, eventsOf, only, start } from './program.js';
import {
  ACCOUNT,
  account,
  bootstrapFor,
  DEVINFO,
  devInfo,
  IMS,
  leaf,
  MMS,
  MMS_DOCUMENT,
  NAP,
  NAP_DOCUMENT,
  sessionsSeen,
  withScene,
  writeBootstrap,
} from './samples.js';

test('takes commands as text, without any account', async () => {
  const text = (origin: string) =>
    [
      '# what the factory knows',
      '',
      `DEFAULT ${origin}/old ${MMS}`,
      `DEFAULT\t${origin}/mms/[MCC]/[DevID]   ${MMS}\r`,
      `  HGET ${origin}/nap ${NAP}/factory/`,
      `HGET ${origin}/more`,
    ].join('\n');
  const repository = {
    '/mms/262/SN%201': { document: MMS_DOCUMENT },
    '/nap': { document: { MOData: NAP_DOCUMENT[0].MOData } },
    '/more': { document: [{ ClientURI: `${IMS}/x/`, MOData: { IMS: { Domain: 'ims.test' } } }] },
  };
  await withScene({ repository }, text, async ({ server, run, inspect }) => {
    const { code, stdout, stderr } = await run('--request', MMS, '--identity', 'MCC=262,DevID=SN 1');
    assert.equal({ code, stderr }, { code: 0, stderr: '' });
    assert.is(only(eventsOf(stdout), 'finished').length, 3);
    const state = await inspect();
    assert.equal(state.defaults, [{ moid: MMS, serverUri: `${server.origin}/mms/[MCC]/[DevID]` }]);
    assert.equal(state.accounts, []);
    assert.is(leaf(state, `${NAP}/factory/Addr`), 'old.test');
    assert.is(leaf(state, `${IMS}/x/Domain`), 'ims.test');
    assert.is(leaf(state, `${MMS}/m1/CrMode`), 2);
    assert.is(server.packages.length, 0);
    assert.is((await run()).code, 0);
    assert.is(server.requests.length, 3);
  });
});

test('opens a session with each of several accounts, whatever they are called', async () => {
  const other = await startReferenceServer({
    script: { sessions: [{ packages: [{ CMD: [['GET', `${DEVINFO}//DevID`]] }] }] },
  });
  try {
    const bootstrap = (origin: string) => ({
      MO: [
        account('a', `${origin}/dm`, [MMS]),
        devInfo('D'),
        account('b.b', `${other.origin}/dm/x?y=1`, [DEVINFO, NAP]),
      ],
    });
    await withScene({}, bootstrap, async ({ server, run, inspect }) => {
      const { code, stdout } = await run('--session');
      assert.is(code, 0);
      assert.equal(
        only(eventsOf(stdout), 'finished').map(({ subject }) => subject),
        ['a', 'b.b'],
      );
      assert.equal([sessionsSeen(server), sessionsSeen(other)], [['BootstrapComplete'], ['BootstrapComplete']]);
      assert.is(other.packages[0].path, '/dm/x?y=1');
      assert.match(other.packages[1].text, /"DevID":"D"/);
      assert.equal((await inspect()).accounts, [
        { srvId: 'a', srvUri: `${server.origin}/dm`, perm: [MMS] },
        { srvId: 'b.b', srvUri: `${other.origin}/dm/x?y=1`, perm: [DEVINFO, NAP] },
      ]);
      assert.is((await run('--session')).code, 0);
      assert.equal([server.packages.length, other.packages.length], [2, 2], 'the first account is asked');
    });
  } finally {
    await other.close();
  }
});

test('keeps the session of the one account whose server is missing', async () => {
  const other = await startReferenceServer();
  await other.close();
  const bootstrap = (origin: string) => ({
    MO: [devInfo('D'), account('gone', `${other.origin}/dm`, [MMS]), account('here', `${origin}/dm`, [MMS])],
  });
  await withScene({}, bootstrap, async ({ server, run }) => {
    const first = await run();
    assert.equal(
      { code: first.code, stderr: first.stderr },
      { code: 1, stderr: 'dmlet: session gone: NO_CONNECTION\n' },
    );
    assert.is(server.packages.length, 1);
    const late = await startReferenceServer({ port: Number(new URL(other.origin).port) });
    try {
      assert.is((await run()).code, 0);
      assert.equal([server.packages.length, late.packages.length], [1, 1]);
    } finally {
      await late.close();
    }
  });
});

test('a bootstrap is known by its content, not by its file', async () => {
  await withScene({}, bootstrapFor, async ({ server, folder, bootstrap, state }) => {
    const copy = `${folder}/copy of it.json`;
    fs.copyFileSync(bootstrap, copy);
    assert.is((await dmlet('run', '--bootstrap', bootstrap, '--state', state)).code, 0);
    const { stdout } = await dmlet('run', '--bootstrap', copy, '--state', state);
    assert.is(stdout, 'bootstrap already applied: not applied again\n');
    assert.is(server.packages.length, 1);
  });
});

test('another bootstrap replaces what it names, and leaves the rest', async () => {
  const script = {
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
    ],
  };
  await withScene({ ...script, repository: { '/nap': { document: NAP_DOCUMENT } } }, bootstrapFor, async (scene) => {
    const { server, bootstrap, run, inspect } = scene;
    assert.is((await run()).code, 0);
    const manager = account('manager.test', `${server.origin}/dm`, [MMS, NAP]);
    const renamed = { ...manager, ClientURI: `${ACCOUNT}/renamed/` };
    const CMD = [['DEFAULT', `${server.origin}/new`, MMS]];
    writeBootstrap(bootstrap, { MO: [renamed, account('second', `${server.origin}/dm`, [IMS])], CMD });
    const { code, stdout } = await run();
    assert.is(code, 0);
    assert.equal(only(eventsOf(stdout), 'bootstrap'), [{ event: 'bootstrap', applied: true }]);
    assert.is(sessionsSeen(server).length, 3);
    const state = await inspect();
    assert.equal(
      state.accounts.map(({ srvId, perm }) => [srvId, perm]),
      [
        ['manager.test', [MMS, NAP]],
        ['second', [IMS]],
      ],
    );
    assert.not.ok(state.tree.some(({ uri }) => uri.startsWith(`${ACCOUNT}/manager.test/`)));
    assert.equal(
      new Map(state.defaults.map(({ moid, serverUri }) => [moid, serverUri])),
      new Map([
        [MMS, `${server.origin}/new`],
        [IMS, `${server.origin}/ims`],
      ]),
    );
    assert.is(leaf(state, `${NAP}/m1/NapId`), 'n');
    assert.is(leaf(state, `${DEVINFO}/m1/DevID`), 'SN-77');
  });
});

test('talks to a server over TLS, and to none that it cannot trust', async () => {
  const secure = await startReferenceServer({ tls: LOOPBACK_TLS });
  try {
    await withScene(
      {},
      () => bootstrapFor(secure.origin),
      async ({ folder, bootstrap, state, run }) => {
        const refused = await run();
        assert.is(refused.code, 1);
        assert.match(refused.stderr, /^dmlet: session manager\.test: NO_CONNECTION\n$/);
        assert.is(secure.packages.length, 0);
        fs.writeFileSync(`${folder}/ca.pem`, LOOPBACK_TLS.cert);
        const env = { NODE_EXTRA_CA_CERTS: `${folder}/ca.pem` };
        const trusted = await start(['run', '--bootstrap', bootstrap, '--state', state], { env }).ended;
        assert.equal({ code: trusted.code, stderr: trusted.stderr }, { code: 0, stderr: '' });
        assert.equal(sessionsSeen(secure), ['BootstrapComplete']);
      },
    );
  } finally {
    await secure.close();
  }
});

test.run();
