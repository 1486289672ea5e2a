import { FlashResult } from 'dmlet';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ObjectKind, type RecordStore } from '../../src/flash/record-store.js';
import { ALL_REMAINS, FaultyFlash } from '../support/faulty-flash.js';
import { MemoryFlash } from '../support/memory-flash.js';
import { code } from '../support/thrown.js';
import { sameContent } from './power-cuts.js';
import { content, DOORS, get, open, payload, put, recordsNeeded, text } from './stored-objects.js';

const NARROW = DOORS[1];
const ROOM = payload(NARROW);

/** A store with objects 1 to 3. */
function started<T extends MemoryFlash>(flash: T): RecordStore {
  const store = open(flash);
  store.begin();
  for (const mark of ['a', 'b', 'c']) put(store, 0, text(mark, 2 * ROOM));
  store.commit();
  return store;
}

/** A transaction of nine writes: replaces 1, removes 2, makes 4. */
function change(store: RecordStore): void {
  store.begin();
  try {
    put(store, 1, text('A', 3 * ROOM));
    store.remove(2);
    put(store, 0, text('D', 4 * ROOM));
    store.commit();
  } catch (thrown) {
    store.rollback();
    throw thrown;
  }
}

const WRITES = 9;

const BEFORE = [
  [1, text('a', 2 * ROOM)],
  [2, text('b', 2 * ROOM)],
  [3, text('c', 2 * ROOM)],
] as const;

const AFTER = [
  [1, text('A', 3 * ROOM)],
  [3, text('c', 2 * ROOM)],
  [4, text('D', 4 * ROOM)],
] as const;

test('the transaction of this file does what it says', () => {
  const flash = new MemoryFlash(NARROW);
  const store = started(flash);
  assert.equal([...content(store)], BEFORE);
  const { writes } = flash;
  change(store);
  assert.is(flash.writes - writes, WRITES);
  assert.equal([...content(store)], AFTER);
});

for (const [result, expected] of [
  [FlashResult.Full, 'FLASH_FULL'],
  [FlashResult.Failed, 'FLASH_FAILED'],
] as const) {
  test(`${expected} at every write leaves the old state, and the next transaction works`, () => {
    for (let at = 0; at < WRITES; at += 1) {
      const flash = new MemoryFlash(NARROW);
      const store = started(flash);
      const records = flash.values.size;
      for (let i = 0; i < at; i += 1) flash.refusals.push(FlashResult.Ok);
      flash.refusals.push(result);
      assert.throws(() => change(store), code(expected), `write ${at}`);
      for (const seen of [store, open(flash)]) assert.equal([...content(seen)], BEFORE, `write ${at}`);
      assert.is(flash.values.size, records, `write ${at}: records left over`);
      change(store);
      for (const seen of [store, open(flash)]) assert.equal([...content(seen)], AFTER, `write ${at}, once more`);
      assert.is(flash.values.size, recordsNeeded(store, NARROW));
    }
  });
}

/** Says whether `action` fails with a code; any other error goes on. */
function fails(action: () => void, expected: string): boolean {
  try {
    action();
    return false;
  } catch (thrown) {
    if (code(expected)(thrown as Error)) return true;
    throw thrown;
  }
}

for (const remains of ALL_REMAINS) {
  // A commit record that is whole is a commit, whatever the store said of the write: only then the change has happened.
  test(`a write that fails and leaves something (${remains}) changes nothing, or everything where it was the commit`, () => {
    let committed = 0;
    for (let at = 0; at < WRITES; at += 1) {
      const flash = new FaultyFlash(NARROW);
      const store = started(flash);
      const first = flash.operations;
      flash.remains = remains;
      flash.failAt = (operation) => operation === first + at;
      const failed = fails(() => change(store), 'FLASH_FAILED');
      if (!failed) committed += 1;
      for (const seen of [store, open(flash)]) assert.equal([...content(seen)], failed ? BEFORE : AFTER, `write ${at}`);
      if (failed) change(store);
      for (const seen of [store, open(flash)]) assert.equal([...content(seen)], AFTER, `write ${at}, once more`);
    }
    // A commit record that the store has damaged is written again.
    assert.is(committed, ['new', 'torn', 'flipped'].includes(remains) ? 1 : 0);
  });

  test(`after a failed write (${remains}) a cut in the next transaction leaves the state before or after`, () => {
    for (let at = 0; at < WRITES; at += 1) {
      for (let cut = 0; ; cut += 1) {
        const flash = new FaultyFlash(NARROW);
        const store = started(flash);
        const first = flash.operations;
        flash.remains = remains;
        flash.failAt = (operation) => operation === first + at;
        if (!fails(() => change(store), 'FLASH_FAILED')) break;
        flash.cutAt = flash.operations + cut;
        flash.remains = 'old';
        try {
          change(store);
          break;
        } catch (thrown) {
          if (!flash.isOff) throw thrown;
        }
        const found = content(open(flash.revived()));
        const isOneOf = sameContent(found, new Map(BEFORE)) || sameContent(found, new Map(AFTER));
        assert.ok(isOneOf, `failed at ${at}, cut at ${cut}: ${JSON.stringify([...found])}`);
      }
    }
  });

  test(`a cut while a failed write (${remains}) is rolled back leaves the state before or after`, () => {
    for (let at = 0; at < WRITES; at += 1) {
      for (let cut = 1; cut < WRITES + 4; cut += 1) {
        const flash = new FaultyFlash(NARROW);
        const store = started(flash);
        const first = flash.operations;
        flash.remains = remains;
        flash.failAt = (operation) => operation === first + at;
        flash.cutAt = first + at + cut;
        try {
          change(store);
        } catch {
          // Failed, or cut while that was undone.
        }
        const found = content(open(flash.revived()));
        const isOneOf = sameContent(found, new Map(BEFORE)) || sameContent(found, new Map(AFTER));
        assert.ok(isOneOf, `failed at ${at}, cut ${cut} later: ${JSON.stringify([...found])}`);
      }
    }
  });
}

