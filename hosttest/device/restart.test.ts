import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { NodeFlash } from 'dmlet/node';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  accountElement,
  bootstrapWith,
  DEVINFO,
  IMS,
  MMS,
  mmsDocument,
  NAP,
  napDocument,
} from '../support/device-bootstrap.js';
import { onStage, type Stage, type TestDevice } from '../support/device-fixture.js';
import { DOORS, MemoryFlash } from '../support/memory-flash.js';

// PROTOCOL.md JIT-2, JIT-21: what survives a restart, and what it costs in writes to flash.
const test = suite('restart');

const CMD = [
  ['DEFAULT', '{origin}/jit', MMS],
  ['HGET', '{origin}/later'],
];

/** A device that has done something of everything. */
async function busyDevice(stage: Stage, flash: MemoryFlash | NodeFlash): Promise<TestDevice> {
  stage.server.setResource('/jit', { document: mmsDocument(), etag: '"e"' });
  stage.server.setResource('/later', { fault: { kind: 'status', status: 503 } });
  stage.server.setResource('/nap', {
    document: [...napDocument(), ...napDocument({ NapId: 'n2', Text: 'ä€😀'.repeat(300) })],
  });
  const device = await stage.start({ flash, bootstrap: bootstrapWith({ cmd: CMD }), random: 0.99 });
  assert.is((await device.configure(MMS)).code, '');
  const { origin } = stage.server;
  const codes = await device.codes(
    ['HGET', `${origin}/nap`],
    ['DEFAULT', `${origin}/ims`, IMS],
    ['DELETE', `${NAP}/m1/NapId`],
  );
  assert.equal(codes, [200, 200, 200]);
  device.client.local.write(`${NAP}/m1/Written`, 1.5);
  return device;
}

test(
  'tree, DEFAULT table, due work and ETags are found again [BOOT-13 JIT-2 JIT-21]',
  onStage(async (stage) => {
    const device = await busyDevice(stage, new MemoryFlash());
    const again = await stage.restart(device);
    assert.is(again.durable, device.durable);
    assert.is(again.client.dueCount, 1);
    assert.equal((await again.configure(MMS)).uris, [`${MMS}/m1/`]);
    assert.is(stage.server.requests[0].headers['if-none-match'], '"e"');
  }),
);

test(
  'as often as it is restarted',
  onStage(async (stage) => {
    let device = await busyDevice(stage, new MemoryFlash());
    const { durable } = device;
    const { writes } = device.flash as MemoryFlash;
    for (let round = 0; round < 10; round += 1) device = await stage.restart(device);
    assert.is(device.durable, durable);
    assert.is((device.flash as MemoryFlash).writes, writes);
  }),
);

test(
  'on a folder as flash, by a process that knows nothing of the first',
  onStage(async (stage) => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dmlet-restart-'));
    try {
      const device = await busyDevice(stage, new NodeFlash(folder));
      device.close();
      const again = await stage.start({ ...device.setup, flash: new NodeFlash(folder) });
      assert.is(again.durable, device.durable);
      const reader = await stage.start({
        bootstrap: null,
        flash: new NodeFlash(folder, { readOnly: true }),
        random: 0.99,
      });
      assert.is(reader.durable, device.durable);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  }),
);

for (const [name, doors] of Object.entries(DOORS)) {
  test(
    `records of a store with the doors of ${name} are as good`,
    onStage(async (stage) => {
      const flash = new MemoryFlash({ ...doors, capacity: 65536 });
      const device = await busyDevice(stage, flash);
      const { keySize, valueSize } = doors;
      assert.ok([...flash.values].every(([key, value]) => key.length <= keySize && value.length <= valueSize));
      assert.is((await stage.restart(device)).durable, device.durable);
    }),
  );
}

test(
  'a session that changes nothing writes nothing',
  onStage(async (stage) => {
    stage.server.setResource('/mms', { document: mmsDocument() });
    const device = await stage.start();
    const { origin } = stage.server;
    const commands = [
      ['GET', `${DEVINFO}//`],
      ['HGET', `${origin}/mms`],
      ['DEFAULT', 'https://cfg.example/', NAP],
      ['HGET', `${origin}/nothing`],
      ['DELETE', `${NAP}//`],
      ['DEFAULT', 'https://cfg.example/', 'urn:foreign'],
    ];
    const expected = [200, 200, 200, 404, 404, 403];
    assert.equal(await device.codes(...commands), expected);
    const flash = device.flash as MemoryFlash;
    const { writes, removals } = flash;
    assert.equal(await device.codes(...commands), expected);
    assert.equal([flash.writes, flash.removals], [writes, removals]);
  }),
);

test(
  'one new DEFAULT is two writes, also in the place of another',
  onStage(async (stage) => {
    const device = await stage.start();
    const flash = device.flash as MemoryFlash;
    for (const uri of ['https://one.example/', 'https://two.example/', 'https://three.example/']) {
      const { writes } = flash;
      await device.codes(['DEFAULT', uri, MMS]);
      assert.is(flash.writes - writes, 2);
    }
  }),
);

test(
  'a replaced object of n records is n + 2 writes at most',
  onStage(async (stage) => {
    const device = await stage.start({ limits: { record: 256 } });
    const flash = device.flash as MemoryFlash;
    for (const text of ['one', 'two']) {
      stage.server.setResource('/mms', { document: mmsDocument({ Name: text, Text: text.repeat(700) }) });
      const { writes } = flash;
      const before = new Set(flash.values.keys());
      assert.equal(await device.codes(['HGET', `${stage.server.origin}/mms`]), [200]);
      const records = [...flash.values.keys()].filter((key) => !before.has(key) && key.length > 2).length;
      assert.ok(
        records > 8 && flash.writes - writes <= records + 2,
        `${records} records, ${flash.writes - writes} writes`,
      );
    }
  }),
);

