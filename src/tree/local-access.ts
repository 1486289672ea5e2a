import { DmError } from '../errors.js';
import type { Clock } from '../hal/clock.js';
import type { Text } from '../hal/text.js';
import type { Limits } from '../limits.js';
import { NO_NODE, type NodeId } from './arena.js';
import { ClientUri, Part } from './client-uri.js';
import type { Matches } from './matches.js';
import { resolveTarget, targetPath } from './target.js';
import type { Transaction } from './transaction.js';
import { Format, type LeafValue, type TreeStore } from './tree-store.js';

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
  private readonly tree: TreeStore;
  private readonly matches: Matches;
  private readonly transaction: Transaction;
  private readonly text: Text;
  private readonly limits: Limits;
  private readonly clock: Clock;
  private readonly guard: (callback: () => void) => void;
  private watches: Watch[];

  /** @param guard calls an application, and keeps what it throws from the caller. */
  constructor(
    tree: TreeStore,
    matches: Matches,
    transaction: Transaction,
    text: Text,
    limits: Limits,
    clock: Clock,
    guard: (callback: () => void) => void,
  ) {
    this.tree = tree;
    this.matches = matches;
    this.transaction = transaction;
    this.text = text;
    this.limits = limits;
    this.clock = clock;
    this.guard = guard;
    this.watches = [];
  }

  /**
   * The value of a leaf.
   * @throws DmError `BAD_URI`, `NOT_FOUND`, `AMBIGUOUS`; `NOT_ALLOWED` for an interior node.
   */
  read(clientUri: string): LeafValue {
    const node = this.single(clientUri);
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
    const target = resolveTarget(new ClientUri(clientUri, this.text), tree, this.matches, false);
    const isNew = target.node === NO_NODE;
    if (isNew ? target.parent === NO_NODE : !tree.isLeaf(target.node)) throw new DmError('NOT_ALLOWED', 'no leaf');
    if (targetPath(target, tree).length + 1 > this.limits.depth) throw new DmError('TOO_DEEP', clientUri);
    const leaf = this.leaf(isNew ? target.name : tree.name(target.node), value);
    if (isNew) this.transaction.insert(target.parent, leaf);
    else this.transaction.replace(target.node, leaf);
    this.transaction.commit();
  }

  /** Names of a node's children, none for a leaf. @throws DmError `BAD_URI`, `NOT_FOUND`, `AMBIGUOUS`. */
  list(clientUri: string): string[] {
    return this.childNames(this.single(clientUri));
  }

  /** MIIDs of the instances of a MOID. */
  instances(moid: string): string[] {
    const type = this.tree.child(this.tree.root, moid);
    return type === NO_NODE ? [] : this.childNames(type);
  }

  /**
   * Calls `callback`, from the event loop, when something at or below a place has changed, or the place itself went or came.
   * @param clientUri need not exist; wildcards and x-names stand for any name.
   * @returns what `unwatch` takes.
   * @throws DmError `BAD_URI`; `BUSY` beyond `limits.watches`.
   */
  watch(clientUri: string, callback: WatchCallback): Watch {
    const watch = { uri: new ClientUri(clientUri, this.text), callback };
    if (this.watches.length === this.limits.watches) throw new DmError('BUSY', 'watches');
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
    const changed = new ClientUri(clientUri, this.text);
    for (let i = 0; i < this.watches.length; i += 1) {
      const watch = this.watches[i];
      if (touches(watch.uri, changed)) this.clock.after(0, () => this.tell(watch, clientUri));
    }
  }

  private tell(watch: Watch, clientUri: string): void {
    if (this.watches.indexOf(watch) >= 0) this.guard(() => watch.callback(clientUri));
  }

  private single(clientUri: string): NodeId {
    return this.matches.single(new ClientUri(clientUri, this.text));
  }

  private childNames(node: NodeId): string[] {
    const names: string[] = [];
    for (let at = this.tree.firstChild(node); at !== NO_NODE; at = this.tree.next(at)) names.push(this.tree.name(at));
    return names;
  }

  private leaf(name: string, value: LeafValue): NodeId {
    const encoded = this.text.encode(name);
    if (encoded.length > this.limits.name) throw new DmError('TOO_LONG', 'node name');
    if (this.text.decode(encoded, 0, encoded.length) !== name) throw new DmError('BAD_URI', 'half a character');
    const leaf = this.tree.create(name, formatOf(value));
    const bytes = this.text.encode(typeof value === 'string' || typeof value === 'number' ? String(value) : '');
    try {
      if (bytes.length > 0) this.tree.appendValue(leaf, bytes, 0, bytes.length);
    } catch (thrown) {
      this.tree.free(leaf);
      throw thrown;
    }
    return leaf;
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
    if (watched.parts[i] === Part.Name && watched.names[i] !== changed.names[i]) return false;
  }
  return true;
}
