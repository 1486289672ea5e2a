import { NO_NODE, type NodeId, ROOT } from '../tree/arena.js';
import { DEVICE_MOIDS, MOID_ACCESS } from '../tree/standard-mos.js';
import { Format, type TreeStore } from '../tree/tree-store.js';
import { type Authority, accountsOf, childrenOf } from './accounts.js';

// The Delegation Access Control MO (PROTOCOL.md §13): one entry an MO instance, with a list of servers and their rights. An instance without
// an entry came with a bootstrap: it gives all rights to every account that may have its MOID.

/** What a server may do with an MO instance, as letters of `Rights`. */
export const READ = 'R';
export const WRITE = 'W';
export const EXECUTE = 'X';
export const DELEGATE = 'D';

const ALL = READ + WRITE + EXECUTE + DELEGATE;

/** True where a server has a right on an instance; '' stands for any right. Its Perm list is judged elsewhere. */
export function hasRight(tree: TreeStore, srvId: string, instance: NodeId, right: string): boolean {
  if (isDevices(tree, instance)) return true;
  // What it said is lost: nobody knows who had rights.
  if (rootOf(tree) === NO_NODE) return false;
  const entry = entryOf(tree, instance);
  if (entry === NO_NODE) return true;
  const rule = ruleOf(tree, entry, srvId);
  const rights = rule === NO_NODE ? '' : tree.childText(rule, 'Rights');
  return rights !== '' && rights.indexOf(right) >= 0;
}

/** True for an instance that the device itself keeps: nobody delegates rights on it. */
export function isDevices(tree: TreeStore, instance: NodeId): boolean {
  return DEVICE_MOIDS.indexOf(tree.moidOf(instance)) >= 0;
}

/** True for an entry of this MO: a child of its root. */
export function isEntry(tree: TreeStore, node: NodeId): boolean {
  return !tree.isLeaf(node) && tree.parent(node) === rootOf(tree);
}

/** True where the rules of an entry hold nothing but rights, and name no server twice. */
export function isSound(tree: TreeStore, entry: NodeId): boolean {
  return childrenOf(tree, tree.child(entry, 'Acl')).every(
    (rule) =>
      ruleOf(tree, entry, tree.childText(rule, 'SrvID')) === rule &&
      tree
        .childText(rule, 'Rights')
        .split('')
        .every((letter) => ALL.indexOf(letter) >= 0),
  );
}

/** The instance that an entry speaks of, `NO_NODE` where there is none such. */
export function instanceOf(tree: TreeStore, entry: NodeId): NodeId {
  return tree.instanceAt(tree.childText(entry, 'MO'));
}

/** The entry for an instance, `NO_NODE` where it has none. */
export function entryOf(tree: TreeStore, instance: NodeId): NodeId {
  let entry = tree.firstChild(rootOf(tree));
  if (entry === NO_NODE) return entry;
  const address = tree.uri(instance);
  while (entry !== NO_NODE && tree.childText(entry, 'MO') !== address) entry = tree.next(entry);
  return entry;
}

/**
 * Adds an instance whose MO root is empty, under a MIID that the client chooses, as a part of the transaction.
 * @returns the MO root.
 * @throws DmError `TREE_FULL`
 */
export function addInstance(device: Authority, moid: string, rootName: string): NodeId {
  const tree = device.tree;
  const root = tree.create(rootName, Format.Interior);
  try {
    device.transaction.insertInstance(moid, tree.unusedMiid(moid, []), root);
  } catch (thrown) {
    tree.free(root);
    throw thrown;
  }
  return root;
}

/**
 * Makes the MO where it is not there, as a part of the transaction: servers write entries below its root. Since it comes with the first
 * account, one that is missing where accounts are stored was damaged: then nobody has rights on what is there.
 * @returns its root.
 * @throws DmError `TREE_FULL`
 */
export function openRights(device: Authority): NodeId {
  const tree = device.tree;
  const known = rootOf(tree);
  if (known !== NO_NODE) return known;
  const wasLost = accountsOf(device).some((account) => tree.objectOf(tree.instanceOf(account.root)) !== 0);
  const root = addInstance(device, MOID_ACCESS, 'DACMO');
  for (let type = tree.firstChild(ROOT); wasLost && type !== NO_NODE; type = tree.next(type)) {
    if (DEVICE_MOIDS.indexOf(tree.name(type)) >= 0) continue;
    for (let at = tree.firstChild(type); at !== NO_NODE; at = tree.next(at)) grant(device, at, '');
  }
  return root;
}

/**
 * Makes an entry for an instance, as a part of the transaction: its creator has all rights, alone.
 * @param srvId the server that created it; '' for an application on the device.
 * @throws DmError `TREE_FULL`
 */
export function grant(device: Authority, instance: NodeId, srvId: string): void {
  const tree = device.tree;
  const root = openRights(device);
  // One may be left of an earlier instance with this address, as where its record was damaged.
  forgetRights(device, instance);
  let number = 1;
  while (tree.child(root, String(number)) !== NO_NODE) number += 1;
  const entry = tree.create(String(number), Format.Interior);
  device.transaction.insert(root, entry);
  addLeaf(device, entry, 'MO', tree.uri(instance));
  const acl = addNode(tree, entry, 'Acl');
  if (srvId === '') return;
  const rule = addNode(tree, acl, '1');
  addLeaf(device, rule, 'SrvID', srvId);
  addLeaf(device, rule, 'Rights', ALL);
}

/** Removes the entry of an instance, as a part of the transaction. */
export function forgetRights(device: Authority, instance: NodeId): void {
  const entry = entryOf(device.tree, instance);
  if (entry !== NO_NODE) device.transaction.remove(entry);
}

function rootOf(tree: TreeStore): NodeId {
  return tree.firstRoot(MOID_ACCESS);
}

/** The rule for a server in an entry, `NO_NODE` where it has none. */
function ruleOf(tree: TreeStore, entry: NodeId, srvId: string): NodeId {
  let rule = tree.firstChild(tree.child(entry, 'Acl'));
  while (rule !== NO_NODE && tree.childText(rule, 'SrvID') !== srvId) rule = tree.next(rule);
  return rule;
}

function addNode(tree: TreeStore, parent: NodeId, name: string): NodeId {
  const node = tree.create(name, Format.Interior);
  tree.attach(parent, node);
  return node;
}

function addLeaf(device: Authority, parent: NodeId, name: string, text: string): void {
  device.tree.attach(parent, device.tree.createLeaf(name, Format.Chr, device.platform.text.encode(text)));
}
