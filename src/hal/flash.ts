/** What a write to flash came to. */
export const enum FlashResult {
  /** The value is durable. */
  Ok = 0,
  /** No room; the old value, if there was one, is still there. */
  Full = 1,
  /** The store failed; the key may hold the old value, the new one, neither, or a mixture. */
  Failed = 2,
}

/**
 * A key-value store on non-volatile memory. Synchronous: when a call returns, its effect is durable.
 *
 * Faults that the record layer expects of it: at a power cut the operation under way may leave the old value, the new
 * one, no value, or a torn one; any value may read back with flipped bits; operations before it stay done, in order.
 * Keys hold only the characters 0-9 and a-z.
 */
export interface Flash {
  /** Longest key in characters. NVS: 15. At least 12. */
  readonly keySize: number;
  /** Largest value in bytes. NVS: 4000; ESP8266 preference: 61, since it takes 63 and gives back 61. At least 32. */
  readonly valueSize: number;
  /** Bytes that the store holds in all; 0 where that is not known. */
  readonly capacity: number;

  /** Calls `visit` with every key in the store, in any order. `visit` must not change the store. */
  keys(visit: (key: string) => void): void;

  /**
   * Copies a value to the start of `into`, which the caller owns.
   * @returns the value's length, -1 where the key has none. A value longer than `into` fills it; its true length is returned.
   */
  read(key: string, into: Uint8Array): number;

  /** Stores `bytes` from `from` to `to` under `key`, replacing what is there. `bytes` is not kept. */
  write(key: string, bytes: Uint8Array, from: number, to: number): FlashResult;

  /** Removes a key; one that is not there is no fault. */
  remove(key: string): FlashResult;
}
