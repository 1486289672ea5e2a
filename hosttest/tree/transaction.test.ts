import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ObjectKind } from '../../src/flash/record-store.js';
import type { NodeId } from '../../src/tree/arena.js';
import { NO_NODE, ROOT } from '../../src/tree/arena.js';
import { Table } from '../../src/tree/table.js';
import { Transaction } from '../../src/tree/transaction.js';
import { MemoryDevice } from '../support/memory-device.js';
import { buildNode, type Plain } from '../support/tree-text.js';
import { utf8 } from '../support/utf8.js';

const START = ['a/m1 R{x int 1,y{z chr"t"}}', 'a/m2 R{}', 'b/m1 S{t chr"leaf"}'];

function started(): MemoryDevice {
  const device = new MemoryDevice();
  device.store(
    '[{"ClientURI":"a//","MOData":{"R":{"x":1,"y":{"z":"t"}}}},{"ClientURI":"a//","MOData":{"R":{}}},{"ClientURI":"b//","MOData":{"S":{"t":"leaf"}}}]',
  );
  assert.equal(device.show(), START);
  device.changes.length = 0;
  return device;
}

function root(device: MemoryDevice, moid: string, miid: string): NodeId {
  return device.tree.firstChild(device.tree.instance(moid, miid));
}

function build(device: MemoryDevice, name: string, value: Plain): NodeId {
  return buildNode(device.tree, name, value);
}

test('nothing changed writes nothing', () => {
  const device = started();
  const { writes, removals } = device.flash;
  device.device.transaction.commit();
  assert.equal([device.flash.writes, device.flash.removals], [writes, removals]);
  assert.equal(device.changes, []);
});

test('a replace by the same writes nothing, frees the copy and tells nobody', () => {
  const device = started();
  const { transaction } = device.device;
  const { writes, removals } = device.flash;
  const used = device.tree.used;
  const old = root(device, 'a', 'm1');
  assert.is(transaction.replace(old, build(device, 'R', { x: 1, y: { z: 't' } })), old);
  transaction.commit();
  assert.equal([device.flash.writes, device.flash.removals], [writes, removals]);
  assert.is(device.tree.used, used);
  assert.equal(device.show(), START);
  assert.equal(device.changes, []);
});

test('a replaced node is seen at once, and durable after commit', () => {
  const device = started();
  const { transaction } = device.device;
  const fresh = build(device, 'x', 2);
  assert.is(transaction.replace(device.tree.child(root(device, 'a', 'm1'), 'x'), fresh), fresh);
  const shown = [START[0].replace('int 1', 'int 2'), START[1], START[2]];
  assert.equal(device.show(), shown);
  assert.equal(device.restart().show(), START);
  transaction.commit();
  assert.equal(device.show(), shown);
  assert.equal(device.restart().show(), shown);
  assert.equal(device.changes, ['+a/m1/x']);
});

test('a change of a few nodes writes their instances and one commit', () => {
  const device = started();
  const { transaction } = device.device;
  const { writes } = device.flash;
  transaction.insert(root(device, 'a', 'm1'), build(device, 'new1', 'v'));
  transaction.insert(root(device, 'a', 'm1'), build(device, 'new2', 'v'));
  transaction.insert(root(device, 'a', 'm2'), build(device, 'new3', 'v'));
  transaction.commit();
  assert.is(device.flash.writes - writes, 3);
  assert.equal(device.restart().show(), [
    'a/m1 R{x int 1,y{z chr"t"},new1 chr"v",new2 chr"v"}',
    'a/m2 R{new3 chr"v"}',
    START[2],
  ]);
});

test('a removed node stays until it is durable', () => {
  const device = started();
  const { transaction } = device.device;
  const used = device.tree.used;
  const y = device.tree.child(root(device, 'a', 'm1'), 'y');
  transaction.remove(y);
  assert.equal(device.show(), START);
  assert.ok(transaction.hides(y));
  transaction.commit();
  assert.equal(device.show(), ['a/m1 R{x int 1}', START[1], START[2]]);
  assert.equal(device.restart().show(), device.show());
  assert.ok(device.tree.used < used);
  assert.equal(device.changes, ['-a/m1/y']);
});

