import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { nextUtf8, putUtf8, UTF8_START } from '../../src/bytes/utf8.js';
import { utf8 } from '../support/utf8.js';

/** True where the function takes all bytes that are not ASCII, and they end between two characters. */
function accepts(bytes: readonly number[]): boolean {
  let state = UTF8_START;
  for (const c of bytes) {
    if (state === UTF8_START && c < 0x80) continue;
    state = nextUtf8(state, c);
    if (state < 0) return false;
  }
  return state === UTF8_START;
}

/** The same by the platform's own decoder. */
function decodes(bytes: readonly number[]): boolean {
  try {
    utf8.decode(Uint8Array.from(bytes), 0, bytes.length);
    return true;
  } catch {
    return false;
  }
}

function compare(bytes: readonly number[]): void {
  if (accepts(bytes) !== decodes(bytes)) assert.unreachable(bytes.map((c) => c.toString(16)).join(' '));
}

/** Every byte at which a row of the table of well-formed sequences begins or ends, and its neighbours. */
const EDGES = [
  0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee,
];
const MORE_EDGES = [...EDGES, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff];

test('all sequences of one and two bytes are judged as the platform does', () => {
  for (let a = 0; a < 0x100; a += 1) {
    compare([a]);
    for (let b = 0; b < 0x100; b += 1) compare([a, b]);
  }
});

test('sequences of three and four bytes at the edges of the table are judged as the platform does', () => {
  for (const a of MORE_EDGES)
    for (const b of MORE_EDGES)
      for (const c of MORE_EDGES) {
        compare([a, b, c]);
        for (const d of MORE_EDGES) compare([a, b, c, d]);
      }
});

test('a byte that cannot follow is refused at once, not behind it', () => {
  for (const [a, b] of [
    [0xe0, 0x9f],
    [0xed, 0xa0],
    [0xf0, 0x8f],
    [0xf4, 0x90],
  ]) {
    assert.is(nextUtf8(nextUtf8(UTF8_START, a), b), -1);
  }
});

test('every code point but the surrogates is put as the platform puts it', () => {
  const into = new Uint8Array(4);
  for (let point = 0; point < 0x110000; point += 1) {
    if (point >= 0xd800 && point < 0xe000) continue;
    const wanted = utf8.encode(String.fromCodePoint(point));
    const length = putUtf8(point, into);
    let same = length === wanted.length;
    for (let i = 0; i < length; i += 1) same &&= into[i] === wanted[i];
    if (!same) assert.unreachable(point.toString(16));
  }
});

test.run();
