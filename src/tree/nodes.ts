import { DmError } from '../errors.js';
import type { Text } from '../hal/text.js';
import type { Limits } from '../limits.js';
import { Arena, Link, Meta, NO_NODE, type NodeId, Word } from './arena.js';
import { Format } from './format.js';

/**
 * Nodes with a name and a format, linked to trees. A name is kept once, as a string, in a table: engines compare strings natively. It is
 * never a property name: on XS each of these would take a key for good.
 */
export class Nodes extends Arena {
  /** '' at 0, for `NO_NODE` and the root, and wherever a name went that is no longer used. */
  protected readonly names: string[];
  readonly text: Text;
  readonly limits: Limits;
  /** Bytes of all names together. */
  private nameBytes: number;

  constructor(text: Text, limits: Limits) {
    super(limits.tree);
    this.names = [''];
    this.text = text;
    this.limits = limits;
    this.nameBytes = 0;
  }

  name(node: NodeId): string {
    return this.names[this.words[node + Word.Name]];
  }

  format(node: NodeId): Format {
    return this.words[node + Word.Meta] & Meta.Format;
  }

  isLeaf(node: NodeId): boolean {
    return (this.words[node + Word.Meta] & Meta.Format) !== Format.Interior;
  }

  setFormat(leaf: NodeId, format: Format): void {
    this.words[leaf + Word.Meta] = (this.words[leaf + Word.Meta] & ~Meta.Format) | format;
  }

  /** The node above, `NO_NODE` where there is none. */
  parent(node: NodeId): NodeId {
    let link = this.words[node];
    while ((link & Link.Last) === 0) link = this.words[link];
    return link - Link.Last;
  }

  /** The first child, `NO_NODE` where there is none. */
  firstChild(node: NodeId): NodeId {
    const child = this.words[node + Word.Content];
    return child < this.low ? NO_NODE : child;
  }

  /** The next sibling, `NO_NODE` behind the last. */
  next(node: NodeId): NodeId {
    const link = this.words[node];
    return (link & Link.Last) === 0 ? link : NO_NODE;
  }

  /** The child of that name, `NO_NODE` where there is none. */
  child(node: NodeId, name: string): NodeId {
    let child = this.firstChild(node);
    while (child !== NO_NODE && this.name(child) !== name) child = this.next(child);
    return child;
  }

  /** Levels of nodes in the subtree: 1 for a leaf. */
  height(node: NodeId): number {
    let below = 0;
    for (let child = this.firstChild(node); child !== NO_NODE; child = this.next(child)) {
      below = Math.max(below, this.height(child));
    }
    return below + 1;
  }

  /**
   * A new node that is not linked to the tree.
   * @param name 1 to `limits.name` bytes.
   * @throws DmError `TREE_FULL`
   */
  create(name: string, format: Format): NodeId {
    return this.allocate(this.nameIndex(name), format);
  }

  /** Links a detached node below `parent`, behind its other children. */
  attach(parent: NodeId, node: NodeId): void {
    const words = this.words;
    let last = this.firstChild(parent);
    if (last !== NO_NODE) while ((words[last] & Link.Last) === 0) last = words[last];
    this.attachBehind(last, parent, node);
  }

  /** Links a detached node below `parent`, behind `last`, the last of its children; `NO_NODE` where it has none. */
  attachBehind(last: NodeId, parent: NodeId, node: NodeId): void {
    const words = this.words;
    words[last === NO_NODE ? parent + Word.Content : last] = node;
    words[node] = parent + Link.Last;
  }

  /** Unlinks a node from its parent; it keeps what is below it. */
  detach(node: NodeId): void {
    const words = this.words;
    const place = this.placeOf(node);
    const wasOnly = (words[node] & Link.Last) !== 0 && (place & Word.Content) !== 0;
    words[place] = wasOnly ? NO_NODE : words[node];
    words[node] = Link.Last;
  }

  /** Puts the detached node `fresh` in the place of `old`, which becomes detached. */
  replace(old: NodeId, fresh: NodeId): void {
    const words = this.words;
    words[this.placeOf(old)] = fresh;
    words[fresh] = words[old];
    words[old] = Link.Last;
  }

  /** Frees a detached node and all below it. */
  free(node: NodeId): void {
    let child = this.firstChild(node);
    while (child !== NO_NODE) {
      const next = this.next(child);
      this.free(child);
      child = next;
    }
    this.release(node);
  }

  /** The word that leads to a node: its parent's `Content`, or the `Next` of the sibling before it, whose place that is. */
  private placeOf(node: NodeId): number {
    let place = this.parent(node) + Word.Content;
    while (this.words[place] !== node) place = this.words[place];
    return place;
  }

  private nameIndex(name: string): number {
    const names = this.names;
    let index = names.indexOf(name);
    if (index >= 0) return index;
    const size = this.text.encode(name).length;
    for (let swept = false; ; swept = true) {
      index = names.indexOf('', 1);
      if (index < 0) index = names.length;
      if (index <= this.limits.names && this.nameBytes + size <= this.limits.nameBytes) break;
      if (swept) throw new DmError('TREE_FULL', 'names');
      this.sweepNames();
    }
    names[index] = name;
    this.nameBytes += size;
    return index;
  }

  private sweepNames(): void {
    const names = this.names;
    const used = new Uint8Array(names.length);
    for (let id = this.low; id < this.words.length; id += Word.Count) used[this.words[id + Word.Name]] = 1;
    for (let i = 1; i < names.length; i += 1) {
      if (used[i] !== 0) continue;
      this.nameBytes -= this.text.encode(names[i]).length;
      names[i] = '';
    }
  }
}
