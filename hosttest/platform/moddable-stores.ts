import { FlashResult } from 'dmlet';
import type { KeyValueStore } from '../../src/platform/moddable/key-value-flash.js';
import type { Preferences } from '../../src/platform/moddable/preference-flash.js';
import { SectorLog } from '../powerloss/sector-log.js';

// The SDK's stores as its sources of June 2026 (commit 48ee02d) have them. Each behaviour names the function that it was read in.

type Values = Map<string, Uint8Array | string>;

function copyOf(value: Uint8Array): ArrayBuffer {
  return value.slice().buffer as ArrayBuffer;
}

function fill(value: Uint8Array, into: Uint8Array): number {
  if (into.length < value.length) throw new RangeError('buffer too small');
  into.set(value);
  return value.length;
}

/** What the stores of `embedded:storage/key-value` have in common. A string stands for a value of another format. */
abstract class FakeStore implements KeyValueStore {
  protected abstract find(key: string): Uint8Array | string | undefined;
  protected abstract all(): string[];
  abstract write(key: string, value: Uint8Array): void;
  abstract delete(key: string): void;

  read(key: string): ArrayBuffer | undefined;
  read(key: string, into: Uint8Array): number | undefined;
  read(key: string, into?: Uint8Array): ArrayBuffer | number | undefined {
    const value = this.find(key);
    if (value === undefined) return undefined;
    // xs_directorystorage_read: a value that was written in another format.
    if (typeof value === 'string') throw new TypeError('mismatch');
    return into === undefined ? copyOf(value) : fill(value, into);
  }

  [Symbol.iterator](): Iterator<string> {
    const keys = this.all();
    let next = 0;
    return {
      next: () => {
        next += 1;
        return next > keys.length ? { done: true, value: undefined } : { done: false, value: keys[next - 1] };
      },
    };
  }
}

/**
 * ESP32: modules/io/storage/esp32/storage-esp32.c over NVS. xs_directorystorage_write sets and commits one blob; the message of its error is the name
 * of NVS's. A blob is written beside the old one, so that one without room changes nothing.
 */
export class NvsStore extends FakeStore {
  constructor(
    readonly values: Values,
    private readonly capacity = 20000,
  ) {
    super();
  }

  write(key: string, value: Uint8Array): void {
    if (key.length > 15) throw new Error('ESP_ERR_NVS_KEY_TOO_LONG');
    let bytes = key.length + value.length;
    for (const [other, { length }] of this.values) if (other !== key) bytes += other.length + length;
    if (bytes > this.capacity) throw new Error('ESP_ERR_NVS_NOT_ENOUGH_SPACE');
    this.values.set(key, value.slice());
  }

  delete(key: string): void {
    this.values.delete(key);
  }

  protected find(key: string): Uint8Array | string | undefined {
    return this.values.get(key);
  }

  protected all(): string[] {
    return [...this.values.keys()];
  }
}

/**
 * ESP8266 and Pico: modules/io/storage/flash/storage-flash.c. writeEntry refuses what is longer than 63 bytes, and erases the old value before it
 * looks for room. The values of all domains share one sector.
 */
export class SectorStore extends FakeStore {
  readonly log: SectorLog;

  constructor(bytes?: Uint8Array) {
    super();
    this.log = new SectorLog(({ perform }) => perform(), bytes);
  }

  write(key: string, value: Uint8Array): void {
    if (this.log.put(key, value) !== FlashResult.Ok) throw new Error('write failed');
  }

  delete(key: string): void {
    if (this.log.remove(key) !== FlashResult.Ok) throw new Error('delete failed');
  }

  protected find(key: string): Uint8Array | undefined {
    const found = this.log.find(key);
    return found && this.log.bytes.slice(found.from, found.to);
  }

  protected all(): string[] {
    const keys: string[] = [];
    this.log.keys((key) => keys.push(key));
    return keys;
  }
}

/**
 * Zephyr: modules/io/storage/zephyr/storage-zephyr.c over its settings. xs_directorystorage_read throws where settings_get_val_len gives a negative
 * length, as it may for a key that is not there. The message of every error is the same.
 */
export class ZephyrStore extends FakeStore {
  isBroken = false;

  constructor(readonly values: Values) {
    super();
  }

  write(key: string, value: Uint8Array): void {
    this.expectSettings();
    this.values.set(key, value.slice());
  }

  delete(key: string): void {
    this.expectSettings();
    this.values.delete(key);
  }

  protected find(key: string): Uint8Array | string | undefined {
    const value = this.values.get(key);
    if (value === undefined) throw new Error('setting error');
    return value;
  }

  protected all(): string[] {
    return [...this.values.keys()];
  }

  private expectSettings(): void {
    if (this.isBroken) throw new Error('setting error');
  }
}

/** A file of the simulator's host. */
export interface FakeFile {
  text: string | undefined;
  /** The disk takes no more. */
  isStuck?: boolean;
}

type Stored = string | { buffer: string };

/**
 * The Linux simulator: modules/files/preference/lin/preference.js. `#save` deletes the file and writes it anew, and tells nobody where that fails.
 * `get` reads an empty buffer as one byte, since ''.split(',') has one element.
 */
export class LinuxPreferences implements Preferences {
  private readonly cache: Record<string, Record<string, Stored>>;

  constructor(private readonly file: FakeFile) {
    this.cache = file.text === undefined ? {} : JSON.parse(file.text);
  }

  set(domain: string, key: string, value: ArrayBuffer | string): void {
    const stored = typeof value === 'string' ? value : { buffer: new Uint8Array(value).join(',') };
    this.cache[domain] = this.cache[domain] ?? {};
    this.cache[domain][key] = stored;
    this.save();
  }

  get(domain: string, key: string): unknown {
    const stored = this.cache[domain]?.[key];
    return typeof stored === 'object' ? Uint8Array.from(stored.buffer.split(',').map(Number)).buffer : stored;
  }

  delete(domain: string, key: string): void {
    if (this.cache[domain]?.[key] === undefined) return;
    delete this.cache[domain][key];
    if (Object.keys(this.cache[domain]).length === 0) delete this.cache[domain];
    this.save();
  }

  keys(domain: string): string[] {
    return this.cache[domain] === undefined ? [] : Object.keys(this.cache[domain]);
  }

  private save(): void {
    this.file.text = undefined;
    if (!this.file.isStuck) this.file.text = JSON.stringify(this.cache);
  }
}

/** The Windows simulator: modules/files/preference/win/modPreference.c, values in the registry. setPref is told of failures, and throws. */
export class WindowsPreferences implements Preferences {
  isBroken = false;

  constructor(readonly registry: Map<string, ArrayBuffer | string>) {}

  set(domain: string, key: string, value: ArrayBuffer | string): void {
    if (this.isBroken) throw new Error("can't save prefs");
    this.registry.set(`${domain}/${key}`, typeof value === 'string' ? value : value.slice(0));
  }

  get(domain: string, key: string): unknown {
    return this.registry.get(`${domain}/${key}`);
  }

  delete(domain: string, key: string): void {
    this.registry.delete(`${domain}/${key}`);
  }

  keys(domain: string): string[] {
    const start = `${domain}/`;
    return [...this.registry.keys()].filter((key) => key.startsWith(start)).map((key) => key.slice(start.length));
  }
}
