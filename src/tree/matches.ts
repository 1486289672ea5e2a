import { DmError } from '../errors.js';
import type { Limits } from '../limits.js';
import { NO_NODE, type NodeId } from './arena.js';
import { type ClientUri, type Condition, HEAD_PARTS, Part } from './client-uri.js';
import { isHidden, type Viewer } from './mo-writer.js';
import type { TreeStore } from './tree-store.js';

/** Component that names the instance. */
const INSTANCE = 1;

/**
 * Walks the nodes that a ClientURI addresses, in tree order: depth first, going back where a component or a condition does not
 * fit. Made once and used again; a walk allocates nothing. The tree must not change during a walk.
 */
export class Matches {
  private readonly tree: TreeStore;
  private readonly nodes: Uint16Array;
  private uri!: ClientUri;
  private viewer!: Viewer;
  private level: number;
  private last: number;

  constructor(tree: TreeStore, limits: Limits) {
    this.tree = tree;
    this.nodes = new Uint16Array(limits.depth + HEAD_PARTS + 1);
    this.level = -1;
    this.last = 0;
  }

  /**
   * Begins a walk.
   * @param components how many of the URI's components to follow, at least 2.
   * @param viewer whose eyes to look with: `*` and x-names stand for no instance that it hides, and no condition holds on a node that
   *   it hides, or in an instance that it hides, lest that tell a value to one who guesses.
   * @throws DmError `AMBIGUOUS` where an empty MIID stands for several instances.
   */
  start(uri: ClientUri, components: number, viewer: Viewer): void {
    this.uri = uri;
    this.viewer = viewer;
    this.last = components - 1;
    this.level = this.last < this.nodes.length ? 0 : -1;
    if (this.level === 0) this.nodes[0] = this.first(0, this.tree.root);
  }

  /** The next node, `NO_NODE` when there are no more. @throws DmError `AMBIGUOUS` as `start`. */
  next(): NodeId {
    const nodes = this.nodes;
    while (this.level >= 0) {
      const level = this.level;
      const node = nodes[level];
      if (node === NO_NODE) {
        this.level -= 1;
        if (this.level >= 0) nodes[this.level] = this.following(this.level);
        continue;
      }
      const below = level === INSTANCE ? this.tree.firstChild(node) : node;
      if (!this.accepts(level, below)) nodes[level] = this.following(level);
      else if (level === this.last) {
        nodes[level] = this.following(level);
        return below;
      } else {
        this.level = level + 1;
        nodes[this.level] = this.first(this.level, below);
      }
    }
    return NO_NODE;
  }

  /** The one node that the first `components` of `uri` address, `NO_NODE` where there is none. @throws DmError `AMBIGUOUS`. */
  atMostOne(uri: ClientUri, components: number, viewer: Viewer): NodeId {
    this.start(uri, components, viewer);
    const node = this.next();
    if (node !== NO_NODE && !uri.isPlain && this.next() !== NO_NODE) throw new DmError('AMBIGUOUS');
    return node;
  }

  /** The one node that `uri` addresses. @throws DmError `NOT_FOUND`, `AMBIGUOUS`. */
  single(uri: ClientUri, viewer: Viewer): NodeId {
    const node = this.atMostOne(uri, uri.names.length, viewer);
    if (node === NO_NODE) throw new DmError('NOT_FOUND');
    return node;
  }

  private first(level: number, container: NodeId): NodeId {
    const uri = this.uri;
    if (uri.parts[level] === Part.Name) return this.tree.child(container, uri.names[level]);
    const child = this.tree.firstChild(container);
    if (uri.parts[level] === Part.Only && child !== NO_NODE && this.tree.next(child) !== NO_NODE) {
      throw new DmError('AMBIGUOUS', 'several instances');
    }
    return child;
  }

  private following(level: number): NodeId {
    const part = this.uri.parts[level];
    return part === Part.Name || part === Part.Only ? NO_NODE : this.tree.next(this.nodes[level]);
  }

  private accepts(level: number, node: NodeId): boolean {
    const uri = this.uri;
    const part = uri.parts[level];
    if (level === INSTANCE && part !== Part.Name && part !== Part.Only) {
      if (this.viewer.hidesInstance(this.nodes[level])) return false;
    }
    if (part <= Part.Only) return true;
    for (let i = 0; i < uri.conditions.length; i += 1) {
      const condition = uri.conditions[i];
      if (condition.letter === part && !this.holds(condition, node)) return false;
    }
    return true;
  }

  private holds(condition: Condition, node: NodeId): boolean {
    if (isHidden(node, this.viewer, this.tree)) return false;
    let at = node;
    for (let i = 0; i < condition.rel.length; i += 1) {
      at = this.tree.child(at, condition.rel[i]);
      if (at === NO_NODE || this.viewer.hides(at)) return false;
    }
    return this.tree.valueEquals(at, condition.value);
  }
}
