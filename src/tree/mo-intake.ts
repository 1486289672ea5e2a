import type { JsonScanner } from '../bytes/json-scanner.js';
import { DmError } from '../errors.js';
import type { Text } from '../hal/text.js';
import type { Limits } from '../limits.js';
import { NO_NODE, type NodeId } from './arena.js';
import { ClientUri, encodeComponent, Part } from './client-uri.js';
import type { Matches } from './matches.js';
import { MoReader } from './mo-reader.js';
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
  /** Whether the document comes from flash, where large values are elsewhere. */
  readonly isStored?: boolean;
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
  target: Target | undefined;
}

/**
 * Takes an MO document into the tree, all of it or nothing: elements wait, detached, until the document is whole, then each gets
 * its place. With a target (HGET with a ClientURI) there is one element, which goes there; else each element says where.
 */
export class MoIntake extends MoReader {
  private readonly matches: Matches;
  private staged: Staged[];
  private target: ClientUri | undefined;
  private gate!: WriteGate;
  private naming!: Naming;

  constructor(scanner: JsonScanner, tree: TreeStore, matches: Matches, text: Text, limits: Limits) {
    super(scanner, tree, text, limits);
    this.matches = matches;
    this.staged = [];
    this.target = undefined;
  }

  /** Makes ready for a document. @param target where all of it goes, or undefined. */
  prepare(target: ClientUri | undefined, gate: WriteGate, naming: Naming): void {
    this.target = target;
    this.gate = gate;
    this.naming = naming;
    this.isStored = naming.isStored === true;
    this.reset();
  }

  /** True where no element waits for its place. */
  get isEmpty(): boolean {
    return this.staged.length === 0;
  }

  /** Gives the document up and frees what was read of it. */
  override abort(): void {
    super.abort();
    for (let i = 0; i < this.staged.length; i += 1) this.tree.free(this.staged[i].node);
    this.staged = [];
  }

  protected override select(clientUri: string, name: string): readonly string[] | undefined {
    if (this.isForeign(clientUri)) return undefined;
    const uri = this.target || (clientUri === '' ? undefined : this.parse(clientUri));
    if (uri === undefined || uri.isRoot) return [];
    const target = this.resolve(uri);
    return this.wantedPath(target, targetPath(target, this.tree), name);
  }

  protected override element(clientUri: string, validator: string, node: NodeId): void {
    if (this.isForeign(clientUri)) {
      if (node !== NO_NODE) this.tree.free(node);
    } else if (node === NO_NODE) missing();
    else this.staged.push({ clientUri, validator, node, target: undefined });
  }

