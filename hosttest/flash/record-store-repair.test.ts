import type { Flash } from 'dmlet';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ObjectKind, RecordStore } from '../../src/flash/record-store.js';
import { STORES } from '../powerloss/stores.js';
import { limitsWith } from '../support/memory-device.js';
import { code } from '../support/thrown.js';
import { utf8 } from '../support/utf8.js';
import { get, put, text } from './stored-objects.js';

// FORMAT.md §3: an object lives on in its newest generation that is whole, and a commit record that rots takes nothing with it.

/** Payload of one record in this file: the narrowest of the stores allows it. */
const ROOM = 40;
const RECORD = ROOM + 14;

type Values = ReadonlyMap<string, Uint8Array>;

function open(flash: Flash): RecordStore {
  const store = new RecordStore(flash, utf8, limitsWith({ objects: 8, record: RECORD }));
  store.open();
  return store;
}

function valuesOf(flash: Flash): Values {
  const keys: string[] = [];
  flash.keys((key) => keys.push(key));
  const into = new Uint8Array(4000);
  return new Map(keys.map((key) => [key, into.slice(0, flash.read(key, into))]));
}

function plant(flash: Flash, key: string, value: Uint8Array | undefined): void {
  if (value === undefined) flash.remove(key);
  else flash.write(key, value, 0, value.length);
}

function change(store: RecordStore, act: () => void): void {
  store.begin();
  act();
  store.commit();
}

/** What may become of a record: a wrong bit, in its checksum or before it; its beginning only; another's place; nothing. */
const ROTS: Readonly<Record<string, (value: Uint8Array, values: Values) => Uint8Array | undefined>> = {
  'a bit of it flipped': (value) => value.map((byte, i) => (i === value.length >> 1 ? byte ^ 0x10 : byte)),
  'a bit of its checksum flipped': (value) => value.map((byte, i) => (i === value.length - 1 ? byte ^ 0x01 : byte)),
  'cut short': (value) => value.slice(0, value.length - 5),
  'in the place of another': (_value, values) => [...values].find(([key]) => key.startsWith('001'))?.[1],
  gone: () => undefined,
};

const OLD = text('old', 2 * ROOM + 3);
const NEW = text('new', 3 * ROOM);

for (const { name, make } of STORES) {
  for (const [how, rot] of Object.entries(ROTS)) {
    /** Objects 1, 2 and 3, of which 2 was replaced, and its older generation is still there as far as `isLeft` says. */
    const replaced = (isLeft: (key: string) => boolean): Flash => {
      const flash = make();
      const store = open(flash);
      change(store, () => {
        for (const value of ['one', OLD, 'three']) put(store, 0, value);
      });
      const before = valuesOf(flash);
      change(store, () => put(store, 2, NEW));
      assert.is(get(open(flash), 2), NEW);
      for (const [key, value] of before) if (key.startsWith('002') && isLeft(key)) plant(flash, key, value);
      return flash;
    };
    const parts = [0, 1, 2].map((part) => `00200000200${part}`);
    const others = (store: RecordStore): string[] => [1, 3].map((id) => get(store, id));

    test(`${name}: an object whose newest generation has a record ${how} lives on in the one before, and the other goes`, () => {
      for (const key of parts) {
        const flash = replaced(() => true);
        plant(flash, key, rot(valuesOf(flash).get(key) as Uint8Array, valuesOf(flash)));
        const found = open(flash);
        assert.equal([get(found, 2), found.damaged, found.repaired], [OLD, 1, [2]], key);
        assert.equal(others(found), ['one', 'three']);
        change(found, () => put(found, 1, 'later'));
        const after = open(flash);
        assert.equal([get(after, 2), after.damaged, after.repaired], [OLD, 0, []], key);
        assert.is([...valuesOf(flash).keys()].filter((left) => parts.includes(left)).length, 0, key);
      }
    });

    test(`${name}: where no generation is whole, with a record ${how}, the object is lost, counted, and its number and room are free`, () => {
      for (const gone of ['002000001000', '002000001002']) {
        for (const key of parts) {
          const flash = replaced((left) => left !== gone);
          plant(flash, key, rot(valuesOf(flash).get(key) as Uint8Array, valuesOf(flash)));
          const found = open(flash);
          assert.is(found.kind(2), ObjectKind.Removed);
          assert.ok(found.damaged > 0);
          assert.throws(() => get(found, 2), code('FLASH_FAILED'));
          assert.equal([others(found), found.repaired], [['one', 'three'], []]);
          change(found, () => assert.is(put(found, 0, 'fresh'), 2));
          const after = open(flash);
          assert.equal([get(after, 2), others(after), after.damaged], ['fresh', ['one', 'three'], 0]);
          assert.is([...valuesOf(flash).keys()].length, 5);
        }
      }
    });

    test(`${name}: a commit record ${how} takes nothing with it, and is written again by the next transaction`, () => {
      for (const commits of [2, 3, 4]) {
        for (const key of ['c0', 'c1']) {
          // A second transaction that was not committed looks the same.
          if (commits === 2 && key === 'c0' && how === 'gone') continue;
          const flash = make();
          const store = open(flash);
          for (let i = 1; i <= commits; i += 1) {
            change(store, () => {
              put(store, i === 1 ? 0 : 1, text(`${i}`, 2 * ROOM));
              put(store, 0, text(`new${i}`, ROOM + i));
            });
          }
          const expected = [...valuesOf(flash).keys()].filter((other) => other.length > 2).sort();
          const before = [1, 2, commits + 1].map((id) => get(store, id));
          plant(flash, key, rot(valuesOf(flash).get(key) as Uint8Array, valuesOf(flash)));
          const found = open(flash);
          assert.equal(
            [1, 2, commits + 1].map((id) => get(found, id)),
            before,
            `${key} of ${commits}`,
          );
          assert.is(found.damaged, 1);
          found.begin();
          found.rollback();
          assert.is(found.writes, 1);
          const after = open(flash);
          assert.equal(
            [1, 2, commits + 1].map((id) => get(after, id)),
            before,
          );
          assert.equal([after.damaged, after.generation], [0, found.generation]);
          assert.equal([...valuesOf(flash).keys()].filter((other) => other.length > 2).sort(), expected);
        }
      }
    });
  }

  test(`${name}: a first transaction whose commit record was begun counts, one whose commit record was not does not`, () => {
    for (const rest of [new Uint8Array(5), undefined]) {
      const flash = make();
      const store = open(flash);
      change(store, () => put(store, 0, OLD));
      plant(flash, 'c1', rest);
      const found = open(flash);
      assert.equal(
        [found.kind(1), found.generation],
        rest === undefined ? [ObjectKind.Removed, 0] : [ObjectKind.Default, 1],
      );
    }
  });
}

test.run();
