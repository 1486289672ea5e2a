import { fail } from '../errors.js';
import { NO_NODE, type NodeId } from '../tree/arena.js';
import type { WriteGate } from '../tree/mo-intake.js';
import { MOID_ACCESS, MOID_ACCOUNT, MOID_SESSION } from '../tree/standard-mos.js';
import { type Target, targetInstance, targetPath } from '../tree/target.js';
import { type Account, type Authority, accountsOf, findAccount, permits } from './accounts.js';
import { DELEGATE, entryOf, grant, hasRight, instanceOf, isDevices, isEntry, isSound, READ, WRITE } from './rights.js';

/** A bootstrap writes everything but Session Information that its MOs' definitions know; what its accounts may do is checked when it is whole. */
export class BootstrapGate implements WriteGate {
  protected readonly device: Authority;

  constructor(device: Authority) {
    this.device = device;
  }

  checkMoid(_moid: string): void {}

  checkWrite(target: Target): void {
    if (target.moid === MOID_SESSION) fail('NOT_ALLOWED', target.moid);
  }

  admit(target: Target, fresh: NodeId): void {
    this.device.definitions.admit(target, fresh, true);
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
  private readonly moid: string;

  /** @param moid the MOID asked for, '' where none was. */
  constructor(device: Authority, moid: string) {
    super(device);
    this.moid = moid;
  }

  override checkMoid(moid: string): void {
    const asked = this.moid || moid;
    const tree = this.device.tree;
    const accounts = accountsOf(this.device);
    const isFree = accounts.length === 0 && moid === asked;
    if (!isFree && !accounts.some((account) => permits(tree, account, asked) && permits(tree, account, moid)))
      fail('FORBIDDEN', moid);
  }

  override checkWrite(target: Target): void {
    if (target.moid === MOID_ACCESS) fail('NOT_ALLOWED', target.moid);
    this.device.definitions.checkWrite(target);
  }

  override admit(target: Target, fresh: NodeId): void {
    this.device.definitions.admit(target, fresh, false);
    if (target.moid === MOID_ACCOUNT) this.admitAccount(target, fresh);
  }

  override hides(node: NodeId): boolean {
    return this.device.definitions.hides(node);
  }

  /** No two accounts have one SrvID, and none is without SrvID or SrvURI. */
  private admitAccount(target: Target, fresh: NodeId): void {
    const tree = this.device.tree;
    const path = targetPath(target, tree).join('/');
    const text = (name: string): string | undefined => {
      if (path === '') return tree.childText(fresh, name);
      return path === name ? tree.valueText(fresh) : undefined;
    };
    const srvId = text('SrvID');
    const other = srvId === undefined ? undefined : findAccount(this.device, srvId);
    const isTaken = other !== undefined && tree.instanceOf(other.root) !== targetInstance(target, tree);
    if (srvId === '' || text('SrvURI') === '' || isTaken) fail('CONFLICT', 'SrvID, SrvURI');
  }
}

/** What one DM Server may do (PROTOCOL.md §13): with MOIDs on its account's Perm list what its rights on each instance say. */
export class AccountGate extends FactoryGate {
  readonly srvId: string;

  constructor(device: Authority, srvId: string) {
    super(device, '');
    this.srvId = srvId;
  }

  /** The server's account now; it may change, or go, in the middle of a session. @throws DmError `FORBIDDEN` where it is gone. */
  account(): Account {
    return findAccount(this.device, this.srvId) || fail('FORBIDDEN', this.srvId);
  }

  /** True where `moid` is on the Perm list of the account; one that is gone has none. */
  permits(moid: string): boolean {
    const account = findAccount(this.device, this.srvId);
    return account !== undefined && permits(this.device.tree, account, moid);
  }

  override checkMoid(moid: string): void {
    if (!this.permits(moid)) fail('FORBIDDEN', moid);
  }

  /** True where the server has a right on an instance; '' stands for any right. No account has one on what is not on its Perm list. */
  has(instance: NodeId, right: string): boolean {
    const tree = this.device.tree;
    return this.permits(tree.moidOf(instance)) && hasRight(tree, this.srvId, instance, right);
  }

  /** @throws DmError `FORBIDDEN` where the server has not this right on the instance. */
  check(instance: NodeId, right: string): void {
    if (!this.has(instance, right)) fail('FORBIDDEN', right);
  }

  override checkWrite(target: Target): void {
    const tree = this.device.tree;
    const instance = targetInstance(target, tree);
    if (target.moid === MOID_ACCESS) {
      // Rights are delegated entry by entry.
      if (targetPath(target, tree).length !== 1) fail('NOT_ALLOWED', target.moid);
      if (target.node !== NO_NODE) this.checkDelegates(instanceOf(tree, target.node));
    } else {
      super.checkWrite(target);
      if (instance !== NO_NODE) this.check(instance, WRITE);
    }
  }

  override admit(target: Target, fresh: NodeId): void {
    const tree = this.device.tree;
    super.admit(target, fresh);
    if (target.moid !== MOID_ACCESS) return;
    // An entry speaks of one instance for good, and an instance has one entry.
    const instance = instanceOf(tree, fresh);
    this.checkDelegates(instance);
    if (entryOf(tree, instance) !== target.node || !isSound(tree, fresh)) fail('CONFLICT', 'MO, Rights');
  }

  override created(root: NodeId): void {
    grant(this.device, this.device.tree.instanceOf(root), this.srvId);
  }

  override hides(node: NodeId): boolean {
    const tree = this.device.tree;
    return super.hides(node) || (isEntry(tree, node) && !this.delegates(instanceOf(tree, node)));
  }

  override hidesInstance(instance: NodeId): boolean {
    return !this.has(instance, READ);
  }

  /** What the device keeps itself is readable for all who may have it: nobody delegates that. */
  private delegates(instance: NodeId): boolean {
    return instance !== NO_NODE && !isDevices(this.device.tree, instance) && this.has(instance, DELEGATE);
  }

  private checkDelegates(instance: NodeId): void {
    if (!this.delegates(instance)) fail('FORBIDDEN', DELEGATE);
  }
}
