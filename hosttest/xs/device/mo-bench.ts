import { BodyWriter } from '../../../src/bytes/body-writer.js';
import { JsonScanner } from '../../../src/bytes/json-scanner.js';
import { DEFAULT_LIMITS } from '../../../src/limits.js';
import { NO_NODE, type NodeId } from '../../../src/tree/arena.js';
import { MoReader } from '../../../src/tree/mo-reader.js';
import { elementHead, MoWriter } from '../../../src/tree/mo-writer.js';
import { TreeStore } from '../../../src/tree/tree-store.js';
import type { Host } from './host.js';
import { TEXT } from './platform.js';

declare const host: Host;

const SEGMENT = 536;
const WINDOW = 512;

/** Prints the microseconds of every turn: reader, writer, parse, stringify. */
export function race(turns: number, readings: number, windowSize: number): void {
  const tree = new TreeStore(TEXT, DEFAULT_LIMITS);
  const scanner = new JsonScanner(DEFAULT_LIMITS.jsonDepth);
  let last: NodeId = NO_NODE;
  class Reader extends MoReader {
    protected override select(): readonly string[] {
      return [];
    }
    protected override element(_uri: string, _cv: string, node: NodeId): void {
      last = node;
    }
  }
  const reader = new Reader(scanner, tree, TEXT, DEFAULT_LIMITS);
  const size = host.inputSize(0);
  const buffer = new Uint8Array(SEGMENT);
  const window = new Uint8Array(windowSize || WINDOW);
  const read = () => {
    reader.reset();
    scanner.reset(reader);
    let offset = 0;
    while (offset < size) {
      const count = host.read(0, offset, buffer, 0, SEGMENT);
      scanner.scan(buffer, 0, count);
      offset += count;
    }
    scanner.end();
  };
  const writer = new MoWriter(tree);
  const body = new BodyWriter(TEXT);
  const write = (): number => {
    writer.begin(last, elementHead('urn:oma:mo:oma-fumo:1.0/m1/', '', ''));
    body.begin(writer);
    let length = 0;
    for (;;) {
      const end = body.fill(window, 0, window.length);
      length += end;
      if (end < window.length) return length;
    }
  };
  const whole = new Uint8Array(size);
  host.read(0, 0, whole, 0, size);
  const text = TEXT.decode(whole, 0, size);
  const object = JSON.parse(text);
  let written = 0;
  const times = [0, 0, 0, 0, 0];
  const t = (k: number, f: () => void) => {
    const start = host.now();
    for (let i = 0; i < readings; i += 1) f();
    times[k] = (host.now() - start) / readings;
  };
  for (let turn = 0; turn < turns; turn += 1) {
    let total = 0;
    let freeing = 0;
    for (let i = 0; i < readings; i += 1) {
      const a = host.now();
      if (last !== NO_NODE) tree.free(last);
      const b = host.now();
      read();
      total += host.now() - b;
      freeing += b - a;
    }
    times[0] = total / readings;
    times[4] = freeing / readings;
    t(1, () => {
      written = write();
    });
    t(2, () => JSON.parse(text));
    t(3, () => JSON.stringify(object));
    host.print(times.join(' '));
  }
  host.print(`${written} ${JSON.stringify(object).length} ${size}`);
}
