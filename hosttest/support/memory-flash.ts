import { type Flash, FlashResult } from 'dmlet';

/** The doors of a store. */
export interface FlashDoors {
  keySize: number;
  valueSize: number;
  capacity: number;
}

/** What real stores declare, with room for a test: adapters declare the same (src/hal/flash.ts). */
export const DOORS = {
  /** ESP32. */
  nvs: { keySize: 15, valueSize: 4000, capacity: 65536 },
  /** ESP8266, `preference`. It takes values of 63 bytes, and gives back 61 of them. */
  esp8266: { keySize: 32, valueSize: 61, capacity: 65536 },
  /** A store of 4 KB in all. */
  small: { keySize: 15, valueSize: 256, capacity: 4096 },
  /** The narrowest that the contract allows. */
  narrowest: { keySize: 12, valueSize: 32, capacity: 65536 },
} as const satisfies Record<string, FlashDoors>;

/** A flash in memory, which survives the client that uses it, as real flash survives a restart. */
export class MemoryFlash implements Flash {
  readonly keySize: number;
  readonly valueSize: number;
  readonly capacity: number;
  /** Writes that were carried out. */
  writes = 0;
  /** Removals that were carried out. */
  removals = 0;
  /** What the next writes come to, first first; `Ok` when empty. */
  readonly refusals: FlashResult[] = [];
  readonly values = new Map<string, Uint8Array>();

  constructor(doors: Partial<FlashDoors> = {}) {
    this.keySize = doors.keySize ?? DOORS.nvs.keySize;
    this.valueSize = doors.valueSize ?? DOORS.nvs.valueSize;
    this.capacity = doors.capacity ?? DOORS.nvs.capacity;
  }

  get bytes(): number {
    let bytes = 0;
    for (const [key, value] of this.values) bytes += key.length + value.length;
    return bytes;
  }

  keys(visit: (key: string) => void): void {
    for (const key of this.values.keys()) visit(key);
  }

  read(key: string, into: Uint8Array): number {
    const value = this.values.get(key);
    if (value === undefined) return -1;
    into.set(value.subarray(0, into.length));
    return value.length;
  }

  write(key: string, bytes: Uint8Array, from: number, to: number): FlashResult {
    const refusal = this.refusals.shift() ?? FlashResult.Ok;
    if (refusal !== FlashResult.Ok) return refusal;
    if (key.length > this.keySize || to - from > this.valueSize) return FlashResult.Failed;
    const old = this.values.get(key);
    const growth = old === undefined ? key.length + to - from : to - from - old.length;
    if (this.bytes + growth > this.capacity) return FlashResult.Full;
    this.values.set(key, bytes.slice(from, to));
    this.writes += 1;
    return FlashResult.Ok;
  }

  remove(key: string): FlashResult {
    if (this.values.delete(key)) this.removals += 1;
    return FlashResult.Ok;
  }
}
