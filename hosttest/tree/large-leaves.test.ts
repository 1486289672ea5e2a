import { FlashResult } from 'dmlet';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ObjectKind } from '../../src/flash/record-store.js';
import { Format } from '../../src/tree/format.js';
import { readValue, reference } from '../../src/tree/large-leaves.js';
import { SERVER_NAMING } from '../../src/tree/mo-intake.js';
import { Large, MoWriter } from '../../src/tree/mo-writer.js';
import { MemoryDevice, OPEN_GATE } from '../support/memory-device.js';
import { MemoryFlash } from '../support/memory-flash.js';
import { code } from '../support/thrown.js';
import { utf8 } from '../support/utf8.js';
import { written } from '../support/written.js';

// PROTOCOL.md HTTP-27, HTTP-51 to HTTP-57; FORMAT.md §6: values that are too large for memory.

const MOID = 'urn:example:mo:m:1.0';

/** A leaf of more than 8 bytes is large here, and a record holds 14 of them, with 4 of the next. */
const LIMITS = { value: 8, record: 32 };

/** Characters of one to four bytes, some of which JSON escapes. */
const TEXT = 'a"\u00e9\\\u20ac\n\u{1f600}b\u0001\u{10ffff}\u20ac\u20ac\u00e9"c\u{1f600}\u{1f600}\u{1f600}\u0000end';

/** Removes nothing while it refuses. */
class StubbornFlash extends MemoryFlash {
  refuses = false;

  override remove(key: string): FlashResult {
    return this.refuses ? FlashResult.Failed : super.remove(key);
  }
}

function documentOf(data: object): string {
  return JSON.stringify([{ ClientURI: `${MOID}//`, MOData: { Root: data } }]);
}

function started(data: object, chunks = [100000], limits = LIMITS): MemoryDevice {
  const device = new MemoryDevice(limits);
  device.store(documentOf(data), { chunks });
  return device;
}

/** The data of the only instance, as it is sent. */
function dataOf({ tree }: MemoryDevice): unknown {
  const writer = new MoWriter(tree, Large.Whole);
  writer.begin(tree.firstRoot(MOID), '{"x":0');
  return JSON.parse(written(writer)).MOData.Root;
}

function largeRecords(flash: MemoryFlash): string[] {
  return [...flash.values.keys()].filter((key) => key.length === 12 && key > '300');
}

test('a large value is as it was sent, whatever the chunks that it comes in, also after a restart [HTTP-27 HTTP-51]', () => {
  for (let chunk = 1; chunk <= 40; chunk += 1) {
    const data = { before: 'x', large: TEXT, behind: { other: TEXT.repeat(3), small: 1 } };
    const device = started(data, [chunk]);
    assert.equal(dataOf(device), data);
    assert.equal(dataOf(device.restart()), data);
  }
});

test('every length, around the edges of records, comes back whole, and in slices that split no character', () => {
  for (let length = 9; length < 80; length += 1) {
    for (const unit of ['x', '\u00e9', '\u20ac', '\u{1f600}']) {
      const text = 'abc'.slice(0, length % 4) + unit.repeat(length);
      const data = { v: text };
      const device = started(data);
      assert.equal(dataOf(device), data);
      const { tree } = device;
      const leaf = tree.firstChild(tree.firstRoot(MOID));
      assert.is(tree.valueLength(leaf), utf8.encode(text).length);
      for (const size of [1, 5, 14, 100]) {
        const into = new Uint8Array(size);
        const bytes: number[] = [];
        for (let at = 0, count = 1; count > 0; at += count) {
          count = readValue(tree, leaf, at, into);
          bytes.push(...into.subarray(0, count));
        }
        assert.equal(Uint8Array.from(bytes), utf8.encode(text));
      }
    }
  }
});

test('what is in memory of a large leaf is a handle, and nothing of its text', () => {
  const few = started({ v: 'x'.repeat(30) });
  const many = started({ v: 'x'.repeat(3000) });
  assert.is(many.tree.used, few.tree.used);
  const { tree } = many;
  const leaf = tree.firstChild(tree.firstRoot(MOID));
  assert.is(tree.valueText(leaf), '');
  assert.is(tree.value(leaf), '');
});

test('a document that is given up leaves nothing of its large values, wherever it breaks [HTTP-51 ST-413]', () => {
  const device = started({ v: 'old value' });
  const { used } = device.tree;
  const keys = [...device.flash.values.keys()];
  const document = documentOf({ a: TEXT, v: TEXT, b: 1 });
  const bytes = utf8.encode(document);
  for (let cut = 0; cut < bytes.length; cut += 1) {
    assert.throws(() => device.store(bytes.slice(0, cut)), code('CUT_SHORT'));
    assert.is(device.tree.used, used);
    assert.equal([...device.flash.values.keys()], keys, `cut at ${cut}`);
  }
  device.store(document);
  assert.equal(dataOf(device), { a: TEXT, v: TEXT, b: 1 });
});