for (const remains of ['none', 'torn', 'flipped'] as const) {
  test(`a commit record that the store damages at every try (${remains}) is no commit, and is mended before the next transaction writes`, () => {
    const flash = new FaultyFlash(NARROW);
    const store = started(flash);
    store.begin();
    store.commit();
    flash.remains = remains;
    flash.failAt = (_operation, key) => key.startsWith('c');
    assert.throws(() => change(store), code('FLASH_FAILED'));
    assert.equal([...content(store)], BEFORE);
    assert.throws(() => store.begin(), code('FLASH_FAILED'));
    for (const seen of [store, open(flash)]) assert.equal([...content(seen)], BEFORE);
    flash.failAt = () => false;
    for (let at = 0; ; at += 1) {
      const copy = flash.revived();
      copy.cutAt = at;
      copy.remains = 'torn';
      const cut = open(copy);
      try {
        change(cut);
        assert.ok(at > WRITES);
        break;
      } catch (thrown) {
        if (!copy.isOff) throw thrown;
      }
      const found = content(open(copy.revived()));
      const isOneOf = sameContent(found, new Map(BEFORE)) || sameContent(found, new Map(AFTER));
      assert.ok(isOneOf, `cut at ${at}: ${JSON.stringify([...found])}`);
    }
    change(store);
    for (const seen of [store, open(flash)]) assert.equal([...content(seen)], AFTER);
  });
}

test('removals that fail after a commit do not undo it, and are made up for', () => {
  for (const remains of ['old', 'torn', 'none'] as const) {
    for (let which = 0; which < 6; which += 1) {
      const flash = new FaultyFlash(NARROW);
      const store = started(flash);
      const first = flash.operations + WRITES;
      flash.remains = remains;
      flash.failAt = (operation, _key, isWrite) => !isWrite && operation >= first + which;
      change(store);
      for (const seen of [store, open(flash.revived())]) assert.equal([...content(seen)], AFTER, `${remains} ${which}`);
      flash.failAt = () => false;
      store.begin();
      const id = put(store, 0, 'next');
      store.commit();
      assert.is(id, 2, 'the number of the removed object is free');
      for (const seen of [store, open(flash.revived())]) {
        assert.is(get(seen, id), 'next');
        assert.is(content(seen).size, 4);
      }
      if (remains !== 'torn') assert.is(flash.values.size, recordsNeeded(store, NARROW));
    }
  }
});

test('one removal that fails brings nothing back, neither at once nor after a restart', () => {
  for (const remains of ['old', 'torn', 'none'] as const) {
    for (let which = 0; which < 6; which += 1) {
      const flash = new FaultyFlash(NARROW);
      const store = started(flash);
      const failing = flash.operations + WRITES + which;
      flash.remains = remains;
      flash.failAt = (operation) => operation === failing;
      change(store);
      for (const seen of [store, open(flash.revived())]) assert.equal([...content(seen)], AFTER, `${remains} ${which}`);
    }
  }
});

test('while stale records cannot be removed no transaction begins, and nothing is lost', () => {
  const flash = new FaultyFlash(NARROW);
  const store = started(flash);
  flash.failAt = (_operation, _key, isWrite) => !isWrite;
  change(store);
  for (const seen of [store, open(flash)]) {
    assert.throws(() => seen.begin(), code('FLASH_FAILED'));
    assert.throws(() => seen.begin(), code('FLASH_FAILED'));
    assert.equal([...content(seen)], AFTER);
  }
  flash.failAt = () => false;
  store.begin();
  put(store, 3, 'new');
  store.commit();
  assert.equal([...content(open(flash))], [AFTER[0], [3, 'new'], AFTER[2]]);
});

test('rollback never throws, whatever the flash does', () => {
  const flash = new FaultyFlash(NARROW);
  const store = started(flash);
  store.begin();
  put(store, 1, text('x', 3 * ROOM));
  flash.failAt = () => true;
  store.rollback();
  assert.equal([...content(store)], BEFORE);
  flash.failAt = () => false;
  change(store);
  assert.equal([...content(open(flash))], AFTER);
});

test('a store that gets full keeps what it has', () => {
  for (let capacity = 100; capacity < 700; capacity += 7) {
    const flash = new MemoryFlash({ ...NARROW, capacity });
    const store = open(flash);
    const kept = new Map<number, string>();
    for (let i = 0; ; i += 1) {
      assert.ok(i < 48, 'never full');
      store.begin();
      try {
        const id = put(store, 0, text(`${i}`, 10 * i));
        store.commit();
        kept.set(id, text(`${i}`, 10 * i));
      } catch (thrown) {
        assert.is((thrown as { code?: string }).code, 'FLASH_FULL');
        store.rollback();
        break;
      }
    }
    assert.ok(sameContent(content(store), kept) && sameContent(content(open(flash)), kept), `${capacity} bytes`);
    assert.is(flash.values.size, recordsNeeded(store, NARROW), `${capacity} bytes`);
  }
});

test('kinds survive a failed transaction', () => {
  const flash = new MemoryFlash(NARROW);
  const store = started(flash);
  flash.refusals.push(FlashResult.Failed);
  store.begin();
  assert.throws(() => put(store, 1, 'x', 10, ObjectKind.ManagementObject), code('FLASH_FAILED'));
  store.rollback();
  assert.is(store.kind(1), ObjectKind.Default);
});

test.run();
