import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DEVINFO } from '../support/device-bootstrap.js';
import { onStage, type TestDevice } from '../support/device-fixture.js';
import {
  ACCESS,
  accessElement,
  BOX,
  boxes,
  codesAs,
  delegateAs,
  entry,
  hgetAs,
  rightsOf,
  runAs,
  SESSION,
  severalAccounts,
} from '../support/device-rights.js';

// PROTOCOL.md ACC-18, ACC-19, ACC-29 to ACC-35: servers delegate rights by HGET on entries of the access control MO.
const test = suite('delegation');

const A = `${BOX}/a/`;
const B = `${BOX}/b/`;

/** `one` has all rights on `a`, `two` may read it; entry 1. `b` has no entry. */
const OWNED = [...boxes(), accessElement(entry(A, { one: 'RWXD', two: 'R' }))];

/** What the access control MO holds. */
function entries(device: TestDevice): string[] {
  const { local } = device.client;
  return local.list(`${ACCESS}//`).map((name) => {
    const acl = `${ACCESS}//${name}/Acl`;
    const rules = local.list(`${ACCESS}//${name}`).includes('Acl') ? local.list(acl) : [];
    const texts = rules.map((rule) => `${local.read(`${acl}/${rule}/SrvID`)}=${local.read(`${acl}/${rule}/Rights`)}`);
    return `${name}: ${[local.read(`${ACCESS}//${name}/MO`), ...texts].join(' ')}`;
  });
}

test(
  'who has D gives rights, narrows them and takes them away, at once and for good [ACC-14] [ACC-18] [ACC-31]',
  onStage(async (stage) => {
    let device = await severalAccounts(stage, { mo: OWNED });
    assert.is(await rightsOf(stage, device, 'two', A), 'R');
    for (const rights of ['RWX', 'X', 'RW']) {
      assert.is(await delegateAs(stage, device, 'one', '1', entry(A, { one: 'RWXD', two: rights })), 200);
      assert.is(await rightsOf(stage, device, 'two', A), rights);
      device = await stage.restart(device);
      assert.is(await rightsOf(stage, device, 'two', A), rights);
    }
    assert.is(await delegateAs(stage, device, 'one', '1', entry(A, { one: 'RWXD' })), 200);
    assert.is(await rightsOf(stage, device, 'two', A), '');
    assert.is(await rightsOf(stage, device, 'one', A), 'RWX');
  }),
);

test(
  'rights take effect within the session, from one command to the next [ACC-14]',
  onStage(async (stage) => {
    const device = await severalAccounts(stage, { mo: OWNED });
    stage.server.setResource('/acl', { document: { MOData: { 1: entry(A, { one: 'D' }) } }, etag: null });
    const codes = await codesAs(device, 'one', ['GET', A], ['HGET', '{origin}/acl', `${ACCESS}//1`], ['GET', A]);
    assert.equal(codes, [200, 200, 403]);
  }),
);

test(
  'D may be handed on, and one\u2019s own rights given up: nobody has them then [ACC-18] [ACC-32]',
  onStage(async (stage) => {
    const device = await severalAccounts(stage, { mo: OWNED });
    assert.is(await delegateAs(stage, device, 'two', '1', entry(A, { two: 'RWXD' })), 403);
    assert.is(await delegateAs(stage, device, 'one', '1', entry(A, { two: 'D' })), 200);
    assert.is(await delegateAs(stage, device, 'one', '1', entry(A, { one: 'RWXD' })), 403);
    assert.is(await delegateAs(stage, device, 'two', '1', { MO: A }), 200);
    for (const srvId of ['one', 'two']) {
      assert.is(await delegateAs(stage, device, srvId, '1', entry(A, { one: 'D', two: 'D' })), 403);
      assert.is(await rightsOf(stage, device, srvId, A), '');
    }
    assert.equal(entries(device), [`1: ${A}`]);
  }),
);

