import type { BodySource, BodyWriter } from '../bytes/body-writer.js';
import { DmError } from '../errors.js';
import { NO_NODE, type NodeId } from '../tree/arena.js';
import type { ClientUri } from '../tree/client-uri.js';
import type { Matches } from '../tree/matches.js';
import { elementHead, isHidden, MoWriter, type Viewer } from '../tree/mo-writer.js';
import { Format, type TreeStore } from '../tree/tree-store.js';

/** Where MO data comes from, and what is known of it. */
export interface MoSource {
  readonly tree: TreeStore;
  readonly matches: Matches;
  readonly validators: { of(instance: NodeId): string };
  readonly definitions: { ddf(moid: string): string };
}

/**
 * Writes what ClientURIs address as an MO document: an array of elements (PROTOCOL.md §7). Each time from the beginning it looks anew, so
 * it stays right when the tree changes in between.
 */
export class MoList implements BodySource {
  private readonly source: MoSource;
  private readonly uris: readonly ClientUri[];
  private readonly viewer: Viewer;
  private readonly mayBeEmpty: boolean;
  private readonly writer: MoWriter;
  private nodes: NodeId[];
  private at: number;
  private open: boolean;

  /** @param mayBeEmpty whether it is no error that nothing is there, nothing that may be seen, or several instances instead of one. */
  constructor(source: MoSource, uris: readonly ClientUri[], viewer: Viewer, mayBeEmpty: boolean) {
    this.mayBeEmpty = mayBeEmpty;
    this.source = source;
    this.uris = uris;
    this.viewer = viewer;
    this.writer = new MoWriter(source.tree);
    this.nodes = [];
    this.at = 0;
    this.open = false;
  }

  /**
   * Looks for what is addressed. Wildcards and x-names leave out what may not be seen; what a URI's validator says is known is left out too.
   * @returns the DM status: 200; 204 where nothing of it holds data; 304 where all of it is known.
   * @throws DmError `NOT_FOUND`, `AMBIGUOUS`; `FORBIDDEN` for an exact address of what may not be seen.
   */
  find(): number {
    const tree = this.source.tree;
    let status = 304;
    this.nodes = [];
    for (let i = 0; i < this.uris.length; i += 1) this.add(this.uris[i]);
    for (let i = 0; i < this.nodes.length && status !== 200; i += 1) status = hasData(this.nodes[i], tree) ? 200 : 204;
    return status;
  }

  rewind(): void {
    this.find();
    this.at = 0;
    this.open = false;
  }

  step(out: BodyWriter): boolean {
    if (this.open && this.writer.step(out)) return true;
    this.open = false;
    if (this.at > this.nodes.length) return false;
    if (this.at < this.nodes.length) {
      const node = this.nodes[this.at];
      this.writer.begin(node, this.head(node), this.viewer);
      this.open = true;
    }
    const last = this.at === this.nodes.length;
    out.put(last ? (this.at === 0 ? '[]' : ']') : this.at === 0 ? '[' : ',');
    this.at += 1;
    return true;
  }

  private add(uri: ClientUri): void {
    const tree = this.source.tree;
    const matches = this.source.matches;
    const validators = this.source.validators;
    let found = false;
    if (this.mayBeEmpty && isAmbiguous(uri, tree)) return;
    matches.start(uri, uri.names.length, this.viewer);
    for (let node = this.following(matches); node !== NO_NODE; node = this.following(matches)) {
      if (isHidden(node, this.viewer, tree)) {
        if (uri.isPlain && !this.mayBeEmpty) throw new DmError('FORBIDDEN', 'not for this reader');
        continue;
      }
      found = true;
      // A report tells all that is there: what a SUB's validator knew then may be what it says again now.
      const known = !this.mayBeEmpty && uri.validator !== '' && validators.of(tree.instanceOf(node)) === uri.validator;
      if (!known) this.nodes.push(node);
    }
    if (!found && !this.mayBeEmpty) throw new DmError('NOT_FOUND');
  }

  /** For one who takes it that nothing is there, an address that has become ambiguous addresses nothing. */
  private following(matches: Matches): NodeId {
    try {
      return matches.next();
    } catch (thrown) {
      if (!this.mayBeEmpty) throw thrown;
      return NO_NODE;
    }
  }

  private head(node: NodeId): string {
    const tree = this.source.tree;
    const instance = tree.instanceOf(node);
    const isRoot = tree.parent(node) === instance;
    const validator = isRoot ? this.source.validators.of(instance) : '';
    return elementHead(tree.uri(node), this.source.definitions.ddf(tree.moidOf(instance)), validator);
  }
}

/** True where an empty MIID stands for several instances. */
function isAmbiguous(uri: ClientUri, tree: TreeStore): boolean {
  const first = uri.miid === '' ? tree.firstInstance(uri.moid) : NO_NODE;
  return first !== NO_NODE && tree.next(first) !== NO_NODE;
}

/** An interior node without children and a null leaf hold no data. */
function hasData(node: NodeId, tree: TreeStore): boolean {
  return tree.isLeaf(node) ? tree.format(node) !== Format.Null : tree.firstChild(node) !== NO_NODE;
}
