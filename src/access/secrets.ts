import type { NodeId } from '../tree/arena.js';
import type { Visibility } from '../tree/mo-writer.js';
import { MOID_ACCOUNT } from '../tree/standard-mos.js';
import type { TreeStore } from '../tree/tree-store.js';

const SECRET_ENDS: readonly string[] = ['Secret', 'SecretKey'];

/** Hides what a DM Account holds and nobody may read: secrets and the Perm list (PROTOCOL.md §13). */
export class Secrets implements Visibility {
  private readonly tree: TreeStore;

  constructor(tree: TreeStore) {
    this.tree = tree;
  }

  hides(node: NodeId): boolean {
    const name = this.tree.name(node);
    if (name !== 'Perm' && !endsWithAny(name, SECRET_ENDS)) return false;
    return this.tree.name(this.tree.parent(this.tree.instanceOf(node))) === MOID_ACCOUNT;
  }

  /** True where the node, or one above it, is hidden. */
  covers(node: NodeId): boolean {
    const instance = this.tree.instanceOf(node);
    for (let at = node; at !== instance; at = this.tree.parent(at)) if (this.hides(at)) return true;
    return false;
  }
}

function endsWithAny(name: string, ends: readonly string[]): boolean {
  for (let i = 0; i < ends.length; i += 1) if (name.slice(-ends[i].length) === ends[i]) return true;
  return false;
}
