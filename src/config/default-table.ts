import { DmError } from '../errors.js';
import { ObjectKind } from '../flash/record-store.js';
import type { Limits } from '../limits.js';
import { type Row, Table } from '../tree/table.js';
import type { Transaction } from '../tree/transaction.js';

/** Owner of a DEFAULT that a bootstrap set. */
export const FACTORY = '';

/** Fields of a row. */
export const enum DefaultField {
  Moid = 0,
  /** As it was given, placeholders and all. */
  ServerUri,
  /** SrvID of the account that set it; `FACTORY` for a bootstrap's. */
  Owner,
  Count,
}

/** The DEFAULT commands in force: one ServerURI a MOID (PROTOCOL.md §10). */
export class DefaultTable extends Table {
  private readonly limits: Limits;

  constructor(limits: Limits) {
    super(ObjectKind.Default, DefaultField.Count);
    this.limits = limits;
  }

  /**
   * Sets the DEFAULT for a MOID as a part of `transaction`. An equal one changes nothing.
   * @param owner SrvID, or `FACTORY`, which may replace every entry; an account replaces its own and the factory's only.
   * @param ownerIsGone the account that set the present entry does not exist any more: anybody may replace it.
   * @throws DmError `FORBIDDEN`, `TABLE_FULL`.
   */
  set(moid: string, serverUri: string, owner: string, transaction: Transaction, ownerIsGone?: boolean): void {
    const old = this.find(moid);
    if (old === undefined) {
      if (this.rows.length >= this.limits.defaults) throw new DmError('TABLE_FULL', 'DEFAULT');
    } else if (!mayReplace(old, owner) && ownerIsGone !== true) throw new DmError('FORBIDDEN', 'DEFAULT');
    transaction.put(this, old, [moid, serverUri, owner]);
  }
}

function mayReplace(old: Row, owner: string): boolean {
  return owner === FACTORY || old.fields[DefaultField.Owner] === FACTORY || old.fields[DefaultField.Owner] === owner;
}
