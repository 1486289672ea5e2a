import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type BodySource, BodyWriter } from '../../src/bytes/body-writer.js';
import { utf8 } from '../support/utf8.js';

/** A source of fixed pieces. */
class Pieces implements BodySource {
  rewinds = 0;
  private at = 0;
  private readonly pieces: readonly string[];

  constructor(pieces: readonly string[]) {
    this.pieces = pieces;
  }

  rewind(): void {
    this.at = 0;
    this.rewinds += 1;
  }

  next(): string {
    if (this.at === this.pieces.length) return '';
    this.at += 1;
    return this.pieces[this.at - 1];
  }
}

const MIXED = ['{"a":', 'b\0c', 'é€😀', 'x'.repeat(30), '}'];
const MIXED_TEXT = `{"a":b\0cé€😀${'x'.repeat(30)}}`;

/** Everything the writer writes, in windows of `size` bytes. */
function written(writer: BodyWriter, size: number): string {
  const all: number[] = [];
  for (;;) {
    const window = new Uint8Array(size + 4).fill(0xee);
    const end = writer.fill(window, 2, 2 + size);
    assert.ok(end >= 2 && end <= 2 + size, 'stays in the window');
    for (let i = 0; i < window.length; i += 1) if (i < 2 || i >= end) assert.is(window[i], 0xee, 'writes nothing else');
    for (let i = 2; i < end; i += 1) all.push(window[i]);
    if (end < 2 + size) break;
  }
  const bytes = Uint8Array.from(all);
  return utf8.decode(bytes, 0, bytes.length);
}

test('windows of every size give the same bytes', () => {
  const writer = new BodyWriter(utf8);
  const length = utf8.encode(MIXED_TEXT).length;
  for (let size = 1; size <= length + 2; size += 1) {
    writer.begin(new Pieces(MIXED));
    assert.is(written(writer, size), MIXED_TEXT, `windows of ${size}`);
  }
});

test('windows of changing size give the same bytes', () => {
  const writer = new BodyWriter(utf8);
  writer.begin(new Pieces(MIXED));
  const bytes = new Uint8Array(200);
  let at = 0;
  for (let size = 0; ; size = (size + 3) % 11) {
    const end = writer.fill(bytes, at, at + size);
    if (end < at + size) {
      at = end;
      break;
    }
    at = end;
  }
  assert.is(utf8.decode(bytes, 0, at), MIXED_TEXT);
});

test('measure gives the number of bytes, and leaves the source at its beginning [MO-25]', () => {
  const writer = new BodyWriter(utf8);
  const source = new Pieces(MIXED);
  assert.is(writer.measure(source), utf8.encode(MIXED_TEXT).length);
  assert.is(written(writer, 7), MIXED_TEXT);
  assert.is(writer.measure(source), utf8.encode(MIXED_TEXT).length, 'again, from its end');
  assert.is(writer.measure(new Pieces([])), 0);
});

test('begin starts again, in the middle of a piece too', () => {
  const writer = new BodyWriter(utf8);
  const source = new Pieces(MIXED);
  for (const before of [0, 1, 5, 6, 20, 100]) {
    writer.begin(source);
    writer.fill(new Uint8Array(100), 0, before);
    writer.begin(source);
    assert.is(written(writer, 16), MIXED_TEXT);
  }
  assert.is(source.rewinds, 12);
});

test('begin with another source leaves nothing of the first', () => {
  const writer = new BodyWriter(utf8);
  writer.begin(new Pieces(['abc']));
  writer.fill(new Uint8Array(2), 0, 2);
  writer.begin(new Pieces(['xyz']));
  assert.is(written(writer, 10), 'xyz');
});

test('a source that ended stays at its end', () => {
  const writer = new BodyWriter(utf8);
  const window = new Uint8Array(4);
  writer.begin(new Pieces(['ab']));
  assert.is(writer.fill(window, 0, 2), 2);
  assert.is(writer.fill(window, 0, 4), 0);
  assert.is(writer.fill(window, 0, 4), 0);
});

test('a window without room takes nothing and loses nothing', () => {
  const writer = new BodyWriter(utf8);
  writer.begin(new Pieces(['ab']));
  assert.is(writer.fill(new Uint8Array(4), 3, 3), 3);
  assert.is(written(writer, 1), 'ab');
});

test.run();
