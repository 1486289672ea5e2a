import { copyBytes } from '../bytes/text-buffer.js';
import { DmError } from '../errors.js';
import type { Flash } from '../hal/flash.js';
import type { Text } from '../hal/text.js';
import type { Limits } from '../limits.js';
import { fromBase36, HEADER, isLastPart, kindOf, recordKey, TRAILER } from './record.js';
import { DAMAGED, Records } from './records.js';

/** An object in flash: one or more records that are written and become visible together. 0 is no object. */
export type ObjectId = number;

/** What an object is; stored, so never renumber. */
export const enum ObjectKind {
  Removed = 0,
  ManagementObject = 1,
  Default = 2,
  DueWork = 3,
  Bootstrap = 4,
  Fetched = 5,
  Subscription = 6,
  Alert = 7,
  Replay = 8,
  Execution = 9,
  Validator = 10,
  LargeValue = 11,
}

/** Columns of the index: one row an object. */
const enum Column {
  /** In which it was last committed, 0 for never. */
  Generation = 0,
  /** What it holds: its kind in the upper 16 bits, the number of its parts in the lower. */
  Stored = 1,
  /** The same of what the open transaction writes; 0 where it leaves the object alone. */
  Written = 2,
  Count = 3,
}

/** What of the columns `Stored` and `Written` is what. */
const enum Shape {
  KindShift = 16,
  Parts = 0xffff,
}

/**
 * Objects of any size over a store with narrow doors, changed in transactions that become visible by one atomic write.
 * FORMAT.md defines every stored bit.
 *
 * A transaction writes its records under keys that are not in use, then one commit record under the commit key that is not
 * current; then it removes what it replaced. Whatever the power does, the state is wholly before or wholly after.
 */
export class RecordStore extends Records {
  private readonly text: Text;
  private readonly index: Uint32Array;
  private opened: boolean;
  private inTransaction: boolean;
  /** No record lies in flash that a transaction could not count on to be gone. */
  protected swept: boolean;
  private object: ObjectId;
  private filled: number;
  /** Of the last committed transaction. */
  generation: number;
  /** Records that were torn or damaged when the store was opened. */
  damaged: number;

  constructor(flash: Flash, text: Text, limits: Limits) {
    super(flash, limits);
    this.text = text;
    this.index = new Uint32Array((limits.objects + 1) * Column.Count);
    this.opened = false;
    this.inTransaction = false;
    this.swept = false;
    this.object = 0;
    this.filled = 0;
    this.generation = 0;
    this.damaged = 0;
  }

  /**
   * Finds the last committed state. Writes nothing.
   * @throws DmError `FLASH_FAILED` where the store was written in another format: nothing may be written over it.
   */
  open(): void {
    const index = this.index;
    this.damaged = 0;
    for (let parity = 0; parity < 2; parity += 1) {
      const generation = this.readCommit(parity);
      if (generation === DAMAGED) this.damaged += 1;
      this.generation = Math.max(this.generation, generation);
    }
    this.eachRecord((key, row, generation) => {
      const length = this.load(key);
      if (length === DAMAGED) this.damaged += 1;
      else if (length >= 0 && generation <= this.generation && generation >= index[row]) {
        index[row] = generation;
        index[row + Column.Stored] = kindOf(this.bytes) << Shape.KindShift;
      }
    });
    // A damaged record still belongs to its object, and goes with it.
    this.eachRecord((_key, row, generation, part) => {
      const stored = index[row + Column.Stored];
      if (generation === index[row] && (stored & Shape.Parts) <= part)
        index[row + Column.Stored] = (stored & ~Shape.Parts) + part + 1;
    });
    // Of an object that was removed all records are leftovers.
    for (let row = 0; row < index.length; row += Column.Count) {
      if (index[row + Column.Stored] >>> Shape.KindShift === ObjectKind.Removed) this.forget(row);
    }
    this.opened = true;
  }

  /** Kind of an object, `Removed` where there is none. */
  kind(id: ObjectId): ObjectKind {
    return this.index[id * Column.Count + Column.Stored] >>> Shape.KindShift;
  }

  /** Generation in which an object was last written: it changes with every change of the object. */
  generationOf(id: ObjectId): number {
    return this.index[id * Column.Count];
  }

  /**
   * Hands an object's bytes to `visit`, record by record, in order.
   * @throws DmError `FLASH_FAILED` where a record is missing or damaged; whatever `visit` throws.
   */
  read(id: ObjectId, visit: (bytes: Uint8Array, from: number, to: number) => void): void {
    const parts = this.index[id * Column.Count + Column.Stored] & Shape.Parts;
    let part = 0;
    do {
      const length = this.load(recordKey(id, this.generationOf(id), part));
      part += 1;
      if (length < 0 || isLastPart(this.bytes) !== part >= parts) throw new DmError('FLASH_FAILED', `object ${id}`);
      visit(this.bytes, HEADER, length - TRAILER);
    } while (part < parts);
  }

  /**
   * Begins a transaction.
   * @throws DmError `BAD_ARGUMENT` where one is open, or the store is not: all that it holds would look like leftovers; `FLASH_FAILED` where
   *   what an interrupted one left cannot be removed.
   */
  begin(): void {
    if (!this.opened || this.inTransaction) throw new DmError('BAD_ARGUMENT', 'transaction');
    if (!this.swept) this.sweep();
    this.inTransaction = true;
  }

