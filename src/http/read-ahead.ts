import type { HttpExchange } from '../hal/http.js';

/** Body bytes that were read and not taken yet: those of `bytes` from `from` to `to`. */
export class ReadAhead {
  readonly bytes: Uint8Array;
  from: number;
  to: number;

  /** @param size bytes that are read ahead at most. */
  constructor(size: number) {
    this.bytes = new Uint8Array(size);
    this.from = 0;
    this.to = 0;
  }

  get isEmpty(): boolean {
    return this.from === this.to;
  }

  get isFull(): boolean {
    return this.to - this.from === this.bytes.length;
  }

  clear(): void {
    this.from = 0;
    this.to = 0;
  }

  /** Reads what there is, as far as there is room. @returns the count of bytes. */
  fill(source: HttpExchange): number {
    if (this.from > 0) {
      this.bytes.copyWithin(0, this.from, this.to);
      this.to -= this.from;
      this.from = 0;
    }
    const before = this.to;
    let count = -1;
    while (count !== 0 && this.to < this.bytes.length) {
      count = source.read(this.bytes, this.to, this.bytes.length);
      this.to += count;
    }
    return this.to - before;
  }
}
