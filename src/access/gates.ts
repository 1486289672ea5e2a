import { DmError } from '../errors.js';
import { NO_NODE, type NodeId } from '../tree/arena.js';
import type { Definitions } from '../tree/definitions.js';
import type { WriteGate } from '../tree/mo-intake.js';
import { DEVICE_MOIDS, MOID_ACCESS, MOID_ACCOUNT, MOID_SESSION } from '../tree/standard-mos.js';
import { type Target, targetInstance, targetPath } from '../tree/target.js';
import type { TreeStore } from '../tree/tree-store.js';
import type { Account, Accounts } from './accounts.js';
import { DELEGATE, READ, type Rights, WRITE } from './rights.js';

/** What gates judge by. */
export interface Authority {
  readonly tree: TreeStore;
  readonly accounts: Accounts;
  readonly rights: Rights;
  readonly definitions: Definitions;
}

/** A bootstrap writes everything but Session Information that its MOs' definitions know; what its accounts may do is checked when it is whole. */
export class BootstrapGate implements WriteGate {
  protected readonly authority: Authority;
  /** Whether nodes may be written that no server writes. */
  protected readonly isBootstrap: boolean;

  constructor(authority: Authority) {
    this.authority = authority;
    this.isBootstrap = true;
  }

  checkMoid(_moid: string): void {}

  checkWrite(target: Target): void {
    if (target.moid === MOID_SESSION) throw new DmError('NOT_ALLOWED', 'the device itself keeps this MO');
  }

  admit(target: Target, fresh: NodeId): void {
    this.authority.definitions.admit(target, fresh, this.isBootstrap);
  }

  created(_root: NodeId): void {}

  hides(_node: NodeId): boolean {
    return false;
  }

  hidesInstance(_instance: NodeId): boolean {
    return false;
  }
}

/** What is in flash was judged when it came: this only completes it. */
export class LoadGate extends BootstrapGate {
  override admit(target: Target, fresh: NodeId): void {
    try {
      super.admit(target, fresh);
    } catch (_thrown) {
      // Another firmware had other definitions. What it stored stays.
    }
  }
}

/**
 * What the factory may do: anything with MOIDs on the Perm list of an account that also has `moid`, the one that was asked for. On a
 * device without accounts nobody set bounds: `moid` itself.
 */
export class FactoryGate extends BootstrapGate {
  protected override readonly isBootstrap: boolean;
  private readonly moid: string;

  /** @param moid the MOID asked for, '' where none was. */
  constructor(authority: Authority, moid: string) {
    super(authority);
    this.isBootstrap = false;
    this.moid = moid;
  }

  override checkMoid(moid: string): void {
    const accounts = this.authority.accounts;
    const all = accounts.all();
    if (all.length === 0 && (this.moid === '' || moid === this.moid)) return;
    for (let i = 0; i < all.length; i += 1) {
      const asked = this.moid === '' || accounts.permits(all[i], this.moid);
      if (asked && accounts.permits(all[i], moid)) return;
    }
    throw new DmError('FORBIDDEN', moid);
  }

  override checkWrite(target: Target): void {
    if (target.moid === MOID_ACCESS) throw new DmError('NOT_ALLOWED', target.moid);
    this.checkMoid(target.moid);
    this.authority.definitions.checkWrite(target);
  }

  override admit(target: Target, fresh: NodeId): void {
    super.admit(target, fresh);
    if (target.moid === MOID_ACCOUNT) this.admitAccount(target, fresh);
  }

  override hides(node: NodeId): boolean {
    return this.authority.definitions.hides(node);
  }

