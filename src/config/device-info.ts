import type { Identity } from '../hal/identity.js';
import type { Text } from '../hal/text.js';
import { NO_NODE, type NodeId } from '../tree/arena.js';
import { MOID_DEVINFO } from '../tree/standard-mos.js';
import type { Transaction } from '../tree/transaction.js';
import { Format, type TreeStore } from '../tree/tree-store.js';
import type { PlaceholderValues } from './server-uri.js';

/** DevInfo leaves: `DmV` is the client's own, the others come from the identity contract. */
const LEAVES: readonly string[] = ['DevID', 'Man', 'Mod', 'DmV', 'Lang', 'DevType', 'OEM', 'FwV', 'SwV', 'HwV'];

/** The DM version that this client speaks. */
const DM_VERSION = '2.0';

/** The DevInfo MO (PROTOCOL.md §14): one instance, whose leaves follow the device's identity. */
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
    const leaf = root === NO_NODE ? NO_NODE : this.tree.child(root, name);
    return leaf === NO_NODE || !this.tree.isLeaf(leaf) ? '' : this.tree.valueText(leaf);
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

  private root(): NodeId {
    const type = this.tree.child(this.tree.root, MOID_DEVINFO);
    return type === NO_NODE ? NO_NODE : this.tree.firstChild(this.tree.firstChild(type));
  }

  /** Calls `visit` with a new detached leaf for every value that is known. */
  private eachValue(visit: (leaf: NodeId) => void): void {
    for (let i = 0; i < LEAVES.length; i += 1) {
      const value = LEAVES[i] === 'DmV' ? DM_VERSION : this.identity.value(LEAVES[i]);
      if (value === '') continue;
      const bytes = this.text.encode(value);
      const leaf = this.tree.create(LEAVES[i], Format.Chr);
      this.tree.appendValue(leaf, bytes, 0, bytes.length);
      visit(leaf);
    }
  }
}
