import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { crc32 } from '../../src/flash/crc32.js';
import { recordKey, TRAILER } from '../../src/flash/record.js';
import { ObjectKind } from '../../src/flash/record-store.js';
import { FaultyFlash } from '../support/faulty-flash.js';
import { Lcg } from '../support/lcg.js';
import { MemoryFlash } from '../support/memory-flash.js';
import { code } from '../support/thrown.js';
import { content, DOORS, get, OBJECTS, OVERHEAD, open, payload, put, text } from './stored-objects.js';

const NARROW = DOORS[1];
const ROOM = payload(NARROW);
const TEXTS = [text('a', 2 * ROOM + 5), '', text('c', 20)];

const isCommit = (key: string): boolean => key === 'c0' || key === 'c1';

/** Three objects, of three, one and one records, written in two transactions. */
function started(): FaultyFlash {
  const flash = new FaultyFlash(NARROW);
  const store = open(flash);
  store.begin();
  put(store, 0, TEXTS[0]);
  put(store, 0, TEXTS[1]);
  store.commit();
  store.begin();
  put(store, 0, TEXTS[2]);
  store.commit();
  assert.is(flash.values.size, 7);
  return flash;
}

/** Object by object the text that is read, or the code of the error. */
function read(flash: MemoryFlash): string[] {
  const store = open(flash);
  return [1, 2, 3].map((id) => {
    try {
      return get(store, id);
    } catch (thrown) {
      return (thrown as { code: string }).code;
    }
  });
}

test('any byte changed in a record of an object is found and counted, and read as it was or not at all', () => {
  let found = 0;
  for (const [key, value] of started().values) {
    if (isCommit(key)) continue;
    const owner = Number.parseInt(key.slice(0, 3), 36);
    for (let i = 0; i < value.length; i += 1) {
      for (const change of [0x01, 0x80, 0xff]) {
        const flash = started();
        (flash.values.get(key) as Uint8Array)[i] ^= change;
        assert.is(open(flash).damaged, 1, `${key} byte ${i}`);
        assert.equal(
          read(flash),
          TEXTS.map((expected, at) => (at + 1 === owner ? 'FLASH_FAILED' : expected)),
          `${key} byte ${i}`,
        );
        found += 1;
      }
    }
  }
  assert.ok(found > 300);
});

test('any byte changed in a commit record is counted', () => {
  for (const key of ['c0', 'c1']) {
    for (let i = 0; i < OVERHEAD; i += 1) {
      const flash = started();
      (flash.values.get(key) as Uint8Array)[i] ^= 0x04;
      assert.is(open(flash).damaged, 1, `${key} byte ${i}`);
    }
  }
});

test('the older commit record is not needed', () => {
  for (let i = 0; i < OVERHEAD; i += 1) {
    const flash = started();
    (flash.values.get('c1') as Uint8Array)[i] ^= 0x04;
    assert.equal(read(flash), TEXTS, `byte ${i}`);
    const store = open(flash);
    store.begin();
    put(store, 2, 'new');
    store.commit();
    assert.equal(read(flash), [TEXTS[0], 'new', TEXTS[2]]);
  }
});

test('a record that is cut off, empty, too long or gone harms its object only', () => {
  for (const key of started().values.keys()) {
    if (isCommit(key)) continue;
    const owner = Number.parseInt(key.slice(0, 3), 36);
    const value = started().values.get(key) as Uint8Array;
    const others = [new Uint8Array(0), value.slice(0, 5), value.slice(0, -1), new Uint8Array(5000), undefined];
    for (const other of others) {
      const flash = started();
      if (other === undefined) flash.values.delete(key);
      else flash.values.set(key, other);
      // Of an object all of whose records are gone nothing tells that it was there.
      const isForgotten = other === undefined && owner > 1;
      assert.is(open(flash).damaged, isForgotten ? 0 : 1);
      const expected = TEXTS.map((wanted, at) => (at + 1 === owner ? 'FLASH_FAILED' : wanted));
      assert.equal(read(flash), expected, `${key} of ${other?.length} bytes`);
    }
  }
});

test('records under the keys of others are found', () => {
  const keys = [...started().values.keys()].filter((key) => !isCommit(key));
  for (const one of keys) {
    for (const other of keys) {
      if (one === other) continue;
      const flash = started();
      flash.values.set(one, started().values.get(other) as Uint8Array);
      assert.is(open(flash).damaged, 1, `${other} under ${one}`);
      const owner = Number.parseInt(one.slice(0, 3), 36);
      assert.equal(
        read(flash),
        TEXTS.map((wanted, at) => (at + 1 === owner ? 'FLASH_FAILED' : wanted)),
      );
    }
  }
});

