import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { LeafValue } from '../../src/tree/tree-store.js';
import { jsonEscapes } from '../support/json-escapes.js';
import { MemoryDevice } from '../support/memory-device.js';
import { code } from '../support/thrown.js';

// PROTOCOL.md MO-11, MO-13 to MO-16, MO-18, MO-20, MO-21: the formats of leaves.

/** Reads a value, whole and byte by byte. Returns its format and the value. */
function read(json: string): [format: string, value: LeafValue, text: string] {
  const seen = [1, 1000].map((size): [string, LeafValue, string] => {
    const device = new MemoryDevice();
    device.store(`{"ClientURI":"m//","MOData":{"R":{"v":${json}}}}`, { chunks: [size] });
    const { tree } = device;
    const leaf = tree.child(tree.firstChild(tree.instance('m', 'm1')), 'v');
    return [tree.formatName(leaf), tree.value(leaf), tree.valueText(leaf)];
  });
  assert.equal(seen[0], seen[1]);
  return seen[0];
}

const NUMBERS: [json: string, format: string, value: number][] = [
  ['0', 'int', 0],
  ['-0', 'int', -0],
  ['1', 'int', 1],
  ['-1', 'int', -1],
  ['2147483647', 'int', 2147483647],
  ['2147483648', 'float', 2147483648],
  ['-2147483648', 'int', -2147483648],
  ['-2147483649', 'float', -2147483649],
  ['4294967296', 'float', 4294967296],
  ['9007199254740993', 'float', Number('9007199254740993')],
  ['0.0', 'float', 0],
  ['-0.0', 'float', -0],
  ['1.5', 'float', 1.5],
  ['1.0', 'float', 1],
  ['1e3', 'float', 1000],
  ['1E3', 'float', 1000],
  ['1e+3', 'float', 1000],
  ['1e-3', 'float', 0.001],
  ['0e0', 'float', 0],
  ['-12.5e-2', 'float', -0.125],
  ['1e400', 'float', Number.POSITIVE_INFINITY],
  ['9'.repeat(64), 'float', Number('9'.repeat(64))],
  [`0.${'3'.repeat(62)}`, 'float', 1 / 3],
];

for (const [json, format, value] of NUMBERS) {
  test(`${json} is ${format} [${format === 'int' ? 'MO-14' : 'MO-15'} MO-20 MO-21]`, () => {
    const seen = read(json);
    assert.is(seen[0], format);
    assert.ok(Object.is(seen[1], value), `${String(seen[1])} is not ${value}`);
    assert.is(seen[2], json);
  });
}

test('a number longer than 64 characters is refused', () => {
  assert.throws(() => read('9'.repeat(65)), code('TOO_LONG'));
  assert.throws(() => read(`0.${'3'.repeat(63)}`), code('TOO_LONG'));
});

test('a number that JSON has not is refused', () => {
  for (const json of ['01', '+1', '.5', '1.', '-', '1e', '1e+', '0x10', 'NaN', 'Infinity', '1_000']) {
    assert.throws(() => read(json), code('BAD_JSON'), json);
  }
});

test('literals [MO-16 MO-18 MO-20]', () => {
  assert.equal(read('true'), ['bool', true, 'true']);
  assert.equal(read('false'), ['bool', false, 'false']);
  assert.equal(read('null'), ['null', null, '']);
});

test('strings are chr, whatever they look like [MO-13 MO-20]', () => {
  for (const text of ['', '12', '1.5', 'true', 'null', '2016-02-09', '<a/>', 'AAEC', '{"a":1}', '[]']) {
    assert.equal(read(JSON.stringify(text)), ['chr', text, text]);
  }
});

test('strings with every ASCII character, escaped and not', () => {
  for (let c = 0; c < 0x80; c += 1) {
    const text = `a${String.fromCharCode(c)}b`;
    const escaped = `"a\\u00${(c + 0x100).toString(16).slice(1)}b"`;
    assert.is(read(escaped)[1], text, escaped);
    assert.is(read(JSON.stringify(text))[1], text, escaped);
  }
});

test('strings with characters of every length in UTF-8', () => {
  const text = '\u0000\u007f\u0080\u07ff\u0800\ud7ff\ue000\uffff\ufeff\u{10000}\u{10ffff}';
  assert.is(read(JSON.stringify(text))[1], text);
  assert.is(read(`"${jsonEscapes(text)}"`)[1], text);
});

test('lone surrogates are refused', () => {
  for (const json of ['"\\ud800"', '"\\udc00"', '"\\ud800x"', '"\\ud800\\n"', '"\\ud800\\ud800"', '"\\udc00\\ud800"']) {
    assert.throws(() => read(json), code('BAD_JSON'), json);
  }
});

test('the top member itself may be a leaf of any kind, below the MO root [MO-11]', () => {
  for (const [json, shown] of [
    ['"x"', 'v chr"x"'],
    ['-5', 'v int -5'],
    ['true', 'v bool true'],
    ['null', 'v null'],
    ['{}', 'v{}'],
    ['""', 'v chr""'],
  ]) {
    const device = new MemoryDevice();
    device.store('{"ClientURI":"m//","MOData":{"R":{}}}');
    device.store(`{"ClientURI":"m//v","MOData":{"v":${json}}}`);
    assert.equal(device.show(), [`m/m1 R{${shown}}`]);
  }
});

test('empty objects at every level [MO-10]', () => {
  const device = new MemoryDevice();
  device.store('{"ClientURI":"m//","MOData":{"R":{"a":{},"b":{"c":{}},"d":1,"e":{}}}}');
  assert.equal(device.show(), ['m/m1 R{a{},b{c{}},d int 1,e{}}']);
});

test.run();
