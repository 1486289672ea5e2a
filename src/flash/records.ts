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

/** How often a commit record is written where the store fails, and leaves something else than what was there. */
const COMMIT_TRIES = 3;

/** Stands in the place of a generation or of a length. */
const DAMAGED = -1;

/** In place of a length: nothing is there, as where another process removed it since its key was seen. */
const MISSING = -2;

/** One record at a time, in a buffer of a record's size: from flash and into it, under its own key, with its checksum. */
export class Records {
  /** The record that was read last, or is being made; its payload begins at `HEADER`. */
  protected bytes: Uint8Array;
  protected readonly flash: Flash;
  /** Bytes of the longest record that is written. */
  protected readonly recordSize: number;
  /** Of the last committed transaction: how many there were in the life of this store. */
  generation: number;
  /** Writes to flash since the client was made, commit records among them. */
  writes: number;
  /** Removals since then. */
  removals: number;

  constructor(flash: Flash, limits: Limits) {
    this.flash = flash;
    this.recordSize = Math.min(flash.valueSize, limits.record);
    this.bytes = new Uint8Array(this.recordSize);
    this.generation = 0;
    this.writes = 0;
    this.removals = 0;
  }

  /** Reads the record that lies under its own key. @returns its length, `DAMAGED`, or `MISSING`. */
  protected load(key: string): number {
    let length = this.flash.read(key, this.bytes);
    if (length < 0) return MISSING;
    const isHere = isOurs(this.bytes) && ownKey(this.bytes) === key;
    if (isHere && length > this.bytes.length) {
      // Written where records could be longer.
      this.bytes = new Uint8Array(length);
      length = this.flash.read(key, this.bytes);
    }
    if (isHere && isSealed(this.bytes, length)) return length;
    // Nobody takes it for what its header says.
    this.bytes[0] = 0;
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
    this.writes += 1;
    if (result !== FlashResult.Ok) throw new DmError(result === FlashResult.Full ? 'FLASH_FULL' : 'FLASH_FAILED', key);
  }

  /** @returns false where the store failed. */
  protected erase(key: string): boolean {
    this.removals += 1;
    return this.flash.remove(key) === FlashResult.Ok;
  }

  /**
   * Finds the last commit: the one behind the newest commit record that is whole; or the next, where the other commit record is damaged
   * or, from generation 2 on, missing. That is what a commit that was begun may leave, and it begins when all is written.
   * @returns true in the latter case.
   */
  protected findCommit(): boolean {
    const even = this.readCommit(0);
    const odd = this.readCommit(1);
    const last = Math.max(even, odd, 0);
    const other = Math.min(even, odd);
    const isBegun = other === DAMAGED || (other === 0 && last > 1);
    this.generation = isBegun ? last + 1 : last;
    return isBegun;
  }

  /**
   * Reads one of the two commit records.
   * @returns its generation, 0 where it is missing, or `DAMAGED`.
   * @throws DmError `FLASH_FAILED` where it has another format.
   */
  private readCommit(parity: number): number {
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
    for (let tries = 1; ; tries += 1) {
      try {
        this.store(HEADER, COMMIT, true, 0, generation, 0);
        return;
      } catch (thrown) {
        const found = this.readCommit(generation & 1);
        // A store that says it failed may have written all the same: then the transaction is committed, and undoing it would tear it.
        if (found === generation) return;
        // So it would where the record is damaged: that counts as committed, too.
        if (tries === COMMIT_TRIES || found === Math.max(0, generation - 2)) throw thrown;
      }
    }
  }
}
