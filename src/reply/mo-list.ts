import type { BodySource } from '../bytes/body-writer.js';
import { DmError } from '../errors.js';
import { NO_NODE, type NodeId } from '../tree/arena.js';
import type { ClientUri } from '../tree/client-uri.js';
import type { Matches } from '../tree/matches.js';
import { elementHead, isHidden, type Large, MoWriter, type Viewer } from '../tree/mo-writer.js';
import { Format, type TreeStore } from '../tree/tree-store.js';

/** Where MO data comes from, and what is known of it. */
export interface MoSource {
  readonly tree: TreeStore;
  readonly matches: Matches;
  readonly validators: { get(instance: NodeId): string };
  readonly definitions: { ddf(moid: string): string | undefined };
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

  /**
   * @param mayBeEmpty whether it is no error that nothing is there, nothing that may be seen, or several instances instead of one.
   * @param large how large values are written.
   */
  constructor(source: MoSource, uris: readonly ClientUri[], viewer: Viewer, mayBeEmpty: boolean, large: Large) {
    this.mayBeEmpty = mayBeEmpty;
    this.source = source;
    this.uris = uris;
    this.viewer = viewer;
    this.writer = new MoWriter(source.tree, large);
    this.nodes = [];
    this.at = 0;
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
    for (let i = 0; i < this.uris.length; i += 1) {
      try {
        this.add(this.uris[i]);
      } catch (thrown) {
        if (!this.mayBeEmpty) throw thrown;
      }
    }
    for (let i = 0; i < this.nodes.length && status !== 200; i += 1) status = hasData(this.nodes[i], tree) ? 200 : 204;
    return status;
  }

  rewind(): void {
    this.find();
    this.at = 0;
    this.writer.begin(NO_NODE, '');
  }

  next(): string {
    const text = this.writer.next();
    const at = this.at;
    const count = this.nodes.length;
    if (text !== '' || at > count) return text;
    this.at += 1;
    if (at === count) return at === 0 ? '[]' : ']';
    const node = this.nodes[at];
    const tree = this.source.tree;
    const instance = tree.instanceOf(node);
    const validator = tree.parent(node) === instance ? this.source.validators.get(instance) : '';
    const ddf = this.source.definitions.ddf(tree.moidOf(instance));
    // An MO without a definition hides nothing: that spares a look at each of its nodes.
    const viewer = ddf === undefined ? undefined : this.viewer;
    this.writer.begin(node, (at === 0 ? '[' : ',') + elementHead(tree.uri(node), ddf, validator), viewer);
    return this.writer.next();
  }

  private add(uri: ClientUri): void {
    const tree = this.source.tree;
    const matches = this.source.matches;
    // A report tells all that is there: what a SUB's validator knew then may be what it says again now.
    const known = this.mayBeEmpty ? '' : uri.validator;
    let found = false;
    matches.start(uri, uri.names.length, this.viewer);
    for (let node = matches.next(); node !== NO_NODE; node = matches.next()) {
      if (isHidden(node, this.viewer, tree)) {
        if (uri.isPlain) throw new DmError('FORBIDDEN');
        continue;
      }
      found = true;
      if (known === '' || this.source.validators.get(tree.instanceOf(node)) !== known) this.nodes.push(node);
    }
    if (!found) throw new DmError('NOT_FOUND');
  }
}

/** An interior node without children and a null leaf hold no data. */
function hasData(node: NodeId, tree: TreeStore): boolean {
  return tree.isLeaf(node) ? tree.format(node) !== Format.Null : tree.firstChild(node) !== NO_NODE;
}
