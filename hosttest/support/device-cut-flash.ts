import { FlashResult } from 'dmlet';
import { MemoryFlash } from './memory-flash.js';

/** What the operation leaves behind at which the power goes. */
export type Cut = 'nothing done' | 'done' | 'torn' | 'lost';

export const CUTS: readonly Cut[] = ['nothing done', 'done', 'torn', 'lost'];

/** A flash whose power goes at one operation, a write or a removal. From then on it does nothing more. */
export class CutFlash extends MemoryFlash {
  /** Operations so far that would have changed something. */
  operations = 0;
  /** The operation at which the power goes, counted from 1; 0 for never. */
  cutAt = 0;
  cut: Cut = 'nothing done';

  /** A flash with the values of another one, and power. */
  static copyOf(other: MemoryFlash): CutFlash {
    const copy = new CutFlash();
    for (const [key, value] of other.values) copy.values.set(key, value);
    return copy;
  }

  get isOff(): boolean {
    return this.cutAt > 0 && this.operations >= this.cutAt;
  }

  override write(key: string, bytes: Uint8Array, from: number, to: number): FlashResult {
    if (this.isOff) return FlashResult.Failed;
    this.operations += 1;
    if (!this.isOff) return super.write(key, bytes, from, to);
    if (this.cut === 'done') super.write(key, bytes, from, to);
    if (this.cut === 'torn') super.write(key, bytes, from, from + Math.floor((to - from) / 2));
    if (this.cut === 'lost') super.remove(key);
    return FlashResult.Failed;
  }

  override remove(key: string): FlashResult {
    if (this.isOff) return FlashResult.Failed;
    if (!this.values.has(key)) return FlashResult.Ok;
    this.operations += 1;
    if (!this.isOff) return super.remove(key);
    const value = this.values.get(key);
    if (this.cut === 'done' || this.cut === 'lost') super.remove(key);
    if (this.cut === 'torn' && value !== undefined) this.values.set(key, value.slice(0, value.length >> 1));
    return FlashResult.Failed;
  }
}
