import { DEFAULT_LIMITS } from '../../../src/limits.js';
import type { NodeId } from '../../../src/tree/arena.js';
import { Format, TreeStore } from '../../../src/tree/tree-store.js';
import { MIID, MOID, type SampleNode, sampleTree } from '../../bench/sample-tree.js';
import type { Host } from './host.js';
import { TEXT } from './platform.js';

declare const host: Host;

/** A name as it comes from the network: in RAM, and not in flash as the constant that it is here. */
function received(name: string): string {
  const bytes = TEXT.encode(name);
  return TEXT.decode(bytes, 0, bytes.length);
}

function store(tree: TreeStore, parent: NodeId, nodes: readonly SampleNode[]): void {
  for (const { name, value, children } of nodes) {
    const node = tree.create(received(name), children.length === 0 ? Format.Chr : Format.Interior);
    tree.attach(parent, node);
    if (children.length > 0) store(tree, node, children);
    else tree.appendValue(node, TEXT.encode(value), 0, value.length);
  }
}

function storeSample(tree: TreeStore): void {
  const root = tree.create('FUMO', Format.Interior);
  tree.addInstance(MOID, MIID, root);
  store(tree, root, sampleTree());
}

/** Prints the bytes that filling the tree takes beside its arena, and those that it takes of its arena. */
export function fill(): void {
  const tree = new TreeStore(TEXT, DEFAULT_LIMITS);
  host.gc();
  const empty = host.used();
  storeSample(tree);
  host.gc();
  host.print(`${host.used() - empty} ${tree.used}`);
}
