import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Format } from '../../src/tree/format.js';
import { Nodes } from '../../src/tree/nodes.js';
import { limitsWith } from '../support/memory-device.js';
import { code } from '../support/thrown.js';
import { utf8 } from '../support/utf8.js';

function nodes(names: number, nameBytes: number): Nodes {
  return new Nodes(utf8, limitsWith({ names, nameBytes }));
}

function create(tree: Nodes, ...names: string[]): number[] {
  return names.map((name) => tree.create(name, Format.Chr));
}

function namesOf(tree: Nodes, all: number[]): string[] {
  return all.map((node) => tree.name(node));
}

test('nodes keep their names', () => {
  const tree = nodes(10, 100);
  const all = ['DevID', 'devid', 'DevID', 'Man', 'caf\u00e9'];
  assert.equal(namesOf(tree, create(tree, ...all)), all);
});

test('names of object members are ordinary names', () => {
  const tree = nodes(10, 200);
  const all = ['__proto__', 'constructor', 'toString', 'length', '0'];
  assert.equal(namesOf(tree, create(tree, ...all)), all);
});

test('a name that several nodes have takes its place once', () => {
  const tree = nodes(2, 8);
  const all = ['DevID', 'DevID', 'Man', 'Man', 'DevID'];
  assert.equal(namesOf(tree, create(tree, ...all)), all);
});

test('a full table throws away names that are not used', () => {
  const tree = nodes(3, 100);
  const [a, b, c] = create(tree, 'a', 'b', 'c');
  tree.free(b);
  const [d] = create(tree, 'd');
  assert.equal(namesOf(tree, [a, c, d]), ['a', 'c', 'd']);
});

test('a table full of names in use takes no more, and keeps those it has', () => {
  const tree = nodes(3, 100);
  const all = create(tree, 'a', 'b', 'c');
  const used = tree.used;
  for (let i = 0; i < 2; i += 1) assert.throws(() => create(tree, 'd'), code('TREE_FULL'));
  assert.is(tree.used, used, 'no record is lost');
  assert.equal(namesOf(tree, all), ['a', 'b', 'c']);
  create(tree, 'b');
});

test('the bytes of all names are bounded, and counted down when names go', () => {
  const tree = nodes(100, 10);
  const [a, b] = create(tree, '1234', '567890');
  tree.free(b);
  const [c] = create(tree, '56789');
  assert.throws(() => create(tree, 'xy'), code('TREE_FULL'));
  const [d] = create(tree, 'x');
  assert.equal(namesOf(tree, [a, c, d]), ['1234', '56789', 'x']);
});

test('a name longer than all names may be together is refused', () => {
  const tree = nodes(100, 10);
  assert.throws(() => create(tree, '01234567890'), code('TREE_FULL'));
  assert.equal(namesOf(tree, create(tree, '0123456789')), ['0123456789']);
});

test('the bytes of names are bytes of UTF-8', () => {
  const tree = nodes(100, 12);
  create(tree, '\u20ac\u20ac\u20ac');
  assert.throws(() => create(tree, '\u20ac\u20ac'), code('TREE_FULL'));
  create(tree, '\u20ac');
});

test('several gaps are filled before the table grows', () => {
  const tree = nodes(4, 100);
  const [a, b, c, d] = create(tree, 'a', 'b', 'c', 'd');
  for (const node of [a, c, d]) tree.free(node);
  const rest = create(tree, 'e', 'f', 'g');
  assert.equal(namesOf(tree, [b, ...rest]), ['b', 'e', 'f', 'g']);
  assert.throws(() => create(tree, 'h'), code('TREE_FULL'));
});

test.run();
