import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { accountElement, DEVINFO, devInfoElement, NAP } from '../support/device-bootstrap.js';
import { type DeviceSetup, onStage, type Stage, type TestDevice } from '../support/device-fixture.js';
import { ACCESS, accessElement, BOX, boxes, codesAs, entry, severalAccounts } from '../support/device-rights.js';
import { MemoryFlash } from '../support/memory-flash.js';

// PROTOCOL.md ACC-39, ACC-40: what becomes of rights where the access control MO is lost, or a bootstrap brings an instance anew.
const test = suite('lost rights');

const READ_A = ['GET', `${BOX}/a/v`];
const READ_DEVICE = ['GET', `${DEVINFO}//DevID`];

/** The same device after a restart that finds the record of the access control MO damaged. */
async function withLostAccess(stage: Stage, device: TestDevice, changes: DeviceSetup = {}): Promise<TestDevice> {
  const flash = device.flash as MemoryFlash;
  let damaged = 0;
  for (const bytes of flash.values.values()) {
    if (!Buffer.from(bytes).includes(`"ClientURI":"${ACCESS}`)) continue;
    bytes[bytes.length - 1] ^= 1;
    damaged += 1;
  }
  assert.is(damaged, 1);
  return stage.restart(device, changes);
}

test(
  'where the access control MO is damaged nobody has rights on what is there, also after the next restart; what is new is its creator\u2019s [ACC-39]',
  onStage(async (stage) => {
    const mo = [...boxes('a'), accessElement(entry(`${BOX}/a/`, { one: 'R' }))];
    const perm = [BOX, NAP, ACCESS, DEVINFO];
    const before = await severalAccounts(stage, { accounts: [{ perm }, { perm }], mo, flash: new MemoryFlash() });
    assert.equal(await codesAs(before, 'one', READ_A, READ_DEVICE), [200, 200]);
    let device = await withLostAccess(stage, before);
    for (const srvId of ['one', 'two', 'one']) {
      assert.equal(await codesAs(device, srvId, READ_A, READ_DEVICE), [403, 200], srvId);
      device = await stage.restart(device);
    }
    stage.server.setResource('/new', { document: [{ ClientURI: `${NAP}//`, MOData: { NAP: { v: 1 } } }], etag: null });
    assert.equal(await codesAs(device, 'one', ['HGET', '{origin}/new'], ['GET', `${NAP}/m1/v`]), [200, 200]);
    assert.equal(await codesAs(device, 'two', ['GET', `${NAP}/m1/v`]), [403]);
  }),
);

test(
  'a bootstrap that brings the instances anew opens them again, and no other [ACC-39]',
  onStage(async (stage) => {
    const before = await severalAccounts(stage, { mo: boxes('a', 'b'), flash: new MemoryFlash() });
    const again = { MO: [...boxes('a'), devInfoElement()] };
    const device = await withLostAccess(stage, before, { bootstrap: again });
    assert.equal(await codesAs(device, 'two', READ_A, ['GET', `${BOX}/b/v`]), [200, 403]);
  }),
);

test(
  'a tree without room for the access control MO keeps all shut [ACC-39]',
  onStage(async (stage) => {
    const before = await severalAccounts(stage, { mo: boxes(), flash: new MemoryFlash() });
    const limits = { ...before.setup.limits, tree: before.client.device.tree.used };
    const device = await withLostAccess(stage, before, { limits });
    assert.equal(device.client.local.instances(ACCESS), []);
    assert.equal(await codesAs(device, 'one', READ_A, READ_DEVICE), [403, 200]);
  }),
);

test(
  'a bootstrap that brings an instance of a server\u2019s gives it to every account; one with the access control MO says itself [ACC-40] [ACC-21]',
  onStage(async (stage) => {
    for (const access of [false, true]) {
      const before = await severalAccounts(stage);
      stage.server.setResource('/box', {
        document: [{ ClientURI: `${BOX}//`, MOData: { Box: { v: 1 } } }],
        etag: null,
      });
      assert.equal(await codesAs(before, 'one', ['HGET', '{origin}/box']), [200]);
      const read = ['GET', `${BOX}/m1/v`];
      assert.equal(await codesAs(before, 'two', read), [403]);
      const mo = access ? [accessElement(entry(`${BOX}/m1/`, { one: 'R' }))] : [];
      const update = {
        MO: [...mo, ...boxes('m1'), accountElement({ miid: 'two', srvId: 'two', perm: [BOX, ACCESS] })],
      };
      const after = await stage.restart(before, { bootstrap: update });
      assert.equal(await codesAs(after, 'two', read), [access ? 403 : 200]);
      assert.is((await stage.restart(after)).durable, after.durable);
    }
  }),
);

test.run();
