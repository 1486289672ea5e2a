import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { BodyWriter } from '../../src/bytes/body-writer.js';
import type { NodeId } from '../../src/tree/arena.js';
import { elementHead, Large, MoWriter, type Visibility } from '../../src/tree/mo-writer.js';
import { Format, TreeStore } from '../../src/tree/tree-store.js';
import { limitsWith } from '../support/memory-device.js';
import { buildNode, type Plain } from '../support/tree-text.js';
import { utf8 } from '../support/utf8.js';
import { written, writtenBytes } from '../support/written.js';

// PROTOCOL.md MO-3, MO-8 to MO-11: MO data as it is sent and stored.

const URI = 'urn:oma:mo:moid:1.0/m1/';

function store(): TreeStore {
  return new TreeStore(utf8, limitsWith({ tree: 65536 }));
}

function writer(tree: TreeStore, node: NodeId, uri = URI, visibility?: Visibility): MoWriter {
  const source = new MoWriter(tree, Large.Whole);
  source.begin(node, elementHead(uri, '', ''), visibility);
  return source;
}

/** What is written of a tree of plain values below `Root`. */
function write(value: Plain, windowSize = 512): string {
  const tree = store();
  return written(writer(tree, buildNode(tree, 'Root', value)), windowSize);
}

const RICH: Plain = {
  text: 'plain',
  empty: '',
  escapes: 'a"b\\c/d\b\f\n\r\t\u0000\u001f\u007f',
  far: 'caf\u00e9 \u20ac \u{1f600} \u2028\u2029\ufeff',
  'na"me\\ \n\u00e9': 1,
  int: -2147483648,
  float: 1.5,
  yes: true,
  no: false,
  nil: null,
  none: {},
  deep: { er: { none: {}, leaf: 'x' }, last: {} },
};

test('the output is JSON of the same data [MO-3 MO-10 MO-11]', () => {
  assert.equal(JSON.parse(write(RICH)), { ClientURI: URI, MOData: { Root: RICH } });
});

test('the output is compact, in the order of the tree', () => {
  assert.is(
    write({ b: 1, a: { z: 'x', y: {} }, c: null, d: true }),
    `{"ClientURI":"${URI}","MOData":{"Root":{"b":1,"a":{"z":"x","y":{}},"c":null,"d":true}}}`,
  );
});

test('a leaf, and an empty node, are written as the top [MO-8]', () => {
  for (const value of ['x', '', 5, true, false, null, {}] as Plain[]) {
    assert.equal(JSON.parse(write(value)), { ClientURI: URI, MOData: { Root: value } });
  }
});

test('windows of any size give the same bytes', () => {
  const tree = store();
  const source = writer(tree, buildNode(tree, 'Root', RICH));
  const whole = writtenBytes(source, 100000);
  for (let size = 1; size <= whole.length + 1; size += 1) {
    assert.equal(writtenBytes(source, size), whole, `window of ${size} bytes`);
  }
});

test('measure says how many bytes are written [MO-25]', () => {
  const body = new BodyWriter(utf8);
  for (const value of [RICH, {}, '', 'x', '\u20ac'.repeat(1000), '\u0001'.repeat(1000)] as Plain[]) {
    const tree = store();
    const source = writer(tree, buildNode(tree, 'Root', value));
    assert.is(body.measure(source), writtenBytes(source).length);
  }
});

test('a ClientURI is escaped', () => {
  const tree = store();
  const uri = 'a"b\\c/\u00e9/';
  assert.is(JSON.parse(written(writer(tree, buildNode(tree, 'Root', {}), uri))).ClientURI, uri);
});

test('every control character is escaped', () => {
  for (let c = 0; c < 0x20; c += 1) {
    const character = String.fromCharCode(c);
    const out = write({ [`n${character}`]: `v${character}` });
    assert.equal(JSON.parse(out).MOData.Root, { [`n${character}`]: `v${character}` });
    assert.not(out.includes(character));
  }
});

