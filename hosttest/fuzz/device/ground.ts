import type { HttpClient, Platform } from 'dmlet';
import type { Bytes } from '../../support/bytes.js';

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
