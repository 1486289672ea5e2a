import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { NO_NODE } from '../../src/tree/arena.js';
import { DefinedTree, MOID } from '../support/defined-tree.js';
import { code } from '../support/thrown.js';
import { type Plain, showNode } from '../support/tree-text.js';

// PROTOCOL.md MO-30, MO-31, TERM-11, DEF-5 to DEF-7, ST-405: what R, W, X and P of an MO definition allow.

const notAllowed = code('NOT_ALLOWED');

const TABLE: readonly string[] = [
  'Free node RW ?',
  'Free/* node RWX *',
  'Free/*/v chr RW ?',
  'Fixed node R ? P',
  'Fixed/v int R ?',
  'Kept node RW ? P',
  'Kept/a chr RW ?',
  'Kept/b chr RW ? P',
  'Kept/c bin R ?',
  'Log any R ?',
  'Key chr W ?',
];

const FULL = {
  Free: { 1: { v: 'x' } },
  Fixed: { v: 1 },
  Kept: { a: 'a', b: 'b', c: 'AAAA' },
  Log: { 1: { t: 'x' } },
  Key: 'k',
};

function full(): DefinedTree {
  const tree = new DefinedTree(TABLE);
  tree.add(FULL);
  return tree;
}

test('a server brings no node without W, wherever it stands [DEF-6] [ST-405]', () => {
  const tree = full();
  const documents: [string, Plain][] = [
    ['', { Fixed: {} }],
    ['', { Fixed: { v: 1 } }],
    ['', { Kept: { c: 'AAAA' } }],
    ['', { Log: {} }],
    ['Fixed', {}],
    ['Fixed/v', 1],
    ['Kept/c', 'AAAA'],
    ['Log', 'x'],
    ['Log/1', {}],
    ['Log/2', {}],
    ['Log/1/t', 'y'],
  ];
  for (const [path, value] of documents) {
    assert.throws(() => tree.admit(path, value), notAllowed, path);
    tree.admit(path, value, { trusted: true });
  }
  tree.admit('', { Free: { 2: { v: 'x' } }, Key: 'k' });
  tree.admit('Key', 'k');
});

test('a place without W is refused before anything is fetched [DEF-6] [ST-405]', () => {
  const tree = full();
  tree.add({ Kept: {} }, 'urn:open');
  const check = (path: string, moid = MOID) => tree.definitions.checkWrite(tree.target(path, moid));
  for (const path of ['Fixed', 'Fixed/v', 'Kept/c', 'Log', 'Log/1', 'Log/2'])
    assert.throws(() => check(path), notAllowed, path);
  tree.tree.detach(tree.at('Fixed/v'));
  assert.throws(() => check('Fixed/v'), notAllowed);
  for (const path of ['', 'Free', 'Free/new', 'Kept', 'Key', 'Unknown']) check(path);
  check('Kept/c', 'urn:open');
  check('', 'urn:none');
  const fixed = new DefinedTree(['. node R 1', 'v chr RW ?']);
  assert.throws(() => fixed.definitions.checkWrite(fixed.target('')), notAllowed);
  fixed.add({});
  assert.throws(() => fixed.definitions.checkWrite(fixed.target('')), notAllowed);
  fixed.definitions.checkWrite(fixed.target('v'));
});

test('a new instance is judged as a replaced one is [DEF-6] [ST-405]', () => {
  const tree = full();
  tree.admitInstance({ Free: {}, Kept: { a: 'x' } });
  assert.throws(() => tree.admitInstance({ Fixed: {} }), notAllowed);
  tree.admitInstance({ Fixed: {} }, { trusted: true });
});

