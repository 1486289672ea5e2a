import { childrenOf } from '../access/accounts.js';
import { addInstance, grant, isDevices } from '../access/rights.js';
import { fail } from '../errors.js';
import { NO_NODE, type NodeId, ROOT } from '../tree/arena.js';
import { type ClientUri, encodeComponent, Part } from '../tree/client-uri.js';
import { completeValue, readValue } from '../tree/large-leaves.js';
import { DEVICE_VIEWER } from '../tree/mo-writer.js';
import { DEVICE_MOIDS } from '../tree/standard-mos.js';
import { resolveTarget, targetPath } from '../tree/target.js';
import { Format, type LeafValue } from '../tree/tree-store.js';
import type { Device } from './device.js';

/** Gets the ClientURI of a subtree that is new or gone; it lies below the watched place, or above it. */
export type WatchCallback = (clientUri: string) => void;

/** One application's wish to be told. */
export interface Watch {
  readonly uri: ClientUri;
  readonly callback: WatchCallback;
}

const INT_LIMIT = 0x80000000;

/** The tree as applications on the device see it: they may read and write all of it. */
export class LocalAccess {
  private readonly device: Device;
  private watches: Watch[];

  constructor(device: Device) {
    this.device = device;
    this.watches = [];
  }

  /**
   * The value of a leaf.
   * @throws DmError `BAD_URI`, `NOT_FOUND`, `AMBIGUOUS`; `NOT_ALLOWED` for an interior node; `TOO_LONG` for a value of more than `limits.value` bytes,
   *   which `readInto` reads.
   */
  read(clientUri: string): LeafValue {
    const node = this.leaf(clientUri);
    if (this.device.tree.isLarge(node)) fail('TOO_LONG', clientUri);
    return this.device.tree.value(node);
  }

  /**
   * Reads a string, of any length, piece by piece: copies bytes of its UTF-8 from byte `offset` on to the start of `into`. A change in between is the
   * caller's to `watch` for.
   * @returns the count of bytes copied; 0 at or after the end, and for null and bool.
   * @throws DmError `BAD_URI`, `NOT_FOUND`, `AMBIGUOUS`; `NOT_ALLOWED` for an interior node; `FLASH_FAILED` where the value is damaged.
   */
  readInto(clientUri: string, offset: number, into: Uint8Array): number {
    return readValue(this.device.tree, this.leaf(clientUri), offset, into);
  }

  /**
   * Writes a leaf, which is made where the node above it exists. Durable when it returns.
   * @throws DmError `BAD_URI`, `NOT_FOUND`, `AMBIGUOUS`; `NOT_ALLOWED` for an interior node or below a leaf; `BAD_ARGUMENT` for a number that JSON
   *   has not; `TOO_DEEP`, `TOO_LONG`, `TREE_FULL`, `FLASH_FULL`, `FLASH_FAILED`.
   */
  write(clientUri: string, value: LeafValue): void {
    const device = this.device;
    const tree = device.tree;
    const target = resolveTarget(device.clientUri(clientUri), tree, device.matches, DEVICE_VIEWER, false);
    const old = target.node;
    if (old === NO_NODE ? target.parent === NO_NODE : !tree.isLeaf(old)) fail('NOT_ALLOWED', 'no leaf');
    if (targetPath(target, tree).length >= device.limits.depth) fail('TOO_DEEP', clientUri);
    const name = this.checkedName(old === NO_NODE ? target.name : tree.name(old));
    const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
    const bytes = device.platform.text.encode(text);
    const leaf = tree.create(name, formatOf(value));
    try {
      if (tree.receive(leaf, bytes, 0, bytes.length)) completeValue(tree, leaf);
      device.definitions.checkLarge(target.moid, leaf);
    } catch (thrown) {
      tree.free(leaf);
      throw thrown;
    }
    if (old === NO_NODE) device.transaction.insert(target.parent, leaf);
    else device.transaction.replace(old, leaf);
    device.transaction.commit();
  }

