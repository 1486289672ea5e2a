import { NodeText } from 'dmlet/node';
import { BodyWriter } from '../../src/bytes/body-writer.js';
import { JsonScanner } from '../../src/bytes/json-scanner.js';
import { DEFAULT_LIMITS } from '../../src/limits.js';
import { NO_NODE, type NodeId } from '../../src/tree/arena.js';
import { MoReader } from '../../src/tree/mo-reader.js';
import { elementHead, Large, MoWriter } from '../../src/tree/mo-writer.js';
import { TreeStore } from '../../src/tree/tree-store.js';
import { type Effort, race, ratio, type Timing } from './measure.js';
import { SEGMENT } from './package2.js';
import { MIID, MOID, type SampleNode, sampleTree } from './sample-tree.js';

export type MoKey = 'parse' | 'read' | 'stringify' | 'write';

/** Reading and writing the MO document of the sample tree. */
export interface MoResult {
  readonly bytes: number;
  readonly timings: readonly Timing<MoKey>[];
  /** Reading into the tree, over `JSON.parse` of the whole document. */
  readonly readRatio: number;
  /** Writing from the tree, over `JSON.stringify` of the same objects. */
  readonly writeRatio: number;
}

const WINDOW = 512;
const CLIENT_URI = `${MOID}/${MIID}/`;

interface Nested {
  [name: string]: Nested | string;
}

function nested(nodes: readonly SampleNode[]): Nested {
  return Object.fromEntries(
    nodes.map(({ name, value, children }) => [name, children.length === 0 ? value : nested(children)]),
  );
}

/** Takes every element whole. */
class WholeReader extends MoReader {
  node: NodeId = NO_NODE;

  protected override select(): readonly string[] {
    return [];
  }

  protected override element(_clientUri: string, _validator: string, node: NodeId): void {
    this.node = node;
  }
}

/** Measures how long the sample tree takes to read and to write as an MO document. */
export function measureMo(effort: Effort): MoResult {
  const text = new NodeText();
  const tree = new TreeStore(text, DEFAULT_LIMITS);
  const scanner = new JsonScanner(DEFAULT_LIMITS.jsonDepth);
  const reader = new WholeReader(scanner, tree, text, DEFAULT_LIMITS);
  const writer = new MoWriter(tree, Large.Whole);
  const body = new BodyWriter(text);
  const window = new Uint8Array(WINDOW);
  const objects = { ClientURI: CLIENT_URI, MOData: { FUMO: nested(sampleTree()) } };
  const json = JSON.stringify(objects);
  const bytes = text.encode(json);
  const read = (): void => {
    if (reader.node !== NO_NODE) tree.free(reader.node);
    reader.reset();
    scanner.reset(reader);
    for (let at = 0; at < bytes.length; at += SEGMENT) scanner.scan(bytes, at, Math.min(bytes.length, at + SEGMENT));
    scanner.end();
  };
  const write = (): void => {
    let length = 0;
    let filled = WINDOW;
    writer.begin(reader.node, elementHead(CLIENT_URI, '', ''));
    body.begin(writer);
    while (filled === WINDOW) {
      filled = body.fill(window, 0, WINDOW);
      length += filled;
    }
    if (length !== bytes.length) throw new Error(`${length} bytes written of ${bytes.length}`);
  };
  read();
  const timings = race<MoKey>(
    [
      { key: 'parse', label: 'JSON.parse of a string', run: () => JSON.parse(json) },
      { key: 'read', label: 'dmlet: read into the tree', run: read },
      { key: 'stringify', label: 'JSON.stringify of objects', run: () => JSON.stringify(objects) },
      { key: 'write', label: 'dmlet: written from the tree', run: write },
    ],
    effort,
  );
  return {
    bytes: bytes.length,
    timings,
    readRatio: ratio(timings, 'read', 'parse'),
    writeRatio: ratio(timings, 'write', 'stringify'),
  };
}
