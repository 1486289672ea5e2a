import { DEFAULT_LIMITS, Format, type Limits, NO_NODE, type NodeId, ROOT, TreeStore } from 'dmlet';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { code } from '../support/thrown.js';
import { buildNode, showNode, showTree } from '../support/tree-text.js';
import { utf8 } from '../support/utf8.js';

const MOID = 'urn:oma:mo:moid:1.0';

function store(changes: Partial<Limits> = {}): TreeStore {
  return new TreeStore(utf8, Object.assign({}, DEFAULT_LIMITS, changes));
}

function leaf(tree: TreeStore, name: string, format: Format, text: string): NodeId {
  const node = tree.create(name, format);
  const bytes = utf8.encode(text);
  if (bytes.length > 0) tree.appendValue(node, bytes, 0, bytes.length);
  return node;
}

/** An interior node with leaves a, b and c. */
function three(tree: TreeStore): { parent: NodeId; children: NodeId[] } {
  const parent = tree.create('P', Format.Interior);
  const children = ['a', 'b', 'c'].map((name) => leaf(tree, name, Format.Chr, name));
  for (const child of children) tree.attach(parent, child);
  return { parent, children };
}

test('an empty tree has a root without children', () => {
  const tree = store();
  assert.is(tree.firstChild(ROOT), NO_NODE);
  assert.is(tree.instance(MOID, 'm1'), NO_NODE);
  assert.is(tree.child(ROOT, MOID), NO_NODE);
});

test('children come in the order in which they were attached', () => {
  const tree = store();
  const { parent, children } = three(tree);
  assert.is(showNode(tree, parent), 'P{a chr"a",b chr"b",c chr"c"}');
  assert.equal(
    children.map((child) => tree.parent(child)),
    [parent, parent, parent],
  );
  assert.is(tree.child(parent, 'b'), children[1]);
  assert.is(tree.child(parent, 'd'), NO_NODE);
  assert.is(tree.child(children[0], 'a'), NO_NODE);
});

const DETACHED = ['P{b chr"b",c chr"c"}', 'P{a chr"a",c chr"c"}', 'P{a chr"a",b chr"b"}'];

for (let place = 0; place < 3; place += 1) {
  test(`detach at place ${place} leaves the others`, () => {
    const tree = store();
    const { parent, children } = three(tree);
    tree.detach(children[place]);
    assert.is(showNode(tree, parent), DETACHED[place]);
    assert.is(tree.parent(children[place]), NO_NODE);
    assert.is(tree.next(children[place]), NO_NODE);
    children.forEach((child, i) => {
      if (i !== place) assert.is(tree.parent(child), parent);
    });
    tree.attach(parent, children[place]);
    const name = 'abc'[place];
    assert.is(showNode(tree, parent), DETACHED[place].replace('}', `,${name} chr"${name}"}`));
  });

  test(`replace at place ${place} keeps the place`, () => {
    const tree = store();
    const { parent, children } = three(tree);
    const fresh = buildNode(tree, 'new', { x: 1 });
    tree.replace(children[place], fresh);
    const shown = 'P{a chr"a",b chr"b",c chr"c"}'.replace(/[a-c] chr"[a-c]"/g, (text) =>
      text.startsWith('abc'[place]) ? 'new{x int 1}' : text,
    );
    assert.is(showNode(tree, parent), shown);
    assert.is(tree.parent(fresh), parent);
    assert.is(tree.parent(children[place]), NO_NODE);
    assert.is(tree.next(children[place]), NO_NODE);
    assert.is(tree.valueText(children[place]), 'abc'[place]);
  });
}

test('an only child can be detached and replaced', () => {
  const tree = store();
  const parent = tree.create('P', Format.Interior);
  const child = leaf(tree, 'a', Format.Chr, 'a');
  tree.attach(parent, child);
  const fresh = leaf(tree, 'b', Format.Chr, 'b');
  tree.replace(child, fresh);
  assert.is(showNode(tree, parent), 'P{b chr"b"}');
  tree.detach(fresh);
  assert.is(showNode(tree, parent), 'P{}');
  assert.is(tree.firstChild(parent), NO_NODE);
});

