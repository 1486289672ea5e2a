import { DmError } from '../errors.js';
import { type Flash, FlashResult } from '../hal/flash.js';
import type { Limits } from '../limits.js';
import {
  COMMIT,
  generationOf,
  HEADER,
  isOtherFormat,
  isOurs,
  isSealed,
  kindOf,
  ownKey,
  recordKey,
  seal,
} from './record.js';

/** The commit record's keys; the generation's parity tells which. */
const COMMIT_KEYS = ['c0', 'c1'];

/** Stands in the place of a generation or of a length. */
export const DAMAGED = -1;

/** In place of a length: nothing is there, as where another process removed it since its key was seen. */
const MISSING = -2;

/** One record at a time, in a buffer of a record's size: from flash and into it, under its own key, with its checksum. */
export class Records {
  /** The record that was read last, or is being made; its payload begins at `HEADER`. */
  protected readonly bytes: Uint8Array;
  protected readonly flash: Flash;

  constructor(flash: Flash, limits: Limits) {
    this.flash = flash;
    this.bytes = new Uint8Array(Math.min(flash.valueSize, limits.record));
  }

  /** Reads the record that lies under its own key. @returns its length, `DAMAGED`, or `MISSING`. */
  protected load(key: string): number {
    const bytes = this.bytes;
    const length = this.flash.read(key, bytes);
    if (length < 0) return MISSING;
    if (isSealed(bytes, length) && isOurs(bytes) && ownKey(bytes) === key) return length;
    bytes[0] = 0;
    return DAMAGED;
  }

  /**
   * Puts header and checksum around the payload that ends at `end`, and writes the record.
   * @throws DmError `FLASH_FULL`, `FLASH_FAILED`
   */
  protected store(end: number, kind: number, last: boolean, object: number, generation: number, part: number): void {
    const key = kind === COMMIT ? COMMIT_KEYS[generation & 1] : recordKey(object, generation, part);
    const length = seal(this.bytes, end, kind, last, object, generation, part);
    const result = this.flash.write(key, this.bytes, 0, length);
    if (result !== FlashResult.Ok) throw new DmError(result === FlashResult.Full ? 'FLASH_FULL' : 'FLASH_FAILED', key);
  }

  /** @returns false where the store failed. */
  protected erase(key: string): boolean {
    return this.flash.remove(key) === FlashResult.Ok;
  }

  /**
   * Reads one of the two commit records.
   * @returns its generation, 0 where it is missing, or `DAMAGED`.
   * @throws DmError `FLASH_FAILED` where it has another format.
   */
  protected readCommit(parity: number): number {
    const bytes = this.bytes;
    const length = this.flash.read(COMMIT_KEYS[parity], bytes);
    if (length < 0) return 0;
    if (!isSealed(bytes, length)) return DAMAGED;
    if (isOtherFormat(bytes)) throw new DmError('FLASH_FAILED', 'the store has another format');
    const generation = generationOf(bytes);
    return isOurs(bytes) && kindOf(bytes) === COMMIT && (generation & 1) === parity ? generation : DAMAGED;
  }

  /** Writes the commit record of `generation` over the older of the two. @throws DmError `FLASH_FULL`, `FLASH_FAILED` */
  protected writeCommit(generation: number): void {
    try {
      this.store(HEADER, COMMIT, true, 0, generation, 0);
    } catch (thrown) {
      // A store that says it failed may have written all the same: then the transaction is committed, and undoing it would tear it.
      if (this.readCommit(generation & 1) !== generation) throw thrown;
    }
  }
}
