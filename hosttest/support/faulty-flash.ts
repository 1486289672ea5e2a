import { FlashResult } from 'dmlet';
import { MemoryFlash } from './memory-flash.js';

/** Thrown at a power cut, and by all that the program tries after it. */
export class PowerCut extends Error {}

/** What a fault leaves under the key whose operation was under way. */
export type Remains = 'old' | 'new' | 'none' | 'torn' | 'flipped';

export const ALL_REMAINS: readonly Remains[] = ['old', 'new', 'none', 'torn', 'flipped'];

/** A flash in memory whose power goes, or whose operations fail, at a chosen one. */
export class FaultyFlash extends MemoryFlash {
  /** Writes and removals so far. */
  operations = 0;
  /** The operation at which the power goes, counted from 0. */
  cutAt = Number.POSITIVE_INFINITY;
  /** Operations that answer `Failed`. */
  failAt: (operation: number, key: string, isWrite: boolean) => boolean = () => false;
  /** True since the power cut: nothing that the program does now has an effect. */
  isOff = false;
  /** What the faulty operation leaves. */
  remains: Remains = 'old';

  override write(key: string, bytes: Uint8Array, from: number, to: number): FlashResult {
    return this.change(key, true, () => super.write(key, bytes, from, to), bytes.slice(from, to));
  }

  override remove(key: string): FlashResult {
    return this.change(key, false, () => super.remove(key), new Uint8Array(0));
  }

  /** The same content behind a power that stays. */
  revived(): FaultyFlash {
    const flash = new FaultyFlash(this);
    for (const [key, value] of this.values) flash.values.set(key, value.slice());
    return flash;
  }

  private change(key: string, isWrite: boolean, perform: () => FlashResult, fresh: Uint8Array): FlashResult {
    const operation = this.operations;
    this.operations += 1;
    if (this.isOff) throw new PowerCut('long ago');
    const isCut = operation === this.cutAt;
    if (!isCut && !this.failAt(operation, key, isWrite)) return perform();
    this.leave(key, isWrite ? fresh : this.values.get(key), perform);
    if (!isCut) return FlashResult.Failed;
    this.isOff = true;
    throw new PowerCut(`at operation ${operation}`);
  }

  /** `value`: what is written, or of a removal what was there. */
  private leave(key: string, value: Uint8Array | undefined, perform: () => FlashResult): void {
    switch (this.remains) {
      case 'old':
        break;
      case 'new':
        perform();
        break;
      case 'none':
        this.values.delete(key);
        break;
      case 'torn':
        if (value !== undefined) this.values.set(key, value.slice(0, value.length >> 1));
        break;
      default:
        if (value !== undefined) this.values.set(key, flipped(value));
    }
  }
}

function flipped(value: Uint8Array): Uint8Array {
  const bytes = value.slice();
  bytes[bytes.length >> 1] ^= 0x10;
  return bytes;
}
