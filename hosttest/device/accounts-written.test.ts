import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ACCOUNT, accountElement, DEVINFO } from '../support/device-bootstrap.js';
import { onStage, type Stage, type TestDevice } from '../support/device-fixture.js';
import {
  ACCESS,
  AUTH,
  BOX,
  boxes,
  codesAs,
  delegateAs,
  entry,
  hgetAs,
  severalAccounts,
} from '../support/device-rights.js';

// PROTOCOL.md ACC-1 to ACC-9, ACC-24 to ACC-28: what servers write to DM Accounts, and accounts that change in the middle of a session.
const test = suite('accounts written');

const ONE = `${ACCOUNT}/one/`;
const PERM = [ACCOUNT, ACCESS, BOX, DEVINFO];
const NEW = { SrvID: 'one', SrvURI: '{origin}/dm', Name: 'new' };

function deviceFor(stage: Stage): Promise<TestDevice> {
  return severalAccounts(stage, { accounts: [{ perm: PERM, more: { Auth: AUTH } }, { perm: PERM }], mo: boxes() });
}

/** Stores a whole account, or a part of one, at a ClientURI. @returns the code; where it is an error nothing may have changed. */
async function write(stage: Stage, device: TestDevice, path: string, value: unknown): Promise<number> {
  const { state } = device;
  const name = path.split('/').pop() || 'DMAcc';
  stage.server.setResource('/w', { document: { MOData: { [name]: value } }, etag: null });
  const [code] = await codesAs(device, 'one', ['HGET', '{origin}/w', ONE + path]);
  if (code !== 200) assert.is(device.state, state);
  return code;
}

test(
  'who has W writes an account; Perm and Auth/Bootstrap stay as they are, also after a restart [ACC-25] [ACC-26]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    const { local } = device.client;
    const kept = () => [
      local.list(`${ONE}Perm`).map((name) => local.read(`${ONE}Perm/${name}/MOID`)),
      local.list(`${ONE}Auth/Bootstrap`),
      local.read(`${ONE}Auth/Bootstrap/ClientSecretKey`),
    ];
    const before = kept();
    assert.is(await write(stage, device, '', NEW), 200);
    assert.equal(kept(), before);
    assert.is(await write(stage, device, '', { ...NEW, Auth: { Trsp: { Data: 'u', Secret: 's' } } }), 200);
    assert.equal(kept(), before);
    assert.equal(local.list(`${ONE}Auth`), ['Trsp', 'Bootstrap']);
    assert.is(await write(stage, device, 'Auth', {}), 200);
    assert.equal(kept(), before);
    const { durable } = device;
    assert.is((await stage.restart(device)).durable, durable);
  }),
);

/** What a server may not bring, and what is not sound. */
const REFUSED: [string, string, unknown, number][] = [
  ['Perm in an account', '', { ...NEW, Perm: { 1: { MOID: BOX } } }, 405],
  ['an empty Perm in an account', '', { ...NEW, Perm: {} }, 405],
  ['Perm', 'Perm', { 1: { MOID: BOX } }, 405],
  ['an entry of Perm', 'Perm/1', { MOID: BOX }, 405],
  ['a new entry of Perm', 'Perm/9', { MOID: BOX }, 405],
  ['a MOID in Perm', 'Perm/1/MOID', BOX, 405],
  ['Auth/Bootstrap in an account', '', { ...NEW, Auth: { Bootstrap: { SecMode: 2 } } }, 405],
  ['Auth/Bootstrap in Auth', 'Auth', { Bootstrap: {} }, 405],
  ['Auth/Bootstrap', 'Auth/Bootstrap', { SecMode: 2 }, 405],
  ['a node of Auth/Bootstrap', 'Auth/Bootstrap/SecMode', 2, 405],
  ['a secret key', 'Auth/Bootstrap/ClientSecretKey', 'x', 405],
  ['an account without SrvID', '', { SrvURI: 'https://x.example/' }, 422],
  ['an account without SrvURI', '', { SrvID: 'one' }, 422],
  ['an account with an empty SrvID', '', { ...NEW, SrvID: '' }, 422],
  ['an account with an empty SrvURI', '', { ...NEW, SrvURI: '' }, 422],
  ['an empty SrvID', 'SrvID', '', 422],
  ['an empty SrvURI', 'SrvURI', '', 422],
  ['a SrvID that is no text', 'SrvID', 7, 422],
  ['the SrvID of another account', 'SrvID', 'two', 422],
  ['an account with the SrvID of another', '', { ...NEW, SrvID: 'two' }, 422],
  ['an unknown node', '', { ...NEW, More: 1 }, 422],
];

for (const [what, path, value, code] of REFUSED) {
  test(
    `${what} gets ${code}, and nothing changes [${code === 405 ? 'ACC-27] [ACC-6] [ACC-9' : 'ACC-3] [ACC-24'}] [ST-${code}]`,
    onStage(async (stage) => {
      const device = await deviceFor(stage);
      assert.is(await write(stage, device, path, value), code);
    }),
  );
}