  /**
   * Begins to write an object, new (`id` 0) or replacing what it holds.
   * @returns its number.
   * @throws DmError `FLASH_FULL` where there is no number left.
   */
  write(id: ObjectId, kind: ObjectKind): ObjectId {
    this.object = id || this.unusedNumber();
    this.index[this.object * Column.Count + Column.Written] = kind << Shape.KindShift;
    this.filled = HEADER;
    // What lies there is no longer the record that it was.
    this.bytes[0] = 0;
    return this.object;
  }

  /** Adds text to the object under way. @throws DmError `FLASH_FULL`, `FLASH_FAILED`. */
  put(text: string): void {
    const bytes = this.text.encode(text);
    this.putBytes(bytes, 0, bytes.length);
  }

  /** Adds bytes to the object under way. @throws DmError `FLASH_FULL`, `FLASH_FAILED`. */
  putBytes(bytes: Uint8Array, from: number, to: number): void {
    const room = this.bytes.length - TRAILER;
    let at = from;
    while (at < to) {
      if (this.filled === room) this.flushPart(false);
      const end = Math.min(to, at + room - this.filled);
      copyBytes(bytes, at, end, this.bytes, this.filled);
      this.filled += end - at;
      at = end;
    }
  }

  /** Ends the object under way. @throws DmError `FLASH_FULL`, `FLASH_FAILED`. */
  finish(): void {
    this.flushPart(true);
  }

  /** Removes an object. @throws DmError `FLASH_FULL`, `FLASH_FAILED`. */
  remove(id: ObjectId): void {
    this.write(id, ObjectKind.Removed);
    this.flushPart(true);
  }

  /**
   * Makes everything since `begin` visible, by one write.
   * @throws DmError `FLASH_FULL`, `FLASH_FAILED`; then the caller calls `rollback`.
   */
  commit(): void {
    const index = this.index;
    const next = this.generation + 1;
    this.writeCommit(next);
    this.generation = next;
    this.inTransaction = false;
    for (let row = 0; row < index.length; row += Column.Count) {
      const written = index[row + Column.Written];
      if (written === 0) continue;
      const gone = this.eraseParts(row, index[row], index[row + Column.Stored]);
      index[row] = next;
      index[row + Column.Stored] = written;
      index[row + Column.Written] = 0;
      if (written >>> Shape.KindShift !== ObjectKind.Removed) continue;
      // A tombstone goes only when what it hides is gone.
      if (gone) this.eraseParts(row, next, written);
      this.forget(row);
    }
  }

  /** Undoes everything since `begin`; never throws. What cannot be removed now is swept later. */
  rollback(): void {
    const index = this.index;
    this.inTransaction = false;
    for (let row = 0; row < index.length; row += Column.Count) {
      this.eraseParts(row, this.generation + 1, index[row + Column.Written]);
      index[row + Column.Written] = 0;
    }
    this.swept = false;
  }

  /**
   * Removes the records of interrupted transactions, and of objects that were replaced or removed. It must be complete before
   * the next transaction, which uses the interrupted one's generation again.
   */
  protected sweep(): void {
    const stale: string[] = [];
    this.eachRecord((key, row, generation) => {
      if (generation !== this.index[row]) stale.push(key);
    });
    // In the order of the keys an object's oldest records go first, and the tombstone that hides them last.
    stale.sort();
    for (let i = 0; i < stale.length; i += 1) {
      if (!this.erase(stale[i])) throw new DmError('FLASH_FAILED', stale[i]);
    }
    this.swept = true;
  }

  /** Visits the records of objects that this client can have, whole or not, each with its object's row. */
  private eachRecord(visit: (key: string, row: number, generation: number, part: number) => void): void {
    this.flash.keys((key) => {
      const row = fromBase36(key, 0, 3) * Column.Count;
      const generation = fromBase36(key, 3, 9);
      const part = fromBase36(key, 9, 12);
      if (row < this.index.length && recordKey(row / Column.Count, generation, part) === key)
        visit(key, row, generation, part);
    });
  }

  private forget(row: number): void {
    this.index.fill(0, row, row + Column.Count);
  }

  private eraseParts(row: number, generation: number, shape: number): boolean {
    let gone = true;
    for (let part = 0; part < (shape & Shape.Parts); part += 1) {
      if (!this.erase(recordKey(row / Column.Count, generation, part))) gone = false;
    }
    if (!gone) this.swept = false;
    return gone;
  }

  private unusedNumber(): ObjectId {
    const index = this.index;
    for (let row = Column.Count; row < index.length; row += Column.Count) {
      if (index[row] + index[row + Column.Written] === 0) return row / Column.Count;
    }
    throw new DmError('FLASH_FULL', 'objects');
  }

  private flushPart(last: boolean): void {
    const at = this.object * Column.Count + Column.Written;
    // Counted before it is written: a write that failed may have left something, which a rollback removes.
    const written = this.index[at];
    this.index[at] = written + 1;
    this.store(this.filled, written >>> Shape.KindShift, last, this.object, this.generation + 1, written & Shape.Parts);
    this.filled = HEADER;
  }
}