test('a value that flash has no room for is refused, and its room given back [HTTP-53 ST-413]', () => {
  const flash = new MemoryFlash({ capacity: 4000 });
  const device = new MemoryDevice(LIMITS, flash);
  device.store(documentOf({ v: TEXT }));
  const { bytes } = flash;
  assert.throws(() => device.store(documentOf({ v: 'x'.repeat(4000) })), code('FLASH_FULL'));
  assert.is(flash.bytes, bytes);
  assert.equal(dataOf(device.restart()), { v: TEXT });
});

test('a value longer than the limit for large ones is refused [HTTP-52 HTTP-53]', () => {
  const device = started({ v: 'x'.repeat(100) }, [7], { ...LIMITS, largeValue: 100 } as typeof LIMITS);
  const keys = [...device.flash.values.keys()];
  assert.throws(() => device.store(documentOf({ v: 'x'.repeat(101) })), code('TOO_LONG'));
  assert.equal([...device.flash.values.keys()], keys);
});

test('a large value goes with its leaf, and with what replaces that', () => {
  const device = started({ v: TEXT, w: TEXT });
  const before = largeRecords(device.flash).length;
  device.store(documentOf({ v: TEXT, w: 'small' }));
  assert.is(largeRecords(device.flash).length, before / 2);
  device.store(documentOf({ v: 'small' }));
  assert.equal(largeRecords(device.flash), []);
});

test('the same document again changes nothing and writes nothing into its objects', () => {
  const device = started({ v: TEXT, w: TEXT.repeat(2) });
  const keys = [...device.flash.values.keys()].sort();
  device.store(documentOf({ v: TEXT, w: TEXT.repeat(2) }), { chunks: [3] });
  assert.equal([...device.flash.values.keys()].sort(), keys);
  device.store(documentOf({ v: TEXT, w: `${TEXT.repeat(2).slice(0, -1)}D` }));
  assert.equal(dataOf(device.restart()), { v: TEXT, w: `${TEXT.repeat(2).slice(0, -1)}D` });
});

test('other changes are committed while a large value arrives', () => {
  const device = started({ small: 'x' });
  const { intake, scanner, transaction, tree } = device.device;
  const text = TEXT.repeat(4);
  const bytes = utf8.encode(JSON.stringify([{ ClientURI: `${MOID}//big`, MOData: { big: text } }]));
  intake.prepare(undefined, OPEN_GATE, SERVER_NAMING);
  scanner.reset(intake);
  for (let at = 0; at < bytes.length; at += 9) {
    scanner.scan(bytes, at, Math.min(at + 9, bytes.length));
    const fresh = tree.createLeaf('small', Format.Chr, utf8.encode(`n${at}`));
    transaction.replace(tree.child(tree.firstRoot(MOID), 'small'), fresh);
    transaction.commit();
  }
  scanner.end();
  intake.place(transaction, () => {});
  transaction.commit();
  const last = `n${Math.floor((bytes.length - 1) / 9) * 9}`;
  assert.equal(dataOf(device), { small: last, big: text });
  assert.equal(dataOf(device.restart()), { small: last, big: text });
});

test('a record of another size than those that are written now is read all the same', () => {
  const device = started({ v: TEXT, w: TEXT.repeat(2) });
  const larger = device.restart({ ...device.limits, record: 64 });
  assert.equal(dataOf(larger), { v: TEXT, w: TEXT.repeat(2) });
  larger.store(documentOf({ v: TEXT, w: TEXT.repeat(2) }));
  assert.is(largeRecords(device.flash).length, largeRecords(started({ v: TEXT, w: TEXT.repeat(2) }).flash).length);
});

test('a damaged record is an error for who reads it, not for the leaves beside; a new value mends it [HTTP-55]', () => {
  const device = started({ a: 'x', v: TEXT, w: TEXT });
  const keys = largeRecords(device.flash);
  const [key] = keys;
  (device.flash.values.get(key) as Uint8Array)[12] ^= 1;
  const again = device.restart();
  const { tree } = again;
  const leafOf = (name: string) => tree.child(tree.firstRoot(MOID), name);
  for (let times = 0; times < 2; times += 1)
    assert.throws(() => readValue(tree, leafOf('v'), 0, new Uint8Array(10)), code('FLASH_FAILED'));
  assert.throws(() => dataOf(again), code('FLASH_FAILED'));
  assert.is(tree.valueText(leafOf('a')), 'x');
  assert.is(readValue(tree, leafOf('w'), 0, new Uint8Array(10)), 10);
  again.store(documentOf({ a: 'x', v: TEXT, w: TEXT }));
  assert.equal(dataOf(again.restart()), { a: 'x', v: TEXT, w: TEXT });
  assert.is(largeRecords(device.flash).length, keys.length);
});

