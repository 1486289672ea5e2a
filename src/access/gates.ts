import { DmError } from '../errors.js';
import type { NodeId } from '../tree/arena.js';
import type { WriteGate } from '../tree/mo-intake.js';
import { MOID_ACCOUNT, MOID_DEVINFO } from '../tree/standard-mos.js';
import type { Account, Accounts } from './accounts.js';

/** What one DM Server may do (PROTOCOL.md §13): only with MOIDs on its account's Perm list. */
export class AccountGate implements WriteGate {
  readonly account: Account;
  private readonly accounts: Accounts;

  constructor(accounts: Accounts, account: Account) {
    this.accounts = accounts;
    this.account = account;
  }

  checkMoid(moid: string): void {
    if (!this.accounts.permits(this.account, moid)) throw new DmError('FORBIDDEN', moid);
  }

  checkWrite(moid: string, _instance: NodeId): void {
    this.checkMoid(moid);
    checkServerWrites(moid);
  }
}

/**
 * What the factory may do: anything with MOIDs on the Perm list of an account that also has `moid`, the one that was asked for. On a
 * device without accounts nobody set bounds: `moid` itself.
 */
export class FactoryGate implements WriteGate {
  private readonly accounts: Accounts;
  private readonly moid: string;

  /** @param moid the MOID asked for, '' where none was. */
  constructor(accounts: Accounts, moid: string) {
    this.accounts = accounts;
    this.moid = moid;
  }

  checkWrite(moid: string, _instance: NodeId): void {
    this.checkMoid(moid);
    checkServerWrites(moid);
  }

  checkMoid(moid: string): void {
    const all = this.accounts.all();
    if (all.length === 0 && (this.moid === '' || moid === this.moid)) return;
    for (let i = 0; i < all.length; i += 1) {
      const asked = this.moid === '' || this.accounts.permits(all[i], this.moid);
      if (asked && this.accounts.permits(all[i], moid)) return;
    }
    throw new DmError('FORBIDDEN', moid);
  }
}

/** A bootstrap writes everything; what its accounts may do is checked when it is whole. */
export const BOOTSTRAP_GATE: WriteGate = { checkMoid() {}, checkWrite() {} };

/** DevInfo is read-only. No server writes accounts yet: Perm, and so what a server may do, comes from bootstraps only (PROTOCOL.md §13, §14). */
function checkServerWrites(moid: string): void {
  if (moid === MOID_DEVINFO || moid === MOID_ACCOUNT) throw new DmError('NOT_ALLOWED', moid);
}
