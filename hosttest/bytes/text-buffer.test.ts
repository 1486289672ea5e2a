import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { copyBytes, TextBuffer } from '../../src/bytes/text-buffer.js';
import { utf8 } from '../support/utf8.js';

/** What a buffer makes of a text in these pieces: the text, or that it is too long. */
function joined(buffer: TextBuffer, pieces: readonly string[], bound: number): string {
  buffer.begin(bound);
  for (const piece of pieces) {
    const bytes = utf8.encode(`<${piece}>`);
    buffer.append(bytes, 1, bytes.length - 1);
  }
  return buffer.overflow ? `overflow<${buffer.toString()}>` : buffer.toString();
}

/** The same, whole, character by character, and split in two everywhere. */
function collected(buffer: TextBuffer, text: string, bound: number): string {
  const characters = [...text];
  const whole = joined(buffer, [text], bound);
  assert.is(joined(buffer, characters, bound), whole);
  for (let i = 0; i <= characters.length; i += 1) {
    assert.is(joined(buffer, [characters.slice(0, i).join(''), characters.slice(i).join('')], bound), whole);
  }
  return whole;
}

test('pieces become one text', () => {
  const buffer = new TextBuffer(utf8);
  for (const text of ['', 'a', 'urn:oma:mo:x', 'aé€😀z', '\0\ufeff', 'x'.repeat(64)]) {
    assert.is(collected(buffer, text, 64), text);
  }
});

test('a text of as many bytes as its bound fits, one of a byte more overflows', () => {
  const buffer = new TextBuffer(utf8);
  for (const bound of [0, 1, 2, 23, 24, 25, 26, 63, 64]) {
    const fits = 'a'.repeat(bound);
    assert.is(collected(buffer, fits, bound), fits);
    assert.is(collected(buffer, `${fits}b`, bound), 'overflow<>');
    assert.is(collected(buffer, `${fits}${fits}cc`, bound), 'overflow<>');
  }
});

test('the bound counts bytes, not characters', () => {
  const buffer = new TextBuffer(utf8);
  assert.is(collected(buffer, '€€', 6), '€€');
  assert.is(collected(buffer, '€€', 5), 'overflow<>');
});

test('a text that overflowed stays so until the next begins', () => {
  const buffer = new TextBuffer(utf8);
  const bytes = utf8.encode('abcdef');
  buffer.begin(4);
  buffer.append(bytes, 0, 3);
  buffer.append(bytes, 3, 6);
  assert.ok(buffer.overflow);
  buffer.append(bytes, 0, 1);
  assert.ok(buffer.overflow);
  assert.is(buffer.toString(), '');
  buffer.begin(4);
  assert.not(buffer.overflow);
  assert.is(buffer.toString(), '');
  buffer.append(bytes, 4, 6);
  assert.is(buffer.toString(), 'ef');
});

test('copyBytes copies exactly what it is asked to, short and long', () => {
  const source = Uint8Array.from({ length: 100 }, (_byte, index) => index + 1);
  for (let length = 0; length <= 60; length += 1) {
    for (const [from, at] of [
      [0, 0],
      [7, 3],
      [40, 20],
    ]) {
      const into = new Uint8Array(100).fill(255);
      copyBytes(source, from, from + length, into, at);
      const expected = Array.from({ length: 100 }, (_byte, i) =>
        i >= at && i < at + length ? source[from + i - at] : 255,
      );
      assert.equal(Array.from(into), expected, `${length} bytes`);
    }
  }
});

test.run();
