import { NO_NODE, type NodeId } from '../tree/arena.js';
import { MOID_ACCOUNT } from '../tree/standard-mos.js';
import type { TreeStore } from '../tree/tree-store.js';

/** One DM Server, as its DM Account MO says (PROTOCOL.md §13). */
export interface Account {
  readonly srvId: string;
  readonly srvUri: string;
  /** Root of the DM Account MO. */
  readonly root: NodeId;
}

/** The DM Servers that this device knows. Holds nothing itself: the tree is asked each time. */
export class Accounts {
  private readonly tree: TreeStore;

  constructor(tree: TreeStore) {
    this.tree = tree;
  }

  /** All accounts, in tree order. */
  all(): Account[] {
    const tree = this.tree;
    const accounts: Account[] = [];
    for (let instance = tree.firstInstance(MOID_ACCOUNT); instance !== NO_NODE; instance = tree.next(instance)) {
      const root = tree.firstChild(instance);
      accounts.push({ srvId: this.srvIdOf(root), srvUri: tree.childText(root, 'SrvURI'), root });
    }
    return accounts;
  }

  /** The SrvID in a DM Account MO, '' where it has none. */
  srvIdOf(root: NodeId): string {
    return this.tree.childText(root, 'SrvID');
  }

  /** The account with a SrvID. */
  find(srvId: string): Account | undefined {
    const all = this.all();
    for (let i = 0; i < all.length; i += 1) if (all[i].srvId === srvId) return all[i];
    return undefined;
  }

  /** The MOIDs on an account's Perm list: all that its server may ever manage. */
  permitted(account: Account): string[] {
    const tree = this.tree;
    const moids: string[] = [];
    const perm = tree.child(account.root, 'Perm');
    if (perm === NO_NODE) return moids;
    for (let entry = tree.firstChild(perm); entry !== NO_NODE; entry = tree.next(entry)) {
      const moid = tree.childText(entry, 'MOID');
      if (moid !== '' && moids.indexOf(moid) < 0) moids.push(moid);
    }
    return moids;
  }

  /** True where `moid` is on the account's Perm list. */
  permits(account: Account, moid: string): boolean {
    return this.permitted(account).indexOf(moid) >= 0;
  }
}