test(
  'each right but D is not enough, nor is a missing account on the list [ACC-18] [ACC-32]',
  onStage(async (stage) => {
    const mo = [...boxes(), accessElement(entry(A, { one: 'RWX' }))];
    const device = await severalAccounts(stage, { mo });
    const { state } = device;
    for (const srvId of ['one', 'two']) {
      for (const name of ['1', '2'])
        assert.is(await delegateAs(stage, device, srvId, name, entry(A, { one: 'RWXD', two: 'RWXD' })), 403);
    }
    assert.is(device.state, state);
  }),
);

test(
  'a new entry for an instance without one: it needs D, which then every account has that may have the MOID [ACC-21] [ACC-30] [ACC-31]',
  onStage(async (stage) => {
    for (const mo of [boxes(), OWNED]) {
      const device = await severalAccounts(stage, { mo });
      assert.is(await delegateAs(stage, device, 'two', '7', entry(B, { two: 'RD', one: 'X' })), 200);
      assert.equal(entries(device).pop(), `7: ${B} two=RD one=X`);
      assert.is(await rightsOf(stage, device, 'one', B), 'X');
      assert.is(await rightsOf(stage, device, 'two', B), 'R');
      device.close();
    }
  }),
);

test(
  'on a device that was only bootstrapped the access control MO is there, and holds nothing [ACC-29] [ACC-30] [ACC-38]',
  onStage(async (stage) => {
    const device = await severalAccounts(stage, { mo: boxes() });
    const [reply] = await runAs(device, 'one', ['GET', `${ACCESS}//`]);
    assert.is(reply.sc, 204);
    assert.equal(entries(await stage.restart(device)), []);
    const bare = await stage.start({ bootstrap: null });
    assert.equal(bare.client.local.instances(ACCESS), []);
  }),
);

test(
  'who may not have the MOID delegates nothing of it, entry or none [ACC-10] [ACC-30] [ACC-32]',
  onStage(async (stage) => {
    const accounts = [{ perm: [ACCESS, DEVINFO] }, {}];
    const device = await severalAccounts(stage, { accounts, mo: OWNED });
    assert.is(await delegateAs(stage, device, 'one', '1', entry(A, { one: 'RWXD' })), 403);
    assert.is(await delegateAs(stage, device, 'one', '2', entry(B, { one: 'RWXD' })), 403);
    assert.is(await rightsOf(stage, device, 'two', B), 'RWX');
  }),
);

test(
  'who has not the access control MO on its Perm list delegates nothing [ACC-10]',
  onStage(async (stage) => {
    const device = await severalAccounts(stage, { accounts: [{ perm: [BOX] }, {}], mo: OWNED });
    assert.is(await delegateAs(stage, device, 'one', '1', entry(A, { one: 'R' })), 403);
    assert.is(await delegateAs(stage, device, 'one', '2', entry(B, { one: 'R' })), 403);
  }),
);

test(
  'an entry speaks of one instance for good, and an instance has one entry [ACC-33]',
  onStage(async (stage) => {
    const device = await severalAccounts(stage, { mo: OWNED });
    const { state } = device;
    assert.is(await delegateAs(stage, device, 'one', '1', entry(B, { one: 'RWXD' })), 422);
    assert.is(await delegateAs(stage, device, 'one', '2', entry(A, { one: 'RWXD' })), 422);
    assert.is(device.state, state);
    assert.is(await delegateAs(stage, device, 'one', '1', { Acl: { 1: { SrvID: 'one', Rights: 'D' } } }), 200);
    assert.equal(entries(device), [`1: ${A} one=D`]);
  }),
);

test(
  'an instance that does not exist, or is no instance, has no entry [ACC-32]',
  onStage(async (stage) => {
    const device = await severalAccounts(stage, { mo: OWNED });
    const { state } = device;
    for (const mo of [`${BOX}/none/`, `${BOX}//`, `${BOX}/*/`, `${BOX}/%62/`, `${BOX}/b`, `${B}v`, BOX, 'x', ''])
      assert.is(await delegateAs(stage, device, 'one', '2', entry(mo, { one: 'RWXD' })), 403, mo);
    assert.is(device.state, state);
  }),
);

