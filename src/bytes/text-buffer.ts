import type { Text } from '../hal/text.js';

/** Collects the pieces of one bounded text, each in whole characters. Used again and again. */
export class TextBuffer {
  private readonly text: Text;
  private left: number;
  private value: string;

  constructor(text: Text) {
    this.text = text;
    this.left = 0;
    this.value = '';
  }

  /** True where the text was longer than its bound; what was collected is then of no use. */
  get overflow(): boolean {
    return this.left < 0;
  }

  /** Begins a text of at most `bound` bytes. */
  begin(bound: number): void {
    this.left = bound;
    this.value = '';
  }

  append(bytes: Uint8Array, from: number, to: number): void {
    if (this.overflow) return;
    this.left -= to - from;
    this.value = this.overflow ? '' : this.value + this.text.decode(bytes, from, to);
  }

  /** The text, '' where it overflowed. */
  toString(): string {
    return this.value;
  }
}

/** A long copy is faster natively, a short one by a loop: `subarray` makes an object. */
const NATIVE_COPY = 24;

/** Copies `bytes` from `from` to `to` into `into` at `at`. */
export function copyBytes(bytes: Uint8Array, from: number, to: number, into: Uint8Array, at: number): void {
  if (to - from >= NATIVE_COPY) into.set(bytes.subarray(from, to), at);
  else for (let i = from; i < to; i += 1) into[at + i - from] = bytes[i];
}
