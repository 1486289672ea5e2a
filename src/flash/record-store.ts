import { copyBytes } from '../bytes/text-buffer.js';
import { DmError } from '../errors.js';
import type { Flash } from '../hal/flash.js';
import type { Limits } from '../limits.js';
import { HEADER, type RecordKey, recordKey, TRAILER } from './record.js';
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
}

/** Columns of the index: one row an object. */
const enum Column {
  Kind = 0,
  Generation = 1,
  Parts = 2,
  Count = 3,
}

/**
 * Objects of any size over a store with narrow doors, changed in transactions that become visible by one atomic write.
 * FORMAT.md defines every stored bit.
 *
 * A transaction writes its records under keys that are not in use, then one commit record under the commit key that is not
 * current; then it removes what it replaced. Whatever the power does, the state is wholly before or wholly after.
 */
export class RecordStore {
  private readonly limits: Limits;
  private readonly records: Records;
  private readonly index: Uint32Array;
  private readonly pending: Uint32Array;
  private committed: number;
  private inTransaction: boolean;
  private object: ObjectId;
  private filled: number;
  private swept: boolean;
  private opened: boolean;
  /** Records that were torn or damaged when the store was opened. */
  damaged: number;

  constructor(flash: Flash, limits: Limits) {
    this.limits = limits;
    this.records = new Records(flash, limits);
    this.index = new Uint32Array((limits.objects + 1) * Column.Count);
    this.pending = new Uint32Array((limits.objects + 1) * Column.Count);
    this.committed = 0;
    this.inTransaction = false;
    this.object = 0;
    this.filled = 0;
    this.swept = false;
    this.opened = false;
    this.damaged = 0;
  }

  /**
   * Finds the last committed state. Writes nothing.
   * @throws DmError `FLASH_FAILED` where the store was written in another format: nothing may be written over it.
   */
  open(): void {
    this.damaged = 0;
    for (let parity = 0; parity < 2; parity += 1) {
      const generation = this.records.readCommit(parity);
      if (generation === DAMAGED) this.damaged += 1;
      this.committed = Math.max(this.committed, generation);
    }
    const broken: RecordKey[] = [];
    this.records.forEach((key, kind) => {
      if (kind === DAMAGED) this.damaged += 1;
      if (key.generation > this.committed) return;
      if (kind === DAMAGED) broken.push(key);
      else if (key.generation >= this.generationOf(key.object)) this.addPart(key, kind);
    });
    // A damaged record still belongs to its object, and goes with it.
    for (let i = 0; i < broken.length; i += 1) {
      const object = broken[i].object;
      if (broken[i].generation === this.generationOf(object)) this.addPart(broken[i], this.kind(object));
    }
    this.pending.set(this.index);
    this.opened = true;
  }

  /** Generation of the last committed transaction. */
  get generation(): number {
    return this.committed;
  }

  /** Kind of an object, `Removed` where there is none. */
  kind(id: ObjectId): ObjectKind {
    return this.index[id * Column.Count + Column.Kind];
  }

  /** Generation in which an object was last written: it changes with every change of the object. */
  generationOf(id: ObjectId): number {
    return this.index[id * Column.Count + Column.Generation];
  }

  /** Objects are numbered from 1 to this. */
  get lastObject(): ObjectId {
    return this.limits.objects;
  }

  /**
   * Hands an object's bytes to `visit`, record by record, in order.
   * @throws DmError `FLASH_FAILED` where a record is missing or damaged; whatever `visit` throws.
   */
  read(id: ObjectId, visit: (bytes: Uint8Array, from: number, to: number) => void): void {
    const records = this.records;
    const parts = this.index[id * Column.Count + Column.Parts];
    for (let part = 0; part < parts; part += 1) {
      const length = records.load(recordKey(id, this.generationOf(id), part));
      if (length < 0 || records.header.isLast !== (part === parts - 1)) {
        throw new DmError('FLASH_FAILED', `object ${id} part ${part}`);
      }
      visit(records.bytes, HEADER, length - TRAILER);
    }
    if (parts === 0) throw new DmError('FLASH_FAILED', `object ${id}`);
  }

  /**
   * Begins a transaction.
   * @throws DmError `BAD_ARGUMENT` where one is open, or the store is not: all that it holds would look like leftovers; `FLASH_FAILED` where
   *   what an interrupted one left cannot be removed.
   */
  begin(): void {
    if (!this.opened) throw new DmError('BAD_ARGUMENT', 'the store is not open');
    if (this.inTransaction) throw new DmError('BAD_ARGUMENT', 'a transaction is open');
    if (!this.swept) this.sweep();
    this.inTransaction = true;
  }

  /**
   * Begins to write an object, new (`id` 0) or replacing what it holds.
   * @returns its number.
   * @throws DmError `FLASH_FULL` where there is no number left.
   */
  write(id: ObjectId, kind: ObjectKind): ObjectId {
    this.object = id === 0 ? this.unusedNumber() : id;
    const row = this.object * Column.Count;
    this.pending[row + Column.Kind] = kind;
    this.pending[row + Column.Generation] = this.committed + 1;
    this.pending[row + Column.Parts] = 0;
    this.filled = HEADER;
    return this.object;
  }

