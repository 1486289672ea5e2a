import { DmError } from '../errors.js';
import type { Limits } from '../limits.js';
import { NO_NODE, type NodeId, ROOT } from './arena.js';
import { type ClientUri, Component, type Condition, Part } from './client-uri.js';
import { Format } from './format.js';
import { isHidden, type Viewer } from './mo-writer.js';
import type { TreeStore } from './tree-store.js';

/** Most bytes of UTF-8 for each unit of a string's length: 3 where strings are UTF-16, 4 on XS, where a unit is a code point. */
const UTF8_MOST = 4;

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
    this.nodes = new Uint16Array(limits.depth + Component.Path + 1);
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
    this.level = -1;
    if (components <= this.nodes.length) this.enter(ROOT);
  }

  /** The next node, `NO_NODE` when there are no more. @throws DmError `AMBIGUOUS` as `start`. */
  next(): NodeId {
    const nodes = this.nodes;
    while (this.level >= 0) {
      const level = this.level;
      const node = nodes[level];
      if (node === NO_NODE) {
        this.level -= 1;
        continue;
      }
      // The next time round it is its sibling's turn.
      const part = this.uri.part(level);
      nodes[level] = part === Part.Name || part === Part.Only ? NO_NODE : this.tree.next(node);
      const below = level === Component.Miid ? this.tree.firstChild(node) : node;
      if (!this.accepts(part, node, below)) continue;
      if (level === this.last) return below;
      this.enter(below);
    }
    return NO_NODE;
  }

  /** The one node that the first `components` of `uri` address, `NO_NODE` where there is none. @throws DmError `AMBIGUOUS`. */
  atMostOne(uri: ClientUri, components: number, viewer: Viewer): NodeId {
    if (uri.parts.length === 0) return this.tree.find(uri.names, components);
    this.start(uri, components, viewer);
    const node = this.next();
    if (this.next() !== NO_NODE) throw new DmError('AMBIGUOUS');
    return node;
  }

  /** The one node that `uri` addresses. @throws DmError `NOT_FOUND`, `AMBIGUOUS`. */
  single(uri: ClientUri, viewer: Viewer): NodeId {
    const names = uri.names;
    const isPlain = uri.parts.length === 0;
    // One call less is a tenth of the time on XS.
    const node = isPlain ? this.tree.find(names, names.length) : this.atMostOne(uri, names.length, viewer);
    if (node === NO_NODE) throw new DmError('NOT_FOUND');
    return node;
  }

  /** Goes a level down, to the first node below `container` that may fit there. */
  private enter(container: NodeId): void {
    const tree = this.tree;
    const level = this.level + 1;
    const part = this.uri.part(level);
    const child = part === Part.Name ? tree.child(container, this.uri.names[level]) : tree.firstChild(container);
    if (part === Part.Only && tree.next(child) !== NO_NODE) throw new DmError('AMBIGUOUS');
    this.level = level;
    this.nodes[level] = child;
  }

  /** @param below `node` itself, or the MO root of the instance that it is. */
  private accepts(part: number, node: NodeId, below: NodeId): boolean {
    if (part === Part.Name || part === Part.Only) return true;
    if (this.level === Component.Miid && this.viewer.hidesInstance(node)) return false;
    for (let i = 0; i < this.uri.conditions.length; i += 1) {
      const condition = this.uri.conditions[i];
      if (condition.letter === part && !this.holds(condition, below)) return false;
    }
    return true;
  }

  private holds(condition: Condition, node: NodeId): boolean {
    const tree = this.tree;
    const value = condition.value;
    if (isHidden(node, this.viewer, tree)) return false;
    let at = node;
    for (let i = 0; i < condition.rel.length; i += 1) {
      at = tree.child(at, condition.rel[i]);
      if (at === NO_NODE || this.viewer.hides(at)) return false;
    }
    if (!tree.isLeaf(at) || tree.format(at) === Format.Null) return false;
    // Of a value that is too long to be equal no string is made: it may be more than the machine holds.
    return tree.valueLength(at) <= value.length * UTF8_MOST && tree.valueText(at) === value;
  }
}