test('what was read last is not taken for what is there after something else was', () => {
  const device = started({ v: TEXT, w: 'y'.repeat(40) });
  const { tree, records } = device.device;
  const leaf = tree.firstChild(tree.firstRoot(MOID));
  const first = tree.valueSlice(leaf, 0, tree.sliceEnd(leaf, 0, 8));
  records.begin();
  records.write(0, ObjectKind.Default);
  records.put('[1,2,3]');
  records.rollback();
  assert.is(tree.valueSlice(leaf, 0, tree.sliceEnd(leaf, 0, 8)), first);
});

test('no document of a server refers to a large value', () => {
  const device = started({ v: TEXT });
  const { tree } = device;
  const stored = reference(tree, tree.firstChild(tree.firstRoot(MOID)));
  for (const value of [stored, `[${stored}]`, '[]', '[1]', '["a"]']) {
    const document = `[{"ClientURI":"${MOID}//","MOData":{"Root":{"v":"${'x'.repeat(20)}","w":${value}}}}]`;
    assert.throws(() => device.store(document), code('BAD_MO'), value);
    assert.throws(() => device.store(document, { isBootstrap: true }), code('BAD_MO'), value);
  }
  device.store(documentOf({ v: stored }));
  assert.equal(dataOf(device.restart()), { v: stored });
});

test('what the power left of a value that arrived, or was replaced, goes before the next change', () => {
  const device = started({ v: TEXT });
  const keys = [...device.flash.values.keys()].sort();
  const before = new Map(device.flash.values);
  const bytes = utf8.encode(documentOf({ v: TEXT.repeat(2) }));
  const { intake, scanner } = device.device;
  intake.prepare(undefined, OPEN_GATE, SERVER_NAMING);
  scanner.reset(intake);
  scanner.scan(bytes, 0, bytes.length - 30);
  assert.ok(largeRecords(device.flash).length > largeRecords({ values: before } as MemoryFlash).length);
  const again = device.restart();
  again.device.records.begin();
  again.device.records.rollback();
  assert.equal([...device.flash.values.keys()].sort(), keys);
  again.store(documentOf({ v: TEXT.repeat(3) }));
  // The value that was replaced comes back, as where the power went before it was erased.
  const after = [...device.flash.values.keys()].sort();
  for (const [key, value] of before) if (key > '300' && key.length === 12) device.flash.values.set(key, value);
  const third = device.restart();
  third.device.records.begin();
  third.device.records.rollback();
  assert.equal([...device.flash.values.keys()].sort(), after);
  assert.equal(dataOf(third), { v: TEXT.repeat(3) });
});

test('while an instance cannot be read, what it may refer to stays', () => {
  const device = started({ v: TEXT, longer: 'x' });
  const keys = largeRecords(device.flash);
  const again = device.restart({ ...device.limits, name: 4 });
  assert.equal(again.show(), []);
  again.device.records.begin();
  again.device.records.rollback();
  assert.equal(largeRecords(device.flash), keys);
  assert.equal(dataOf(device.restart()), { v: TEXT, longer: 'x' });
});

test('a value that a failing store cannot remove is removed later', () => {
  const flash = new StubbornFlash();
  const device = new MemoryDevice(LIMITS, flash);
  device.store(documentOf({ v: TEXT }));
  flash.refuses = true;
  device.store(documentOf({ v: 'small' }));
  assert.ok(largeRecords(flash).length > 0);
  assert.throws(() => device.store(documentOf({ v: TEXT })), code('FLASH_FAILED'));
  flash.refuses = false;
  device.store(documentOf({ v: 'other' }));
  assert.equal(largeRecords(flash), []);
});

test('a copy shares the value, which goes with the last of the two', () => {
  const device = started({ v: TEXT });
  const { tree } = device;
  const leaf = tree.firstChild(tree.firstRoot(MOID));
  const copy = tree.copy(leaf);
  device.store(documentOf({ w: 1 }));
  assert.is(tree.valueSlice(copy, 0, tree.sliceEnd(copy, 0, 4)), TEXT.slice(0, 3));
  tree.free(copy);
  assert.equal(largeRecords(device.flash), []);
});

test.run();
