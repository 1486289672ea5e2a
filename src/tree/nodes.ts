import type { Limits } from '../limits.js';
import { Arena, NO_NODE, type NodeId } from './arena.js';
import { FORMAT_NAMES, Format } from './format.js';
import { Names } from './names.js';

/** Nodes with a name and a format, and how they are linked to trees. They lie in an arena of fixed size; a full one is an ordinary error. */
export class Nodes {
  /** The node above all others. */
  readonly root: NodeId;
  protected readonly arena: Arena;
  private readonly names: Names;

  constructor(limits: Limits) {
    this.arena = new Arena(limits.tree);
    this.names = new Names(limits, (used) => this.markNames(used));
    this.root = NO_NODE;
    this.names.add(' ');
  }

  /** Bytes of the arena in use. */
  get used(): number {
    return this.arena.used;
  }

  name(node: NodeId): string {
    return this.names.at(this.arena.name(node));
  }

  format(node: NodeId): Format {
    return this.arena.format(node);
  }

  /** `node`, `chr`, `int`, `float`, `bool`, `bin`, `null`, `xml`, `date` or `time`. */
  formatName(node: NodeId): string {
    return FORMAT_NAMES[this.arena.format(node)];
  }

  isLeaf(node: NodeId): boolean {
    return this.arena.format(node) !== Format.Interior;
  }

  /** The node above; of a detached one, `root`. */
  parent(node: NodeId): NodeId {
    return this.arena.parent(node);
  }

  /** The first child, `NO_NODE` where there is none. */
  firstChild(node: NodeId): NodeId {
    return this.isLeaf(node) ? NO_NODE : this.arena.firstChild(node);
  }

  /** The next sibling, `NO_NODE` behind the last. */
  next(node: NodeId): NodeId {
    return this.arena.next(node);
  }

  /** The child of that name, `NO_NODE` where there is none. */
  child(node: NodeId, name: string): NodeId {
    const arena = this.arena;
    const names = this.names;
    let child = this.firstChild(node);
    while (child !== NO_NODE && names.at(arena.name(child)) !== name) child = arena.next(child);
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
    const index = this.names.add(name);
    const node = this.arena.allocate();
    this.arena.setName(node, index);
    this.arena.setFormat(node, format);
    return node;
  }

  setFormat(leaf: NodeId, format: Format): void {
    this.arena.setFormat(leaf, format);
  }

  /** Links a detached node below `parent`, behind its other children. */
  attach(parent: NodeId, node: NodeId): void {
    const arena = this.arena;
    let last = arena.firstChild(parent);
    if (last === NO_NODE) arena.setFirstChild(parent, node);
    else {
      while (!arena.isLast(last)) last = arena.linked(last);
      arena.link(last, node, false);
    }
    arena.link(node, parent, true);
  }

  /** Unlinks a node from its parent; it keeps what is below it. */
  detach(node: NodeId): void {
    const arena = this.arena;
    const parent = arena.parent(node);
    let at = arena.firstChild(parent);
    if (at === node) arena.setFirstChild(parent, arena.next(node));
    else {
      while (arena.linked(at) !== node) at = arena.linked(at);
      arena.link(at, arena.linked(node), arena.isLast(node));
    }
    arena.link(node, NO_NODE, true);
  }

  /** Puts the detached node `fresh` in the place of `old`, which becomes detached. */
  replace(old: NodeId, fresh: NodeId): void {
    const arena = this.arena;
    arena.link(fresh, arena.linked(old), arena.isLast(old));
    arena.link(old, fresh, false);
    this.detach(old);
  }

  /** Frees a detached node and all below it. */
  free(node: NodeId): void {
    let child = this.firstChild(node);
    while (child !== NO_NODE) {
      const next = this.next(child);
      this.free(child);
      child = next;
    }
    this.arena.free(node, this.isLeaf(node));
  }

  private markNames(used: Uint8Array): void {
    for (let id = 0; id < this.arena.bound; id += 1) if (this.arena.isUsed(id)) used[this.arena.name(id)] = 1;
  }
}
