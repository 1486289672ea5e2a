import { copyBytes } from '../bytes/text-buffer.js';
import { DmError } from '../errors.js';
import type { Flash } from '../hal/flash.js';
import type { Text } from '../hal/text.js';
import type { Limits } from '../limits.js';
import { fromBase36, HEADER, isOurs, ownKey, recordKey, TRAILER } from './record.js';
import { ObjectKind, RecordStore } from './record-store.js';

/** Most numbers of large values: 1 up to this. */
export const MOST_VALUES = 0xfff;

/** As many parts as a key can tell from each other. */
export const MOST_PARTS = 46656;

/** Bytes that a part has in common with the next one, so that a character lies whole in one of them, and the byte behind it too. */
export const OVERLAP = 4;

/** The object number in the keys of large values, less their own number: objects of transactions have lower ones. */
const FIRST = 0x1000;

/** Knows which large values are in use. */
export interface ValueUser {
  refersTo(number: number, generation: number): boolean;
}

/**
 * Objects, and beside them values that are too large for memory. A large value is no part of a transaction: its records are written as it
 * arrives, and count for nothing before something refers to them by number and generation. What nobody refers to is removed.
 * FORMAT.md §6 defines every stored bit.
 */
export class LargeValues extends RecordStore {
  user!: ValueUser;
  /** Something that is stored could not be read, and may refer to values. */
  isPartial!: boolean;
  /** Where the part lies that was found last, valid until the store does anything else. */
  found!: Uint8Array;
  /** The place there of the value's first byte, were it there. */
  start!: number;
  /** How far the value goes there. */
  reach!: number;

  /** Without it, Espruino would call that of RecordStore twice. */
  constructor(flash: Flash, text: Text, limits: Limits) {
    super(flash, text, limits);
  }

  /** Bytes from the beginning of one part to that of the next. */
  get stride(): number {
    return this.recordSize - HEADER - TRAILER - OVERLAP;
  }

  /**
   * Makes ready for a new value.
   * @returns the generation of its keys: that of the first transaction which can refer to it.
   * @throws DmError `FLASH_FAILED` where what was left before cannot be removed.
   */
  beginValue(): number {
    if (!this.swept) this.sweep();
    return this.generation + 1;
  }

  /** Writes a part of a value. @throws DmError `FLASH_FULL`, `FLASH_FAILED`. */
  writePart(
    number: number,
    generation: number,
    part: number,
    last: boolean,
    bytes: Uint8Array,
    from: number,
    to: number,
  ): void {
    if (part >= MOST_PARTS) throw new DmError('FLASH_FULL', 'parts');
    copyBytes(bytes, from, to, this.bytes, HEADER);
    this.store(HEADER + to - from, ObjectKind.LargeValue, last, FIRST + number, generation, part);
  }

  /**
   * Finds a part of a value, for `found`, `start` and `reach`.
   * @throws DmError `FLASH_FAILED` where the record is missing or damaged.
   */
  readPart(number: number, generation: number, part: number, stride: number): void {
    const key = recordKey(FIRST + number, generation, part);
    const isThere = isOurs(this.bytes) && ownKey(this.bytes) === key;
    if (!isThere && this.load(key) < 0) throw new DmError('FLASH_FAILED', key);
    this.found = this.bytes;
    this.start = HEADER - part * stride;
    // One byte less than there is: by it is told whether a character ends there.
    this.reach = (part + 1) * stride + OVERLAP - 1;
  }

  /** Removes a value; never throws. What cannot be removed now is swept later. */
  removeValue(number: number, generation: number, parts: number): void {
    for (let part = 0; part < parts; part += 1)
      if (!this.erase(recordKey(FIRST + number, generation, part))) this.swept = false;
  }

  protected override sweep(): void {
    while (this.sweepValue());
    super.sweep();
  }

  /**
   * Removes one value that nobody refers to: a list of all their keys may be more than the machine holds.
   * @returns false where there was none.
   */
  private sweepValue(): boolean {
    let value = 0;
    let generation = 0;
    let parts = 0;
    this.flash.keys((key) => {
      const number = fromBase36(key, 0, 3) - FIRST;
      const since = fromBase36(key, 3, 9);
      const part = fromBase36(key, 9, 12);
      if (!(number > 0 && number <= MOST_VALUES) || recordKey(FIRST + number, since, part) !== key) return;
      // No transaction that was committed refers to one of a later generation, whatever could not be read.
      if (this.user.refersTo(number, since) || (this.isPartial && since <= this.generation)) return;
      if (value === 0) {
        value = number;
        generation = since;
      }
      if (number === value && since === generation) parts = Math.max(parts, part + 1);
    });
    this.swept = true;
    this.removeValue(value, generation, parts);
    if (!this.swept) throw new DmError('FLASH_FAILED', 'large value');
    return value !== 0;
  }
}
