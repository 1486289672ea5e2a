import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ACCOUNT, bootstrapWith, MMS, mmsDocument } from '../support/device-bootstrap.js';
import { onStage, type Stage, type TestDevice } from '../support/device-fixture.js';
import { ACCESS, accessElement, BOX, boxes, codesAs, entry, severalAccounts } from '../support/device-rights.js';
import { MemoryFlash } from '../support/memory-flash.js';

// PROTOCOL.md BOOT-29, ACC-39: what a device does about objects that its flash has lost.
const test = suite('lost objects');

type Records = readonly (readonly [key: string, value: Uint8Array])[];

function recordsOf(flash: MemoryFlash, moid: string): Records {
  return [...flash.values].filter(([, value]) => Buffer.from(value).includes(`"ClientURI":"${moid}`));
}

/** The same device after a restart at which the records of a MOID are damaged. */
function withLost(stage: Stage, device: TestDevice, moid: string): Promise<TestDevice> {
  const lost = recordsOf(device.flash as MemoryFlash, moid);
  assert.ok(lost.length > 0);
  for (const [, value] of lost) value[20] ^= 1;
  return stage.restart(device);
}

const CMD = [['DEFAULT', '{origin}/jit', MMS]];

test(
  'a device that has lost its only account gets the factory’s bootstrap again, once, and opens a session [BOOT-29]',
  onStage(async (stage) => {
    const before = await stage.start({ bootstrap: bootstrapWith({ cmd: CMD }) });
    const { durable } = before;
    const device = await withLost(stage, before, ACCOUNT);
    assert.is(device.durable, durable);
    assert.equal(await device.codes(['GET', `${MMS}//`]), [404]);
    const again = await stage.restart(device);
    assert.is(again.durable, durable);
    const { writes } = again.flash as MemoryFlash;
    assert.is(((await stage.restart(again)).flash as MemoryFlash).writes, writes);
  }),
);

test(
  'one that has another account keeps what it has [BOOT-29]',
  onStage(async (stage) => {
    const before = await severalAccounts(stage, { mo: boxes('a'), flash: new MemoryFlash() });
    const device = await withLost(stage, before, `${ACCOUNT}/one`);
    assert.equal(device.client.local.instances(ACCOUNT), ['two']);
    assert.equal(await codesAs(device, 'two', ['GET', `${BOX}/a/v`]), [200]);
  }),
);

test(
  'one that never had an account does not get its bootstrap again [BOOT-29]',
  onStage(async (stage) => {
    const bootstrap = { MO: [], CMD: [['HGET', '{origin}/box', `${BOX}//`], ...CMD] };
    const device = await stage.start({ bootstrap });
    stage.server.setResource('/jit', { document: mmsDocument() });
    const { writes } = device.flash as MemoryFlash;
    const again = await stage.restart(device);
    assert.equal([(again.flash as MemoryFlash).writes, stage.server.requests.length], [writes, 0]);
  }),
);

test(
  'an older generation of the access control MO is as good as lost: what was taken away does not come back [ACC-39]',
  onStage(async (stage) => {
    const accounts = [{ perm: [BOX, ACCESS] }, { perm: [BOX, ACCESS] }];
    const mo = [...boxes('a'), accessElement(entry(`${BOX}/a/`, { one: 'RWXD', two: 'R' }))];
    const before = await severalAccounts(stage, { accounts, mo, flash: new MemoryFlash() });
    const flash = before.flash as MemoryFlash;
    const old = recordsOf(flash, ACCESS);
    const read = ['GET', `${BOX}/a/v`];
    assert.equal(await codesAs(before, 'two', read), [200]);
    const fewer = { document: [{ ClientURI: `${ACCESS}//1/`, MOData: { 1: entry(`${BOX}/a/`, { one: 'RWXD' }) } }] };
    stage.server.setResource('/rights', fewer);
    assert.equal(await codesAs(before, 'one', ['HGET', '{origin}/rights', `${ACCESS}//1`]), [200]);
    assert.equal(await codesAs(before, 'two', read), [403]);
    for (const [, value] of recordsOf(flash, ACCESS)) value[20] ^= 1;
    for (const [key, value] of old) flash.values.set(key, value);
    let device = await stage.restart(before);
    for (let restarts = 0; restarts < 2; restarts += 1) {
      assert.equal([await codesAs(device, 'one', read), await codesAs(device, 'two', read)], [[403], [403]]);
      device = await stage.restart(device);
    }
  }),
);

test.run();
