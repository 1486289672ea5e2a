import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Arena, MAX_TAG, NO_NODE, type NodeId } from '../../src/tree/arena.js';
import { code } from '../support/thrown.js';
import { utf8 } from '../support/utf8.js';

/** Bytes of one record, and of a block without its content. */
const RECORD = 8;
const BLOCK = 4;
/** Unit 0 of the blocks is not used. */
const LOST = 2;

function append(arena: Arena, id: NodeId, text: string): void {
  const bytes = utf8.encode(text);
  arena.append(id, bytes, 0, bytes.length);
}

function content(arena: Arena, id: NodeId): string {
  const start = arena.blockStart(id);
  return utf8.decode(arena.buffer, start, start + arena.blockLength(id));
}

test('sizes out of range are refused', () => {
  for (const size of [-1, 0, 63, 131073, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => new Arena(size), code('BAD_ARGUMENT'), String(size));
  }
});

test('the sizes at the borders are taken', () => {
  for (const size of [64, 65, 131071, 131072]) assert.is(new Arena(size).used, RECORD, String(size));
});

test('a new arena holds the root, and the root only', () => {
  const arena = new Arena(64);
  assert.is(arena.bound, 1);
  assert.is(arena.used, RECORD);
  assert.ok(arena.isUsed(0));
  assert.is(arena.format(0), 0);
  assert.is(arena.firstChild(0), NO_NODE);
  assert.is(arena.next(0), NO_NODE);
  assert.is(arena.parent(0), 0);
});

test('records fill the arena to the last byte that blocks leave', () => {
  for (const size of [64, 66, 71, 72, 74, 128]) {
    const arena = new Arena(size);
    let count = 1;
    const fill = () => {
      for (;;) {
        arena.allocate();
        count += 1;
      }
    };
    assert.throws(fill, code('TREE_FULL'));
    assert.is(count, Math.floor(((size & ~1) - LOST) / RECORD), String(size));
    assert.is(arena.used, count * RECORD);
  }
});

test('a block fills the arena to the last byte that records leave', () => {
  for (const size of [64, 66, 68]) {
    const arena = new Arena(size);
    const leaf = arena.allocate();
    const room = size - LOST - 2 * RECORD - BLOCK;
    append(arena, leaf, 'x'.repeat(room));
    assert.is(arena.used, 2 * RECORD + BLOCK + room);
    assert.throws(() => append(arena, leaf, 'y'), code('TREE_FULL'));
    assert.is(content(arena, leaf), 'x'.repeat(room));
    assert.throws(() => arena.allocate(), code('TREE_FULL'));
  }
});

test('a freed record is used again before the arena grows', () => {
  const arena = new Arena(256);
  const ids = [arena.allocate(), arena.allocate(), arena.allocate()];
  arena.free(ids[1], true);
  assert.not(arena.isUsed(ids[1]));
  assert.is(arena.used, 3 * RECORD);
  arena.free(ids[0], true);
  assert.equal(new Set([arena.allocate(), arena.allocate()]), new Set([ids[0], ids[1]]));
  assert.is(arena.bound, 4);
  assert.is(arena.used, 4 * RECORD);
});

test('a record that is used again remembers nothing', () => {
  const arena = new Arena(256);
  const id = arena.allocate();
  arena.setName(id, 7);
  arena.setFormat(id, 5);
  arena.setTag(id, MAX_TAG);
  append(arena, id, 'old');
  arena.link(id, 0, false);
  arena.free(id, true);
  assert.is(arena.allocate(), id);
  assert.ok(arena.isUsed(id));
  assert.is(arena.name(id), 0);
  assert.is(arena.format(id), 0);
  assert.is(arena.tag(id), 0);
  assert.is(arena.blockLength(id), 0);
  assert.ok(arena.isLast(id));
  assert.is(arena.parent(id), NO_NODE);
});

test('format, tag, name and place of a record do not disturb each other', () => {
  const arena = new Arena(256);
  const a = arena.allocate();
  const b = arena.allocate();
  for (let format = 0; format <= 14; format += 1) {
    for (const tag of [0, 1, 0x2aa, MAX_TAG]) {
      for (const last of [false, true]) {
        arena.setFormat(a, format);
        arena.link(a, b, last);
        arena.setTag(a, tag);
        arena.setName(a, 0xffff);
        assert.equal([arena.format(a), arena.tag(a), arena.isLast(a), arena.linked(a)], [format, tag, last, b]);
        assert.is(arena.name(a), 0xffff);
        arena.setFormat(a, 14 - format);
        assert.equal([arena.format(a), arena.tag(a), arena.isLast(a)], [14 - format, tag, last]);
        assert.ok(arena.isUsed(a));
      }
    }
  }
});

test('the last of the siblings leads to the parent', () => {
  const arena = new Arena(256);
  const parent = arena.allocate();
  const children = [arena.allocate(), arena.allocate(), arena.allocate()];
  arena.setFirstChild(parent, children[0]);
  arena.link(children[0], children[1], false);
  arena.link(children[1], children[2], false);
  arena.link(children[2], parent, true);
  assert.equal(
    children.map((id) => arena.parent(id)),
    [parent, parent, parent],
  );
  assert.equal(
    children.map((id) => arena.next(id)),
    [children[1], children[2], NO_NODE],
  );
  assert.is(arena.firstChild(parent), children[0]);
});

