import { ClientUri, DEFAULT_LIMITS, Format, type Limits, NO_NODE, type NodeId, TreeStore } from 'dmlet';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Lcg } from '../support/lcg.js';
import { code } from '../support/thrown.js';
import { buildNode } from '../support/tree-text.js';
import { utf8 } from '../support/utf8.js';

// PROTOCOL.md MO-13 to MO-21, URI-19: values and their formats, and names in a ClientURI.

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

test('values have the type of their format', () => {
  const tree = store();
  const cases: [format: Format, text: string, name: string, value: string | number | boolean | null][] = [
    [Format.Chr, 'text \u20ac', 'chr', 'text \u20ac'],
    [Format.Chr, '12', 'chr', '12'],
    [Format.Chr, '', 'chr', ''],
    [Format.Int, '-12', 'int', -12],
    [Format.Float, '1.5e3', 'float', 1500],
    [Format.True, '', 'bool', true],
    [Format.False, '', 'bool', false],
    [Format.Null, '', 'null', null],
    [Format.Bin, 'AAEC', 'bin', 'AAEC'],
    [Format.Xml, '<a/>', 'xml', '<a/>'],
    [Format.Date, '2016-02-09', 'date', '2016-02-09'],
    [Format.Time, '12:00:00', 'time', '12:00:00'],
  ];
  for (const [format, text, name, value] of cases) {
    const node = leaf(tree, 'n', format, text);
    assert.is(tree.value(node), value, name);
    assert.is(tree.formatName(node), name);
    assert.is(tree.format(node), format);
    assert.ok(tree.isLeaf(node));
    assert.is(tree.firstChild(node), NO_NODE);
    assert.is(tree.valueLength(node), utf8.encode(text).length);
  }
  const interior = tree.create('n', Format.Interior);
  assert.is(tree.formatName(interior), 'node');
  assert.not(tree.isLeaf(interior));
});

test('a value grows in pieces up to its limit, and no further', () => {
  const tree = store({ value: 10 });
  const node = tree.create('n', Format.Chr);
  const bytes = utf8.encode('0123456789');
  tree.appendValue(node, bytes, 0, 4);
  tree.appendValue(node, bytes, 4, 10);
  assert.is(tree.valueText(node), '0123456789');
  assert.throws(() => tree.appendValue(node, bytes, 0, 1), code('TOO_LONG'));
  assert.is(tree.valueText(node), '0123456789');
});

test('a slice of a value splits no character', () => {
  const tree = store();
  const text = 'a\u00e9\u20ac\u{1f600}z';
  const node = leaf(tree, 'n', Format.Chr, text);
  for (let length = 4; length < 14; length += 1) {
    let out = '';
    for (let from = 0; from < tree.valueLength(node); ) {
      const to = tree.sliceEnd(node, from, length);
      assert.ok(to > from && to - from <= length, `from ${from} to ${to}`);
      out += tree.valueSlice(node, from, to);
      from = to;
    }
    assert.is(out, text);
  }
});

const ODD_NAMES: [name: string, encoded: string][] = [
  ['plain-Name_1.2:3', 'plain-Name_1.2:3'],
  ['a/b', 'a%2Fb'],
  ['100%', '100%25'],
  ['%41', '%2541'],
  ['a?b', 'a%3Fb'],
  ['a&b=c', 'a%26b%3Dc'],
  ['a#b', 'a%23b'],
  ['*', '%2A'],
  ['a*', 'a*'],
  ['(x)', '%28x)'],
  ['(Z)', '%28Z)'],
  ['(1)', '(1)'],
  ['(xy)', '(xy)'],
  ['two words', 'two%20words'],
  ['caf\u00e9', 'caf%C3%A9'],
  ['\u{1f600}', '%F0%9F%98%80'],
  ['a\u0000b', 'a%00b'],
  ['urn:x y', 'urn:x%20y'],
];

test('a ClientURI encodes what would mean something else, and reads back as the names', () => {
  for (const [name, encoded] of ODD_NAMES) {
    const tree = store();
    const root = buildNode(tree, name, { [name]: 1 });
    tree.addInstance(name, name, root);
    const node = tree.child(root, name);
    assert.is(tree.uri(root), `${encoded}/${encoded}/`);
    assert.is(tree.uri(node), `${encoded}/${encoded}/${encoded}`);
    const parsed = new ClientUri(tree.uri(node), DEFAULT_LIMITS);
    assert.equal(parsed.names, [name, name, name]);
    assert.ok(parsed.isPlain, name);
  }
});

test('a ClientURI names every level below the MO root', () => {
  const tree = store();
  const root = buildNode(tree, 'Root', { a: { b: { c: 'x' } } });
  tree.addInstance(MOID, 'm1', root);
  const c = tree.child(tree.child(tree.child(root, 'a'), 'b'), 'c');
  assert.is(tree.uri(root), `${MOID}/m1/`);
  assert.is(tree.uri(c), `${MOID}/m1/a/b/c`);
});

test('any name survives the way through its ClientURI', () => {
  const random = new Lcg(42);
  const characters = ['a', 'Z', '0', '/', '%', '?', '*', '(', ')', 'x', ' ', '&', '=', ':', '+', '\u00e9', '\u{1f600}'];
  const tree = store({ names: 20 });
  for (let i = 0; i < 500; i += 1) {
    let name = '';
    for (let length = 1 + random.below(4); length > 0; length -= 1) name += random.pick(characters);
    const root = buildNode(tree, 'Root', { [name]: 1 });
    const node = tree.child(root, name);
    const instance = tree.addInstance(MOID, 'm1', root);
    const parsed = new ClientUri(tree.uri(node), DEFAULT_LIMITS);
    assert.equal(parsed.names, [MOID, 'm1', name], name);
    assert.ok(parsed.isPlain, name);
    const type = tree.parent(instance);
    tree.detach(type);
    tree.free(type);
  }
});

test.run();
