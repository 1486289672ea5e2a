import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ACCOUNT, accountElement, DEVINFO } from '../support/device-bootstrap.js';
import { onStage, type Stage, type TestDevice, withCode } from '../support/device-fixture.js';
import {
  ACCESS,
  accessElement,
  BOX,
  boxes,
  codesAs,
  delegateAs,
  entry,
  rightsOf,
  runAs,
  SESSION,
  severalAccounts,
} from '../support/device-rights.js';
import type { MemoryFlash } from '../support/memory-flash.js';

// PROTOCOL.md ACC-20, ACC-21, ACC-23, ACC-29, ACC-30: who has rights on an instance that is new.
const test = suite('rights of creators');

const NEW = [{ ClientURI: `${BOX}//`, MOData: { Box: { v: 'new', Run: {} } } }];
const M1 = `${BOX}/m1/`;
const FIRST = { 1: { MO: M1, Acl: { 1: { SrvID: 'one', Rights: 'RWXD' } } } };

/** Server `one` fetches a document without saying where. */
async function create(stage: Stage, device: TestDevice, document: unknown = NEW): Promise<string[] | undefined> {
  stage.server.setResource('/new', { document, etag: null });
  return (await runAs(device, 'one', ['HGET', '{origin}/new']))[0].URI;
}

/** What `one` sees of the access control MO. */
async function access(device: TestDevice): Promise<unknown> {
  const [{ sc, Data }] = await runAs(device, 'one', ['GET', `${ACCESS}//`]);
  const [{ MOData }] = Data ?? [{}];
  return sc === 204 ? {} : (MOData as { DACMO: unknown }).DACMO;
}

/** The rights of both servers on the first instance of `BOX`. */
async function rights(stage: Stage, device: TestDevice, uri = M1): Promise<string[]> {
  return [await rightsOf(stage, device, 'one', uri), await rightsOf(stage, device, 'two', uri)];
}

test(
  'the server whose HGET creates an instance has all rights on it, alone, also after a restart [ACC-20] [ACC-29]',
  onStage(async (stage) => {
    const device = await severalAccounts(stage);
    assert.equal(await create(stage, device), [M1]);
    assert.equal(await rights(stage, device), ['RWX', '']);
    assert.equal(await access(device), FIRST);
    const again = await stage.restart(device);
    assert.equal(await rights(stage, again), ['RWX', '']);
    assert.is(await delegateAs(stage, again, 'two', '1', entry(M1, { two: 'R' })), 403);
    assert.is(await delegateAs(stage, again, 'one', '1', entry(M1, { two: 'R' })), 200);
  }),
);

test(
  'the same by HGET with a ClientURI [ACC-20]',
  onStage(async (stage) => {
    const device = await severalAccounts(stage);
    stage.server.setResource('/new', { document: NEW });
    assert.equal(await codesAs(device, 'one', ['HGET', '{origin}/new', `${BOX}//`]), [200]);
    assert.equal(await rights(stage, device), ['RWX', '']);
  }),
);

test(
  'each new instance of a document gets an entry, and one that was there keeps its rights [ACC-20] [ACC-21] [ACC-29]',
  onStage(async (stage) => {
    const device = await severalAccounts(stage, { mo: boxes('old') });
    const document = [...NEW, { ...NEW[0], ClientURI: `${BOX}/old/` }];
    assert.is(await create(stage, device, [...NEW, ...NEW]), undefined, 'ambiguous');
    assert.equal(await create(stage, device, [document[1]]), [`${BOX}/old/`]);
    assert.equal(await access(device), {});
    assert.equal(await rights(stage, device, `${BOX}/old/`), ['RWX', 'RWX']);
    device.client.local.remove(`${BOX}/old/`);
    assert.equal(await create(stage, device, [...NEW, ...NEW]), [M1, `${BOX}/m2/`]);
    assert.equal(await access(device), { ...FIRST, 2: { ...FIRST[1], MO: `${BOX}/m2/` } });
  }),
);

