import { CountedFlash, type FlashDoors } from './counted-flash.js';

/** A store of the SDK's module `embedded:storage/key-value`, in its format `buffer`. */
export interface KeyValueStore extends Iterable<string> {
  /** @returns undefined where the key has none. @throws TypeError where it has a value of another format; on Zephyr an Error where it has none. */
  read(key: string): ArrayBuffer | undefined;
  /** @returns the value's length. @throws RangeError where `into` is shorter than the value. */
  read(key: string, into: Uint8Array): number | undefined;
  /** @throws Error. */
  write(key: string, value: Uint8Array): void;
  /** A key that is not there is no fault. @throws Error. */
  delete(key: string): void;
}

/** In the error of an NVS that is full. It writes the new value before it gives up the old one. */
const NO_SPACE = 'NOT_ENOUGH_SPACE';

/** Flash of ESP32 (NVS), ESP8266 and Pico (two sectors), Zephyr (settings), and of the macOS simulator. */
export class KeyValueFlash extends CountedFlash {
  private readonly store: KeyValueStore;

  constructor(store: KeyValueStore, doors: FlashDoors) {
    super(doors);
    this.store = store;
  }

  keys(visit: (key: string) => void): void {
    for (const key of this.store) visit(key);
  }

  override read(key: string, into: Uint8Array): number {
    try {
      const length = this.store.read(key, into);
      return length === undefined ? -1 : length;
    } catch {
      // Longer than the buffer, or none of ours.
      return super.read(key, into);
    }
  }

  protected value(key: string): ArrayBuffer | undefined {
    try {
      return this.store.read(key);
    } catch {
      return undefined;
    }
  }

  protected put(key: string, bytes: Uint8Array): void {
    this.store.write(key, bytes);
  }

  protected drop(key: string): void {
    this.store.delete(key);
  }

  protected isFull(error: unknown): boolean {
    return String(error).indexOf(NO_SPACE) >= 0;
  }
}