test(
  'a fetch just in time is one transaction: the object, its ETag, one commit',
  onStage(async (stage) => {
    stage.server.setResource('/jit', { document: mmsDocument(), etag: '"1"' });
    const device = await stage.start({ bootstrap: bootstrapWith({ cmd: [['DEFAULT', '{origin}/jit', MMS]] }) });
    const flash = device.flash as MemoryFlash;
    const { writes } = flash;
    await device.configure(MMS);
    assert.is(flash.writes - writes, 3);
    await device.configure(MMS);
    assert.is(flash.writes - writes, 3);
  }),
);

test(
  'what is replaced or removed leaves no record behind',
  onStage(async (stage) => {
    stage.server.setResource('/mms', { document: mmsDocument() });
    const device = await stage.start();
    const flash = device.flash as MemoryFlash;
    const hget = ['HGET', `${stage.server.origin}/mms`];
    assert.equal(await device.codes(hget), [200]);
    const { size } = flash.values;
    for (let round = 0; round < 5; round += 1) {
      assert.equal(
        await device.codes(['DELETE', `${MMS}//`], hget, ['DEFAULT', `https://cfg${round}/`, NAP]),
        [200, 200, 200],
      );
    }
    assert.is(flash.values.size, size + 1);
  }),
);

test(
  'a record that is damaged costs its object, and no other',
  onStage(async (stage) => {
    const mo = [
      { ClientURI: `${MMS}/a/`, MOData: { MMS: { Name: 'a' } } },
      { ClientURI: `${NAP}/b/`, MOData: { NAP: { Name: 'b' } } },
    ];
    const bootstrap = bootstrapWith({ mo, cmd: [['DEFAULT', 'https://cfg.example/', MMS]] });
    const device = await stage.start({ bootstrap });
    device.close();
    const { values } = device.flash as MemoryFlash;
    for (const [key, value] of values) {
      if (key.length < 3) continue;
      const flash = new MemoryFlash();
      for (const [other, bytes] of values) flash.values.set(other, bytes);
      const damaged = value.slice();
      damaged[damaged.length >> 1] ^= 1;
      flash.values.set(key, damaged);
      const again = stage.device({ flash, bootstrap: null });
      again.start();
      const lines = again.durable.split('\n');
      const missing = device.durable.split('\n').filter((line) => !lines.includes(line));
      assert.ok(missing.length <= 1, `${key}: ${missing}`);
      assert.equal(again.log.about('note FLASH_FAILED').length > 0, true);
    }
  }),
);

/** Everything that an application can write must be found again, or be refused. */
test(
  'nodes at the limits of depth and size, written locally, are found again',
  onStage(async (stage) => {
    let data: unknown = {};
    for (let level = 15; level > 0; level -= 1) data = { [`l${level}`]: data };
    const device = await stage.start({
      bootstrap: bootstrapWith({ mo: [{ ClientURI: `${NAP}/deep/`, MOData: { l0: data } }] }),
    });
    const { local } = device.client;
    const deepest = Array.from({ length: 15 }, (_, level) => `l${level + 1}`).join('/');
    const writes: [string, string][] = [
      [`${NAP}/deep/${deepest}/leaf`, 'too deep'],
      [`${NAP}/deep/${'n'.repeat(255)}`, 'long name'],
      [`${NAP}/deep/${'n'.repeat(256)}`, 'longer name'],
      [`${NAP}/deep/text`, 'v'.repeat(2000)],
      [`${NAP}/deep/longer`, 'v'.repeat(0x100001)],
    ];
    const outcomes = writes.map(([uri, value]) => {
      try {
        local.write(uri, value);
        return 'written';
      } catch (error) {
        return (error as { code: string }).code;
      }
    });
    const again = await stage.restart(device);
    assert.is(again.durable, device.durable);
    assert.equal(outcomes, ['TOO_DEEP', 'written', 'TOO_LONG', 'written', 'TOO_LONG']);
  }),
);

test(
  'an object whose address takes more room when it is encoded is found again, or refused',
  onStage(async (stage) => {
    const element = { ClientURI: `${NAP}/${'\u00e9'.repeat(300)}/`, MOData: { NAP: { A: 1 } } };
    const device = stage.device({ bootstrap: { MO: [element] } });
    try {
      device.start();
    } catch (error) {
      assert.is((error as { code: string }).code, 'BAD_BOOTSTRAP');
      return;
    }
    assert.is(device.client.local.instances(NAP).length, 1);
    assert.is((await stage.restart(device)).durable, device.durable);
  }),
);

test(
  'the first account is the same one before and after',
  onStage(async (stage) => {
    const account = (name: string) =>
      accountElement({ miid: name, srvId: name, srvUri: `{origin}/dm/${name}`, perm: [MMS] });
    let device = await stage.start({ bootstrap: bootstrapWith({ mo: [account('second')] }) });
    device.client.local.remove('urn:oma:mo:oma-dm-dmacc:1.2/operator/');
    // Takes the number that has become free.
    device.client.applyBootstrap(device.resource({ MO: [account('third')] }));
    await device.idle();
    for (let i = 0; i < 2; i += 1) {
      stage.forget(device);
      assert.is(await device.session(), undefined);
      assert.equal(
        stage.server.packages.map(({ path }) => path),
        ['/dm/third'],
      );
      device = await stage.restart(device);
    }
  }),
);

test.run();
