/** A small generator of repeatable pseudo-random numbers: a failing test fails again. */
export class Lcg {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
    for (let i = 0; i < 4; i += 1) this.below(2);
  }

  /** An integer from 0 to `bound` - 1. */
  below(bound: number): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
    // The high bits: the low ones of such a generator have short periods.
    return Math.floor((this.state / 0x100000000) * bound);
  }

  /** One of the items. */
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }

  /** Bytes of any value. */
  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i += 1) bytes[i] = this.below(256);
    return bytes;
  }
}
