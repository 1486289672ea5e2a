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
  for (let at = tree.firstChild(node); at !== NO_NODE; at = tree.next(at)) children.push(at);
  return children;
}

// Loops, not functions of arrays: rights are judged deep in a session, and a device's stack is small.

/** All accounts, in tree order, but those that the transaction removes. */
export function accountsOf(device: Authority): Account[] {
  const tree = device.tree;
  const accounts: Account[] = [];
  for (let instance = tree.firstInstance(MOID_ACCOUNT); instance !== NO_NODE; instance = tree.next(instance)) {
    const root = tree.firstChild(instance);
    if (device.transaction.hides(root)) continue;
    accounts.push({ srvId: tree.childText(root, 'SrvID'), srvUri: tree.childText(root, 'SrvURI'), root });
  }
  return accounts;
}

/** The account with a SrvID. */
export function findAccount(device: Authority, srvId: string): Account | undefined {
  const accounts = accountsOf(device);
  let i = 0;
  while (i < accounts.length && accounts[i].srvId !== srvId) i += 1;
  return accounts[i];
}

/** The MOIDs on an account's Perm list: all that its server may ever manage. */
export function permitted(tree: TreeStore, account: Account): string[] {
  const moids: string[] = [];
  const perm = tree.child(account.root, 'Perm');
  for (let entry = tree.firstChild(perm); entry !== NO_NODE; entry = tree.next(entry)) {
    const moid = tree.childText(entry, 'MOID');
    if (moid !== '' && moids.indexOf(moid) < 0) moids.push(moid);
  }
  return moids;
}

/** True where `moid` is on the account's Perm list. */
export function permits(tree: TreeStore, account: Account, moid: string): boolean {
  return permitted(tree, account).indexOf(moid) >= 0;
}

/** The node `Auth/NAME` of an account, `NO_NODE` where it has none. */
export function authOf(tree: TreeStore, account: Account, name: string): NodeId {
  return tree.child(tree.child(account.root, 'Auth'), name);
}
