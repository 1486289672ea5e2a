import type { Text } from '../hal/text.js';

const NOTHING = new Uint8Array(0);

/** Collects the pieces of one bounded text. Made once, used again; holds no memory between two texts. */
export class TextBuffer {
  private readonly text: Text;
  private value!: string;
  /** Behind `value`, what may end within a character. */
  private rest!: Uint8Array;
  private length!: number;
  private bound!: number;

  constructor(text: Text) {
    this.text = text;
    this.begin(0);
  }

  /** Begins a text of at most `bound` bytes. */
  begin(bound: number): void {
    this.value = '';
    this.rest = NOTHING;
    this.length = 0;
    this.bound = bound;
  }

  append(bytes: Uint8Array, from: number, to: number): void {
    this.length += to - from;
    if (this.overflow || from === to) return;
    // Most texts come in one piece of ASCII, and are decoded where they lie.
    if (this.rest.length === 0 && bytes[to - 1] < 0x80) this.value += this.text.decode(bytes, from, to);
    else {
      const old = this.rest;
      this.rest = new Uint8Array(old.length + to - from);
      this.rest.set(old);
      this.rest.set(bytes.subarray(from, to), old.length);
    }
  }

  /** True where the text was longer than its bound. */
  get overflow(): boolean {
    return this.length > this.bound;
  }

  /** The text, '' where it overflowed. */
  toString(): string {
    return this.overflow ? '' : this.value + this.text.decode(this.rest, 0, this.rest.length);
  }
}

/** A long copy is faster natively, a short one by a loop: `subarray` makes an object. */
const NATIVE_COPY = 24;

/** Copies `bytes` from `from` to `to` into `into` at `at`. */
export function copyBytes(bytes: Uint8Array, from: number, to: number, into: Uint8Array, at: number): void {
  if (to - from >= NATIVE_COPY) into.set(bytes.subarray(from, to), at);
  else for (let i = from; i < to; i += 1) into[at + i - from] = bytes[i];
}