test(
  'a number that became free is used again [ACC-29]',
  onStage(async (stage) => {
    const device = await severalAccounts(stage);
    await create(stage, device, [...NEW, ...NEW]);
    assert.equal(await codesAs(device, 'one', ['DELETE', M1]), [200]);
    device.client.local.remove(`${BOX}/m2/`);
    assert.equal(await access(device), {});
    await create(stage, device);
    assert.equal(await access(device), FIRST);
  }),
);

test(
  'an entry and its instance become durable together [ACC-20] [ST-2] [ST-413]',
  onStage(async (stage) => {
    const device = await severalAccounts(stage);
    const { state } = device;
    const flash = device.flash as MemoryFlash;
    stage.server.setResource('/new', { document: NEW });
    for (let refused = 0; refused < 2; refused += 1) {
      for (let i = 0; i < refused; i += 1) flash.refusals.push(0);
      flash.refusals.push(1, 1, 1, 1, 1, 1);
      assert.equal(await codesAs(device, 'one', ['HGET', '{origin}/new']), [413], String(refused));
      assert.is(device.state, state);
      flash.refusals.length = 0;
    }
    assert.equal(await codesAs(device, 'one', ['HGET', '{origin}/new']), [200]);
  }),
);

test(
  'what a bootstrap creates gives all rights to each account with its MOID, and to no other [ACC-21] [ACC-30]',
  onStage(async (stage) => {
    const device = await severalAccounts(stage, { accounts: [{}, {}, { perm: [ACCESS] }], mo: boxes('m1') });
    assert.equal(await rights(stage, device), ['RWX', 'RWX']);
    assert.is(await rightsOf(stage, device, 'three', M1), '');
    assert.equal(await rights(stage, await stage.restart(device)), ['RWX', 'RWX']);
  }),
);

test(
  'a later bootstrap with another account gives it rights on what has no entry, not on what a server created [ACC-20] [ACC-21] [BOOT-21]',
  onStage(async (stage) => {
    const device = await severalAccounts(stage);
    await create(stage, device);
    const update = { MO: [accountElement({ miid: 'late', srvId: 'late', perm: [BOX] }), ...boxes('b')] };
    const again = await stage.restart(device, { bootstrap: update });
    assert.is(await rightsOf(stage, again, 'late', M1), '');
    assert.is(await rightsOf(stage, again, 'late', `${BOX}/b/`), 'RWX');
  }),
);

test(
  'data that came just in time belongs to the account of its DEFAULT [ACC-23] [JIT-19]',
  onStage(async (stage) => {
    const device = await severalAccounts(stage);
    stage.server.setResource('/jit', { document: NEW });
    assert.equal(await codesAs(device, 'one', ['DEFAULT', '{origin}/jit', BOX]), [200]);
    assert.equal((await device.configure(BOX)).uris, [M1]);
    assert.equal(await rights(stage, device), ['RWX', '']);
    assert.equal(await access(device), FIRST);
  }),
);

test(
  'data of the factory\u2019s DEFAULT belongs to every account that may have it [ACC-21] [JIT-4]',
  onStage(async (stage) => {
    stage.server.setResource('/jit', { document: NEW });
    const device = await severalAccounts(stage, { cmd: [['DEFAULT', '{origin}/jit', BOX]] });
    assert.equal((await device.configure(BOX)).uris, [M1]);
    assert.equal(await rights(stage, device), ['RWX', 'RWX']);
  }),
);

test(
  'a DEFAULT gives no right on what another server created [ACC-11] [JIT-19]',
  onStage(async (stage) => {
    const device = await severalAccounts(stage);
    stage.server.setResource('/jit', { document: [{ ...NEW[0], MOData: { Box: { v: 'taken' } } }], etag: null });
    await create(stage, device);
    assert.equal(await codesAs(device, 'two', ['DEFAULT', '{origin}/jit', BOX]), [200]);
    const { state } = device;
    assert.is((await device.configure(BOX)).code, 'FORBIDDEN');
    assert.is(device.state, state);
  }),
);