  /** Adds bytes to the object under way. @throws DmError `FLASH_FULL`, `FLASH_FAILED`. */
  append(bytes: Uint8Array, from: number, to: number): void {
    const room = this.records.bytes.length - TRAILER;
    let at = from;
    while (at < to) {
      if (this.filled === room) this.flushPart(false);
      const step = Math.min(to - at, room - this.filled);
      copyBytes(bytes, at, at + step, this.records.bytes, this.filled);
      this.filled += step;
      at += step;
    }
  }

  /** Ends the object under way. @throws DmError `FLASH_FULL`, `FLASH_FAILED`. */
  finish(): void {
    this.flushPart(true);
    this.object = 0;
  }

  /** Removes an object. @throws DmError `FLASH_FULL`, `FLASH_FAILED`. */
  remove(id: ObjectId): void {
    this.write(id, ObjectKind.Removed);
    this.finish();
  }

  /**
   * Makes everything since `begin` visible, by one write.
   * @throws DmError `FLASH_FULL`, `FLASH_FAILED`; then the caller calls `rollback`.
   */
  commit(): void {
    const next = this.committed + 1;
    this.records.commit(next);
    this.committed = next;
    this.inTransaction = false;
    for (let id = 1; id <= this.limits.objects; id += 1) {
      const row = id * Column.Count;
      if (this.pending[row + Column.Generation] === next) this.retire(id);
    }
    this.index.set(this.pending);
  }

  /** Undoes everything since `begin`; never throws. What cannot be removed now is swept later. */
  rollback(): void {
    this.inTransaction = false;
    this.object = 0;
    for (let id = 1; id <= this.limits.objects; id += 1) {
      const row = id * Column.Count;
      if (this.pending[row + Column.Generation] <= this.committed) continue;
      this.removeParts(id, this.pending, this.pending[row + Column.Parts]);
    }
    this.pending.set(this.index);
    this.swept = false;
  }

  /**
   * Removes the records of interrupted transactions, and of objects that were replaced or removed. It must be complete before
   * the next transaction, which uses the interrupted one's generation again.
   */
  private sweep(): void {
    const stale: string[] = [];
    this.records.forEach((key) => {
      const current = key.generation === this.generationOf(key.object);
      if (!current || this.kind(key.object) === ObjectKind.Removed) stale.push(key.text);
    });
    // In the order of the keys an object's oldest records go first, and the tombstone that hides them last.
    stale.sort();
    for (let i = 0; i < stale.length; i += 1) {
      if (!this.records.remove(stale[i])) throw new DmError('FLASH_FAILED', `remove ${stale[i]}`);
    }
    for (let id = 1; id <= this.limits.objects; id += 1) {
      if (this.kind(id) === ObjectKind.Removed) this.clearRow(this.index, id);
    }
    this.pending.set(this.index);
    this.swept = true;
  }

  /** Removes what `id` held before the transaction just committed; a tombstone goes only when what it hides is gone. */
  private retire(id: ObjectId): void {
    const row = id * Column.Count;
    const gone = this.removeParts(id, this.index, this.index[row + Column.Parts]);
    if (this.pending[row + Column.Kind] !== ObjectKind.Removed) return;
    if (gone) this.removeParts(id, this.pending, 1);
    this.clearRow(this.pending, id);
  }

  private clearRow(index: Uint32Array, id: ObjectId): void {
    index.fill(0, id * Column.Count, (id + 1) * Column.Count);
  }

  private removeParts(id: ObjectId, index: Uint32Array, parts: number): boolean {
    const generation = index[id * Column.Count + Column.Generation];
    let gone = true;
    for (let part = 0; part < parts; part += 1) {
      if (!this.records.remove(recordKey(id, generation, part))) gone = false;
    }
    if (!gone) this.swept = false;
    return gone;
  }

  private unusedNumber(): ObjectId {
    for (let id = 1; id <= this.limits.objects; id += 1) {
      if (this.pending[id * Column.Count + Column.Generation] === 0) return id;
    }
    throw new DmError('FLASH_FULL', `more than ${this.limits.objects} objects`);
  }

  private flushPart(last: boolean): void {
    const row = this.object * Column.Count;
    const part = this.pending[row + Column.Parts];
    const generation = this.pending[row + Column.Generation];
    // Counted before it is written: a write that failed may have left something, which a rollback removes.
    this.pending[row + Column.Parts] = part + 1;
    this.records.write(this.filled, this.pending[row + Column.Kind], last, this.object, generation, part);
    this.filled = HEADER;
  }

  private addPart(key: RecordKey, kind: number): void {
    const row = key.object * Column.Count;
    if (key.generation > this.index[row + Column.Generation]) this.clearRow(this.index, key.object);
    this.index[row + Column.Kind] = kind;
    this.index[row + Column.Generation] = key.generation;
    this.index[row + Column.Parts] = Math.max(this.index[row + Column.Parts], key.part + 1);
  }
}
