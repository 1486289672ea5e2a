import { DEFAULT_LIMITS } from '../../../src/limits.js';
import type { NodeId } from '../../../src/tree/arena.js';
import { ClientUri } from '../../../src/tree/client-uri.js';
import { Matches } from '../../../src/tree/matches.js';
import { DEVICE_VIEWER } from '../../../src/tree/mo-writer.js';
import { Format, TreeStore } from '../../../src/tree/tree-store.js';
import { leafUris, MIID, MOID, type SampleNode, sampleTree } from '../../bench/sample-tree.js';
import type { Host } from './host.js';
import { TEXT } from './platform.js';

declare const host: Host;

/** Prime to the 144 leaves: neighbours in the list are far apart in the tree. */
const STRIDE = 61;

interface Nested {
  [name: string]: Nested | string;
}

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

function nested(nodes: readonly SampleNode[]): Nested {
  const result: Nested = {};
  for (const { name, value, children } of nodes) result[name] = children.length === 0 ? value : nested(children);
  return result;
}

function atPath(objects: Nested, uri: string): Nested | string | undefined {
  const names = uri.split('/');
  let at: Nested | string | undefined = objects;
  for (let i = 0; i < names.length && typeof at === 'object'; i += 1) at = at[names[i]];
  return at;
}

/** Times looking up every leaf once, turn by turn. Prints the microseconds of a look-up: tree, nested objects. */
export function race(turns: number): void {
  const tree = new TreeStore(TEXT, DEFAULT_LIMITS);
  storeSample(tree);
  const matches = new Matches(tree, DEFAULT_LIMITS);
  const objects: Nested = { [MOID]: { [MIID]: nested(sampleTree()) } };
  const all = leafUris(sampleTree());
  const uris = all.map((_, index) => all[(index * STRIDE) % all.length]);
  let found = 0;
  for (let turn = 0; turn < turns; turn += 1) {
    const start = host.now();
    for (const uri of uris)
      if (tree.isLeaf(matches.single(new ClientUri(uri, DEFAULT_LIMITS), DEVICE_VIEWER))) found += 1;
    const middle = host.now();
    for (const uri of uris) if (typeof atPath(objects, uri) === 'string') found += 1;
    host.print(`${(middle - start) / uris.length} ${(host.now() - middle) / uris.length}`);
  }
  if (found !== 2 * turns * uris.length) throw new Error(`${found} found`);
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