test(
  'SrvID, SrvURI, Perm, Auth and the own account stay when a server deletes; another account goes [ACC-3] [ACC-6] [ACC-9] [ACC-28] [ST-405]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    const { state } = device;
    const paths = ['', 'SrvID', 'SrvURI', 'Perm', 'Perm/1', 'Auth', 'Auth/Bootstrap', 'Auth/Bootstrap/SecMode'];
    const commands = paths.map((path) => ['DELETE', ONE + path]);
    commands.push(['DELETE', `${ACCOUNT}/(x)/?nv=(x)/SrvID:one`]);
    assert.equal(
      await codesAs(device, 'one', ...commands),
      commands.map(() => 405),
    );
    assert.is(device.state, state);
    assert.equal(await codesAs(device, 'one', ['DELETE', `${ACCOUNT}/two/`]), [200]);
    assert.equal(device.client.local.instances(ACCOUNT), ['one']);
    assert.is((await device.session('two'))?.code, 'NO_ACCOUNT');
  }),
);

test(
  'without W on it an account is not written [ACC-11] [ACC-25]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    assert.is(await delegateAs(stage, device, 'one', '1', entry(ONE, { one: 'RWXD', two: 'R' })), 200);
    assert.is(await hgetAs(stage, device, 'two', `${ONE}Name`, 'x'), 403);
    assert.equal(await codesAs(device, 'two', ['DELETE', ONE], ['GET', `${ONE}SrvID`]), [403, 200]);
    assert.is(await hgetAs(stage, device, 'one', `${ONE}Name`, 'x'), 200);
  }),
);

test(
  'a server that changes its own SrvURI ends its session where it began, and the next goes to the new place [ACC-25]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    const other = `${stage.server.origin}/dm/moved`;
    stage.server.setResource('/w', { document: { MOData: { SrvURI: other } } });
    const commands = [
      ['HGET', '{origin}/w', `${ONE}SrvURI`],
      ['GET', `${ONE}SrvURI`],
    ];
    assert.equal(await codesAs(device, 'one', ...commands), [200, 200]);
    const paths = () => device.log.about('package').map((line) => line.split(' ').slice(1, 3).join(' '));
    assert.equal(paths(), ['1 /dm', '2 /dm', '3 /dm', '2 /dm']);
    stage.forget(device);
    await device.session('one');
    assert.equal(paths(), ['1 /dm/moved', '2 /dm/moved']);
  }),
);

test(
  'a server that renames itself has no account for the rest of its session [ACC-25] [ST-403]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    stage.server.setResource('/w', { document: { MOData: { SrvID: 'three' } } });
    const commands = [
      ['HGET', '{origin}/w', `${ONE}SrvID`],
      ['GET', `${ONE}SrvID`],
      ['DELETE', ONE],
    ];
    assert.equal(await codesAs(device, 'one', ...commands), [200, 403, 403]);
    assert.equal(await codesAs(device, 'three', ['GET', `${ONE}SrvID`]), [200]);
  }),
);

/** Commands of a session in the middle of which a bootstrap comes. */
const AROUND = [
  ['GET', `${BOX}/a/v`],
  ['HPUT', '{origin}/now', `${BOX}/b/v`],
  ['GET', `${BOX}/a/v`],
  ['HPUT', '{origin}/put', `${BOX}/a/v`],
  ['DELETE', `${BOX}/a/v`],
  ['HGET', '{origin}/new'],
  ['DEFAULT', '{origin}/new', BOX],
  ['SUB', '{origin}/sub', `${BOX}/a/`],
  ['EXEC', `${BOX}/a/Run`],
];

/** Runs them; when the body of the first HPUT is out, and before it is answered, `change` happens. */
async function around(stage: Stage, device: TestDevice, change: () => void): Promise<number[]> {
  stage.server.setResource('/new', { document: [{ ClientURI: `${BOX}/b/`, MOData: { Box: {} } }], etag: null });
  stage.server.setResource('/now', (request, response) => {
    request.resume().on('end', () => {
      change();
      response.writeHead(204).end();
    });
  });
  return codesAs(device, 'one', ...AROUND);
}

test(
  'an account that a bootstrap replaces with a smaller Perm list has lost its rights from then on [ACC-5] [ACC-10] [BOOT-27]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    const update = { MO: [accountElement({ miid: 'one', srvId: 'one', perm: [DEVINFO] })] };
    const codes = await around(stage, device, () => device.client.applyBootstrap(device.resource(update)));
    assert.equal(codes, [200, 200, 403, 403, 403, 403, 403, 403, 403]);
    assert.equal([device.client.local.read(`${BOX}/a/v`), device.client.local.read(`${BOX}/b/v`)], ['in a', 'in b']);
    await device.idle();
  }),
);

test(
  'an account that moves to another MIID in the middle of its session stays the same account [BOOT-18] [BOOT-27]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    device.client.onExecute(BOX, 'Run', () => 200);
    const update = { MO: [accountElement({ miid: 'other', srvId: 'one', perm: PERM })] };
    const codes = await around(stage, device, () => device.client.applyBootstrap(device.resource(update)));
    assert.equal(codes, [200, 200, 200, 200, 200, 200, 200, 200, 200]);
    assert.equal(device.client.local.instances(ACCOUNT).sort(), ['other', 'two']);
    await device.idle();
  }),
);

test(
  'an account that is removed in the middle of its session may do nothing more, and the session ends in order [ACC-10] [ST-403]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    const codes = await around(stage, device, () => device.client.local.remove(ONE));
    assert.equal(codes, [200, 200, 403, 403, 403, 403, 403, 403, 403]);
    assert.is((await device.session('one'))?.code, 'NO_ACCOUNT');
    assert.is(await device.session('two'), undefined);
  }),
);

test.run();