for (const isReplaced of [true, false]) {
  const what = isReplaced ? 'replaced' : 'removed';
  const parts = [...started().values.keys()].filter((key) => key.startsWith('001'));

  /** The flash after a part of object 1 was damaged, and then the object changed. */
  const changed = (key: string): FaultyFlash => {
    const flash = started();
    (flash.values.get(key) as Uint8Array)[12] ^= 0xff;
    const store = open(flash);
    store.begin();
    if (isReplaced) put(store, 1, 'new');
    else store.remove(1);
    store.commit();
    return flash;
  };

  test(`an object that is damaged can be ${what}`, () => {
    assert.is(parts.length, 3);
    for (const key of parts) {
      const flash = changed(key);
      const store = open(flash);
      assert.is(store.kind(1), isReplaced ? ObjectKind.Default : ObjectKind.Removed, key);
      if (isReplaced) assert.is(get(store, 1), 'new', key);
      assert.equal(read(flash).slice(1), TEXTS.slice(1), key);
    }
  });

  test(`of an object that was damaged and is ${what} no record is left`, () => {
    for (const key of parts) {
      const flash = changed(key);
      const store = open(flash);
      store.begin();
      store.commit();
      const left = [...flash.values.keys()].filter((other) => other.startsWith('001000001'));
      assert.equal(left, [], `${key} was damaged`);
    }
  });
}

/** A whole record, as another format would have it. */
function otherFormat(record: Uint8Array): Uint8Array {
  const bytes = record.slice();
  bytes[0] = 0xd2;
  const end = bytes.length - TRAILER;
  new DataView(bytes.buffer).setUint32(end, crc32(bytes, 0, end, 0), true);
  return bytes;
}

test('a store of another format is not opened, and nothing is written to it', () => {
  for (const key of ['c0', 'c1']) {
    const flash = started();
    flash.values.set(key, otherFormat(flash.values.get(key) as Uint8Array));
    const { operations } = flash;
    assert.throws(() => open(flash), code('FLASH_FAILED'), key);
    assert.is(flash.operations, operations);
  }
});

test('a record of another format is skipped and counted', () => {
  const flash = started();
  const key = recordKey(2, 1, 0);
  flash.values.set(key, otherFormat(flash.values.get(key) as Uint8Array));
  assert.is(open(flash).damaged, 1);
  assert.equal(read(flash), [TEXTS[0], 'FLASH_FAILED', TEXTS[2]]);
});

test('foreign keys are left alone', () => {
  const foreign = ['wifi', 'c', 'c2', 'c00', '0', 'zzz', '00100000100', '0010000010000', 'aaaaaaaaaaaaaaa'];
  const flash = started();
  const random = new Lcg(3);
  for (const key of foreign) flash.values.set(key, random.bytes(random.below(60)));
  assert.equal(read(flash), TEXTS);
  const store = open(flash);
  store.begin();
  put(store, 1, 'new');
  store.commit();
  assert.equal(read(flash), ['new', TEXTS[1], TEXTS[2]]);
  for (const key of foreign) assert.ok(flash.values.has(key), key);
});

test('whatever lies in the flash, opening and reading do not crash, and the store can be written', () => {
  const random = new Lcg(11);
  for (let run = 0; run < 300; run += 1) {
    const flash = random.below(2) === 0 ? started() : new FaultyFlash(NARROW);
    for (let i = random.below(12); i > 0; i -= 1) {
      const key = random.pick([
        'c0',
        'c1',
        recordKey(random.below(60), random.below(4), random.below(3)),
        recordKey(1 + random.below(3), 1 + random.below(2), random.below(3)),
      ]);
      const keys = [...flash.values.keys()];
      if (random.below(2) === 0 || keys.length === 0) flash.values.set(key, random.bytes(random.below(70)));
      else flash.values.set(key, (flash.values.get(random.pick(keys)) as Uint8Array).slice());
    }
    read(flash);
    const store = open(flash);
    for (let id = 0; id <= OBJECTS; id += 1) store.kind(id);
    store.begin();
    const id = put(store, 0, 'works');
    store.commit();
    assert.is(get(open(flash), id), 'works', `run ${run}`);
  }
});

test('a store of more objects than the limit is opened, and those within it are read', () => {
  const flash = new MemoryFlash(NARROW);
  const store = open(flash, 10);
  store.begin();
  for (let i = 0; i < 10; i += 1) put(store, 0, text(`${i}`, 10));
  store.commit();
  const smaller = open(flash, 4);
  assert.equal([...content(smaller).keys()], [1, 2, 3, 4]);
  assert.is(smaller.kind(4), ObjectKind.Default);
});

test.run();