test(
  'DevInfo, Session Information and the access control MO itself stay readable: nobody delegates them [ACC-22] [ACC-36]',
  onStage(async (stage) => {
    const perm = [BOX, ACCESS, DEVINFO, SESSION];
    const device = await severalAccounts(stage, { accounts: [{ perm }, { perm }], mo: OWNED });
    for (const moid of [DEVINFO, SESSION, ACCESS]) {
      const uri = `${moid}/${device.client.local.instances(moid)[0]}/`;
      assert.is(await delegateAs(stage, device, 'one', '2', entry(uri, { one: 'R' })), 403, uri);
      assert.equal(await codesAs(device, 'two', ['GET', uri]), [200], uri);
    }
  }),
);

const RULE = { SrvID: 'one', Rights: 'RWXD' };

/** Entries that are not as the definition says. */
const MALFORMED: [string, unknown, number][] = [
  ['a text', 'text', 422],
  ['no MO', { Acl: { 1: RULE } }, 422],
  ['MO that is no text', { MO: 1, Acl: { 1: RULE } }, 422],
  ['MO that is a node', { MO: { x: B }, Acl: { 1: RULE } }, 422],
  ['a rule without Rights', { MO: B, Acl: { 1: { SrvID: 'one' } } }, 422],
  ['a rule without SrvID', { MO: B, Acl: { 1: { Rights: 'R' } } }, 422],
  ['Rights that are no text', { MO: B, Acl: { 1: { SrvID: 'one', Rights: 1 } } }, 422],
  ['Rights of other letters', { MO: B, Acl: { 1: RULE, 2: { SrvID: 'two', Rights: 'RZ' } } }, 422],
  ['Rights in small letters', { MO: B, Acl: { 1: { SrvID: 'one', Rights: 'rwxd' } } }, 422],
  ['a rule that is a text', { MO: B, Acl: { 1: 'RWXD' } }, 422],
  ['Acl that is a text', { MO: B, Acl: 'RWXD' }, 422],
  ['a further node', { MO: B, Acl: { 1: RULE }, More: 1 }, 422],
  ['a further node in a rule', { MO: B, Acl: { 1: { ...RULE, More: 1 } } }, 422],
  ['two servers of one name', { MO: B, Acl: { 1: RULE, 2: { SrvID: 'one', Rights: 'R' } } }, 422],
];

for (const [what, value, code] of MALFORMED) {
  test(
    `a malformed entry, with ${what}, gets ${code} and changes nothing [ACC-19] [ACC-37] [ST-422]`,
    onStage(async (stage) => {
      const device = await severalAccounts(stage, { mo: boxes() });
      const { state } = device;
      assert.is(await delegateAs(stage, device, 'one', '1', value), code);
      assert.is(device.state, state);
    }),
  );
}

test(
  'an entry may name no server, no right, or a server that is not known yet [ACC-19]',
  onStage(async (stage) => {
    const device = await severalAccounts(stage, { mo: boxes() });
    assert.is(await delegateAs(stage, device, 'one', '1', { MO: A }), 200);
    assert.is(await delegateAs(stage, device, 'one', '2', entry(B, { one: 'D', two: '', later: 'RWXD' })), 200);
    assert.equal(entries(device), [`1: ${A}`, `2: ${B} one=D two= later=RWXD`]);
    assert.is(await rightsOf(stage, device, 'two', B), '');
  }),
);

test(
  'any other write to the access control MO gets 405 [ACC-34] [ST-405]',
  onStage(async (stage) => {
    const device = await severalAccounts(stage, { mo: OWNED });
    const { state } = device;
    const all = entry(A, { one: 'RWXD', two: 'RWXD' });
    for (const [path, value] of [
      ['', { 1: all }],
      ['1/MO', A],
      ['1/Acl', all.Acl],
      ['1/Acl/2', { SrvID: 'two', Rights: 'RWXD' }],
      ['1/Acl/2/Rights', 'RWXD'],
      ['1/Acl/3', { SrvID: 'two', Rights: 'RWXD' }],
    ] as [string, unknown][])
      assert.is(await hgetAs(stage, device, 'one', `${ACCESS}//${path}`, value), 405, path);
    stage.server.setResource('/all', { document: [{ ClientURI: `${ACCESS}//`, MOData: { DACMO: { 1: all } } }] });
    const codes = await codesAs(
      device,
      'one',
      ['HGET', '{origin}/all'],
      ['DELETE', `${ACCESS}//`],
      ['DELETE', `${ACCESS}//1`],
      ['DELETE', `${ACCESS}//1/Acl`],
      ['DELETE', `${ACCESS}//1/Acl/2`],
      ['DELETE', `${ACCESS}//1/Acl/2/Rights`],
      ['EXEC', `${ACCESS}//1`],
    );
    assert.equal(codes, [405, 405, 405, 405, 405, 405, 405]);
    assert.is(device.state, state);
  }),
);

