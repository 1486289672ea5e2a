import { type Flash, FlashResult } from '../../hal/flash.js';

/** What a store takes: `config.dmlet.flash` of the manifest, for each platform. */
export interface FlashDoors {
  /** Longest key, in characters. */
  readonly keySize: number;
  /** Longest value, in bytes. */
  readonly valueSize: number;
  /** Bytes that the entries may take in all; 0 where the store itself says when it is full. */
  readonly capacity: number;
  /** Bytes of an entry besides its key and its value. It ends at a multiple of 4. */
  readonly overhead: number;
}

/**
 * A store of the SDK behind its doors. Where the manifest says how much it may take, entries are counted here: so that others have room in the same
 * store, and since some find out that they are full when they have removed the old value.
 */
export abstract class CountedFlash implements Flash {
  readonly keySize: number;
  readonly valueSize: number;
  readonly capacity: number;
  private readonly overhead: number;
  /** Bytes of all entries, where they are counted; -1 before. */
  private used: number;

  constructor(doors: FlashDoors) {
    this.keySize = doors.keySize;
    this.valueSize = doors.valueSize;
    this.capacity = doors.capacity;
    this.overhead = doors.overhead;
    this.used = -1;
  }

  abstract keys(visit: (key: string) => void): void;

  /** A copy of the value; undefined where the key has none that is ours. */
  protected abstract value(key: string): ArrayBuffer | undefined;

  /** @throws Error, with which the old value may be gone; one that says that there is no room must not touch it. */
  protected abstract put(key: string, bytes: Uint8Array): void;

  /** @throws Error. */
  protected abstract drop(key: string): void;

  /** Whether an error of `put` says that there was no room, and that the old value is still there. */
  protected abstract isFull(error: unknown): boolean;

  read(key: string, into: Uint8Array): number {
    const value = this.value(key);
    if (value === undefined) return -1;
    into.set(new Uint8Array(value, 0, Math.min(value.byteLength, into.length)));
    return value.byteLength;
  }

  write(key: string, bytes: Uint8Array, from: number, to: number): FlashResult {
    if (key.length > this.keySize || to - from > this.valueSize) return FlashResult.Failed;
    const growth = this.capacity > 0 ? this.entrySize(key, to - from) - this.stored(key) : 0;
    if (growth > 0 && this.count() + growth > this.capacity) return FlashResult.Full;
    try {
      this.put(key, bytes.subarray(from, to));
    } catch (error) {
      this.used = -1;
      return this.isFull(error) ? FlashResult.Full : FlashResult.Failed;
    }
    if (this.used >= 0) this.used += growth;
    return FlashResult.Ok;
  }

  remove(key: string): FlashResult {
    try {
      if (this.used >= 0) this.used -= this.stored(key);
      this.drop(key);
      return FlashResult.Ok;
    } catch {
      this.used = -1;
      return FlashResult.Failed;
    }
  }

  private count(): number {
    if (this.used < 0) {
      let used = 0;
      this.keys((key) => {
        used += this.stored(key);
      });
      this.used = used;
    }
    return this.used;
  }

  /** Bytes of the entry that a key has, 0 where it has none. */
  private stored(key: string): number {
    const value = this.value(key);
    return value === undefined ? 0 : this.entrySize(key, value.byteLength);
  }

  private entrySize(key: string, length: number): number {
    return (this.overhead + key.length + length + 3) & ~3;
  }
}
