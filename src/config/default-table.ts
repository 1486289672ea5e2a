import { DmError } from '../errors.js';
import { type ObjectId, ObjectKind } from '../flash/record-store.js';
import type { Limits } from '../limits.js';
import type { Transaction } from '../tree/transaction.js';

/** Owner of a DEFAULT that a bootstrap set. */
export const FACTORY = '';

/** Where the device gets configuration for a MOID when it needs it. */
export interface DefaultEntry {
  readonly moid: string;
  /** As it was given, placeholders and all. */
  serverUri: string;
  /** SrvID of the account that set it; `FACTORY` for a bootstrap's. */
  owner: string;
  /** Its flash object. */
  readonly object: ObjectId;
}

/** The DEFAULT commands in force: one ServerURI a MOID (PROTOCOL.md §10). */
export class DefaultTable {
  private readonly limits: Limits;
  private readonly table: DefaultEntry[];

  constructor(limits: Limits) {
    this.limits = limits;
    this.table = [];
  }

  /** All entries, oldest first. Not to be changed. */
  get entries(): readonly DefaultEntry[] {
    return this.table;
  }

  /** The entry for a MOID. */
  find(moid: string): DefaultEntry | undefined {
    for (let i = 0; i < this.table.length; i += 1) if (this.table[i].moid === moid) return this.table[i];
    return undefined;
  }

  /** Takes an entry as it was stored. */
  load(object: ObjectId, fields: readonly string[]): void {
    this.table.push({ moid: fields[0], serverUri: fields[1], owner: fields[2], object });
  }

  /**
   * Sets the DEFAULT for a MOID as a part of `transaction`; it is in force when that is durable. An equal one changes nothing. At most
   * one call for a MOID in one transaction.
   * @param owner SrvID, or `FACTORY`, which may replace every entry; an account replaces its own and the factory's only.
   * @param ownerIsGone the account that set the present entry does not exist any more: anybody may replace it.
   * @throws DmError `FORBIDDEN`, `TABLE_FULL`.
   */
  set(moid: string, serverUri: string, owner: string, transaction: Transaction, ownerIsGone?: boolean): void {
    const entry = this.find(moid);
    if (entry === undefined) {
      if (this.table.length + transaction.pending(ObjectKind.Default) >= this.limits.defaults) {
        throw new DmError('TABLE_FULL', 'DEFAULT');
      }
      const fields = [moid, serverUri, owner];
      transaction.put(0, ObjectKind.Default, fields, (object) => this.load(object, fields));
      return;
    }
    const isFree = ownerIsGone === true || owner === FACTORY || entry.owner === FACTORY;
    if (!isFree && entry.owner !== owner) throw new DmError('FORBIDDEN', 'DEFAULT');
    if (entry.serverUri === serverUri && entry.owner === owner) return;
    transaction.put(entry.object, ObjectKind.Default, [moid, serverUri, owner], () => {
      entry.serverUri = serverUri;
      entry.owner = owner;
    });
  }
}
