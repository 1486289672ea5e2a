import type { Text } from '../hal/text.js';

/** Collects the pieces of one bounded text. Made once, used again. */
export class TextBuffer {
  /** True where the text was longer than its bound; what was collected is then of no use. */
  overflow: boolean;
  private readonly bytes: Uint8Array;
  private readonly text: Text;
  private length: number;
  private bound: number;

  /** @param size most bytes of any text. */
  constructor(text: Text, size: number) {
    this.text = text;
    this.bytes = new Uint8Array(size);
    this.length = 0;
    this.bound = size;
    this.overflow = false;
  }

  /** Begins a text of at most `bound` bytes, itself at most the buffer's size. */
  begin(bound: number): void {
    this.bound = bound;
    this.length = 0;
    this.overflow = false;
  }

  append(bytes: Uint8Array, from: number, to: number): void {
    if (this.length + (to - from) > this.bound) this.overflow = true;
    if (this.overflow) return;
    copyBytes(bytes, from, to, this.bytes, this.length);
    this.length += to - from;
  }

  /** The text, '' where it overflowed. */
  toString(): string {
    return this.overflow ? '' : this.text.decode(this.bytes, 0, this.length);
  }
}

/** A long copy is faster natively, a short one by a loop: `subarray` makes an object. */
const NATIVE_COPY = 24;

/** Copies `bytes` from `from` to `to` into `into` at `at`. */
export function copyBytes(bytes: Uint8Array, from: number, to: number, into: Uint8Array, at: number): void {
  if (to - from >= NATIVE_COPY) into.set(bytes.subarray(from, to), at);
  else for (let i = from; i < to; i += 1) into[at + i - from] = bytes[i];
}
