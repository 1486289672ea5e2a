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
  const components = uri.names.length;
  const last = uri.parts[components - 1];
  const node = matches.atMostOne(uri, components, viewer);
  if (node !== NO_NODE) return { moid: uri.moid, node, parent: NO_NODE, name: '' };
  if (uri.isRoot) {
    if (last === Part.Only) return { moid: uri.moid, node, parent: NO_NODE, name: '' };
    if (last === Part.Name && mayName) return { moid: uri.moid, node, parent: NO_NODE, name: uri.miid };
    throw new DmError('NOT_FOUND');
  }
  const parent = matches.atMostOne(uri, components - 1, viewer);
  if (parent === NO_NODE || last !== Part.Name) throw new DmError('NOT_FOUND');
  if (tree.isLeaf(parent)) throw new DmError('NOT_ALLOWED', 'below a leaf');
  return { moid: uri.moid, node, parent, name: uri.names[components - 1] };
}

/** True where the target is a whole instance. */
export function isWhole(target: Target, tree: TreeStore): boolean {
  if (target.node === NO_NODE) return target.parent === NO_NODE;
  return tree.depth(target.node) === 1;
}

/** The instance that the target belongs to, `NO_NODE` for a new one. */
export function targetInstance(target: Target, tree: TreeStore): NodeId {
  if (target.node !== NO_NODE) return tree.instanceOf(target.node);
  return target.parent === NO_NODE ? NO_NODE : tree.instanceOf(target.parent);
}

/** Names from the MO root, itself not counted, down to the target. */
export function targetPath(target: Target, tree: TreeStore): string[] {
  const path: string[] = [];
  let at = target.node;
  if (at === NO_NODE) {
    if (target.parent === NO_NODE) return path;
    path.push(target.name);
    at = target.parent;
  }
  for (const instance = tree.instanceOf(at); tree.parent(at) !== instance; at = tree.parent(at)) {
    path.unshift(tree.name(at));
  }
  return path;
}
