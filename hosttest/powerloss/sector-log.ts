import { FlashResult } from 'dmlet';
import type { Operation } from './cut-store.js';

export const SECTOR = 4096;
const MAGIC = [0x41, 0x31, 0x21, 0x81];
/** What a read takes at once, and what a string may fill. */
const BUFFER = 64;
/** The longest entry, and what compaction reads at once. */
const ENTRY = 128;
/** Type of a value in the format `buffer`; lower ones are the preference module's. */
const TYPE_BUFFER = 0x82;
const FIRST_TYPE = 0x80;
/** Sizes of the values whose type tells: integers of 1, 2, 4 and 8 bytes, with and without sign. */
const SIZES: readonly number[] = [0, 0, 0, 0, 0, 1, 1, 2, 2, 4, 4, 8, 8];

/** Bytes of an entry before its value: type and length. */
export const VALUE_HEAD = 3;
export const DOMAIN = 'dmlet';

/** Where an entry lies. */
interface Found {
  readonly entry: number;
  readonly value: number;
  readonly size: number;
}

/** Flash as it is: programming only clears bits, and a whole sector is erased at once. */
export type Program = (operation: Operation) => FlashResult;

/** A store that its own algorithm brings into a loop without end; on a device the watchdog ends it. */
export class Hangs extends Error {}

const encoder = new TextEncoder();
const decoder = new TextDecoder('latin1');

function aligned(offset: number): number {
  return (offset + 3) & ~3;
}

/**
 * The key-value storage of ESP8266, Pico and nRF52, statement by statement as in the SDK's modules/io/storage/flash/storage-flash.c, which
 * differs from modules/files/preference/esp/modPreference.c in the values' types only: entries behind one another in one of two sectors,
 * zeroed when they go; a full sector is copied to the other. What it makes of damaged entries is what the source makes of them.
 */
export class SectorLog {
  /** The two sectors, and the flash behind them, which belongs to somebody else. */
  readonly bytes: Uint8Array;

  /** @param program does one operation. */
  constructor(
    private readonly program: Program,
    bytes?: Uint8Array,
  ) {
    this.bytes = bytes === undefined ? new Uint8Array(4 * SECTOR).fill(0xff) : bytes.slice();
  }

  /** findStorageBlock; -1 where there was none, and both sectors are new now. */
  private block(): number {
    for (const start of [0, SECTOR]) if (MAGIC.every((byte, i) => this.bytes[start + i] === byte)) return start;
    this.erase('reset', 0);
    this.erase('reset', SECTOR);
    this.write('reset', '', 0, MAGIC);
    return -1;
  }

  /** The keys of our domain. */
  keys(visit: (key: string) => void): void {
    const start = this.block();
    if (start < 0) return;
    for (let at = this.next(start + 4, start + SECTOR); at >= 0; ) {
      const domain = this.string(at);
      const key = this.string(at + domain.length + 1);
      const value = at + domain.length + key.length + 2;
      if (domain === DOMAIN && this.bytes[value] >= FIRST_TYPE) visit(key);
      at = this.next(aligned(value + this.valueSize(value)), start + SECTOR);
    }
  }

  /** @returns the value's offset and length; undefined where the key has none, or one of another type. */
  find(key: string): { from: number; to: number } | undefined {
    const found = this.entry(key);
    if (found === undefined || this.bytes[found.value] !== TYPE_BUFFER) return undefined;
    return { from: found.value + VALUE_HEAD, to: found.value + this.valueSize(found.value) };
  }

  /** eraseEntry. */
  remove(key: string): FlashResult {
    const found = this.entry(key);
    if (found === undefined) return FlashResult.Ok;
    for (let at = 0; at < found.size; at += BUFFER) {
      const use = Math.min(BUFFER, found.size - at);
      const part = found.size <= BUFFER ? 'zero' : at === 0 ? 'zero head' : 'zero tail';
      const result = this.write(part, key, found.entry + at, new Uint8Array(use));
      if (result !== FlashResult.Ok) return result;
    }
    return FlashResult.Ok;
  }

  /** writeEntry. */
  put(key: string, value: Uint8Array): FlashResult {
    const head = encoder.encode(`${DOMAIN}\0${key}\0`);
    const entry = new Uint8Array(aligned(head.length + VALUE_HEAD + value.length));
    entry.set(head);
    entry.set([TYPE_BUFFER, value.length, 0], head.length);
    entry.set(value, head.length + VALUE_HEAD);
    if (entry.length > ENTRY || value.length > 63) return FlashResult.Failed;
    if (this.remove(key) !== FlashResult.Ok) return FlashResult.Failed;
    let end = this.end();
    if (SECTOR - (end % SECTOR) < entry.length) {
      this.compact(end);
      end = this.end();
      if (SECTOR - (end % SECTOR) < entry.length) return FlashResult.Failed;
    }
    return this.write('append', key, end, entry);
  }

