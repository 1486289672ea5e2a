import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { RecordStore } from '../../src/flash/record-store.js';
import { limitsWith } from '../support/memory-device.js';
import { MemoryFlash } from '../support/memory-flash.js';
import { utf8 } from '../support/utf8.js';
import { get, put, text } from './stored-objects.js';

// What another firmware stored, whose records were of another size.

function open(flash: MemoryFlash, record: number): RecordStore {
  const store = new RecordStore(flash, utf8, limitsWith({ record }));
  store.open();
  return store;
}

const TEXTS = [text('a', 3000), text('b', 40), text('c', 1), ''];

for (const [written, read] of [
  [4000, 32],
  [512, 256],
  [64, 63],
  [63, 512],
]) {
  test(`objects in records of ${written} bytes are read by a client whose records have ${read}, and replaced by it`, () => {
    const flash = new MemoryFlash();
    const store = open(flash, written);
    store.begin();
    for (const value of TEXTS) put(store, 0, value);
    store.commit();
    const found = open(flash, read);
    assert.equal([found.damaged, [1, 2, 3, 4].map((id) => get(found, id))], [0, TEXTS]);
    const before = new Set(flash.values.keys());
    found.begin();
    put(found, 1, TEXTS[0]);
    put(found, 0, TEXTS[0]);
    found.commit();
    for (const again of [open(flash, read), open(flash, written)])
      assert.equal([again.damaged, [1, 2, 3, 4, 5].map((id) => get(again, id))], [0, [...TEXTS, TEXTS[0]]]);
    for (const [key, value] of flash.values)
      assert.ok(before.has(key) || value.length <= read, `${key} ${value.length}`);
  });
}

test('a store whose values may no longer be as long is read, and written within its doors', () => {
  const wide = new MemoryFlash();
  const store = open(wide, 512);
  store.begin();
  for (const value of TEXTS) put(store, 0, value);
  store.commit();
  const narrow = new MemoryFlash({ keySize: 12, valueSize: 61 });
  for (const [key, value] of wide.values) narrow.values.set(key, value);
  const found = open(narrow, 512);
  found.begin();
  put(found, 2, TEXTS[0]);
  found.commit();
  const again = open(narrow, 512);
  assert.equal([again.damaged, [1, 2, 3, 4].map((id) => get(again, id))], [0, [TEXTS[0], TEXTS[0], TEXTS[2], '']]);
});

test.run();