test('what no server removes stays where its document leaves it out [MO-31] [TERM-11]', () => {
  const tree = full();
  const kept = 'Fixed{v int 1},Kept{a chr"a",b chr"b",c chr"AAAA"},Log{1{t chr"x"}}';
  assert.is(tree.admit('', {}), `R{${kept}}`);
  assert.is(tree.admit('', { Free: { 2: {} } }), `R{Free{2{}},${kept}}`);
  assert.is(
    tree.admit('', { Kept: { a: 'z' } }),
    'R{Kept{a chr"z",b chr"b",c chr"AAAA"},Fixed{v int 1},Log{1{t chr"x"}}}',
  );
  assert.is(tree.admit('Kept', { b: 'z' }), 'Kept{b chr"z",c chr"AAAA"}');
  assert.is(showNode(tree.tree, tree.at('Kept')), 'Kept{a chr"a",b chr"b",c chr"AAAA"}');
});

test('dynamic nodes that a document leaves out go [MO-30]', () => {
  const tree = full();
  assert.is(tree.admit('Free', { 2: {} }), 'Free{2{}}');
  assert.is(tree.admit('Free/1', {}), '1{}');
});

test('a bootstrap replaces permanent nodes too [BOOT-18] [BOOT-19]', () => {
  const tree = full();
  assert.is(tree.admit('', {}, { trusted: true }), 'R{}');
  assert.is(tree.admit('Kept', { a: 'z' }, { trusted: true }), 'Kept{a chr"z"}');
});

test('what stays counts as there [MO-31] [DEF-8]', () => {
  const tree = new DefinedTree(['Id chr R 1 P', 'List node RW 1 P', 'List/* chr RW +', 'v chr RW 1']);
  assert.throws(() => tree.admitInstance({ List: { 1: 'x' }, v: 'x' }), code('CONFLICT'));
  tree.add({ Id: 'i', List: { 1: 'x' }, v: 'x' });
  assert.is(tree.admit('', { v: 'y' }), 'R{v chr"y",Id chr"i",List{1 chr"x"}}');
  assert.throws(() => tree.admit('', { List: {}, v: 'y' }), code('CONFLICT'));
  assert.throws(() => tree.admit('', {}), code('CONFLICT'));
});

test('a tree without room for what stays refuses the document, and loses nothing [MO-31]', () => {
  const make = (arena: number): DefinedTree => {
    const tree = new DefinedTree(['Fixed node R ? P', 'Fixed/* chr R *', 'v chr RW ?'], arena);
    tree.add({ Fixed: { a: 'x'.repeat(100), b: 'y'.repeat(100), c: '' }, v: 'z' });
    return tree;
  };
  const stays = `Fixed{a chr"${'x'.repeat(100)}",b chr"${'y'.repeat(100)}",c chr""}`;
  const least = make(8192).tree.used + 32;
  let refusals = 0;
  for (let arena = least; arena < least + 300; arena += 2) {
    const tree = make(arena);
    const { used } = tree.tree;
    try {
      assert.is(tree.admit('', { v: 'n' }), `R{v chr"n",${stays}}`);
    } catch (thrown) {
      assert.ok(code('TREE_FULL')(thrown), String(thrown));
      refusals += 1;
    }
    assert.is(tree.tree.used, used);
    assert.is(showNode(tree.tree, tree.at('Fixed')), stays);
  }
  assert.ok(refusals > 100 && refusals < 150, `${refusals} of 150`);
});

test('a server deletes no node that is permanent or has no W [TERM-11] [ST-405]', () => {
  const tree = full();
  for (const path of ['Fixed', 'Fixed/v', 'Kept', 'Kept/b', 'Kept/c', 'Log', 'Log/1', 'Log/1/t'])
    assert.throws(() => tree.definitions.checkDelete(tree.at(path)), notAllowed, path);
  for (const path of ['', 'Free', 'Free/1', 'Free/1/v', 'Kept/a', 'Key']) tree.definitions.checkDelete(tree.at(path));
  for (const root of ['. node R *', '. node RW * P']) {
    const fixed = new DefinedTree([root, 'v chr RW ?']);
    fixed.add({ v: 'x' });
    assert.throws(() => fixed.definitions.checkDelete(fixed.at('')), notAllowed);
    fixed.definitions.checkDelete(fixed.at('v'));
  }
});

