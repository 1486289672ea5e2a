import type { HttpClient, Platform } from 'dmlet';

/** Bytes that lie where they need not be copied to be read. */
export interface Bytes {
  readonly size: number;
  /** Copies what begins at `offset` to `into`, from `from` to `to`. @returns how many bytes; 0 at the end. */
  copy(offset: number, into: Uint8Array, from: number, to: number): number;
}

/** What one engine offers to a case: Node or the XS machine. */
export interface Ground {
  /** A platform over the flash, which stays what it is. */
  platform(http: HttpClient): Platform;
  /** Empties the flash. */
  wipe(): void;
  /** Fills the flash as `make` does, which calls back when it is done. */
  prepare(make: (made: () => void) => void, done: () => void): void;
  /** Puts a value into the flash, whatever it is. */
  plant(key: string, value: Uint8Array): void;
  text(text: string): Bytes;
}

/** All of the bytes in memory. */
export function inMemory(bytes: Bytes): Uint8Array {
  const copy = new Uint8Array(bytes.size);
  bytes.copy(0, copy, 0, copy.length);
  return copy;
}
