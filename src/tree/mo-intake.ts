import type { JsonScanner } from '../bytes/json-scanner.js';
import { DmError } from '../errors.js';
import type { Text } from '../hal/text.js';
import type { Limits } from '../limits.js';
import { NO_NODE, type NodeId } from './arena.js';
import { ClientUri, encodeComponent, Part } from './client-uri.js';
import type { Matches } from './matches.js';
import { MoReader, type MoUser } from './mo-reader.js';
import type { Viewer } from './mo-writer.js';
import { resolveTarget, type Target, targetInstance, targetPath } from './target.js';
import type { Transaction } from './transaction.js';
import type { TreeStore } from './tree-store.js';

/** Says whether data may be stored, and looks with the eyes of whose data it is. */
export interface WriteGate extends Viewer {
  /** Judged first: who may not know of a MOID is not told what there is. @throws DmError `FORBIDDEN` */
  checkMoid(moid: string): void;
  /** Judged before the data is there. @throws DmError `FORBIDDEN`; `NOT_ALLOWED` for what nobody of this kind writes. */
  checkWrite(target: Target): void;
  /**
   * Judges the data, and completes it.
   * @param fresh detached; goes to `target`.
   * @throws DmError `FORBIDDEN`, `NOT_ALLOWED`, `CONFLICT`, `TREE_FULL`
   */
  admit(target: Target, fresh: NodeId): void;
  /** A new instance has its place; may add to the transaction. @throws DmError `TREE_FULL` */
  created(root: NodeId): void;
}

/** Says how instances come to their MIIDs. */
export interface Naming {
  /** Whether an instance that does not exist may be named: only a bootstrap may. */
  readonly mayName: boolean;
  /**
   * What `MOID//` stands for, where it is not the only instance or a new one.
   * @param root the MO root that was read.
   * @param ordinal how many elements for `MOID//` came before it in the document.
   * @returns the instance, `NO_NODE` for a new one; undefined for the usual.
   */
  choose(moid: string, root: NodeId, ordinal: number): NodeId | undefined;
}

/** What a server's documents may do: address instances that exist, and make new ones whose MIID the client chooses. */
export const SERVER_NAMING: Naming = { mayName: false, choose: () => undefined };

/** An element that was read, and waits for the end of the document. */
interface Staged {
  readonly clientUri: string;
  /** The validator that it came with, '' for none. */
  readonly validator: string;
  node: NodeId;
}

/**
 * Takes an MO document into the tree, all of it or nothing: elements wait, detached, until the document is whole, then each gets
 * its place. With a target (HGET with a ClientURI) there is one element, which goes there; else each element says where.
 */
export class MoIntake implements MoUser {
  readonly reader: MoReader;
  private readonly tree: TreeStore;
  private readonly matches: Matches;
  private readonly limits: Limits;
  private staged: Staged[];
  private target: ClientUri | undefined;
  private gate!: WriteGate;
  private naming!: Naming;

  constructor(scanner: JsonScanner, tree: TreeStore, matches: Matches, text: Text, limits: Limits) {
    this.tree = tree;
    this.matches = matches;
    this.limits = limits;
    this.reader = new MoReader(scanner, tree, text, limits, this);
    this.staged = [];
  }

  /** Makes ready for a document. @param target where all of it goes, or undefined. */
  begin(target: ClientUri | undefined, gate: WriteGate, naming: Naming): void {
    this.target = target;
    this.gate = gate;
    this.naming = naming;
    this.reader.reset();
  }

  /** True where no element waits for its place. */
  get isEmpty(): boolean {
    return this.staged.length === 0;
  }

  /** Gives the document up and frees what was read of it. */
  abort(): void {
    this.reader.abort();
    for (let i = 0; i < this.staged.length; i += 1) this.tree.free(this.staged[i].node);
    this.staged = [];
  }

  select(clientUri: string, name: string): readonly string[] | undefined {
    if (this.isForeign(clientUri)) return undefined;
    const uri = this.destination(clientUri);
    return uri === undefined ? [] : this.wantedPath(uri, name);
  }

  element(clientUri: string, validator: string, node: NodeId): void {
    if (this.isForeign(clientUri)) {
      if (node !== NO_NODE) this.tree.free(node);
    } else if (node === NO_NODE) throw new DmError('BAD_MO', 'the MO data is not in the document');
    else this.staged.push({ clientUri, validator, node });
  }

  /**
   * The document is whole: puts each element in its place in `transaction`, which is not committed here. On an error everything
   * is as before the document.
   * @returns the ClientURIs of the instances, in the document's order.
   * @param validated gets the instances that came whole with a validator of their own.
   * @throws DmError `BAD_MO`, `BAD_URI`, `CONFLICT`, `FORBIDDEN`, `NOT_FOUND`, `NOT_ALLOWED`, `AMBIGUOUS`, `TOO_DEEP`, `TREE_FULL`.
   */
  place(transaction: Transaction, validated: (instance: NodeId, validator: string) => void): string[] {
    try {
      const targets = this.resolve();
      const uris: string[] = [];
      while (targets.length > 0) {
        const target = targets[0];
        const validator = this.staged[0].validator;
        const node = this.placeOne(target, targets, transaction);
        targets.shift();
        this.staged.shift();
        if (target.node === NO_NODE && target.parent === NO_NODE) this.gate.created(node);
        if (validator !== '' && this.tree.depth(node) === 1) validated(this.tree.instanceOf(node), validator);
        uris.push(this.tree.uri(node));
      }
      return uris;
    } catch (thrown) {
      transaction.rollback();
      this.abort();
      throw thrown;
    }
  }

