import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ObjectKind } from '../../src/flash/record-store.js';
import { Lcg } from '../support/lcg.js';
import { MemoryFlash } from '../support/memory-flash.js';
import { code } from '../support/thrown.js';
import { content, DOORS, get, open, payload, put, recordsNeeded, text } from './stored-objects.js';

for (const doors of DOORS) {
  const name = `${doors.keySize}/${doors.valueSize}`;
  const room = payload(doors);

  test(`${name}: an object of any size is read back, also after a restart`, () => {
    const sizes = [0, 1, 2, room - 1, room, room + 1, 2 * room - 1, 2 * room, 2 * room + 1, 5 * room + 3, 3000];
    for (const size of sizes) {
      for (const step of [1, 7, room, 10000]) {
        const flash = new MemoryFlash(doors);
        const store = open(flash);
        store.begin();
        const id = put(store, 0, text('x', size), step, ObjectKind.ManagementObject);
        store.commit();
        for (const seen of [store, open(flash)]) {
          assert.is(seen.kind(id), ObjectKind.ManagementObject);
          assert.is(get(seen, id), text('x', size), `${size} bytes by ${step}`);
          assert.is(seen.damaged, 0);
        }
      }
    }
  });

  test(`${name}: keys and values fit the doors`, () => {
    const flash = new MemoryFlash(doors);
    const store = open(flash);
    store.begin();
    put(store, 0, text('x', 9000));
    store.commit();
    for (const [key, value] of flash.values) {
      assert.match(key, /^[0-9a-z]+$/);
      assert.ok(key.length <= doors.keySize && value.length <= doors.valueSize);
    }
  });

  test(`${name}: a transaction of n records takes n + 1 writes`, () => {
    const flash = new MemoryFlash(doors);
    const store = open(flash);
    const sizes = [0, 1, room, room + 1, 4 * room];
    const records = 1 + 1 + 1 + 2 + 4;
    store.begin();
    const ids = sizes.map((size) => put(store, 0, text('a', size)));
    store.commit();
    assert.is(flash.writes, records + 1);
    assert.is(flash.removals, 0);
    store.begin();
    put(store, ids[4], text('b', 2 * room));
    store.commit();
    assert.is(flash.writes, records + 1 + 3);
    assert.is(flash.removals, 4);
    assert.is(flash.values.size, recordsNeeded(store, doors));
  });

  test(`${name}: replaced and removed objects leave no records`, () => {
    const flash = new MemoryFlash(doors);
    let store = open(flash);
    store.begin();
    const [a, b] = [put(store, 0, text('a', 3 * room)), put(store, 0, text('b', 100))];
    store.commit();
    for (const size of [1, 5 * room, 0, room]) {
      store.begin();
      put(store, a, text('c', size));
      store.commit();
      assert.equal(
        [...content(store)],
        [
          [a, text('c', size)],
          [b, text('b', 100)],
        ],
      );
      assert.is(flash.values.size, recordsNeeded(store, doors), `${size}`);
      store = open(flash);
      assert.equal(
        [...content(store)],
        [
          [a, text('c', size)],
          [b, text('b', 100)],
        ],
      );
    }
    store.begin();
    store.remove(a);
    store.remove(b);
    store.commit();
    assert.is(content(store).size, 0);
    assert.is(flash.values.size, 2, 'the commit records only');
    assert.is(content(open(flash)).size, 0);
    assert.is(open(flash).kind(a), ObjectKind.Removed);
  });

  test(`${name}: a random life is that of a map`, () => {
    for (let seed = 1; seed <= 3; seed += 1) {
      const random = new Lcg(seed);
      const flash = new MemoryFlash(doors);
      let store = open(flash, 12);
      let model = new Map<number, string>();
      for (let step = 0; step < 150; step += 1) {
        const next = new Map(model);
        const touched = new Set<number>();
        store.begin();
        for (let change = random.below(4); change >= 0; change -= 1) {
          const ids = [...model.keys()].filter((id) => !touched.has(id));
          const choice = random.below(3);
          const value = text(`${step}`, random.below(3 * room));
          if ((choice === 0 || ids.length === 0) && next.size + touched.size < 11) {
            const id = put(store, 0, value, 1 + random.below(20));
            assert.not(next.has(id));
            next.set(id, value);
            touched.add(id);
          } else if (ids.length > 0) {
            const id = random.pick(ids);
            touched.add(id);
            if (choice === 1) {
              put(store, id, value, 1 + random.below(20));
              next.set(id, value);
            } else {
              store.remove(id);
              next.delete(id);
            }
          }
        }
        if (random.below(4) === 0) store.rollback();
        else {
          store.commit();
          model = next;
        }
        if (random.below(3) === 0) store = open(flash, 12);
        const sorted = [...model].sort((one, other) => one[0] - other[0]);
        assert.equal([...content(store)], sorted, `seed ${seed} step ${step}`);
        assert.is(flash.values.size, recordsNeeded(store, doors), `seed ${seed} step ${step}: records left over`);
      }
    }
  });
}