  /** No two accounts have one SrvID, and none is without SrvID or SrvURI. */
  private admitAccount(target: Target, fresh: NodeId): void {
    const authority = this.authority;
    const path = targetPath(target, authority.tree);
    if (path.length > 1) return;
    const text = (name: string): string | undefined => {
      if (path.length === 0) return authority.tree.childText(fresh, name);
      return path[0] === name ? authority.tree.valueText(fresh) : undefined;
    };
    const srvId = text('SrvID');
    const other = srvId === undefined ? undefined : authority.accounts.find(srvId);
    const isOwn =
      other === undefined || authority.tree.instanceOf(other.root) === targetInstance(target, authority.tree);
    if (srvId === '' || text('SrvURI') === '' || !isOwn) throw new DmError('CONFLICT', 'SrvID, SrvURI');
  }
}

/** What one DM Server may do (PROTOCOL.md §13): with MOIDs on its account's Perm list what its rights on each instance say. */
export class AccountGate extends FactoryGate {
  readonly srvId: string;

  constructor(authority: Authority, srvId: string) {
    super(authority, '');
    this.srvId = srvId;
  }

  /** The server's account now; it may change, or go, in the middle of a session. @throws DmError `FORBIDDEN` where it is gone. */
  account(): Account {
    const account = this.authority.accounts.find(this.srvId);
    if (account === undefined) throw new DmError('FORBIDDEN', this.srvId);
    return account;
  }

  override checkMoid(moid: string): void {
    if (!this.authority.accounts.permits(this.account(), moid)) throw new DmError('FORBIDDEN', moid);
  }

  /** True where the server has a right on an instance; '' stands for any right. No account has one on what is not on its Perm list. */
  has(instance: NodeId, right: string): boolean {
    const authority = this.authority;
    const account = authority.accounts.find(this.srvId);
    if (account === undefined || !authority.accounts.permits(account, authority.tree.moidOf(instance))) return false;
    return authority.rights.has(this.srvId, instance, right);
  }

  /** @throws DmError `FORBIDDEN` where the server has not this right on the instance. */
  check(instance: NodeId, right: string): void {
    if (!this.has(instance, right)) throw new DmError('FORBIDDEN', right);
  }

  override checkWrite(target: Target): void {
    const authority = this.authority;
    if (target.moid === MOID_ACCESS) {
      // Rights are delegated entry by entry.
      this.checkMoid(target.moid);
      if (targetPath(target, authority.tree).length !== 1) throw new DmError('NOT_ALLOWED', target.moid);
      if (target.node !== NO_NODE && !this.delegates(authority.rights.instanceOf(target.node)))
        throw new DmError('FORBIDDEN', DELEGATE);
      return;
    }
    super.checkWrite(target);
    const instance = targetInstance(target, authority.tree);
    if (instance !== NO_NODE) this.check(instance, WRITE);
  }

  override admit(target: Target, fresh: NodeId): void {
    super.admit(target, fresh);
    if (target.moid === MOID_ACCESS) this.admitEntry(target, fresh);
  }

  override created(root: NodeId): void {
    this.authority.rights.grant(this.authority.tree.instanceOf(root), this.srvId);
  }

  override hides(node: NodeId): boolean {
    const rights = this.authority.rights;
    if (super.hides(node)) return true;
    return rights.isEntry(node) && !this.delegates(rights.instanceOf(node));
  }

  override hidesInstance(instance: NodeId): boolean {
    return !this.has(instance, READ);
  }

  /** What the device keeps itself is readable for all who may have it: nobody delegates that. */
  private delegates(instance: NodeId): boolean {
    if (instance === NO_NODE || DEVICE_MOIDS.indexOf(this.authority.tree.moidOf(instance)) >= 0) return false;
    return this.has(instance, DELEGATE);
  }

  /** An entry speaks of one instance for good, and an instance has one entry. */
  private admitEntry(target: Target, fresh: NodeId): void {
    const rights = this.authority.rights;
    const instance = rights.instanceOf(fresh);
    if (!this.delegates(instance)) throw new DmError('FORBIDDEN', DELEGATE);
    if (rights.entryOf(instance) !== target.node) throw new DmError('CONFLICT', 'another entry for this MO');
    if (!rights.isSound(fresh)) throw new DmError('CONFLICT', 'Rights');
  }
}