test('removing first, middle and last child leaves a stored instance whole', () => {
  for (const name of ['p', 'q', 'r']) {
    const device = new MemoryDevice();
    device.store('{"ClientURI":"c//","MOData":{"R":{"p":1,"q":{"s":2},"r":3}}}');
    const { transaction } = device.device;
    transaction.remove(device.tree.child(root(device, 'c', 'm1'), name));
    transaction.commit();
    assert.not(device.show()[0].includes(`${name}`), name);
    assert.equal(device.restart().show(), device.show());
    assert.equal(device.restart().notes, []);
  }
});

test('removing an MO root removes the instance, and the last one the MOID', () => {
  const device = started();
  const { transaction } = device.device;
  transaction.remove(root(device, 'a', 'm1'));
  transaction.commit();
  assert.equal(device.show(), [START[1], START[2]]);
  assert.is(device.tree.instance('a', 'm1'), NO_NODE);
  transaction.remove(root(device, 'a', 'm2'));
  transaction.commit();
  assert.equal(device.show(), [START[2]]);
  assert.is(device.tree.child(ROOT, 'a'), NO_NODE);
  assert.equal(device.restart().show(), [START[2]]);
  assert.equal(device.changes, ['-a/m1/', '-a/m2/']);
});

test('a removed tree gives all its memory back', () => {
  const device = new MemoryDevice();
  const empty = device.tree.used;
  device.store('[{"ClientURI":"a//","MOData":{"R":{"x":"text"}}},{"ClientURI":"b//","MOData":{"S":{}}}]');
  const { transaction } = device.device;
  for (const moid of ['a', 'b']) transaction.remove(root(device, moid, 'm1'));
  transaction.commit();
  assert.is(device.tree.used, empty);
  assert.is(device.flash.values.size, 2, 'the commit records only');
});

test('a new instance and a removed one in one transaction', () => {
  const device = started();
  const { transaction } = device.device;
  transaction.remove(root(device, 'b', 'm1'));
  transaction.insertInstance('b', 'm2', build(device, 'T', { u: null }));
  transaction.commit();
  assert.equal(device.show(), [START[0], START[1], 'b/m2 T{u null}']);
  assert.equal(device.restart().show(), device.show());
});

test('rollback leaves everything as it was', () => {
  const device = started();
  const { transaction } = device.device;
  const used = device.tree.used;
  const { writes, removals } = device.flash;
  const y = device.tree.child(root(device, 'a', 'm1'), 'y');
  transaction.replace(device.tree.child(root(device, 'a', 'm1'), 'x'), build(device, 'x', 'new'));
  transaction.insert(y, build(device, 'more', { deep: 1 }));
  transaction.remove(root(device, 'b', 'm1'));
  transaction.insertInstance('a', 'm3', build(device, 'R', 1));
  transaction.insertInstance('fresh', 'm1', build(device, 'R', { v: 'w' }));
  transaction.put(device.device.defaults, undefined, ['x', 'y', 'z']);
  transaction.rollback();
  assert.equal(device.show(), START);
  assert.is(device.tree.used, used);
  assert.not(transaction.hides(root(device, 'b', 'm1')));
  assert.equal(device.device.defaults.rows, []);
  transaction.commit();
  assert.equal([device.flash.writes, device.flash.removals], [writes, removals]);
  assert.equal(device.changes, []);
});

test('rollback undoes changes that build on one another', () => {
  const device = started();
  const { transaction } = device.device;
  const used = device.tree.used;
  const fresh = build(device, 'y', { one: 1 });
  transaction.replace(device.tree.child(root(device, 'a', 'm1'), 'y'), fresh);
  transaction.insert(fresh, build(device, 'two', 2));
  const last = build(device, 'y', { three: 3 });
  transaction.replace(fresh, last);
  assert.equal(device.show()[0], 'a/m1 R{x int 1,y{three int 3}}');
  transaction.rollback();
  assert.equal(device.show(), START);
  assert.is(device.tree.used, used);
});

