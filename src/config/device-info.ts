import { DmError } from '../errors.js';
import type { Identity } from '../hal/identity.js';
import type { Text } from '../hal/text.js';
import { NO_NODE, type NodeId } from '../tree/arena.js';
import { MOID_DEVINFO, MOID_SESSION } from '../tree/standard-mos.js';
import type { Transaction } from '../tree/transaction.js';
import { Format, type TreeStore } from '../tree/tree-store.js';
import type { PlaceholderValues } from './server-uri.js';

/** DevInfo leaves: `DmV` is the client's own, the others come from the identity contract. */
const LEAVES: readonly string[] = ['DevID', 'Man', 'Mod', 'DmV', 'Lang', 'DevType', 'OEM', 'FwV', 'SwV', 'HwV'];

/** The DM version that this client speaks. */
const DM_VERSION = '2.0';

/** Leaves of Session Information, and what the identity contract calls their values. */
const SESSION_LEAVES: readonly string[] = ['CBT', 'Bearer', 'ROAMING', 'Roaming'];

/**
 * The MOs that follow the device's identity (PROTOCOL.md §14), one instance each: DevInfo, which is stored, and Session Information, which is not.
 */
export class DeviceInfo implements PlaceholderValues {
  private readonly tree: TreeStore;
  private readonly text: Text;
  private readonly identity: Identity;

  constructor(tree: TreeStore, text: Text, identity: Identity) {
    this.tree = tree;
    this.text = text;
    this.identity = identity;
  }

  /** A leaf's value, '' where it has none. */
  value(name: string): string {
    const root = this.root();
    return root === NO_NODE ? '' : this.tree.childText(root, name);
  }

  /** The DevID, as packages carry it. @throws DmError `NO_DEVICE_ID` where it is empty, or no visible ASCII: no header may hold it. */
  deviceId(): string {
    const id = this.value('DevID');
    for (let i = 0; i < id.length; i += 1) {
      if (id.charCodeAt(i) <= 0x20 || id.charCodeAt(i) >= 0x7f) throw new DmError('NO_DEVICE_ID');
    }
    if (id === '') throw new DmError('NO_DEVICE_ID');
    return id;
  }

  placeholder(name: string): string {
    return LEAVES.indexOf(name) >= 0 ? this.value(name) : this.identity.value(name);
  }

  /**
   * Brings the MO up to what the identity says, as a part of `transaction`; leaves of which it knows nothing stay.
   * @throws DmError `TREE_FULL`
   */
  refresh(transaction: Transaction): void {
    const root = this.root();
    if (root === NO_NODE) {
      const fresh = this.tree.create('DevInfo', Format.Interior);
      this.eachValue((leaf) => this.tree.attach(fresh, leaf));
      transaction.insertInstance(MOID_DEVINFO, this.tree.unusedMiid(MOID_DEVINFO, []), fresh);
      return;
    }
    this.eachValue((leaf) => {
      const old = this.tree.child(root, this.tree.name(leaf));
      if (old === NO_NODE) transaction.insert(root, leaf);
      else transaction.replace(old, leaf);
    });
  }

  /** Adds the instance of Session Information. @throws DmError `TREE_FULL` */
  addSession(): void {
    const root = this.tree.create('SessionInfo', Format.Interior);
    for (let i = 0; i < SESSION_LEAVES.length; i += 2) {
      this.tree.attach(root, this.tree.create(SESSION_LEAVES[i], Format.Null));
    }
    this.tree.addInstance(MOID_SESSION, 's1', root);
    this.refreshSession();
  }

  /**
   * Brings Session Information up to what the identity says; a value that it does not know, or that the tree has no room for, is null.
   * @returns the ClientURIs of what changed.
   */
  refreshSession(): string[] {
    const tree = this.tree;
    const root = tree.firstRoot(MOID_SESSION);
    const changed: string[] = [];
    for (let i = 0; i < SESSION_LEAVES.length && root !== NO_NODE; i += 2) {
      const leaf = tree.child(root, SESSION_LEAVES[i]);
      const given = this.identity.value(SESSION_LEAVES[i + 1]);
      // What is no number would be no JSON.
      const value = String(Number(given) | 0) === given ? given : '';
      const format = value === '' ? Format.Null : Format.Int;
      if (leaf === NO_NODE || (tree.format(leaf) === format && tree.valueText(leaf) === value)) continue;
      try {
        tree.setValue(leaf, this.text.encode(value));
        tree.setFormat(leaf, format);
        changed.push(tree.uri(leaf));
      } catch (_thrown) {
        // The tree is full.
        tree.setFormat(leaf, Format.Null);
      }
    }
    return changed;
  }

  private root(): NodeId {
    return this.tree.firstRoot(MOID_DEVINFO);
  }

  /** Calls `visit` with a new detached leaf for every value that is known. */
  private eachValue(visit: (leaf: NodeId) => void): void {
    for (let i = 0; i < LEAVES.length; i += 1) {
      const value = LEAVES[i] === 'DmV' ? DM_VERSION : this.identity.value(LEAVES[i]);
      if (value === '') continue;
      visit(this.tree.createLeaf(LEAVES[i], Format.Chr, this.text.encode(value)));
    }
  }
}