  /**
   * The document is whole: puts each element in its place in `transaction`, which is not committed here. On an error everything
   * is as before the document.
   * @returns the ClientURIs of the instances, in the document's order.
   * @param validated gets the instances that came whole with a validator of their own.
   * @throws DmError `BAD_MO`, `BAD_URI`, `CONFLICT`, `FORBIDDEN`, `NOT_FOUND`, `NOT_ALLOWED`, `AMBIGUOUS`, `TOO_DEEP`, `TOO_LONG`, `TREE_FULL`.
   */
  place(transaction: Transaction, validated: (instance: NodeId, validator: string) => void): string[] {
    const uris: string[] = [];
    try {
      if (this.staged.length === 0) missing();
      for (let i = 0; i < this.staged.length; i += 1) this.staged[i].target = this.targetOf(i);
      while (this.staged.length > 0) {
        const validator = this.staged[0].validator;
        const target = this.staged[0].target as Target;
        const path = targetPath(target, this.tree);
        const node = this.placeFirst(target, path, transaction);
        this.staged.shift();
        if (path.length === 0) {
          if (target.node === NO_NODE) this.gate.created(node);
          if (validator !== '') validated(this.tree.instanceOf(node), validator);
        }
        const uri = this.tree.uri(node);
        // It is stored with the instance, and must be read again.
        if (uri.length > this.limits.uri) throw new DmError('TOO_LONG', 'ClientURI');
        uris.push(uri);
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

  private resolve(uri: ClientUri): Target {
    return resolveTarget(uri, this.tree, this.matches, this.gate, this.naming.mayName);
  }

  /**
   * Which part of a document whose top member is `name` belongs to `target`, at `path`: all of it where the member is named as the node there; where
   * it is named as the MO root, the part at the node's path; with another name, none (PROTOCOL.md §7).
   */
  private wantedPath(target: Target, path: readonly string[], name: string): readonly string[] | undefined {
    if (path.length === 0 || name === path[path.length - 1]) return [];
    return name === this.tree.name(this.tree.firstChild(targetInstance(target, this.tree))) ? path : undefined;
  }

  /** Where element `index` goes; those before it have their targets. */
  private targetOf(index: number): Target {
    const uri = this.target || this.parse(this.staged[index].clientUri);
    this.gate.checkMoid(uri.moid);
    const target = this.chosen(uri, index) || this.resolve(uri);
    this.gate.checkWrite(target);
    const place = address(target, this.tree);
    for (let i = 0; i < index; i += 1) {
      const other = address(this.staged[i].target as Target, this.tree);
      const isNew = place === '' || other === '';
      if (this.target !== undefined || (!isNew && (place.startsWith(other) || other.startsWith(place)))) {
        throw new DmError('CONFLICT', 'two elements for one place');
      }
    }
    return target;
  }

  /** Where `naming` puts element `index`, if it has a say. */
  private chosen(uri: ClientUri, index: number): Target | undefined {
    if (!uri.isRoot || uri.part(1) !== Part.Only) return undefined;
    let ordinal = 0;
    for (let i = 0; i < index; i += 1) if (this.staged[i].clientUri === this.staged[index].clientUri) ordinal += 1;
    const instance = this.naming.choose(uri.moid, this.staged[index].node, ordinal);
    if (instance === undefined) return undefined;
    const node = instance === NO_NODE ? NO_NODE : this.tree.firstChild(instance);
    return { moid: uri.moid, node, parent: NO_NODE, name: '' };
  }

  private placeFirst(target: Target, path: readonly string[], transaction: Transaction): NodeId {
    const node = this.cutOut(target, path);
    this.gate.admit(target, node);
    if (path.length + this.tree.height(node) > this.limits.depth) throw new DmError('TOO_DEEP');
    if (target.node !== NO_NODE) return transaction.replace(target.node, node);
    if (target.parent !== NO_NODE) transaction.insert(target.parent, node);
    else transaction.insertInstance(target.moid, target.name || this.newMiid(target.moid), node);
    return node;
  }

  /** A MIID that no instance has, and no element that still waits. */
  private newMiid(moid: string): string {
    const targets = this.staged.map((staged) => staged.target as Target);
    const taken = targets.filter((target) => target.moid === moid).map((target) => target.name);
    return this.tree.unusedMiid(moid, taken);
  }

  /** The first element's part that belongs to `target`, and which it then is; the rest is freed. */
  private cutOut(target: Target, path: readonly string[]): NodeId {
    const tree = this.tree;
    const staged = this.staged[0];
    const whole = staged.node;
    const wanted = this.wantedPath(target, path, tree.name(whole));
    let part = wanted === undefined ? NO_NODE : whole;
    for (let i = 0; wanted !== undefined && i < wanted.length; i += 1) part = tree.child(part, wanted[i]);
    if (part === NO_NODE || (path.length === 0 && !this.isRoot(target, part))) missing();
    if (part !== whole) {
      tree.detach(part);
      tree.free(whole);
      staged.node = part;
    }
    return part;
  }

  /** An MO root is an interior node, and keeps its name unless a bootstrap changes it. */
  private isRoot(target: Target, node: NodeId): boolean {
    const tree = this.tree;
    const mayHaveName = this.naming.mayName || target.node === NO_NODE || tree.name(target.node) === tree.name(node);
    return mayHaveName && !tree.isLeaf(node);
  }
}

function missing(): never {
  throw new DmError('BAD_MO', 'the MO data is not in the document');
}

/** A target's ClientURI with a slash at its end, '' for an instance that the client names. */
function address(target: Target, tree: TreeStore): string {
  if (target.node === NO_NODE && target.parent === NO_NODE) {
    return target.name && `${encodeComponent(target.moid)}/${encodeComponent(target.name)}/`;
  }
  const uri = tree.uri(target.node === NO_NODE ? target.parent : target.node);
  const place = uri.endsWith('/') ? uri : `${uri}/`;
  return target.node === NO_NODE ? `${place + encodeComponent(target.name)}/` : place;
}