test('a server does not delete the last node that is required [DEF-8] [ST-405]', () => {
  const tree = new DefinedTree(['S chr RW 1', 'P node RW ?', 'P/Name chr RW ?', 'P/* node RW +3', 'P/*/b chr RW 1']);
  tree.add({ S: 'x', P: { Name: 'x', 1: { b: 'x' }, 2: { b: 'x' } } });
  assert.throws(() => tree.definitions.checkDelete(tree.at('S')), notAllowed);
  assert.throws(() => tree.definitions.checkDelete(tree.at('P/1/b')), notAllowed);
  for (const path of ['', 'P', 'P/Name', 'P/1', 'P/2']) tree.definitions.checkDelete(tree.at(path));
  const gone = tree.at('P/1');
  tree.tree.detach(gone);
  assert.throws(() => tree.definitions.checkDelete(tree.at('P/2')), notAllowed);
});

test('only what has X is executed [DEF-7] [ST-405]', () => {
  const tree = full();
  tree.definitions.checkExecute(tree.at('Free/1'));
  for (const path of ['', 'Free', 'Free/1/v', 'Fixed', 'Log/1'])
    assert.throws(() => tree.definitions.checkExecute(tree.at(path)), notAllowed, path);
});

test('nobody reads what has no R, or is below such a node [DEF-5]', () => {
  const tree = new DefinedTree([
    'Key chr W ?',
    'Box node - ?',
    'Box/v chr R ?',
    'Open node R ?',
    'Open/v chr R ?',
    'Blob any W ?',
  ]);
  const value = { Key: 'k', Box: { v: 'x' }, Open: { v: 'x' }, Blob: { deep: { v: 'x' } } };
  tree.add(value);
  tree.add(value, 'urn:open');
  const { definitions } = tree;
  for (const path of ['Key', 'Box', 'Blob']) assert.ok(definitions.hides(tree.at(path)), path);
  for (const path of ['Key', 'Box', 'Box/v', 'Blob', 'Blob/deep', 'Blob/deep/v']) {
    assert.ok(tree.covers(tree.at(path)), path);
    assert.not(tree.covers(tree.at(path, 'urn:open')), path);
  }
  for (const path of ['', 'Open', 'Open/v']) {
    assert.not(definitions.hides(tree.at(path)), path);
    assert.not(tree.covers(tree.at(path)), path);
  }
});

test('an unnamed node without R is hidden, whatever its name [DEF-5] [DEF-9]', () => {
  const tree = new DefinedTree(['Users node R ?', 'Users/Count int R ?', 'Users/* node W *', 'Users/*/v chr W ?']);
  tree.add({ Users: { Count: 1, ann: { v: 'x' } } });
  tree.add({ Users: { ann: { v: 'x' } } }, 'urn:open');
  const hidden = ['', 'Users', 'Users/Count', 'Users/ann'].map((path) => tree.definitions.hides(tree.at(path)));
  assert.equal(hidden, [false, false, false, true]);
  assert.not(tree.definitions.hides(tree.at('Users/ann', 'urn:open')));
});

test('an MO without a definition is open [MO-20]', () => {
  const tree = full();
  tree.add({ Fixed: { v: 1 }, Key: 'k', Perm: {}, Secret: 'x' }, 'urn:open');
  for (const path of ['', 'Fixed', 'Fixed/v', 'Key', 'Perm', 'Secret']) {
    const node = tree.at(path, 'urn:open');
    assert.is.not(node, NO_NODE);
    tree.definitions.checkDelete(node);
    tree.definitions.checkExecute(node);
    assert.not(tree.covers(node));
  }
  assert.is(tree.admit('', { Fixed: 2 }, { moid: 'urn:open' }), 'R{Fixed int 2}');
});

test('what is in the tree and not in its definition can be read and deleted', () => {
  const tree = new DefinedTree(['v chr RW 1']);
  tree.add({ old: { older: 1 }, v: 'x' });
  for (const path of ['old', 'old/older']) {
    tree.definitions.checkDelete(tree.at(path));
    assert.not(tree.covers(tree.at(path)));
  }
  assert.is(tree.admit('', { v: 'y' }, { moid: MOID }), 'R{v chr"y"}');
});

test.run();
