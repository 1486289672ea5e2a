import * as fs from 'node:fs';
import * as path from 'node:path';
import { type Flash, FlashResult } from '../../hal/flash.js';

/** Ends the name of a file that is being written; what is left of one after a crash is no key. */
const TEMPORARY = '.tmp';

const KEY = /^[0-9a-z]+$/;

/** The doors of the store; the defaults are NVS's. */
export interface NodeFlashOptions {
  keySize?: number;
  valueSize?: number;
  /** Bytes in all. */
  capacity?: number;
  /** Changes nothing: writes and removals fail. */
  readOnly?: boolean;
  /** Called after each change that was made: `write` with the value's length, or `remove`. */
  onChange?: (operation: 'write' | 'remove', key: string, bytes: number) => void;
}

/** A folder as flash: one record a file, each replaced atomically and synced before a call returns. */
export class NodeFlash implements Flash {
  readonly keySize: number;
  readonly valueSize: number;
  readonly capacity: number;
  private readonly folder: string;
  private readonly readOnly: boolean;
  private readonly onChange: NodeFlashOptions['onChange'];
  private readonly sizes = new Map<string, number>();

  /** @throws the file system's error where the folder cannot be made or read. */
  constructor(folder: string, options: NodeFlashOptions = {}) {
    this.folder = folder;
    this.keySize = options.keySize ?? 15;
    this.valueSize = options.valueSize ?? 4000;
    this.capacity = options.capacity ?? 1 << 20;
    this.readOnly = options.readOnly ?? false;
    this.onChange = options.onChange;
    if (!this.readOnly) fs.mkdirSync(folder, { recursive: true });
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      const { name } = entry;
      const file = path.join(folder, name);
      if (!entry.isFile()) continue;
      if (this.isKey(name)) this.sizes.set(name, fs.statSync(file).size);
      else if (this.isTemporary(name) && !this.readOnly) fs.rmSync(file);
    }
  }

  /** Records in the store. */
  get records(): number {
    return this.sizes.size;
  }

  /** Bytes in the store, keys and values. */
  get bytes(): number {
    let bytes = 0;
    for (const [key, size] of this.sizes) bytes += key.length + size;
    return bytes;
  }

  keys(visit: (key: string) => void): void {
    for (const key of this.sizes.keys()) visit(key);
  }

  read(key: string, into: Uint8Array): number {
    if (!this.sizes.has(key)) return -1;
    try {
      const bytes = fs.readFileSync(path.join(this.folder, key));
      into.set(bytes.subarray(0, into.length));
      return bytes.length;
    } catch {
      // Somebody took the file, or it cannot be read: to the device the value is lost.
      return -1;
    }
  }

  write(key: string, bytes: Uint8Array, from: number, to: number): FlashResult {
    const length = to - from;
    if (this.readOnly || !this.isKey(key) || length > this.valueSize) return FlashResult.Failed;
    const old = this.sizes.get(key);
    const growth = old === undefined ? key.length + length : length - old;
    if (this.bytes + growth > this.capacity) return FlashResult.Full;
    try {
      this.replace(key, bytes.subarray(from, to));
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ENOSPC' ? FlashResult.Full : FlashResult.Failed;
    }
    this.sizes.set(key, length);
    this.onChange?.('write', key, length);
    return FlashResult.Ok;
  }

  remove(key: string): FlashResult {
    if (this.readOnly) return FlashResult.Failed;
    if (!this.sizes.has(key)) return FlashResult.Ok;
    try {
      fs.rmSync(path.join(this.folder, key), { force: true });
      this.syncFolder();
    } catch {
      return FlashResult.Failed;
    }
    this.sizes.delete(key);
    this.onChange?.('remove', key, 0);
    return FlashResult.Ok;
  }

  private isKey(name: string): boolean {
    return KEY.test(name) && name.length <= this.keySize;
  }

  private isTemporary(name: string): boolean {
    return name.endsWith(TEMPORARY) && this.isKey(name.slice(0, -TEMPORARY.length));
  }

  private replace(key: string, bytes: Uint8Array): void {
    const file = path.join(this.folder, key);
    const descriptor = fs.openSync(file + TEMPORARY, 'w');
    try {
      // Unlike `writeSync` it goes on after a short write: a full disk then fails instead of leaving half a record.
      fs.writeFileSync(descriptor, bytes);
      fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
    fs.renameSync(file + TEMPORARY, file);
    this.syncFolder();
  }

  /** Makes a new or removed name durable. */
  private syncFolder(): void {
    const descriptor = fs.openSync(this.folder, 'r');
    try {
      fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
  }
}
