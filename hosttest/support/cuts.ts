import type { DmError } from 'dmlet';
import * as assert from 'uvu/assert';
import { utf8 } from './utf8.js';

/** Something that takes bytes in chunks and keeps a log of what it made of them. */
export interface LoggedReader {
  readonly lines: string[];
  /** Takes bytes `from` to `to`, or fewer: returns the place after the last byte taken. */
  take(bytes: Uint8Array, from: number, to: number): number;
  /** No more bytes come. */
  end(): void;
}

/** Bytes around each chunk: a reader that looks at them sees what it must not. */
const PAD = 3;
const JUNK = 0xff;

/** The log of reading `input` in the chunks that end at `cuts` and at its end; the last line is `end`, or the error, with its place. */
export function readInChunks(input: Uint8Array, cuts: readonly number[], reader: LoggedReader): string[] {
  const window = new Uint8Array(input.length + 2 * PAD);
  try {
    let from = 0;
    for (const to of [...cuts, input.length]) {
      window.fill(JUNK);
      window.set(input.subarray(from, to), PAD);
      takeAll(reader, window, PAD, PAD + to - from);
      from = to;
    }
    window.fill(JUNK);
    reader.end();
    reader.lines.push('end');
  } catch (thrown) {
    if (!isDmError(thrown)) throw thrown;
    reader.lines.push(thrown.offset < 0 ? thrown.code : `${thrown.code} at ${thrown.offset}`);
  }
  return reader.lines;
}

/**
 * Reads `input` whole, byte by byte, and split in two at every position, each with a new reader, and asserts that the logs are the same.
 * @returns the log.
 */
export function logHoweverCut(input: string | Uint8Array, make: () => LoggedReader): string[] {
  const bytes = typeof input === 'string' ? utf8.encode(input) : input;
  const whole = readInChunks(bytes, [], make());
  const everywhere: number[] = [];
  for (let i = 1; i < bytes.length; i += 1) everywhere.push(i);
  assertSame(readInChunks(bytes, everywhere, make()), whole, bytes, 'byte by byte');
  for (let i = 0; i <= bytes.length; i += 1) {
    assertSame(readInChunks(bytes, [i], make()), whole, bytes, `split at ${i}`);
  }
  return whole;
}

/** One chunk, as many calls as the reader wants. A reader may pause once before the byte that ends a number, not twice at one place. */
function takeAll(reader: LoggedReader, bytes: Uint8Array, from: number, to: number): void {
  let at = reader.take(bytes, from, to);
  let stalled = at === from;
  while (at < to) {
    const next = reader.take(bytes, at, to);
    assert.ok(next > at || (next === at && !stalled), `stuck at ${at - from}`);
    stalled = next === at;
    at = next;
  }
  assert.is(at, to, 'took more than it was given');
}

function assertSame(log: readonly string[], whole: readonly string[], bytes: Uint8Array, how: string): void {
  if (log.join('\n') !== whole.join('\n')) assert.equal(log, whole, `${how}: ${printable(bytes)}`);
}

/** Bytes as ASCII, others as \xNN. */
export function printable(bytes: Uint8Array): string {
  let text = '';
  for (const c of bytes)
    text += c >= 0x20 && c < 0x7f ? String.fromCharCode(c) : `\\x${(c + 0x100).toString(16).slice(1)}`;
  return text;
}

/** By its name: tests of inner parts do not use the bundle, and so not its class. */
export function isDmError(thrown: unknown): thrown is DmError {
  return thrown instanceof Error && thrown.name === 'DmError';
}

/** What `action` throws, which must be a `DmError`. */
export function thrownBy(action: () => unknown): DmError {
  try {
    action();
  } catch (thrown) {
    if (isDmError(thrown)) return thrown;
    throw thrown;
  }
  throw new Error('nothing was thrown');
}
