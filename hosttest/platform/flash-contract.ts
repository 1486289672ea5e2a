import { type Flash, FlashResult } from 'dmlet';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

/** A store under test. */
export interface FlashUnderTest {
  readonly flash: Flash;
  /** What is there after a restart: another object on the same store. */
  reopen(): Flash;
  /** Frees what the test needed. */
  remove(): void;
}

/** @param capacity bytes that the store may hold in all; the adapter's own where undefined. */
export type MakeFlash = (capacity?: number) => FlashUnderTest;

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

const textOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');

function write(flash: Flash, key: string, text: string): FlashResult {
  const bytes = bytesOf(text);
  return flash.write(key, bytes, 0, bytes.length);
}

/** The value of a key, undefined where it has none. */
function read(flash: Flash, key: string): string | undefined {
  const into = new Uint8Array(flash.valueSize);
  const length = flash.read(key, into);
  return length < 0 ? undefined : textOf(into.subarray(0, length));
}

function content(flash: Flash): Record<string, string | undefined> {
  const keys: string[] = [];
  flash.keys((key) => keys.push(key));
  assert.is(new Set(keys).size, keys.length, 'every key once');
  return Object.fromEntries(keys.sort().map((key) => [key, read(flash, key)]));
}

/**
 * What every flash adapter must do (src/hal/flash.ts), whatever it stands on.
 * @param name of the adapter.
 * @param make a store that is empty.
 */