test('long values keep their characters whole, wherever they are split', () => {
  for (const unit of ['\u00e9', '\u20ac', '\u{1f600}', '"', '\u0000', 'a\u20ac']) {
    for (let shift = 0; shift < 4; shift += 1) {
      const value = 'x'.repeat(shift) + unit.repeat(Math.floor(4092 / utf8.encode(unit).length));
      const out = write({ v: value }, 57);
      assert.is(JSON.parse(out).MOData.Root.v, value);
    }
  }
});

test('values of the lengths around a slice are whole', () => {
  for (const length of [1, 127, 128, 129, 255, 256, 257, 384, 4096]) {
    assert.is(JSON.parse(write({ v: 'x'.repeat(length), w: 'y' })).MOData.Root.v.length, length);
  }
});

test('numbers are written as they were read', () => {
  const tree = store();
  const root = tree.create('Root', Format.Interior);
  const numbers = ['-0', '1.50e+3', '0.0', '9'.repeat(64)];
  numbers.forEach((number, i) => {
    const leaf = tree.create(`n${i}`, Format.Float);
    const bytes = utf8.encode(number);
    tree.appendValue(leaf, bytes, 0, bytes.length);
    tree.attach(root, leaf);
  });
  const members = numbers.map((number, i) => `"n${i}":${number}`).join(',');
  assert.is(written(writer(tree, root)), `{"ClientURI":"${URI}","MOData":{"Root":{${members}}}}`);
});

test('leaves of the other text formats are strings', () => {
  const tree = store();
  const root = tree.create('Root', Format.Interior);
  for (const [name, format] of [
    ['bin', Format.Bin],
    ['xml', Format.Xml],
    ['date', Format.Date],
    ['time', Format.Time],
  ] as [string, Format][]) {
    const leaf = tree.create(name, format);
    tree.appendValue(leaf, utf8.encode(`<${name}>`), 0, name.length + 2);
    tree.attach(root, leaf);
  }
  assert.equal(JSON.parse(written(writer(tree, root))).MOData.Root, {
    bin: '<bin>',
    xml: '<xml>',
    date: '<date>',
    time: '<time>',
  });
});

/** All subsets of the nodes a to d, at two levels, are hidden. */
test('hidden nodes leave no trace and no stray comma', () => {
  const names = ['a', 'b', 'c', 'd'];
  const plain: Plain = { a: 1, b: { c: 'x', d: {} }, c: {}, d: { a: null, b: { d: 2 } } };
  const without = (value: Plain, hidden: readonly string[]): Plain => {
    if (typeof value !== 'object' || value === null) return value;
    const rest: { [name: string]: Plain } = {};
    for (const name of Object.keys(value)) if (!hidden.includes(name)) rest[name] = without(value[name], hidden);
    return rest;
  };
  const tree = store();
  const root = buildNode(tree, 'Root', plain);
  for (let mask = 0; mask < 16; mask += 1) {
    const hidden = names.filter((_, i) => mask & (1 << i));
    const source = writer(tree, root, URI, { hides: (node) => hidden.includes(tree.name(node)) });
    const out = written(source, 3);
    assert.equal(JSON.parse(out), { ClientURI: URI, MOData: { Root: without(plain, hidden) } }, hidden.join());
    assert.is(new BodyWriter(utf8).measure(source), out.length);
  }
});

test('a writer begins anew at any time', () => {
  const tree = store();
  const source = writer(tree, buildNode(tree, 'Root', RICH));
  const whole = writtenBytes(source);
  const body = new BodyWriter(utf8);
  for (let length = 0; length < whole.length; length += 7) {
    body.begin(source);
    assert.is(body.fill(new Uint8Array(length), 0, length), length);
    assert.equal(writtenBytes(source), whole);
  }
});

test('one writer writes one node after another', () => {
  const tree = store();
  const source = new MoWriter(tree, Large.Whole);
  const first = buildNode(tree, 'A', { secret: 1, x: 'long' });
  source.begin(first, elementHead('a/', '', ''), { hides: (node) => tree.name(node) === 'secret' });
  assert.is(written(source), '{"ClientURI":"a/","MOData":{"A":{"x":"long"}}}');
  source.begin(buildNode(tree, 'B', { secret: 1 }), elementHead('b/', '', ''));
  assert.is(written(source), '{"ClientURI":"b/","MOData":{"B":{"secret":1}}}');
});

test.run();