test(
  'what a local application creates is no server\u2019s; the application may remove it, and its entry goes with it [ACC-20] [ACC-35]',
  onStage(async (stage) => {
    const device = await severalAccounts(stage);
    const { local } = device.client;
    assert.is(local.create(BOX, 'Box'), M1);
    local.write(`${M1}v`, 'mine');
    const commands = [
      ['GET', M1],
      ['GET', `${M1}v`],
      ['DELETE', M1],
      ['EXEC', M1],
      ['HGET', '{origin}/new', M1],
      ['GET', `${BOX}/*/`],
    ];
    for (const srvId of ['one', 'two'])
      assert.equal(await codesAs(device, srvId, ...commands), [403, 403, 403, 403, 403, 404]);
    assert.equal(await access(device), {});
    assert.is(await delegateAs(stage, device, 'one', '1', entry(M1, { one: 'R' })), 403);
    const again = await stage.restart(device);
    assert.equal(await codesAs(again, 'one', ...commands), [403, 403, 403, 403, 403, 404]);
    again.client.local.remove(M1);
    assert.equal(await create(stage, again), [M1]);
    assert.equal(await access(again), FIRST);
  }),
);

test(
  'an application that is the first to create something makes the access control MO [ACC-20] [ACC-29]',
  onStage(async (stage) => {
    const device = await stage.start({ bootstrap: null });
    const { local } = device.client;
    assert.equal([local.create(BOX, 'Box'), local.create(BOX, 'Box')], [M1, `${BOX}/m2/`]);
    assert.equal(local.list(`${ACCESS}//`), ['1', '2']);
    assert.equal(local.list(`${ACCESS}/m1/2/Acl`), []);
    assert.is(local.read(`${ACCESS}//2/MO`), `${BOX}/m2/`);
  }),
);

test(
  'a MIID with odd characters is found again in its entry [ACC-14]',
  onStage(async (stage) => {
    const uri = `${BOX}/a%20b%2Fc%28x%29/`;
    const mo = [...boxes('a%20b%2Fc%28x%29'), accessElement(entry(`${BOX}/a%20b%2Fc(x)/`, {}))];
    const device = await severalAccounts(stage, { mo });
    assert.equal(await rights(stage, device, uri), ['', '']);
  }),
);

test(
  'an account that a bootstrap brings under another MIID takes its entry with it [ACC-35] [BOOT-18]',
  onStage(async (stage) => {
    const perm = [ACCOUNT, ACCESS, BOX];
    const device = await severalAccounts(stage, { accounts: [{ perm }, { perm }] });
    device.client.local.create(ACCOUNT, 'DMAcc');
    device.client.local.write(`${ACCOUNT}/m1/SrvID`, 'new');
    assert.equal(device.client.local.list(`${ACCESS}//`), ['1']);
    const update = { MO: [accountElement({ miid: 'other', srvId: 'new', perm: [BOX] })] };
    const again = await stage.restart(device, { bootstrap: update });
    assert.equal(again.client.local.instances(ACCOUNT), ['one', 'two', 'other']);
    assert.equal(again.client.local.list(`${ACCESS}//`), []);
  }),
);

test(
  'an application makes no second one of the MOs that the device itself keeps',
  onStage(async (stage) => {
    const device = await stage.start();
    for (const moid of [SESSION, ACCESS, DEVINFO]) {
      assert.throws(() => device.client.local.create(moid, 'Root'), withCode('NOT_ALLOWED'), moid);
    }
  }),
);

test(
  'an application removes no management object that the device itself keeps, but what is below',
  onStage(async (stage) => {
    const device = await severalAccounts(stage);
    const { local } = device.client;
    await create(stage, device);
    for (const moid of [ACCESS, DEVINFO, SESSION]) {
      const [miid] = local.instances(moid);
      assert.throws(() => local.remove(`${moid}/${miid}/`), withCode('NOT_ALLOWED'), moid);
      assert.equal(local.instances(moid), [miid]);
    }
    local.remove(`${DEVINFO}//DevID`);
    assert.throws(() => local.read(`${DEVINFO}//DevID`), withCode('NOT_FOUND'));
  }),
);

test.run();
