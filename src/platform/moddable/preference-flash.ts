import { CountedFlash, type FlashDoors } from './counted-flash.js';

/** The SDK's module `preference`. */
export interface Preferences {
  /** @returns undefined where there is none. */
  get(domain: string, key: string): unknown;
  /** @throws Error; in the Linux simulator never, not even where nothing was saved. */
  set(domain: string, key: string, value: ArrayBuffer | string): void;
  delete(domain: string, key: string): void;
  /** @throws Error in the macOS simulator: it has no list of keys. */
  keys(domain: string): readonly string[];
}

const DOMAIN = 'dmlet';

/** An empty value: an empty buffer comes back as one byte from the Linux simulator. */
const EMPTY = '';

/** Flash of the simulators of Linux and Windows, which have no `embedded:storage/key-value`. */
export class PreferenceFlash extends CountedFlash {
  private readonly preferences: Preferences;

  constructor(preferences: Preferences, doors: FlashDoors) {
    super(doors);
    this.preferences = preferences;
  }

  keys(visit: (key: string) => void): void {
    const keys = this.preferences.keys(DOMAIN);
    for (let i = 0; i < keys.length; i += 1) visit(keys[i]);
  }

  protected value(key: string): ArrayBuffer | undefined {
    const value = this.preferences.get(DOMAIN, key);
    if (value === EMPTY) return new ArrayBuffer(0);
    return value instanceof ArrayBuffer ? value : undefined;
  }

  protected put(key: string, bytes: Uint8Array): void {
    const isEmpty = bytes.length === 0;
    this.preferences.set(DOMAIN, key, isEmpty ? EMPTY : (bytes.slice().buffer as ArrayBuffer));
  }

  protected drop(key: string): void {
    this.preferences.delete(DOMAIN, key);
  }

  /** What fails has erased the old value before. */
  protected isFull(): boolean {
    return false;
  }
}