export function flashContract(name: string, make: MakeFlash): void {
  const test = suite<{ store: FlashUnderTest; flash: Flash }>(`flash contract: ${name}`);

  test.before.each((context) => {
    context.store = make();
    context.flash = context.store.flash;
  });

  test.after.each(({ store }) => store.remove());

  test('declares limits that are wide enough', ({ flash }) => {
    for (const limit of [flash.keySize, flash.valueSize, flash.capacity]) assert.ok(Number.isInteger(limit));
    assert.ok(flash.keySize >= 12 && flash.valueSize >= 32 && flash.capacity >= 0);
  });

  test('is empty at first', ({ flash, store }) => {
    assert.equal(content(flash), {});
    assert.is(read(flash, 'k'), undefined);
    assert.equal(content(store.reopen()), {});
  });

  test('a value is there when the call returns, for this object and for the next', ({ flash, store }) => {
    assert.is(write(flash, 'one', 'first'), FlashResult.Ok);
    assert.equal(content(flash), { one: 'first' });
    assert.equal(content(store.reopen()), { one: 'first' });
    assert.is(write(flash, 'two', 'second'), FlashResult.Ok);
    assert.equal(content(store.reopen()), { one: 'first', two: 'second' });
  });

  test('a value is replaced by a shorter one, a longer one, an empty one', ({ flash, store }) => {
    for (const text of ['middle', 's', 'a longer one', '', 'x']) {
      assert.is(write(flash, 'k', text), FlashResult.Ok);
      assert.equal(content(flash), { k: text });
      assert.equal(content(store.reopen()), { k: text });
    }
  });

  test('a part of a buffer is stored, and the buffer is not kept', ({ flash }) => {
    const bytes = bytesOf('0123456789');
    assert.is(flash.write('k', bytes, 3, 7), FlashResult.Ok);
    bytes.fill(0);
    assert.is(read(flash, 'k'), '3456');
  });

  test('every byte is stored as it is', ({ flash, store }) => {
    const all = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join('');
    for (let from = 0; from < 256; from += 32)
      assert.is(write(flash, `k${from}`, all.slice(from, from + 32)), FlashResult.Ok);
    const again = store.reopen();
    for (let from = 0; from < 256; from += 32) assert.is(read(again, `k${from}`), all.slice(from, from + 32));
  });

  test('a buffer that is too short is filled, and the true length told', ({ flash }) => {
    write(flash, 'k', '0123456789');
    for (const size of [0, 1, 9, 10]) {
      const into = new Uint8Array(size);
      assert.is(flash.read('k', into), 10);
      assert.is(textOf(into), '0123456789'.slice(0, size));
    }
  });

  test('what lies behind the value in a buffer stays', ({ flash }) => {
    write(flash, 'k', 'abc');
    const into = new Uint8Array(6).fill(0x21);
    assert.is(flash.read('k', into), 3);
    assert.is(textOf(into), 'abc!!!');
    assert.is(flash.read('absent', into), -1);
    assert.is(textOf(into), 'abc!!!');
  });

  test('the longest key and the longest value are stored', ({ flash, store }) => {
    const key = ALPHABET.slice(-flash.keySize).padStart(flash.keySize, 'z');
    const value = 'v'.repeat(flash.valueSize);
    assert.is(write(flash, key, value), FlashResult.Ok);
    assert.equal(content(store.reopen()), { [key]: value });
  });

  test('a longer key or value is refused, and changes nothing', ({ flash, store }) => {
    write(flash, 'k', 'old');
    assert.is(write(flash, 'k', 'v'.repeat(flash.valueSize + 1)), FlashResult.Failed);
    assert.is(write(flash, 'k'.repeat(flash.keySize + 1), 'new'), FlashResult.Failed);
    assert.equal(content(flash), { k: 'old' });
    assert.equal(content(store.reopen()), { k: 'old' });
  });

  test('keys hold every character that they may', ({ flash, store }) => {
    const keys = Array.from(ALPHABET, (character) => `${character}${character}`);
    for (const key of keys) assert.is(write(flash, key, key), FlashResult.Ok);
    assert.equal(content(store.reopen()), Object.fromEntries(keys.map((key) => [key, key])));
  });

  test('keys that begin alike are told apart', ({ flash }) => {
    for (const key of ['a', 'aa', 'aaa', 'c0', 'c1', '0', '00']) write(flash, key, key);
    flash.remove('aa');
    assert.equal(content(flash), { a: 'a', aaa: 'aaa', c0: 'c0', c1: 'c1', '0': '0', '00': '00' });
  });

  test('a key is removed for good; one that is not there is no fault', ({ flash, store }) => {
    write(flash, 'k', 'value');
    write(flash, 'other', 'value');
    assert.is(flash.remove('k'), FlashResult.Ok);
    assert.equal(content(flash), { other: 'value' });
    assert.equal(content(store.reopen()), { other: 'value' });
    assert.is(flash.remove('k'), FlashResult.Ok);
    assert.is(flash.remove('never'), FlashResult.Ok);
    assert.is(write(flash, 'k', 'again'), FlashResult.Ok);
    assert.equal(content(store.reopen()), { k: 'again', other: 'value' });
  });

  test('many changes, many keys', ({ flash, store }) => {
    const expected: Record<string, string> = {};
    for (let round = 0; round < 50; round += 1) {
      const key = `k${(round * 7) % 23}`;
      if (round % 5 === 4) {
        flash.remove(key);
        delete expected[key];
      } else {
        expected[key] = `${round}`.repeat(1 + (round % 9));
        assert.is(write(flash, key, expected[key]), FlashResult.Ok);
      }
    }
    assert.equal(content(flash), content(store.reopen()));
    assert.equal(content(flash), Object.fromEntries(Object.entries(expected).sort()));
  });

  test('a full store says so, keeps what it has, and takes more when there is room again', ({ store }) => {
    const small = make(300);
    try {
      const { flash } = small;
      let stored = 0;
      while (write(flash, `k${stored}`, 'v'.repeat(30)) === FlashResult.Ok) {
        stored += 1;
        assert.ok(stored < 100, 'never full');
      }
      assert.ok(stored >= 1);
      assert.is(write(flash, 'more', 'v'.repeat(30)), FlashResult.Full);
      assert.is(write(flash, 'k0', 'v'.repeat(flash.valueSize)), FlashResult.Full);
      const before = content(flash);
      assert.is(Object.keys(before).length, stored);
      assert.is(before.k0, 'v'.repeat(30));
      assert.equal(content(small.reopen()), before);
      assert.is(write(flash, 'k0', 'w'.repeat(30)), FlashResult.Ok);
      assert.is(flash.remove('k0'), FlashResult.Ok);
      assert.is(write(flash, 'new', 'v'.repeat(27)), FlashResult.Ok);
      assert.is(read(small.reopen(), 'new'), 'v'.repeat(27));
    } finally {
      small.remove();
      assert.equal(content(store.flash), {});
    }
  });

  test.run();
}