test('a block that lies on top grows in place, byte by byte', () => {
  const arena = new Arena(64);
  const leaf = arena.allocate();
  let text = '';
  for (let i = 0; i < 26; i += 1) {
    const letter = String.fromCharCode(0x61 + i);
    append(arena, leaf, letter);
    text += letter;
    assert.is(content(arena, leaf), text);
    assert.is(arena.used, 2 * RECORD + BLOCK + text.length + (text.length & 1));
  }
});

test('a block below others moves when it grows', () => {
  const arena = new Arena(256);
  const [a, b] = [arena.allocate(), arena.allocate()];
  append(arena, a, 'one');
  append(arena, b, 'two');
  append(arena, a, ' and more');
  assert.is(content(arena, a), 'one and more');
  assert.is(content(arena, b), 'two');
  assert.is(arena.used, 3 * RECORD + (BLOCK + 12) + (BLOCK + 4));
});

test('nothing appended makes an empty value', () => {
  const arena = new Arena(64);
  const leaf = arena.allocate();
  assert.is(content(arena, leaf), '');
  append(arena, leaf, '');
  assert.is(content(arena, leaf), '');
  append(arena, leaf, 'x');
  append(arena, leaf, '');
  assert.is(content(arena, leaf), 'x');
});

test('only the given part of the bytes is appended', () => {
  const arena = new Arena(128);
  const leaf = arena.allocate();
  const bytes = utf8.encode('0123456789'.repeat(4));
  arena.append(leaf, bytes, 8, 12);
  arena.append(leaf, bytes, 5, 35);
  assert.is(content(arena, leaf), `8901${'0123456789'.repeat(4).slice(5, 35)}`);
});

test('room below live blocks is found again by compaction', () => {
  const arena = new Arena(128);
  const leaves = [0, 1, 2, 3].map(() => arena.allocate());
  for (const leaf of leaves) append(arena, leaf, String(leaf).repeat(14));
  const fresh = '0123456789abcdefghijkl';
  const last = leaves[3];
  assert.throws(() => append(arena, last, fresh), code('TREE_FULL'));
  arena.dropBlock(leaves[0]);
  arena.dropBlock(leaves[2]);
  assert.is(arena.used, 5 * RECORD + 2 * (BLOCK + 14));
  append(arena, leaves[0], fresh);
  assert.is(content(arena, leaves[0]), fresh);
  assert.is(content(arena, leaves[1]), String(leaves[1]).repeat(14));
  assert.is(content(arena, leaves[3]), String(last).repeat(14));
});

test('a block that only compaction brings to the top grows into all that is free', () => {
  const arena = new Arena(96);
  const [a, b, c] = [arena.allocate(), arena.allocate(), arena.allocate()];
  append(arena, a, 'a'.repeat(20));
  append(arena, b, 'b'.repeat(6));
  append(arena, c, 'c'.repeat(6));
  arena.dropBlock(b);
  arena.dropBlock(c);
  const room = 96 - LOST - 4 * RECORD - BLOCK - 20;
  append(arena, a, 'z'.repeat(room));
  assert.is(content(arena, a), 'a'.repeat(20) + 'z'.repeat(room));
});

test('a full arena leaves the block as it was', () => {
  const arena = new Arena(128);
  const [a, b] = [arena.allocate(), arena.allocate()];
  append(arena, a, 'first');
  append(arena, b, 'second');
  const used = arena.used;
  assert.throws(() => append(arena, a, 'x'.repeat(100)), code('TREE_FULL'));
  assert.throws(() => append(arena, b, 'x'.repeat(100)), code('TREE_FULL'));
  assert.is(content(arena, a), 'first');
  assert.is(content(arena, b), 'second');
  assert.is(arena.used, used);
  append(arena, b, '!');
  assert.is(content(arena, b), 'second!');
});

test('a value of 65,535 bytes is taken, a longer one is not', () => {
  const arena = new Arena(131072);
  const leaf = arena.allocate();
  arena.append(leaf, new Uint8Array(65534), 0, 65534);
  append(arena, leaf, 'x');
  assert.is(arena.blockLength(leaf), 65535);
  assert.throws(() => append(arena, leaf, 'y'), code('TREE_FULL'));
  assert.is(arena.blockLength(leaf), 65535);
  assert.is(arena.buffer[arena.blockStart(leaf) + 65534], 0x78);
});

test('blocks at the far end of the largest arena are reached', () => {
  const arena = new Arena(131072);
  const [a, b, c] = [arena.allocate(), arena.allocate(), arena.allocate()];
  arena.append(a, new Uint8Array(65535).fill(1), 0, 65535);
  arena.append(b, new Uint8Array(65535 - 64).fill(2), 0, 65535 - 64);
  append(arena, c, 'end');
  assert.is(content(arena, c), 'end');
  assert.is(arena.buffer[arena.blockStart(b) + 65470], 2);
  arena.dropBlock(a);
  append(arena, c, 'x'.repeat(60000));
  assert.is(content(arena, c), `end${'x'.repeat(60000)}`);
});

test.run();
