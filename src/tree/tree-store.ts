import { NO_NODE, type NodeId } from './arena.js';
import { encodeComponent } from './client-uri.js';
import { Format } from './format.js';
import { type LeafValue, Leaves } from './leaves.js';

export { Format, type LeafValue };

/**
 * The tree of management objects: below its root the MOIDs, below these the instances by MIID, each with one child, the MO root;
 * below that interior nodes and leaves.
 */
export class TreeStore extends Leaves {
  /** The first child of a node below the root; `NO_NODE` has none. */
  firstBelow(node: NodeId): NodeId {
    return node === NO_NODE ? NO_NODE : this.firstChild(node);
  }

  /** The MO root of the first instance of `moid`, `NO_NODE` where there is none. */
  firstRoot(moid: string): NodeId {
    return this.firstBelow(this.firstBelow(this.child(this.root, moid)));
  }

  /** The instance of `moid` with `miid`, `NO_NODE` where there is none. */
  instance(moid: string, miid: string): NodeId {
    const type = this.child(this.root, moid);
    return type === NO_NODE ? NO_NODE : this.child(type, miid);
  }

  /** The instance with the ClientURI `MOID/MIID/`, `NO_NODE` where there is none. */
  instanceAt(clientUri: string): NodeId {
    for (let type = this.firstChild(this.root); type !== NO_NODE; type = this.next(type)) {
      for (let at = this.firstChild(type); at !== NO_NODE; at = this.next(at))
        if (this.uri(at) === clientUri) return at;
    }
    return NO_NODE;
  }

  /** The instance that `node` belongs to; `node` is one, or below one. */
  instanceOf(node: NodeId): NodeId {
    let instance = node;
    let above = this.parent(instance);
    while (this.parent(above) !== this.root) {
      instance = above;
      above = this.parent(above);
    }
    return instance;
  }

  /** The MOID of the instance that `node` belongs to; `node` is one, or below one. */
  moidOf(node: NodeId): string {
    return this.name(this.parent(this.instanceOf(node)));
  }

  /** True where the node is in the tree, or is above it. */
  isAttached(node: NodeId): boolean {
    let top = node;
    while (top !== this.root && this.parent(top) !== this.root) top = this.parent(top);
    let at = this.firstChild(this.root);
    while (at !== NO_NODE && at !== top) at = this.next(at);
    return at === top;
  }

  /** Levels from the MO root, which is at 1, down to `node`. */
  depth(node: NodeId): number {
    let depth = -2;
    for (let at = node; at !== this.root; at = this.parent(at)) depth += 1;
    return depth;
  }

  /** The ClientURI of an instance or its MO root, as `MOID/MIID/`, or of a node below; the node is in the tree. */
  uri(node: NodeId): string {
    const instance = this.instanceOf(node);
    const head = `${encodeComponent(this.name(this.parent(instance)))}/${encodeComponent(this.name(instance))}/`;
    let path = '';
    for (let at = node; at !== instance && this.parent(at) !== instance; at = this.parent(at)) {
      path = encodeComponent(this.name(at)) + (path === '' ? '' : `/${path}`);
    }
    return head + path;
  }

  /**
   * Adds an instance whose MO root is the detached `moRoot`.
   * @returns the instance.
   * @throws DmError `TREE_FULL`; then nothing is changed.
   */
  addInstance(moid: string, miid: string, moRoot: NodeId): NodeId {
    let type = this.child(this.root, moid);
    const instance = this.create(miid, Format.Interior);
    if (type === NO_NODE) {
      try {
        type = this.create(moid, Format.Interior);
      } catch (thrown) {
        this.free(instance);
        throw thrown;
      }
      this.attach(this.root, type);
    }
    this.attach(type, instance);
    this.attach(instance, moRoot);
    return instance;
  }

  /** A MIID for a new instance of `moid`: the first of m1, m2, m3 … that is neither in use nor `taken`. */
  unusedMiid(moid: string, taken: readonly string[]): string {
    let n = 1;
    while (this.instance(moid, `m${n}`) !== NO_NODE || taken.indexOf(`m${n}`) >= 0) n += 1;
    return `m${n}`;
  }

  /** The flash object of an instance, 0 where it has none. */
  objectOf(instance: NodeId): number {
    return this.arena.tag(instance);
  }

  setObject(instance: NodeId, object: number): void {
    this.arena.setTag(instance, object);
  }
}
