import { NO_NODE, type NodeId } from '../../src/tree/arena.js';
import { Definitions } from '../../src/tree/definitions.js';
import { isHidden } from '../../src/tree/mo-writer.js';
import type { Target } from '../../src/tree/target.js';
import { TreeStore } from '../../src/tree/tree-store.js';
import { limitsWith } from './memory-device.js';
import { buildNode, type Plain, showNode } from './tree-text.js';
import { utf8 } from './utf8.js';

export const MOID = 'urn:example:mo:meter:1.0';

/** A tree with MO definitions: the standard ones, and one for `MOID`. */
export class DefinedTree {
  readonly tree: TreeStore;
  readonly definitions: Definitions;

  /** @param nodes lines of the definition of `MOID`, the MO root's left out where the first is another's. */
  constructor(nodes: readonly string[], arena = 8192) {
    const lines = nodes[0].startsWith('. ') ? nodes : ['. node RW *', ...nodes];
    this.tree = new TreeStore(utf8, limitsWith({ tree: arena }));
    this.definitions = new Definitions(this.tree, [
      { moid: MOID, ddf: 'https://maker.example/meter.xml', nodes: lines },
    ]);
  }

  /** Adds an instance whose MO root is `R`. Returns the MO root. */
  add(value: Plain, moid = MOID, miid = 'm1'): NodeId {
    const root = buildNode(this.tree, 'R', value);
    this.tree.addInstance(moid, miid, root);
    return root;
  }

  /** The node at a path below the MO root of `moid/m1`; `NO_NODE` where there is none. */
  at(path: string, moid = MOID): NodeId {
    const { tree } = this;
    let node = tree.firstChild(tree.instance(moid, 'm1'));
    for (const name of path === '' ? [] : path.split('/')) {
      if (node !== NO_NODE) node = tree.child(node, name);
    }
    return node;
  }

  /** True where no server reads the node. */
  covers(node: NodeId): boolean {
    const viewer = { hides: (at: NodeId) => this.definitions.hides(at), hidesInstance: () => false };
    return isHidden(node, viewer, this.tree);
  }

  /** Judges what is about to be stored at a path of `moid/m1`, for a server or a bootstrap. Returns it as it then is. */
  admit(path: string, value: Plain, { moid = MOID, trusted = false } = {}): string {
    const { tree } = this;
    const fresh = buildNode(tree, path.slice(path.lastIndexOf('/') + 1) || 'R', value);
    this.judge(this.target(path, moid), fresh, trusted);
    const shown = showNode(tree, fresh);
    tree.free(fresh);
    return shown;
  }

  /** A path of `moid/m1` as a place to store to; of a MOID without instances that of a new one. */
  target(path: string, moid = MOID): Target {
    const cut = path.lastIndexOf('/');
    const hasInstance = this.tree.instance(moid, 'm1') !== NO_NODE;
    const node = hasInstance ? this.at(path, moid) : NO_NODE;
    if (!hasInstance || node !== NO_NODE) return { moid, node, parent: NO_NODE, name: '' };
    return { moid, node, parent: this.at(path.slice(0, Math.max(cut, 0)), moid), name: path.slice(cut + 1) };
  }

  /** Judges a further instance of `moid`. */
  admitInstance(value: Plain, { moid = MOID, trusted = false } = {}): void {
    const fresh = buildNode(this.tree, 'R', value);
    this.judge({ moid, node: NO_NODE, parent: NO_NODE, name: '' }, fresh, trusted);
    this.tree.free(fresh);
  }

  private judge(target: Target, fresh: NodeId, trusted: boolean): void {
    const { used } = this.tree;
    try {
      this.definitions.admit(target, fresh, trusted);
    } catch (thrown) {
      if (this.tree.used < used) throw new Error('a refused node was freed');
      this.tree.free(fresh);
      throw thrown;
    }
  }
}
