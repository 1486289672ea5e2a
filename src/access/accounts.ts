import type { Text } from '../hal/text.js';
import { NO_NODE, type NodeId } from '../tree/arena.js';
import type { Definitions } from '../tree/definitions.js';
import { MOID_ACCOUNT } from '../tree/standard-mos.js';
import type { Transaction } from '../tree/transaction.js';
import type { TreeStore } from '../tree/tree-store.js';

/** What accounts and rights are read from and written to: the device. */
export interface Authority {
  readonly tree: TreeStore;
  readonly transaction: Transaction;
  readonly definitions: Definitions;
  readonly platform: { readonly text: Text };
}

/** One DM Server, as its DM Account MO says (PROTOCOL.md §13). */
export interface Account {
  readonly srvId: string;
  readonly srvUri: string;
  /** Root of the DM Account MO. */
  readonly root: NodeId;
}

/** The children of a node, none for `NO_NODE`. */
export function childrenOf(tree: TreeStore, node: NodeId): NodeId[] {
  const children: NodeId[] = [];
  for (let at = tree.firstBelow(node); at !== NO_NODE; at = tree.next(at)) children.push(at);
  return children;
}

/** All accounts, in tree order, but those that the transaction removes. */
export function accountsOf(device: Authority): Account[] {
  const tree = device.tree;
  return childrenOf(tree, tree.child(tree.root, MOID_ACCOUNT))
    .map((instance) => {
      const root = tree.firstChild(instance);
      return { srvId: tree.childText(root, 'SrvID'), srvUri: tree.childText(root, 'SrvURI'), root };
    })
    .filter((account) => !device.transaction.hides(account.root));
}

/** The account with a SrvID. */
export function findAccount(device: Authority, srvId: string): Account | undefined {
  return accountsOf(device).find((account) => account.srvId === srvId);
}

/** The MOIDs on an account's Perm list: all that its server may ever manage. */
export function permitted(tree: TreeStore, account: Account): string[] {
  return childrenOf(tree, tree.child(account.root, 'Perm'))
    .map((entry) => tree.childText(entry, 'MOID'))
    .filter((moid, index, all) => moid !== '' && all.indexOf(moid) === index);
}

/** True where `moid` is on the account's Perm list. */
export function permits(tree: TreeStore, account: Account, moid: string): boolean {
  return permitted(tree, account).indexOf(moid) >= 0;
}

/** The node `Auth/NAME` of an account, `NO_NODE` where it has none. */
export function authOf(tree: TreeStore, account: Account, name: string): NodeId {
  const auth = tree.child(account.root, 'Auth');
  return auth === NO_NODE ? NO_NODE : tree.child(auth, name);
}
