import { DmError } from '../errors.js';
import { NO_NODE, type NodeId } from './arena.js';
import { type ClientUri, Part } from './client-uri.js';
import type { Matches } from './matches.js';
import type { Viewer } from './mo-writer.js';
import type { TreeStore } from './tree-store.js';

/** Where data is to be stored: in the place of a node, or as a new node below one that exists, or as a new instance. */
export interface Target {
  readonly moid: string;
  /** The node there, `NO_NODE` where it does not exist yet. */
  readonly node: NodeId;
  /** Of a node that does not exist yet the one above it; `NO_NODE` for a new instance. */
  readonly parent: NodeId;
  /** Name of a node that does not exist yet; of a new instance the MIID, '' where the client chooses it. */
  readonly name: string;
}

/**
 * The one place that a ClientURI names for storing (PROTOCOL.md §3, HGET).
 * @param viewer whose eyes to look with.
 * @param mayName whether an instance that does not exist may be named: only a bootstrap may.
 * @throws DmError `NOT_FOUND`, `AMBIGUOUS`; `NOT_ALLOWED` below a leaf.
 */
export function resolveTarget(
  uri: ClientUri,
  tree: TreeStore,
  matches: Matches,
  viewer: Viewer,
  mayName: boolean,
): Target {
  const last = uri.names.length - 1;
  const part = uri.part(last);
  const node = matches.atMostOne(uri, last + 1, viewer);
  let parent = NO_NODE;
  if (node === NO_NODE) {
    let isPlace = part === Part.Only || (part === Part.Name && mayName);
    if (!uri.isRoot) {
      parent = matches.atMostOne(uri, last, viewer);
      isPlace = part === Part.Name && parent !== NO_NODE;
    }
    if (!isPlace) throw new DmError('NOT_FOUND');
    if (tree.isLeaf(parent)) throw new DmError('NOT_ALLOWED', 'below a leaf');
  }
  return { moid: uri.moid, node, parent, name: node === NO_NODE ? uri.names[last] : '' };
}

/** The instance that the target belongs to, `NO_NODE` for a new one. */
export function targetInstance(target: Target, tree: TreeStore): NodeId {
  return tree.instanceOf(target.node || target.parent);
}

/** Names from the MO root, itself not counted, down to the target; none for a whole instance. */
export function targetPath(target: Target, tree: TreeStore): string[] {
  const path: string[] = [];
  let at = target.node;
  if (at === NO_NODE && target.parent !== NO_NODE) {
    path.push(target.name);
    at = target.parent;
  }
  for (; tree.depth(at) > 1; at = tree.parent(at)) path.unshift(tree.name(at));
  return path;
}