  /** An element of another MOID than the target's is passed over: a document may hold more than what was asked for. */
  private isForeign(clientUri: string): boolean {
    if (this.target === undefined || clientUri === '') return false;
    return this.parse(clientUri).moid !== this.target.moid;
  }

  /** An element's own ClientURI: one that does not parse is the document's fault, not the command's. */
  private parse(clientUri: string): ClientUri {
    try {
      return new ClientUri(clientUri, this.limits);
    } catch (cause) {
      throw new DmError('BAD_MO', 'ClientURI', -1, cause);
    }
  }

  private destination(clientUri: string): ClientUri | undefined {
    if (this.target !== undefined) return this.target;
    return clientUri === '' ? undefined : this.parse(clientUri);
  }

  /**
   * Which part of a document whose top member is `name` belongs at `uri`: all of it where the member is named as the node there; where
   * it is named as the MO root, the part at the node's path; with another name, none (PROTOCOL.md §7).
   */
  private wantedPath(uri: ClientUri, name: string): readonly string[] | undefined {
    if (uri.isRoot) return [];
    const target = resolveTarget(uri, this.tree, this.matches, this.gate, false);
    const path = targetPath(target, this.tree);
    if (path.length === 0 || name === path[path.length - 1]) return [];
    const root = this.tree.firstChild(targetInstance(target, this.tree));
    return name === this.tree.name(root) ? path : undefined;
  }

  private resolve(): Target[] {
    const gate = this.gate;
    const naming = this.naming;
    if (this.staged.length === 0) throw new DmError('BAD_MO', 'no MO data');
    if (this.target !== undefined && this.staged.length > 1)
      throw new DmError('CONFLICT', 'several elements for one place');
    const targets: Target[] = [];
    for (let i = 0; i < this.staged.length; i += 1) {
      const uri = this.destination(this.staged[i].clientUri);
      if (uri === undefined) throw new DmError('BAD_MO', 'no ClientURI');
      gate.checkMoid(uri.moid);
      const target = this.chosen(uri, i) || resolveTarget(uri, this.tree, this.matches, gate, naming.mayName);
      gate.checkWrite(target);
      for (let k = 0; k < i; k += 1) {
        if (overlaps(target, targets[k], this.tree)) throw new DmError('CONFLICT', 'two elements for one place');
      }
      targets.push(target);
    }
    return targets;
  }

  /** Where `naming` puts element `index`, if it has a say. */
  private chosen(uri: ClientUri, index: number): Target | undefined {
    if (!uri.isRoot || uri.part(1) !== Part.Only) return undefined;
    let ordinal = 0;
    for (let k = 0; k < index; k += 1) if (this.staged[k].clientUri === this.staged[index].clientUri) ordinal += 1;
    const instance = this.naming.choose(uri.moid, this.staged[index].node, ordinal);
    if (instance === undefined) return undefined;
    const node = instance === NO_NODE ? NO_NODE : this.tree.firstChild(instance);
    return { moid: uri.moid, node, parent: NO_NODE, name: '' };
  }

  private placeOne(target: Target, targets: readonly Target[], transaction: Transaction): NodeId {
    const tree = this.tree;
    const staged = this.staged[0];
    const above = targetPath(target, tree).length;
    if (above === 0) this.checkRoot(target, staged.node);
    else staged.node = this.cutOut(target, staged.node);
    const node = staged.node;
    this.gate.admit(target, node);
    if (above + tree.height(node) > this.limits.depth) throw new DmError('TOO_DEEP', 'nodes');
    if (target.node !== NO_NODE) return transaction.replace(target.node, node);
    if (target.parent !== NO_NODE) transaction.insert(target.parent, node);
    else {
      const taken = targets.filter((other) => other.moid === target.moid).map((other) => other.name);
      const miid = target.name || tree.unusedMiid(target.moid, taken);
      // Its address is stored with it, and must be read again.
      const address = encodeComponent(target.moid).length + encodeComponent(miid).length + 2;
      if (address > this.limits.uri) throw new DmError('TOO_LONG', 'ClientURI');
      transaction.insertInstance(target.moid, miid, node);
    }
    return node;
  }

  /** An MO root is an interior node, and keeps its name unless a bootstrap changes it. */
  private checkRoot(target: Target, node: NodeId): void {
    const tree = this.tree;
    const renamed = target.node !== NO_NODE && tree.name(target.node) !== tree.name(node);
    if (tree.isLeaf(node) || (renamed && !this.naming.mayName)) throw new DmError('BAD_MO', 'this is no MO root');
  }

  /** The part of an element whose place was not known when its data came; the rest is freed. */
  private cutOut(target: Target, element: NodeId): NodeId {
    const tree = this.tree;
    const path = targetPath(target, tree);
    const name = tree.name(element);
    if (name === path[path.length - 1]) return element;
    let part = name === tree.name(tree.firstChild(targetInstance(target, tree))) ? element : NO_NODE;
    for (let i = 0; i < path.length && part !== NO_NODE; i += 1) part = tree.child(part, path[i]);
    if (part === NO_NODE) throw new DmError('BAD_MO', 'the MO data is not in the document');
    tree.detach(part);
    tree.free(element);
    return part;
  }
}

/** True where one target is the other, or below it. Two new instances are two places, unless both have the same name. */
function overlaps(a: Target, b: Target, tree: TreeStore): boolean {
  const inA = targetInstance(a, tree);
  if (inA !== targetInstance(b, tree)) return false;
  if (inA === NO_NODE) return a.moid === b.moid && a.name !== '' && a.name === b.name;
  const pathA = targetPath(a, tree);
  const pathB = targetPath(b, tree);
  for (let i = 0; i < Math.min(pathA.length, pathB.length); i += 1) if (pathA[i] !== pathB[i]) return false;
  return true;
}