  /** Bytes that can be appended before the next compaction, and the sector in use. */
  get room(): { sector: number; bytes: number } {
    const end = this.end();
    return { sector: Math.floor(end / SECTOR), bytes: SECTOR - (end % SECTOR) };
  }

  private compact(end: number): void {
    let from = end - (end % SECTOR);
    const old = from;
    let to = from === 0 ? SECTOR : 0;
    const way = to === 0 ? 'back' : 'forth';
    this.erase(`erase ${way}`, to);
    this.write(`stamp ${way}`, '', to, MAGIC);
    to += 4;
    from += 4;
    while (from < end) {
      if (this.at(from) === 0xff) throw new Hangs('compaction');
      if (this.at(from) === 0) {
        from += 1;
        continue;
      }
      const domain = this.string(from, ENTRY);
      const key = this.string(from + domain.length + 1, ENTRY);
      const value = from + domain.length + key.length + 2;
      const size = Math.min(aligned(value - from + this.valueSize(value)), this.bytes.length - Math.max(to, from));
      this.write(`copy ${way}`, key, to, this.bytes.slice(from, from + size));
      to += size;
      from += size;
    }
    this.write(`invalidate ${way}`, '', old, new Uint8Array(4));
  }

  /** findEntryOffset. */
  private entry(key: string): Found | undefined {
    const start = this.block();
    if (start < 0) return undefined;
    for (let at = this.next(start + 4, start + SECTOR); at >= 0; ) {
      const domain = this.string(at);
      const name = this.string(at + domain.length + 1);
      const value = at + domain.length + name.length + 2;
      const end = aligned(value + this.valueSize(value));
      const isOurs = domain === DOMAIN && name === key && this.at(value) >= FIRST_TYPE;
      if (isOurs) return { entry: at, value, size: end - at };
      at = this.next(end, start + SECTOR);
    }
    return undefined;
  }

  /** findEntryOffset without a key: where the next entry goes. An entry of no known type makes it lie in another sector. */
  private end(): number {
    const start = Math.max(0, this.block());
    let at = start + 4;
    while (at < start + SECTOR) {
      if (this.bytes[at] === 0xff) return at;
      if (this.bytes[at] === 0) at += 1;
      else {
        const domain = this.string(at);
        const value = at + domain.length + this.string(at + domain.length + 1).length + 2;
        at = aligned(value + this.valueSize(value));
      }
    }
    return at - 1;
  }

  /** The next byte of an entry, -1 where there is none. */
  private next(from: number, end: number): number {
    for (let at = from; at < end; at += 1) {
      if (this.bytes[at] === 0xff) return -1;
      if (this.bytes[at] !== 0) return at;
    }
    return -1;
  }

  /** getEntryValueSize, the type's byte included; where the type is not known, a sector. */
  private valueSize(at: number): number {
    const type = this.at(at);
    const length = this.at(at + 1) | (this.at(at + 2) << 8);
    if (type === 1) return 2;
    if (type === 2) return 5;
    if (type === 3) return 1 + this.string(at + 1).length + 1;
    if (type === 4) return VALUE_HEAD + length;
    const format = type - FIRST_TYPE;
    if (format === 2 || format === 3) return VALUE_HEAD + length;
    return SIZES[format] > 0 ? 1 + SIZES[format] : SECTOR;
  }

  /** A string in a buffer; one without an end goes on behind the buffer on a device, and is as long as the buffer here. */
  private string(from: number, size = BUFFER): string {
    let to = from;
    while (to < from + size && this.at(to) !== 0) to += 1;
    return decoder.decode(this.bytes.subarray(from, to));
  }

  private at(offset: number): number {
    return offset < this.bytes.length ? this.bytes[offset] : 0xff;
  }

  private erase(name: string, start: number): void {
    const torn = (count: number): void => {
      this.bytes.fill(0xff, start, start + count);
    };
    this.operate(name, '', SECTOR, torn);
  }

  private write(name: string, key: string, offset: number, bytes: ArrayLike<number>): FlashResult {
    return this.operate(name, key, bytes.length, (count) => {
      for (let i = 0; i < count; i += 1) this.bytes[offset + i] &= bytes[i];
    });
  }

  private operate(name: string, key: string, size: number, torn: (count: number) => void): FlashResult {
    const perform = (): FlashResult => {
      torn(size);
      return FlashResult.Ok;
    };
    return this.program({ name, key, size, perform, leave: (_how, count) => torn(count) });
  }
}
