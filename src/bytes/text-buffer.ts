import type { Text } from '../hal/text.js';

/** Collects the pieces of one bounded text. Made once, used again; holds no memory between two texts. */
export class TextBuffer {
  private readonly text: Text;
  private value!: string;
  /** Behind `value`, what may end within a character. */
  private rest!: Uint8Array | undefined;
  private length!: number;
  private bound!: number;

  constructor(text: Text) {
    this.text = text;
    this.begin(0);
  }

  /** Begins a text of at most `bound` bytes. */
  begin(bound: number): void {
    this.value = '';
    this.rest = undefined;
    this.length = 0;
    this.bound = bound;
  }

  append(bytes: Uint8Array, from: number, to: number): void {
    this.length += to - from;
    if (this.overflow || from === to) return;
    // Most texts come in one piece of ASCII, and are decoded where they lie.
    const old = this.rest;
    if (old === undefined && bytes[to - 1] < 0x80) this.value += this.text.decode(bytes, from, to);
    else if (old === undefined) this.rest = bytes.slice(from, to);
    else {
      const rest = new Uint8Array(old.length + to - from);
      rest.set(old);
      copyBytes(bytes, from, to, rest, old.length);
      this.rest = rest;
    }
  }

  /** True where the text was longer than its bound. */
  get overflow(): boolean {
    return this.length > this.bound;
  }

  /** The text, '' where it overflowed. */
  toString(): string {
    const rest = this.rest;
    if (this.overflow) return '';
    return rest === undefined ? this.value : this.value + this.text.decode(rest, 0, rest.length);
  }
}

/** A long copy is faster natively, a short one by a loop: `subarray` makes an object. */
const NATIVE_COPY = 24;

/** Copies `bytes` from `from` to `to` into `into` at `at`. */
export function copyBytes(bytes: Uint8Array, from: number, to: number, into: Uint8Array, at: number): void {
  if (to - from >= NATIVE_COPY) into.set(bytes.subarray(from, to), at);
  else for (let i = from; i < to; i += 1) into[at + i - from] = bytes[i];
}
