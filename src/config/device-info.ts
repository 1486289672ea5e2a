import type { Authority } from '../access/accounts.js';
import { addInstance } from '../access/rights.js';
import { fail } from '../errors.js';
import type { Identity } from '../hal/identity.js';
import type { Text } from '../hal/text.js';
import { NO_NODE } from '../tree/arena.js';
import { MOID_DEVINFO, MOID_SESSION } from '../tree/standard-mos.js';
import { Format } from '../tree/tree-store.js';

// The MOs that follow the device's identity (PROTOCOL.md §14), one instance each: DevInfo, which is stored, and Session Information, which is not.

/** What they are made of. */
interface Owner extends Authority {
  readonly platform: { readonly text: Text; readonly identity: Identity };
}

/** DevInfo leaves: `DmV` is the client's own, the others come from the identity contract. */
const LEAVES: readonly string[] = ['DevID', 'Man', 'Mod', 'DmV', 'Lang', 'DevType', 'OEM', 'FwV', 'SwV', 'HwV'];

/** The DM version that this client speaks. */
const DM_VERSION = '2.0';

/** Leaves of Session Information, and what the identity contract calls their values. */
const SESSION_LEAVES: readonly string[] = ['CBT', 'Bearer', 'ROAMING', 'Roaming'];

/** The value of a DevInfo leaf, or of another name that the identity contract knows; '' where it has none. */
export function deviceValue(device: Owner, name: string): string {
  if (LEAVES.indexOf(name) < 0) return device.platform.identity.value(name);
  const root = device.tree.firstRoot(MOID_DEVINFO);
  return root === NO_NODE ? '' : device.tree.childText(root, name);
}

/** The DevID, as packages carry it. @throws DmError `NO_DEVICE_ID` where it is empty, or no visible ASCII: no header may hold it. */
export function deviceId(device: Owner): string {
  const id = deviceValue(device, 'DevID');
  if (id === '') fail('NO_DEVICE_ID');
  for (let i = 0; i < id.length; i += 1) {
    if (id.charCodeAt(i) <= 0x20 || id.charCodeAt(i) >= 0x7f) fail('NO_DEVICE_ID');
  }
  return id;
}

/**
 * Brings DevInfo up to what the identity says, as a part of the transaction; leaves of which it knows nothing stay.
 * @throws DmError `TREE_FULL`
 */
export function refreshDevInfo(device: Owner): void {
  const tree = device.tree;
  const known = tree.firstRoot(MOID_DEVINFO);
  const root = known === NO_NODE ? addInstance(device, MOID_DEVINFO, 'DevInfo') : known;
  for (let i = 0; i < LEAVES.length; i += 1) {
    const value = LEAVES[i] === 'DmV' ? DM_VERSION : device.platform.identity.value(LEAVES[i]);
    if (value === '') continue;
    const leaf = tree.createLeaf(LEAVES[i], Format.Chr, device.platform.text.encode(value));
    const old = tree.child(root, LEAVES[i]);
    if (old !== NO_NODE) device.transaction.replace(old, leaf);
    else if (known === NO_NODE) tree.attach(root, leaf);
    else device.transaction.insert(root, leaf);
  }
}

/** Adds the instance of Session Information. @throws DmError `TREE_FULL` */
export function addSession(device: Owner): void {
  const tree = device.tree;
  const root = tree.create('SessionInfo', Format.Interior);
  tree.addInstance(MOID_SESSION, 's1', root);
  for (let i = 0; i < SESSION_LEAVES.length; i += 2) tree.attach(root, tree.create(SESSION_LEAVES[i], Format.Null));
  refreshSession(device);
}

/**
 * Brings Session Information up to what the identity says; a value that it does not know, or that the tree has no room for, is null.
 * @returns the ClientURIs of what changed.
 */
export function refreshSession(device: Owner): string[] {
  const tree = device.tree;
  const changed: string[] = [];
  const root = tree.firstRoot(MOID_SESSION);
  for (let i = 0; i < SESSION_LEAVES.length && root !== NO_NODE; i += 2) {
    const leaf = tree.child(root, SESSION_LEAVES[i]);
    const given = device.platform.identity.value(SESSION_LEAVES[i + 1]);
    // What is no number would be no JSON.
    const value = String(Number(given) | 0) === given ? given : '';
    const format = value === '' ? Format.Null : Format.Int;
    if (leaf === NO_NODE || (tree.format(leaf) === format && tree.valueText(leaf) === value)) continue;
    tree.setFormat(leaf, Format.Null);
    try {
      tree.setValue(leaf, device.platform.text.encode(value));
      tree.setFormat(leaf, format);
      changed.push(tree.uri(leaf));
    } catch (_thrown) {
      // The tree is full.
    }
  }
  return changed;
}