  /**
   * Makes an MO instance whose root is empty. No server has rights on it, and the access control MO says so. Durable when it returns.
   * @param rootName name of the MO root.
   * @returns its ClientURI.
   * @throws DmError `NOT_ALLOWED` for an MO that the device itself keeps; `BAD_URI` for names that no ClientURI has; `TOO_LONG`, `TREE_FULL`, `FLASH_FULL`, `FLASH_FAILED`.
   */
  create(moid: string, rootName: string): string {
    const device = this.device;
    if (DEVICE_MOIDS.indexOf(moid) >= 0) fail('NOT_ALLOWED', moid);
    if (moid === '' || moid.indexOf('/') >= 0 || rootName === '') fail('BAD_URI', moid);
    if (encodeComponent(moid).length > device.limits.name) fail('TOO_LONG', moid);
    this.checkedName(rootName);
    return device.commit(() => {
      const instance = device.tree.instanceOf(addInstance(device, moid, rootName));
      grant(device, instance, '');
      return device.tree.uri(instance);
    });
  }

  /**
   * Removes a node and all below it; with an MO root the instance. Durable when it returns.
   * @throws DmError `BAD_URI`, `NOT_FOUND`, `AMBIGUOUS`, `FLASH_FULL`, `FLASH_FAILED`; `NOT_ALLOWED` for an MO that the device itself keeps.
   */
  remove(clientUri: string): void {
    const device = this.device;
    const tree = device.tree;
    const node = device.find(clientUri);
    if (tree.depth(node) === 1 && isDevices(tree, tree.instanceOf(node))) fail('NOT_ALLOWED', clientUri);
    device.commit(() => device.remove(node));
  }

  /** Names of a node's children, none for a leaf. @throws DmError `BAD_URI`, `NOT_FOUND`, `AMBIGUOUS`. */
  list(clientUri: string): string[] {
    return this.childNames(this.device.find(clientUri));
  }

  /** MIIDs of the instances of a MOID. */
  instances(moid: string): string[] {
    return this.childNames(this.device.tree.child(ROOT, moid));
  }

  /**
   * Calls `callback`, from the event loop, when something at or below a place has changed, or the place itself went or came.
   * @param clientUri need not exist; wildcards and x-names stand for any name.
   * @returns what `unwatch` takes.
   * @throws DmError `BAD_URI`; `BUSY` beyond `limits.watches`.
   */
  watch(clientUri: string, callback: WatchCallback): Watch {
    const watch = { uri: this.device.clientUri(clientUri), callback };
    if (this.watches.length === this.device.limits.watches) fail('BUSY', 'watches');
    this.watches.push(watch);
    return watch;
  }

  /** Ends a watch. */
  unwatch(watch: Watch): void {
    this.watches = this.watches.filter((other) => other !== watch);
  }

  /** Tells the watches of a change. */
  changed(clientUri: string): void {
    if (this.watches.length === 0) return;
    const changed = this.device.clientUri(clientUri);
    for (let i = 0; i < this.watches.length; i += 1) {
      const watch = this.watches[i];
      if (touches(watch.uri, changed)) this.device.later(() => this.tell(watch, clientUri));
    }
  }

  private leaf(clientUri: string): NodeId {
    const node = this.device.find(clientUri);
    if (!this.device.tree.isLeaf(node)) fail('NOT_ALLOWED', 'no leaf');
    return node;
  }

  private tell(watch: Watch, clientUri: string): void {
    if (this.watches.indexOf(watch) >= 0) watch.callback(clientUri);
  }

  private childNames(node: NodeId): string[] {
    const tree = this.device.tree;
    return childrenOf(tree, node).map((child) => tree.name(child));
  }

  private checkedName(name: string): string {
    const text = this.device.platform.text;
    const encoded = text.encode(name);
    if (encoded.length > this.device.limits.name) fail('TOO_LONG', 'node name');
    if (text.decode(encoded, 0, encoded.length) !== name) fail('BAD_URI', 'half a character');
    return name;
  }
}

function formatOf(value: LeafValue): Format {
  switch (typeof value) {
    case 'string':
      return Format.Chr;
    case 'boolean':
      return value ? Format.True : Format.False;
    case 'number':
      if (!(value - value === 0)) fail('BAD_ARGUMENT', String(value));
      return Math.floor(value) === value && value >= -INT_LIMIT && value < INT_LIMIT ? Format.Int : Format.Float;
    default:
      return Format.Null;
  }
}

/** True where one of the two addresses is the other or lies below it. */
function touches(watched: ClientUri, changed: ClientUri): boolean {
  const common = Math.min(watched.names.length, changed.names.length);
  for (let i = 0; i < common; i += 1) {
    if (watched.part(i) === Part.Name && watched.names[i] !== changed.names[i]) return false;
  }
  return true;
}
