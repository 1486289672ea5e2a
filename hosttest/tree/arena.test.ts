import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MAX_BLOCK, NO_NODE, ROOT } from '../../src/tree/arena.js';
import { code } from '../support/thrown.js';
import { utf8 } from '../support/utf8.js';
import { OpenArena } from './open-arena.js';

/** Bytes of one record, of a block without its content, and of the records that every arena has. */
const RECORD = 8;
const BLOCK = 2;
const FIXED = 2 * RECORD;

test('a new arena holds no node and the root, and nothing else', () => {
  for (const size of [64, 65, 131071, 131072]) assert.is(new OpenArena(size).used, FIXED, String(size));
});

test('records fill the arena to the last that blocks leave', () => {
  for (const size of [64, 66, 71, 72, 74, 128]) {
    const arena = new OpenArena(size);
    const ids = new Set([NO_NODE, ROOT]);
    assert.throws(() => {
      for (;;) ids.add(arena.record());
    }, code('TREE_FULL'));
    assert.is(ids.size, Math.floor(size / RECORD), String(size));
    assert.is(arena.used, ids.size * RECORD);
  }
});

test('a block fills the arena to the last byte that records leave', () => {
  for (const size of [64, 72]) {
    const arena = new OpenArena(size);
    const leaf = arena.record();
    const room = size - FIXED - RECORD - BLOCK;
    arena.add(leaf, 'x'.repeat(room));
    assert.is(arena.used, size);
    assert.throws(() => arena.add(leaf, 'y'), code('TREE_FULL'));
    assert.is(arena.content(leaf), 'x'.repeat(room));
    assert.throws(() => arena.record(), code('TREE_FULL'));
  }
});

test('a freed record is used again before the arena grows', () => {
  const arena = new OpenArena(256);
  const ids = [arena.record(), arena.record(), arena.record()];
  arena.give(ids[1]);
  assert.is(arena.used, FIXED + 2 * RECORD);
  arena.give(ids[0]);
  assert.equal(new Set([arena.record(), arena.record()]), new Set([ids[0], ids[1]]));
  assert.is(arena.used, FIXED + 3 * RECORD);
});

test('a record that is used again has no value', () => {
  const arena = new OpenArena(256);
  const id = arena.record();
  arena.add(id, 'old');
  arena.add(arena.record(), 'above it');
  arena.give(id);
  assert.is(arena.record(), id);
  assert.is(arena.blockLength(id), 0);
});

test('a block that lies on top grows in place, byte by byte', () => {
  const arena = new OpenArena(64);
  const leaf = arena.record();
  let text = '';
  for (let i = 0; i < 26; i += 1) {
    const letter = String.fromCharCode(0x61 + i);
    arena.add(leaf, letter);
    text += letter;
    assert.is(arena.content(leaf), text);
    assert.is(arena.used, FIXED + RECORD + BLOCK + text.length + (text.length & 1));
  }
});

test('a block below others moves when it grows', () => {
  const arena = new OpenArena(256);
  const [a, b] = [arena.record(), arena.record()];
  arena.add(a, 'one');
  arena.add(b, 'two');
  arena.add(a, ' and more');
  assert.is(arena.content(a), 'one and more');
  assert.is(arena.content(b), 'two');
  assert.is(arena.used, FIXED + 2 * RECORD + (BLOCK + 12) + (BLOCK + 4));
});

test('nothing appended makes an empty value', () => {
  const arena = new OpenArena(64);
  const leaf = arena.record();
  assert.is(arena.content(leaf), '');
  arena.add(leaf, '');
  assert.is(arena.content(leaf), '');
  arena.add(leaf, 'x');
  arena.add(leaf, '');
  assert.is(arena.content(leaf), 'x');
});

test('only the given part of the bytes is appended', () => {
  const arena = new OpenArena(128);
  const leaf = arena.record();
  const bytes = utf8.encode('0123456789'.repeat(4));
  arena.addBytes(leaf, bytes, 8, 12);
  arena.addBytes(leaf, bytes, 5, 35);
  assert.is(arena.content(leaf), `8901${'0123456789'.repeat(4).slice(5, 35)}`);
});

test('room below live blocks is found again by compaction', () => {
  const arena = new OpenArena(128);
  const leaves = [0, 1, 2, 3].map(() => arena.record());
  leaves.forEach((leaf, i) => {
    arena.add(leaf, String(i).repeat(14));
  });
  const fresh = '0123456789abcdefghijkl';
  const last = leaves[3];
  assert.throws(() => arena.add(last, fresh), code('TREE_FULL'));
  arena.drop(leaves[0]);
  arena.drop(leaves[2]);
  assert.is(arena.used, FIXED + 4 * RECORD + 2 * (BLOCK + 14));
  arena.add(leaves[0], fresh);
  assert.is(arena.content(leaves[0]), fresh);
  assert.is(arena.content(leaves[1]), '1'.repeat(14));
  assert.is(arena.content(leaves[3]), '3'.repeat(14));
});

test('a block that only compaction brings to the top grows into all that is free', () => {
  const arena = new OpenArena(96);
  const [a, b, c] = [arena.record(), arena.record(), arena.record()];
  arena.add(a, 'a'.repeat(20));
  arena.add(b, 'b'.repeat(6));
  arena.add(c, 'c'.repeat(6));
  arena.drop(b);
  arena.drop(c);
  const room = 96 - FIXED - 3 * RECORD - BLOCK - 20;
  arena.add(a, 'z'.repeat(room));
  assert.is(arena.content(a), 'a'.repeat(20) + 'z'.repeat(room));
});

test('a full arena leaves the block as it was', () => {
  const arena = new OpenArena(128);
  const [a, b] = [arena.record(), arena.record()];
  arena.add(a, 'first');
  arena.add(b, 'second');
  const used = arena.used;
  assert.throws(() => arena.add(a, 'x'.repeat(100)), code('TREE_FULL'));
  assert.throws(() => arena.add(b, 'x'.repeat(100)), code('TREE_FULL'));
  assert.is(arena.content(a), 'first');
  assert.is(arena.content(b), 'second');
  assert.is(arena.used, used);
  arena.add(b, '!');
  assert.is(arena.content(b), 'second!');
});

test('a value of the largest size is taken, a longer one is not', () => {
  const arena = new OpenArena(131072);
  const leaf = arena.record();
  arena.addBytes(leaf, new Uint8Array(MAX_BLOCK - 1), 0, MAX_BLOCK - 1);
  arena.add(leaf, 'x');
  assert.is(arena.blockLength(leaf), MAX_BLOCK);
  assert.throws(() => arena.add(leaf, 'y'), code('TREE_FULL'));
  assert.is(arena.blockLength(leaf), MAX_BLOCK);
  assert.is(arena.value(leaf)[MAX_BLOCK - 1], 0x78);
});

test('blocks at the far end of the largest arena are reached, and free ones of any size are passed over', () => {
  const arena = new OpenArena(131072);
  const [a, b, c] = [arena.record(), arena.record(), arena.record()];
  arena.addBytes(a, new Uint8Array(MAX_BLOCK).fill(1), 0, MAX_BLOCK);
  arena.addBytes(b, new Uint8Array(MAX_BLOCK - 64).fill(2), 0, MAX_BLOCK - 64);
  arena.add(c, 'end');
  assert.is(arena.content(c), 'end');
  assert.is(arena.value(b)[MAX_BLOCK - 65], 2);
  arena.drop(a);
  arena.add(c, 'x'.repeat(60000));
  assert.is(arena.content(c), `end${'x'.repeat(60000)}`);
  assert.ok(arena.value(b).every((byte) => byte === 2));
});

test.run();