test('an empty flash is an empty store, and opening writes nothing', () => {
  const flash = new MemoryFlash();
  const store = open(flash);
  assert.is(store.generation, 0);
  assert.is(store.damaged, 0);
  assert.is(content(store).size, 0);
  assert.throws(() => get(store, 1), code('FLASH_FAILED'));
  assert.equal([flash.writes, flash.removals], [0, 0]);
});

test('what is not committed is not seen', () => {
  const flash = new MemoryFlash();
  const store = open(flash);
  store.begin();
  const id = put(store, 0, 'one');
  assert.is(store.kind(id), ObjectKind.Removed);
  assert.is(content(open(flash)).size, 0);
  store.commit();
  store.begin();
  put(store, id, 'two');
  assert.is(get(store, id), 'one');
  assert.is(get(open(flash), id), 'one');
  store.commit();
  assert.is(get(store, id), 'two');
});

test('rollback removes what was written, and the numbers are free again', () => {
  const flash = new MemoryFlash();
  const store = open(flash);
  store.begin();
  const kept = put(store, 0, 'kept');
  store.commit();
  const records = flash.values.size;
  store.begin();
  const lost = put(store, 0, text('x', 2000));
  put(store, kept, 'changed');
  store.rollback();
  assert.is(flash.values.size, records);
  assert.is(get(store, kept), 'kept');
  assert.is(store.kind(lost), ObjectKind.Removed);
  store.begin();
  assert.is(put(store, 0, 'next'), lost);
  store.commit();
  assert.equal([...content(open(flash)).values()], ['kept', 'next']);
});

test('an object that was not finished can be rolled back', () => {
  const flash = new MemoryFlash(DOORS[3]);
  const store = open(flash);
  store.begin();
  store.write(0, ObjectKind.Default);
  store.putBytes(new Uint8Array(100), 0, 100);
  store.rollback();
  assert.is(flash.values.size, 0);
  store.begin();
  const id = put(store, 0, 'next');
  store.commit();
  assert.is(get(open(flash), id), 'next');
});

test('one transaction at a time', () => {
  const store = open(new MemoryFlash());
  store.begin();
  assert.throws(() => store.begin(), code('BAD_ARGUMENT'));
  store.rollback();
  store.begin();
  store.commit();
  store.begin();
});

test('generations rise with every transaction, and stay with an object', () => {
  const flash = new MemoryFlash();
  const store = open(flash);
  store.begin();
  const a = put(store, 0, 'a');
  store.commit();
  const first = store.generationOf(a);
  assert.is(first, store.generation);
  store.begin();
  const b = put(store, 0, 'b');
  store.commit();
  assert.is(store.generationOf(a), first);
  assert.ok(store.generationOf(b) > first);
  const again = open(flash);
  assert.equal([again.generation, again.generationOf(a), again.generationOf(b)], [2, first, store.generationOf(b)]);
});

test('there are as many objects as the limit says', () => {
  const flash = new MemoryFlash();
  const store = open(flash, 3);
  store.begin();
  const ids = ['a', 'b', 'c'].map((value) => put(store, 0, value));
  assert.throws(() => store.write(0, ObjectKind.Default), code('FLASH_FULL'));
  store.rollback();
  store.begin();
  for (const value of ['a', 'b', 'c']) put(store, 0, value);
  store.commit();
  store.begin();
  assert.throws(() => store.write(0, ObjectKind.Default), code('FLASH_FULL'));
  store.rollback();
  store.begin();
  store.remove(ids[1]);
  store.commit();
  store.begin();
  assert.is(put(store, 0, 'd'), ids[1]);
  store.commit();
  assert.equal([...content(open(flash, 3)).values()], ['a', 'd', 'c']);
});

test('an empty transaction commits', () => {
  const flash = new MemoryFlash();
  const store = open(flash);
  store.begin();
  store.commit();
  assert.is(flash.writes, 1);
  assert.is(open(flash).generation, 1);
});

test('what a visitor throws comes through, and the store goes on', () => {
  const store = open(new MemoryFlash(DOORS[3]));
  store.begin();
  const id = put(store, 0, text('x', 100));
  store.commit();
  const stop = new Error('enough');
  assert.throws(
    () =>
      store.read(id, () => {
        throw stop;
      }),
    (thrown: unknown) => thrown === stop,
  );
  assert.is(get(store, id), text('x', 100));
});

test.run();
