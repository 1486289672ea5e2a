import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Definitions } from '../../src/tree/definitions.js';
import { DefinedTree, MOID } from '../support/defined-tree.js';
import { code } from '../support/thrown.js';
import type { Plain } from '../support/tree-text.js';

// PROTOCOL.md MO-13 to MO-21, DEF-8, DEF-9, ST-422: what an MO definition says of names, formats and numbers of nodes.

const refusal = code('CONFLICT');

function refused(tree: DefinedTree, path: string, value: Plain): void {
  for (const trusted of [false, true]) {
    assert.throws(() => tree.admit(path, value, { trusted }), refusal, `${path} ${JSON.stringify(value)}`);
  }
}

/** For each format what it takes, with the format that the leaf then has, and what it does not. */
const FORMATS: readonly [string, readonly [Plain, string][], readonly Plain[]][] = [
  [
    'chr',
    [
      ['', 'chr""'],
      ['x', 'chr"x"'],
    ],
    [1, 1.5, true, null, {}],
  ],
  [
    'int',
    [
      [0, 'int 0'],
      [-2147483648, 'int -2147483648'],
    ],
    [1.5, '1', false, null, {}],
  ],
  [
    'float',
    [
      [1.5, 'float 1.5'],
      [3, 'float 3'],
    ],
    ['1.5', true, null, {}],
  ],
  [
    'bool',
    [
      [true, 'bool true'],
      [false, 'bool false'],
    ],
    [0, 1, 'true', null, {}],
  ],
  ['null', [[null, 'null']], [0, '', false, {}]],
  [
    'bin',
    [
      ['AAECAw==', 'bin"AAECAw=="'],
      ['', 'bin""'],
    ],
    ['A', 1, true, null, {}],
  ],
  ['b64', [['/+9A', 'bin"/+9A"']], ['/+9', 2, false, null, {}]],
  ['xml', [['<a/>', 'xml"<a/>"']], [1, true, null, {}]],
  ['date', [['2016-02-09', 'date"2016-02-09"']], [20160209, null, {}]],
  ['time', [['12:30:00', 'time"12:30:00"']], [1230, null, {}]],
  [
    'node',
    [
      [{}, '{}'],
      [{ x: 1 }, '{x int 1}'],
    ],
    ['', 0, true, null],
  ],
];

for (const [format, taken, others] of FORMATS) {
  test(`${format} takes what its JSON form is, and nothing else [MO-13] [MO-14] [MO-15] [MO-16] [MO-18] [MO-19] [ST-422]`, () => {
    const tree = new DefinedTree([`v ${format} RW ?`, 'v/x int RW ?']);
    tree.add({});
    for (const [value, shown] of taken) {
      const text = shown.startsWith('{') ? shown : ` ${shown}`;
      assert.is(tree.admit('', { v: value }), `R{v${text}}`);
      assert.is(tree.admit('v', value), `v${text}`);
    }
    for (const value of others) {
      refused(tree, '', { v: value });
      refused(tree, 'v', value);
    }
  });
}

test('bin takes padded base64 without anything between [MO-17] [ST-422]', () => {
  const tree = new DefinedTree(['v bin RW ?']);
  for (let length = 0; length <= 200; length += 1) {
    const bytes = Buffer.from(Array.from({ length }, (_, i) => (i * 37 + length) & 0xff));
    const text = bytes.toString('base64');
    assert.is(tree.admit('', { v: text }), `R{v bin"${text}"}`);
    if (text.endsWith('=')) refused(tree, '', { v: text.slice(0, -1) });
  }
  const bad = [
    '=',
    '==',
    '====',
    'A===',
    'AA=A',
    'AA A',
    'AAA\n',
    'AAAA\n',
    ' AAAA',
    'AA==AAAA',
    'AAA-',
    'AA_A',
    'AAA.',
  ];
  for (const text of bad.concat(['AA@A', 'A[AA', 'AA{A', '`AAA', 'A:AA', 'AAA\u0000', '\u00e9\u00e9', 'AA\u20ac']))
    refused(tree, '', { v: text });
  for (const place of [62, 63, 64, 65, 98]) {
    const text = 'A'.repeat(100);
    refused(tree, '', { v: `${text.slice(0, place)}=${text.slice(place + 1)}` });
    refused(tree, '', { v: `${text.slice(0, place)}\u00e9${text.slice(place + 2)}` });
  }
});

test('without a definition the JSON type decides [MO-20] [MO-21]', () => {
  const tree = new DefinedTree(['v chr RW ?']);
  const value = { a: 'AA==', b: 1, c: 1.5, d: true, e: null, f: { g: 'x' } };
  const shown = 'R{a chr"AA==",b int 1,c float 1.5,d bool true,e null,f{g chr"x"}}';
  assert.is(tree.admit('', value, { moid: 'urn:open' }), shown);
});

test('what is below a node of any format is open', () => {
  const tree = new DefinedTree(['Ext any RW 1']);
  tree.add({ Ext: { 1: 'x' } });
  for (const value of ['x', 1, null, {}, { a: { b: { 'c d/e': 'x' } } }] as Plain[]) {
    tree.admit('', { Ext: value });
    tree.admit('Ext', value);
    tree.admit('Ext/deep', value);
  }
  tree.definitions.checkDelete(tree.at('Ext/1'));
});

