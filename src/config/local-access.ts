import { DmError } from '../errors.js';
import { NO_NODE, type NodeId, ROOT } from '../tree/arena.js';
import { type ClientUri, encodeComponent, Part } from '../tree/client-uri.js';
import { DEVICE_VIEWER } from '../tree/mo-writer.js';
import { DEVICE_MOIDS } from '../tree/standard-mos.js';
import { resolveTarget, targetPath } from '../tree/target.js';
import { Format, type LeafValue, type TreeStore } from '../tree/tree-store.js';
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
  private readonly tree: TreeStore;
  private watches: Watch[];

  constructor(device: Device) {
    this.device = device;
    this.tree = device.tree;
    this.watches = [];
  }

  /**
   * The value of a leaf.
   * @throws DmError `BAD_URI`, `NOT_FOUND`, `AMBIGUOUS`; `NOT_ALLOWED` for an interior node.
   */
  read(clientUri: string): LeafValue {
    const node = this.device.find(clientUri);
    if (!this.tree.isLeaf(node)) throw new DmError('NOT_ALLOWED', 'an interior node has no value');
    return this.tree.value(node);
  }

  /**
   * Writes a leaf, which is made where the node above it exists. Durable when it returns.
   * @throws DmError `BAD_URI`, `NOT_FOUND`, `AMBIGUOUS`; `NOT_ALLOWED` for an interior node or below a leaf; `BAD_ARGUMENT` for a number that JSON
   *   has not; `TOO_DEEP`, `TOO_LONG`, `TREE_FULL`, `FLASH_FULL`, `FLASH_FAILED`.
   */
  write(clientUri: string, value: LeafValue): void {
    const tree = this.tree;
    const target = resolveTarget(this.device.clientUri(clientUri), tree, this.device.matches, DEVICE_VIEWER, false);
    const isNew = target.node === NO_NODE;
    if (isNew ? target.parent === NO_NODE : !tree.isLeaf(target.node)) throw new DmError('NOT_ALLOWED', 'no leaf');
    if (targetPath(target, tree).length + 1 > this.device.limits.depth) throw new DmError('TOO_DEEP', clientUri);
    const leaf = this.leaf(isNew ? target.name : tree.name(target.node), value);
    if (isNew) this.device.transaction.insert(target.parent, leaf);
    else this.device.transaction.replace(target.node, leaf);
    this.device.transaction.commit();
  }

  /**
   * Makes an MO instance whose root is empty. No server has rights on it, and the access control MO says so. Durable when it returns.
   * @param rootName name of the MO root.
   * @returns its ClientURI.
   * @throws DmError `NOT_ALLOWED` for an MO that the device itself keeps; `BAD_URI` for names that no ClientURI has; `TOO_LONG`, `TREE_FULL`, `FLASH_FULL`, `FLASH_FAILED`.
   */
  create(moid: string, rootName: string): string {
    const device = this.device;
    if (DEVICE_MOIDS.indexOf(moid) >= 0) throw new DmError('NOT_ALLOWED', moid);
    if (moid === '' || moid.indexOf('/') >= 0 || rootName === '') throw new DmError('BAD_URI', moid);
    if (encodeComponent(moid).length > device.limits.name) throw new DmError('TOO_LONG', moid);
    const root = this.tree.create(this.checkedName(rootName), Format.Interior);
    try {
      device.transaction.insertInstance(moid, this.tree.unusedMiid(moid, []), root);
    } catch (thrown) {
      this.tree.free(root);
      throw thrown;
    }
    try {
      const instance = this.tree.instanceOf(root);
      device.rights.grant(instance, '');
      device.transaction.commit();
      return this.tree.uri(instance);
    } catch (thrown) {
      device.transaction.rollback();
      throw thrown;
    }
  }

  /**
   * Removes a node and all below it; with an MO root the instance. Durable when it returns.
   * @throws DmError `BAD_URI`, `NOT_FOUND`, `AMBIGUOUS`, `FLASH_FULL`, `FLASH_FAILED`.
   */
  remove(clientUri: string): void {
    const device = this.device;
    const node = this.device.find(clientUri);
    device.transaction.remove(node);
    if (this.tree.depth(node) === 1) device.rights.forget(this.tree.instanceOf(node));
    device.transaction.commit();
  }

  /** Names of a node's children, none for a leaf. @throws DmError `BAD_URI`, `NOT_FOUND`, `AMBIGUOUS`. */
  list(clientUri: string): string[] {
    return this.childNames(this.device.find(clientUri));
  }

  /** MIIDs of the instances of a MOID. */
  instances(moid: string): string[] {
    return this.childNames(this.tree.child(ROOT, moid));
  }

  /**
   * Calls `callback`, from the event loop, when something at or below a place has changed, or the place itself went or came.
   * @param clientUri need not exist; wildcards and x-names stand for any name.
   * @returns what `unwatch` takes.
   * @throws DmError `BAD_URI`; `BUSY` beyond `limits.watches`.
   */
  watch(clientUri: string, callback: WatchCallback): Watch {
    const watch = { uri: this.device.clientUri(clientUri), callback };
    if (this.watches.length === this.device.limits.watches) throw new DmError('BUSY', 'watches');
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

  private tell(watch: Watch, clientUri: string): void {
    if (this.watches.indexOf(watch) >= 0) watch.callback(clientUri);
  }

  private childNames(node: NodeId): string[] {
    const names: string[] = [];
    for (let at = this.tree.firstChild(node); at !== NO_NODE; at = this.tree.next(at)) names.push(this.tree.name(at));
    return names;
  }

  private leaf(name: string, value: LeafValue): NodeId {
    const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
    return this.tree.createLeaf(this.checkedName(name), formatOf(value), this.device.platform.text.encode(text));
  }

  private checkedName(name: string): string {
    const text = this.device.platform.text;
    const encoded = text.encode(name);
    if (encoded.length > this.device.limits.name) throw new DmError('TOO_LONG', 'node name');
    if (text.decode(encoded, 0, encoded.length) !== name) throw new DmError('BAD_URI', 'half a character');
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
      if (!(value - value === 0)) throw new DmError('BAD_ARGUMENT', String(value));
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