test('what is detached keeps what is below it', () => {
  const tree = store();
  const parent = buildNode(tree, 'P', { a: { x: 1, y: 'two' }, b: null });
  const child = tree.child(parent, 'a');
  tree.detach(child);
  assert.is(showNode(tree, child), 'a{x int 1,y chr"two"}');
  assert.is(showNode(tree, parent), 'P{b null}');
});

test('a copy is equal, detached, and apart from what it was made of', () => {
  const tree = store();
  const parent = buildNode(tree, 'P', { a: { x: 1, y: 'two', z: '' }, b: null, c: true, d: {} });
  const copy = tree.copy(parent);
  assert.ok(tree.equals(parent, copy));
  assert.is(tree.parent(copy), NO_NODE);
  tree.free(parent);
  assert.is(showNode(tree, copy), 'P{a{x int 1,y chr"two",z chr""},b null,c bool true,d{}}');
});

test('freeing gives back all memory of a subtree', () => {
  const tree = store();
  const before = tree.used;
  const node = buildNode(tree, 'P', { a: { x: 1, y: 'two' }, b: { c: { d: 'x'.repeat(500) } } });
  assert.ok(tree.used > before + 500);
  tree.free(node);
  assert.is(tree.used, before);
});

test('subtrees are equal where names, formats, values and order are', () => {
  const tree = store();
  const make = () => buildNode(tree, 'P', { a: 'x', b: 1, c: { d: null, e: true, f: { g: '' } } });
  assert.ok(tree.equals(make(), make()));
  const different: NodeId[] = [
    buildNode(tree, 'Q', { a: 'x', b: 1, c: { d: null, e: true, f: { g: '' } } }),
    buildNode(tree, 'P', { a: 'y', b: 1, c: { d: null, e: true, f: { g: '' } } }),
    buildNode(tree, 'P', { a: 'xx', b: 1, c: { d: null, e: true, f: { g: '' } } }),
    buildNode(tree, 'P', { a: 'x', b: '1', c: { d: null, e: true, f: { g: '' } } }),
    buildNode(tree, 'P', { b: 1, a: 'x', c: { d: null, e: true, f: { g: '' } } }),
    buildNode(tree, 'P', { a: 'x', b: 1, c: { d: null, e: false, f: { g: '' } } }),
    buildNode(tree, 'P', { a: 'x', b: 1, c: { d: null, e: true, f: {} } }),
    buildNode(tree, 'P', { a: 'x', b: 1, c: { d: null, e: true, f: '' } }),
    buildNode(tree, 'P', { a: 'x', b: 1, c: { d: null, e: true, f: { g: '', h: 1 } } }),
    buildNode(tree, 'P', { a: 'x', b: 1 }),
    buildNode(tree, 'P', {}),
    buildNode(tree, 'P', 'x'),
  ];
  for (const other of different) {
    assert.not(tree.equals(make(), other), showNode(tree, other));
    assert.not(tree.equals(other, make()), showNode(tree, other));
    assert.ok(tree.equals(other, other));
  }
});

test('height counts levels, depth counts from the MO root', () => {
  const tree = store();
  const root = buildNode(tree, 'Root', { a: 1, b: { c: { d: 'x' } } });
  tree.addInstance(MOID, 'm1', root);
  const b = tree.child(root, 'b');
  const d = tree.child(tree.child(b, 'c'), 'd');
  assert.equal([tree.height(root), tree.height(b), tree.height(d)], [4, 3, 1]);
  assert.equal([tree.depth(root), tree.depth(b), tree.depth(d)], [1, 2, 4]);
});

