import { copyBytes } from '../bytes/text-buffer.js';
import { DmError } from '../errors.js';
import type { Flash } from '../hal/flash.js';
import type { Text } from '../hal/text.js';
import type { Limits } from '../limits.js';
import { fromBase36, HEADER, isLastPart, kindOf, recordKey, TRAILER } from './record.js';
import { Records } from './records.js';

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
  /** Records written under the object's number since the client was made. */
  Writes = 3,
  Count = 4,
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
  /** How often, when the store was opened, an object's newest generation was not whole, or a commit record was not. */
  damaged: number;
  /** Objects of which an older generation is taken for that. */
  readonly repaired: ObjectId[];

  constructor(flash: Flash, text: Text, limits: Limits) {
    super(flash, limits);
    this.text = text;
    this.index = new Uint32Array((limits.objects + 1) * Column.Count);
    this.opened = false;
    this.inTransaction = false;
    this.swept = false;
    this.object = 0;
    this.filled = 0;
    this.damaged = 0;
    this.repaired = [];
  }

  /**
   * Finds the last committed state: of each object the newest generation that is whole. Writes nothing; what is not whole goes with the next transaction.
   * @throws DmError `FLASH_FAILED` where the store was written in another format: nothing may be written over it.
   */
  open(): void {
    const index = this.index;
    this.damaged = this.findCommit() ? 1 : 0;
    // Until all are found, `Written` holds the generation that an object's next one must be below.
    for (let row = 0; row < index.length; row += Column.Count) index[row + Column.Written] = this.generation + 1;
    for (let skipped = -1; skipped < this.damaged; ) {
      skipped = this.damaged;
      this.eachRecord((_key, row, generation) => {
        const isNewer = generation > index[row] && generation < index[row + Column.Written];
        if (isNewer && index[row + Column.Stored] === 0) index[row] = generation;
      });
      for (let row = Column.Count; row < index.length; row += Column.Count) {
        if (index[row] > 0 && index[row + Column.Stored] === 0) this.choose(row);
      }
    }
    for (let row = 0; row < index.length; row += Column.Count) {
      // Of an object that was removed all records are leftovers.
      if (index[row + Column.Stored] >>> Shape.KindShift === ObjectKind.Removed) this.forget(row / Column.Count);
      index[row + Column.Written] = 0;
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

  /** Records written for an object since the client was made; one that has got the number of a removed object inherits its count. */
  writesOf(id: ObjectId): number {
    return this.index[id * Column.Count + Column.Writes];
  }

  /** Takes an object for lost: it is none from now on, and its records go before the next transaction, if none has begun since `open`. */
  forget(id: ObjectId): void {
    const row = id * Column.Count;
    this.index.fill(0, row, row + Column.Writes);
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
    const room = this.recordSize - TRAILER;
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
      this.forget(row / Column.Count);
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

  /** Takes the generation that an object's row names, if it is whole. */
  private choose(row: number): void {
    const index = this.index;
    let part = 0;
    do {
      if (this.load(recordKey(row / Column.Count, index[row], part)) < 0) {
        index[row + Column.Written] = index[row];
        index[row] = 0;
        this.damaged += 1;
        return;
      }
      part += 1;
    } while (!isLastPart(this.bytes));
    index[row + Column.Stored] = (kindOf(this.bytes) << Shape.KindShift) + part;
    if (index[row + Column.Written] <= this.generation) this.repaired.push(row / Column.Count);
  }

  /**
   * Removes the records of interrupted transactions, and of objects that were replaced, removed or lost. It must be complete before
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
    // While a transaction writes, both commit records must be whole: one that is not says that all was written.
    if (this.findCommit()) this.writeCommit(this.generation);
    this.swept = true;
  }

  /** Visits the records of objects that this client can have, whole or not, each with its object's row. */
  private eachRecord(visit: (key: string, row: number, generation: number, part: number) => void): void {
    this.flash.keys((key) => {
      const row = fromBase36(key, 0, 3) * Column.Count;
      const generation = fromBase36(key, 3, 9);
      const part = fromBase36(key, 9, 12);
      if (row > 0 && row < this.index.length && recordKey(row / Column.Count, generation, part) === key)
        visit(key, row, generation, part);
    });
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
    const row = this.object * Column.Count;
    // Counted before it is written: a write that failed may have left something, which a rollback removes.
    const written = this.index[row + Column.Written];
    this.index[row + Column.Written] = written + 1;
    this.index[row + Column.Writes] += 1;
    this.store(this.filled, written >>> Shape.KindShift, last, this.object, this.generation + 1, written & Shape.Parts);
    this.filled = HEADER;
  }
}
