import { NodeText } from 'dmlet/node';
import { DEFAULT_LIMITS } from '../../src/limits.js';
import { NO_NODE, type NodeId, ROOT } from '../../src/tree/arena.js';
import { ClientUri } from '../../src/tree/client-uri.js';
import { Matches } from '../../src/tree/matches.js';
import { DEVICE_VIEWER } from '../../src/tree/mo-writer.js';
import { Format, TreeStore } from '../../src/tree/tree-store.js';
import { type Contestant, type Effort, race, ratio, type Timing } from './measure.js';
import { leafUris, MIID, MOID, NODES, type SampleNode, sampleTree } from './sample-tree.js';

// `Matches` is not published: the tree's own sources are measured, as compiled for the tests, and not the bundle.

const text = new NodeText();

/** On the 32-bit target a string in an array takes a slot and a chunk: its header, UTF-8 and a NUL in steps of 4 bytes. */
const SLOT = 16;
const CHUNK_HEADER = 8;

/** Prime to the 144 leaves: every stride leads to another branch, and all leaves have their turn. */
const STRIDE = 61;

export type LookupKey = 'dmlet' | 'objects';

export interface TreeResult {
  readonly nodes: number;
  /** Bytes of the arena, and of the distinct names beside it. */
  readonly arena: number;
  readonly names: number;
  readonly bytesPerNode: number;
  /** Of looking up each leaf once. */
  readonly timings: readonly Timing<LookupKey>[];
  readonly lookups: number;
  readonly lookupRatio: number;
}

/** Measures what a tree of 196 nodes takes, and how long its leaves take to find. */
export function measureTree(effort: Effort): TreeResult {
  const sample = sampleTree();
  const tree = storedTree(sample);
  const names = namesSize(tree);
  const uris = mixed(leafUris(sample));
  const timings = race(lookups(tree, sample, uris), effort);
  return {
    nodes: NODES,
    arena: tree.used,
    names,
    // The nodes above the MO root, and it itself, are paid for by the nodes below it.
    bytesPerNode: (tree.used + names) / NODES,
    timings,
    lookups: uris.length,
    lookupRatio: ratio(timings, 'dmlet', 'objects'),
  };
}

function storedTree(sample: readonly SampleNode[]): TreeStore {
  const tree = new TreeStore(text, DEFAULT_LIMITS);
  const store = (parent: NodeId, nodes: readonly SampleNode[]): void => {
    for (const { name, value, children } of nodes) {
      const node = tree.create(name, children.length === 0 ? Format.Chr : Format.Interior);
      tree.attach(parent, node);
      if (children.length > 0) store(node, children);
      else tree.appendValue(node, text.encode(value), 0, value.length);
    }
  };
  const moRoot = tree.create('FUMO', Format.Interior);
  tree.addInstance(MOID, MIID, moRoot);
  store(moRoot, sample);
  return tree;
}

/** Bytes of all distinct names, those of the nodes above the sample included. */
function namesSize(tree: TreeStore): number {
  const names = new Set<string>();
  const collect = (node: NodeId): void => {
    names.add(tree.name(node));
    for (let child = tree.firstChild(node); child !== NO_NODE; child = tree.next(child)) collect(child);
  };
  collect(ROOT);
  let size = 0;
  for (const name of names) size += SLOT + CHUNK_HEADER + Math.ceil((Buffer.byteLength(name) + 1) / 4) * 4;
  return size;
}

/** All URIs once, neighbours far apart, each a flat string as one that was just decoded. */
function mixed(uris: readonly string[]): string[] {
  return uris.map((_, index) => Buffer.from(uris[(index * STRIDE) % uris.length]).toString('utf8'));
}

function lookups(tree: TreeStore, sample: readonly SampleNode[], uris: readonly string[]): Contestant<LookupKey>[] {
  const matches = new Matches(tree, DEFAULT_LIMITS);
  const objects: Nested = { [MOID]: { [MIID]: nested(sample) } };
  return [
    {
      key: 'objects',
      label: 'nested plain objects, split("/")',
      run: () => {
        let found = 0;
        for (const uri of uris) if (typeof atPath(objects, uri) === 'string') found += 1;
        checkFound(found, uris);
      },
    },
    {
      key: 'dmlet',
      label: 'dmlet: new ClientUri, Matches.single',
      run: () => {
        let found = 0;
        for (const uri of uris)
          if (tree.isLeaf(matches.single(new ClientUri(uri, DEFAULT_LIMITS), DEVICE_VIEWER))) found += 1;
        checkFound(found, uris);
      },
    },
  ];
}

interface Nested {
  [name: string]: Nested | string;
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

function checkFound(found: number, uris: readonly string[]): void {
  if (found !== uris.length) throw new Error(`found ${found} of ${uris.length} leaves`);
}
