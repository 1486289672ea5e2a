import { DmError } from '../errors.js';
import { type Flash, FlashResult } from '../hal/flash.js';
import type { Limits } from '../limits.js';
import { parseRecordKey, RecordHeader, type RecordKey, recordKey } from './record.js';

/** The commit record's keys; the generation's parity tells which. */
const COMMIT_KEYS = ['c0', 'c1'];

/** Stands in the place of a kind or a generation. */
export const DAMAGED = -1;

/** One record at a time, in a buffer of a record's size: from flash and into it, under its own key, with its checksum. */
export class Records {
  /** The record that was read last, or is being made; its payload begins at `HEADER`. */
  readonly bytes: Uint8Array;
  /** Of the record that was read last. */
  readonly header: RecordHeader;
  private readonly flash: Flash;
  private readonly objects: number;

  constructor(flash: Flash, limits: Limits) {
    this.flash = flash;
    this.objects = limits.objects;
    this.bytes = new Uint8Array(Math.min(flash.valueSize, limits.record));
    this.header = new RecordHeader();
  }

  /** Reads the record that lies under its own key. @returns its length, -1 where it is missing or damaged. */
  load(key: string): number {
    const length = this.read(key);
    const header = this.header;
    return length >= 0 && recordKey(header.object, header.generation, header.part) === key ? length : -1;
  }

  /** Visits the records of objects that this client can have, each with its kind or `DAMAGED`. */
  forEach(visit: (key: RecordKey, kind: number) => void): void {
    this.flash.keys((text) => {
      const key = parseRecordKey(text);
      if (key !== undefined && key.object <= this.objects) visit(key, this.load(text) < 0 ? DAMAGED : this.header.kind);
    });
  }

  /**
   * Puts header and checksum around the payload that ends at `end`, and writes the record.
   * @throws DmError `FLASH_FULL`, `FLASH_FAILED`
   */
  write(end: number, kind: number, last: boolean, object: number, generation: number, part: number): void {
    const length = this.header.write(this.bytes, end, kind, last, object, generation, part);
    this.store(recordKey(object, generation, part), length);
  }

  /** @returns false where the store failed. */
  remove(key: string): boolean {
    return this.flash.remove(key) === FlashResult.Ok;
  }

  /**
   * Reads one of the two commit records.
   * @returns its generation, 0 where it is missing, or `DAMAGED`.
   * @throws DmError `FLASH_FAILED` where it has another format.
   */
  readCommit(parity: number): number {
    const key = COMMIT_KEYS[parity];
    const length = this.read(key);
    const header = this.header;
    if (header.isOtherFormat) throw new DmError('FLASH_FAILED', 'the store has another format');
    if (length >= 0 && header.isCommit && (header.generation & 1) === parity) return header.generation;
    return this.flash.read(key, this.bytes) < 0 ? 0 : DAMAGED;
  }

  /** Writes the commit record of `generation` over the older of the two. @throws DmError `FLASH_FULL`, `FLASH_FAILED` */
  commit(generation: number): void {
    const length = this.header.writeCommit(this.bytes, generation);
    try {
      this.store(COMMIT_KEYS[generation & 1], length);
    } catch (thrown) {
      // A store that says it failed may have written all the same: then the transaction is committed, and undoing it would tear it.
      if (this.readCommit(generation & 1) !== generation) throw thrown;
    }
  }

  /** Reads a record into the buffer. @returns its length, -1 where it is missing or damaged. */
  private read(key: string): number {
    const length = this.flash.read(key, this.bytes);
    return length <= this.bytes.length && this.header.read(this.bytes, length) ? length : -1;
  }

  private store(key: string, end: number): void {
    const result = this.flash.write(key, this.bytes, 0, end);
    if (result !== FlashResult.Ok) throw new DmError(result === FlashResult.Full ? 'FLASH_FULL' : 'FLASH_FAILED', key);
  }
}