test(
  'only who has D on its instance reads an entry, whatever it holds [ACC-18] [ACC-12] [ACC-13]',
  onStage(async (stage) => {
    const mo = [...boxes(), accessElement(entry(A, { one: 'RWXD', two: 'RWX' }), { MO: B }, { MO: `${BOX}/gone/` })];
    const device = await severalAccounts(stage, { mo });
    const replies = await runAs(device, 'one', ['GET', `${ACCESS}//`], ['GET', `${ACCESS}//*/MO`]);
    const rules = { 1: { SrvID: 'one', Rights: 'RWXD' }, 2: { SrvID: 'two', Rights: 'RWX' } };
    assert.equal(replies[0].Data?.[0].MOData, { DACMO: { 1: { MO: A, Acl: rules } } });
    assert.equal(
      replies[1].Data?.map(({ MOData }) => MOData),
      [{ MO: A }],
    );
    const others = await runAs(
      device,
      'two',
      ['GET', `${ACCESS}//`],
      ['GET', `${ACCESS}//1`],
      ['GET', `${ACCESS}//1/MO`],
      ['GET', `${ACCESS}//2/MO`],
      ['GET', `${ACCESS}//*/MO`],
      ['GET', `${ACCESS}//(x)/?nv=(x)/MO:${A}`],
      ['HPUT', '{origin}/put', `${ACCESS}//1`],
      ['SUB', '{origin}/sub', `${ACCESS}//1/Acl`],
    );
    assert.equal(others[0].Data?.[0].MOData, { DACMO: {} });
    assert.equal(
      others.map(({ sc }) => sc),
      [200, 403, 403, 403, 404, 404, 403, 403],
    );
  }),
);

test(
  'an entry goes with its instance, and a new instance of the same name has its own [ACC-20] [ACC-35]',
  onStage(async (stage) => {
    const device = await severalAccounts(stage, { mo: [accessElement(), ...boxes('m1', 'm2')] });
    const M1 = `${BOX}/m1/`;
    assert.is(await delegateAs(stage, device, 'one', '1', entry(M1, { one: 'RWXD' })), 200);
    assert.equal(await codesAs(device, 'two', ['DELETE', M1]), [403]);
    assert.equal(await codesAs(device, 'one', ['DELETE', M1]), [200]);
    assert.equal(entries(device), []);
    const [again] = await codesAs(device, 'two', ['DELETE', `${BOX}/m2/`]);
    assert.is(again, 200);
    stage.server.setResource('/new', { document: boxes('').map((box) => ({ ...box, ClientURI: `${BOX}//` })) });
    assert.equal((await runAs(device, 'two', ['HGET', '{origin}/new']))[0].URI, [M1]);
    assert.equal(entries(device), [`1: ${M1} two=RWXD`]);
    assert.is(await rightsOf(stage, device, 'one', M1), '');
    device.client.local.remove(M1);
    assert.equal(entries(await stage.restart(device)), []);
  }),
);

test(
  'an entry that is refused by flash changes nothing [ST-2] [ST-500]',
  onStage(async (stage) => {
    const device = await severalAccounts(stage, { mo: OWNED });
    const { state } = device;
    device.flash.write = () => 2;
    assert.is(await delegateAs(stage, device, 'one', '1', entry(A, { one: 'R' })), 500);
    assert.is(await delegateAs(stage, device, 'one', '2', entry(B, { one: 'R' })), 500);
    assert.is(device.state, state);
  }),
);

test.run();