test('small objects are stored, replaced and dropped, and seen at once', () => {
  const device = started();
  const { transaction, records } = device.device;
  const table = new Table(ObjectKind.Default, Infinity);
  const other = new Table(ObjectKind.DueWork, Infinity);
  const fields = ['plain', '', 'caf\u00e9 \u20ac \u{1f600} \u0000 "\\'];
  const row = transaction.put(table, undefined, fields);
  const second = transaction.put(other, undefined, []);
  assert.equal([table.rows, other.rows], [[row], [second]]);
  assert.equal([row.object, second.object], [0, 0], 'not durable yet');
  transaction.commit();
  assert.ok(row.object > 0 && second.object > 0 && row.object !== second.object);
  const read = (object: number) => {
    let text = '';
    records.read(object, (bytes, from, to) => {
      for (let i = from; i < to; i += 1) assert.ok(bytes[i] < 0x80, 'not ASCII');
      text += utf8.decode(bytes, from, to);
    });
    return JSON.parse(text);
  };
  assert.is(records.kind(row.object), ObjectKind.Default);
  assert.is(records.kind(second.object), ObjectKind.DueWork);
  assert.equal(read(row.object), fields);
  const { writes } = device.flash;
  assert.is(transaction.put(table, row, fields.slice()), row, 'an equal one changes nothing');
  transaction.commit();
  assert.is(device.flash.writes, writes);
  const fresh = transaction.put(table, row, ['new']);
  assert.equal(table.rows, [fresh]);
  assert.equal(read(row.object), fields);
  transaction.commit();
  assert.is(fresh.object, row.object, 'the same object');
  assert.equal(read(fresh.object), ['new']);
  transaction.drop(table, fresh);
  assert.equal(table.rows, []);
  assert.is(records.kind(fresh.object), ObjectKind.Default);
  transaction.commit();
  assert.is(records.kind(fresh.object), ObjectKind.Removed);
});

test('rollback leaves tables as they were, whatever was done to a row', () => {
  const device = started();
  const { transaction } = device.device;
  const table = new Table(ObjectKind.Default, Infinity);
  const rows = ['a', 'b', 'c'].map((name) => transaction.put(table, undefined, [name]));
  transaction.commit();
  const { writes, removals } = device.flash;
  transaction.drop(table, transaction.put(table, rows[1], ['changed']));
  transaction.put(table, transaction.put(table, rows[0], ['once']), ['twice']);
  transaction.drop(table, transaction.put(table, undefined, ['came and went']));
  transaction.put(table, undefined, ['new']);
  transaction.drop(table, rows[2]);
  assert.equal(table.rows.map(({ fields }) => fields[0]).sort(), ['new', 'twice']);
  transaction.rollback();
  assert.equal(
    table.rows.slice().sort((one, two) => one.object - two.object),
    rows,
  );
  transaction.commit();
  assert.equal([device.flash.writes, device.flash.removals], [writes, removals]);
});

test('the listener is told in order, when the change is durable and the tree shows it', () => {
  const device = started();
  const told: string[] = [];
  const transaction = new Transaction(device.tree, device.device.records, {
    changed: (uri, removed) => {
      assert.equal(device.show(), ['a/m1 R{x int 5,y{z chr"t"},w null}', START[1], 'c/m1 R{}']);
      assert.equal(device.restart().show(), device.show());
      told.push((removed ? '-' : '+') + uri);
    },
  });
  const a = root(device, 'a', 'm1');
  transaction.replace(device.tree.child(a, 'x'), build(device, 'x', 5));
  transaction.remove(root(device, 'b', 'm1'));
  transaction.insert(a, build(device, 'w', null));
  transaction.insertInstance('c', 'm1', build(device, 'R', {}));
  assert.equal(told, []);
  transaction.commit();
  assert.equal(told, ['+a/m1/x', '-b/m1/', '+a/m1/w', '+c/m1/']);
});

test('generations tell what was changed last', () => {
  const device = started();
  const { transaction } = device.device;
  const [a1, a2] = [device.tree.instance('a', 'm1'), device.tree.instance('a', 'm2')];
  const before = transaction.generationOf(a1);
  assert.is(transaction.generationOf(a2), before);
  transaction.insert(root(device, 'a', 'm1'), build(device, 'w', 1));
  const announced = transaction.generationOf(a1);
  assert.ok(announced > before);
  assert.is(transaction.generationOf(a2), before);
  transaction.commit();
  assert.is(transaction.generationOf(a1), announced);
  assert.is(transaction.generationOf(a2), before);
  const again = device.restart();
  assert.is(again.device.transaction.generationOf(again.tree.instance('a', 'm1')), announced);
});

test.run();