test('instances are found by MOID and MIID, and from the nodes below', () => {
  const tree = store();
  const left = buildNode(tree, 'Root', { a: { b: 1 } });
  const right = buildNode(tree, 'Root', {});
  const one = tree.addInstance(MOID, 'left', left);
  const two = tree.addInstance(MOID, 'right', right);
  const three = tree.addInstance('other', 'left', buildNode(tree, 'Root', {}));
  assert.is(tree.instance(MOID, 'left'), one);
  assert.is(tree.instance(MOID, 'right'), two);
  assert.is(tree.instance('other', 'left'), three);
  assert.is(tree.instance(MOID, 'none'), NO_NODE);
  assert.is(tree.instance('none', 'left'), NO_NODE);
  const b = tree.child(tree.child(left, 'a'), 'b');
  for (const node of [b, left, one]) assert.is(tree.instanceOf(node), one);
  assert.is(tree.instanceOf(right), two);
  assert.equal(showTree(tree), [`${MOID}/left Root{a{b int 1}}`, `${MOID}/right Root{}`, 'other/left Root{}']);
});

test('an unused MIID is the first of m1, m2, m3 that is free', () => {
  const tree = store();
  assert.is(tree.unusedMiid(MOID, []), 'm1');
  tree.addInstance(MOID, 'm1', buildNode(tree, 'R', {}));
  tree.addInstance(MOID, 'm3', buildNode(tree, 'R', {}));
  assert.is(tree.unusedMiid(MOID, []), 'm2');
  tree.addInstance(MOID, 'm2', buildNode(tree, 'R', {}));
  assert.is(tree.unusedMiid(MOID, []), 'm4');
  assert.is(tree.unusedMiid('other', []), 'm1');
});

test('an unused MIID is none that is taken already', () => {
  const tree = store();
  assert.is(tree.unusedMiid(MOID, ['m2', 'm1', '', 'x']), 'm3');
  tree.addInstance(MOID, 'm3', buildNode(tree, 'R', {}));
  assert.is(tree.unusedMiid(MOID, ['m1', 'm2']), 'm4');
  assert.is(tree.unusedMiid(MOID, ['m2']), 'm1');
});

test('an instance that does not fit leaves the tree as it was', () => {
  for (const rest of [0, 1]) {
    const tree = store({ tree: 256 });
    const root = buildNode(tree, 'R', {});
    const free: NodeId[] = [];
    for (;;) {
      try {
        free.push(tree.create('filler', Format.Interior));
      } catch {
        break;
      }
    }
    for (let i = 0; i < rest; i += 1) tree.free(free[i]);
    const used = tree.used;
    assert.throws(() => tree.addInstance(MOID, 'm1', root), code('TREE_FULL'));
    assert.is(tree.used, used);
    assert.equal(showTree(tree), []);
    assert.is(tree.parent(root), NO_NODE);
  }
});

test('the flash object of an instance is kept beside it', () => {
  const tree = store();
  const instance = tree.addInstance(MOID, 'm1', buildNode(tree, 'R', {}));
  assert.is(tree.objectOf(instance), 0);
  for (const object of [1, 48, 2047, 0]) {
    tree.setObject(instance, object);
    assert.is(tree.objectOf(instance), object);
  }
  assert.is(tree.format(instance), Format.Interior);
  assert.is(tree.instance(MOID, 'm1'), instance);
});

test('names are as many as the limit says, and those that are gone do not count', () => {
  const tree = store({ names: 3 });
  const nodes = ['a', 'b', 'c'].map((name) => tree.create(name, Format.Interior));
  assert.throws(() => tree.create('d', Format.Interior), code('TREE_FULL'));
  tree.create('b', Format.Interior);
  tree.free(nodes[2]);
  const fresh = tree.create('d', Format.Interior);
  assert.equal(
    [nodes[0], nodes[1], fresh].map((node) => tree.name(node)),
    ['a', 'b', 'd'],
  );
});

test.run();
