import { FlashResult } from 'dmlet';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MemoryFlash } from '../support/memory-flash.js';
import { DOORS, open, payload, put, text } from './stored-objects.js';

for (const doors of DOORS) {
  const name = `${doors.keySize}/${doors.valueSize}`;
  const room = payload(doors);

  test(`${name}: each object knows how many records were written for it, and the store how many writes and removals there were`, () => {
    const flash = new MemoryFlash(doors);
    const store = open(flash);
    const counts = (): number[] => [1, 2, 3].map((id) => store.writesOf(id));
    store.begin();
    for (const size of [3 * room, 1]) put(store, 0, text('a', size));
    store.commit();
    assert.equal(counts(), [3, 1, 0]);
    store.begin();
    put(store, 2, text('b', 2 * room));
    store.remove(1);
    store.commit();
    assert.equal(counts(), [4, 3, 0]);
    store.begin();
    put(store, 0, text('c', 1));
    store.rollback();
    assert.equal(counts(), [5, 3, 0]);
    assert.equal([store.writes, store.removals], [flash.writes, flash.removals]);
    assert.is(store.generation, 2);
    const again = open(flash);
    assert.equal([again.writes, again.removals, again.writesOf(2), again.generation], [0, 0, 0, 2]);
  });
}

test('a write that the store refuses may have worn it, and counts', () => {
  const flash = new MemoryFlash();
  const store = open(flash);
  flash.refusals.push(FlashResult.Failed);
  store.begin();
  assert.throws(() => put(store, 0, 'x'));
  store.rollback();
  assert.equal([store.writes, store.writesOf(1)], [1, 1]);
});

test.run();