test('a node that is not defined is refused, wherever it stands [ST-422]', () => {
  const tree = new DefinedTree(['A node RW ?', 'A/b chr RW ?', 'L chr RW ?']);
  tree.add({ A: {}, Old: 1 });
  tree.admit('', { A: { b: 'x' } });
  for (const value of [
    { B: 1 },
    { A: { c: 'x' } },
    { b: 'x' },
    { A: { A: {} } },
    { a: {} },
    { 'A/b': 'x' },
    { '.': {} },
  ] as Plain[])
    refused(tree, '', value);
  for (const name of ['A ', 'A node', 'A node RW', 'L chr', 'L chr RW ?', '*']) refused(tree, '', { [name]: {} });
  refused(tree, 'A/c', 'x');
  refused(tree, 'B', 'x');
  refused(tree, 'Old', 2);
  refused(tree, 'Old', { b: 'x' });
  assert.throws(() => tree.admit('A/c', 'x'), /not defined c/);
});

test('an unnamed node has any name that no other line has [DEF-9]', () => {
  const tree = new DefinedTree(['P node RW ?', 'P/Max int RW ?', 'P/* node RW *', 'P/*/b chr RW ?']);
  tree.add({ P: { 1: {} } });
  const shown = tree.admit('P', { Max: 3, 1: { b: 'x' }, 'a/b': {}, 'c d': {}, '*': {}, '.': {} });
  assert.is(shown, 'P{1{b chr"x"},Max int 3,a/b{},c d{},*{},.{}}');
  tree.admit('P/2', { b: 'x' });
  tree.admit('P/1/b', 'x');
  refused(tree, 'P', { Max: {} });
  refused(tree, 'P', { 1: 'leaf' });
  refused(tree, 'P/2', { c: 'x' });
});

/** For each occurrence how many nodes it takes, of 0 to 4. */
const OCCURRENCES: readonly [string, string][] = [
  ['1', '1'],
  ['?', '01'],
  ['*', '01234'],
  ['+', '1234'],
  ['3', '0123'],
  ['+3', '123'],
];

for (const [occurrence, counts] of OCCURRENCES) {
  test(`occurrence ${occurrence} takes ${counts.split('').join(', ')} of 0 to 4 unnamed nodes [DEF-8] [ST-422]`, () => {
    const tree = new DefinedTree(['P node RW ?', `P/* chr RW ${occurrence}`]);
    const children = (count: number): Plain =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`n${i}`, 'x']));
    const fits = (count: number): boolean => counts.includes(String(count));
    for (let count = 0; count <= 4; count += 1) {
      if (fits(count)) tree.admit('', { P: children(count) });
      else refused(tree, '', { P: children(count) });
    }
    for (let count = 0; count < 4; count += 1) {
      const filled = new DefinedTree(['P node RW ?', `P/* chr RW ${occurrence}`]);
      filled.add({ P: children(count) });
      if (fits(count + 1)) filled.admit('P/more', 'x');
      else refused(filled, 'P/more', 'x');
    }
  });
}

test('a required node must be in every interior node that the document brings [DEF-8] [ST-422]', () => {
  const tree = new DefinedTree([
    'S chr RW 1',
    'A node RW ?',
    'A/* node RW *',
    'A/*/b chr RW 1',
    'A/*/C node RW +',
    'A/*/C/d int RW 1',
  ]);
  tree.add({ S: 'x', A: { 1: { b: 'x', C: { d: 1 } } } });
  tree.admit('', { S: 'x' });
  tree.admit('', { S: 'x', A: {} });
  tree.admit('A', { 2: { C: { d: 1 }, b: 'x' } });
  tree.admit('A/1/b', 'y');
  for (const value of [{}, { A: {} }, { S: 'x', A: { 1: {} } }] as Plain[]) refused(tree, '', value);
  for (const value of [{ b: 'x' }, { b: 'x', C: {} }, { C: { d: 1 } }] as Plain[]) {
    refused(tree, 'A/1', value);
    refused(tree, 'A/new', value);
    refused(tree, 'A', { 1: { b: 'x', C: { d: 1 } }, 2: value });
  }
});

test('the MO root says how many instances there may be [DEF-8] [ST-422]', () => {
  const one = new DefinedTree(['. node RW 1', 'v int RW ?']);
  one.admitInstance({ v: 1 });
  one.add({ v: 1 });
  for (const trusted of [false, true]) assert.throws(() => one.admitInstance({ v: 1 }, { trusted }), refusal);
  assert.is(one.admit('', { v: 2 }), 'R{v int 2}');
  const several = new DefinedTree(['. node RW *', 'v int RW ?']);
  several.add({ v: 1 });
  several.admitInstance({ v: 1 });
  several.add({ v: 1 }, MOID, 'm2');
  several.admitInstance({ v: 1 });
});

test("each definition rules its own MOID, and the application's first for one counts", () => {
  const { tree } = new DefinedTree(['v int RW ?']);
  const other = { moid: 'urn:other', ddf: 'https://other.example/', nodes: ['. node RW *', 'v chr RW ?'] };
  const again = { moid: 'urn:other', ddf: 'https://again.example/', nodes: ['. node RW *'] };
  const account = { moid: 'urn:oma:mo:oma-dm-dmacc:1.2', ddf: 'https://not.example/', nodes: ['. node RW *'] };
  const definitions = new Definitions(tree, [other, again, account]);
  assert.equal(
    [other.moid, account.moid, 'urn:none'].map((moid) => definitions.ddf(moid)),
    ['https://other.example/', '', undefined],
  );
});

test.run();
