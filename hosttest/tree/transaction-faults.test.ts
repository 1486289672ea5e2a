import { FlashResult } from 'dmlet';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Transaction } from '../../src/tree/transaction.js';
import { ALL_REMAINS, FaultyFlash } from '../support/faulty-flash.js';
import { MemoryDevice } from '../support/memory-device.js';
import { MemoryFlash } from '../support/memory-flash.js';
import { code } from '../support/thrown.js';
import { buildNode } from '../support/tree-text.js';

/** Small records, so that an instance takes several. */
const DOORS = { keySize: 15, valueSize: 63 };

const BEFORE = ['a/m1 R{x int 1,y{z chr"some text that is longer than one record"}}', 'b/m1 S{t chr"leaf"}'];
const AFTER = [
  'a/m1 R{x int 2,y{z chr"some text that is longer than one record"},w chr"new"}',
  'c/m1 T{u{v chr"another text that is longer than one record"}}',
];

function start(flash: MemoryFlash): MemoryDevice {
  const device = new MemoryDevice({}, flash);
  device.store(
    '[{"ClientURI":"a//","MOData":{"R":{"x":1,"y":{"z":"some text that is longer than one record"}}}},{"ClientURI":"b//","MOData":{"S":{"t":"leaf"}}}]',
  );
  assert.equal(device.show(), BEFORE);
  device.changes.length = 0;
  return device;
}

/** Puts one change of every kind into the transaction. */
function change(device: MemoryDevice): Transaction {
  const { tree } = device;
  const { due, transaction } = device.device;
  const a = tree.firstChild(tree.instance('a', 'm1'));
  transaction.replace(tree.child(a, 'x'), buildNode(tree, 'x', 2));
  transaction.insert(a, buildNode(tree, 'w', 'new'));
  transaction.remove(tree.firstChild(tree.instance('b', 'm1')));
  const u = { v: 'another text that is longer than one record' };
  transaction.insertInstance('c', 'm1', buildNode(tree, 'T', { u }));
  transaction.put(due, undefined, ['x', 'y', 'z']);
  return transaction;
}

function dueItems(device: MemoryDevice): number {
  return device.device.due.rows.length;
}

/** Writes of the transaction when all goes well. */
function writesOfChange(): number {
  const device = start(new MemoryFlash(DOORS));
  const { writes } = device.flash;
  change(device).commit();
  assert.equal(device.show(), AFTER);
  assert.equal(device.restart().show(), AFTER);
  return device.flash.writes - writes;
}

const WRITES = writesOfChange();

for (const [result, expected] of [
  [FlashResult.Full, 'FLASH_FULL'],
  [FlashResult.Failed, 'FLASH_FAILED'],
] as const) {
  test(`a write that comes to ${expected} leaves tree and flash as they were`, () => {
    for (let at = 0; at < WRITES; at += 1) {
      const device = start(new MemoryFlash(DOORS));
      const used = device.tree.used;
      const transaction = change(device);
      for (let i = 0; i < at; i += 1) device.flash.refusals.push(FlashResult.Ok);
      device.flash.refusals.push(result);
      assert.throws(() => transaction.commit(), code(expected), `write ${at}`);
      assert.equal(device.show(), BEFORE, `write ${at}`);
      assert.is(device.tree.used, used);
      assert.is(dueItems(device), 0);
      assert.equal(device.changes, []);
      const again = device.restart();
      assert.equal(again.show(), BEFORE, `write ${at}, restarted`);
      assert.is(dueItems(again), 0);
      change(device).commit();
      assert.equal(device.show(), AFTER);
      assert.equal(device.restart().show(), AFTER);
      assert.is(dueItems(device.restart()), 1);
      assert.is(dueItems(device), 1);
      assert.equal(device.changes, ['+a/m1/x', '+a/m1/w', '-b/m1/', '+c/m1/']);
    }
  });
}

test('a store that is really full leaves tree and flash as they were', () => {
  let full = 0;
  for (let capacity = 300; capacity < 1500; capacity += 10) {
    const device = new MemoryDevice({}, new MemoryFlash({ ...DOORS, capacity }));
    try {
      start(device.flash);
    } catch {
      continue;
    }
    const ready = device.restart();
    const used = ready.tree.used;
    try {
      change(ready).commit();
    } catch (thrown) {
      assert.is((thrown as { code?: string }).code, 'FLASH_FULL');
      assert.equal(ready.show(), BEFORE);
      assert.is(ready.tree.used, used);
      assert.is(dueItems(ready), 0);
      full += 1;
      continue;
    } finally {
      assert.equal(ready.restart().show(), ready.show());
    }
    assert.equal(ready.show(), AFTER);
    break;
  }
  assert.ok(full > 5, `${full} times full`);
});

test('a power cut at every operation leaves the state before or after, wholly', () => {
  for (const remains of ALL_REMAINS) {
    let cuts = 0;
    let after = 0;
    for (let at = 0; ; at += 1) {
      const flash = new FaultyFlash(DOORS);
      const device = start(flash);
      const transaction = change(device);
      flash.remains = remains;
      flash.cutAt = flash.operations + at;
      try {
        transaction.commit();
        break;
      } catch (thrown) {
        if (!flash.isOff) throw thrown;
      }
      const again = new MemoryDevice({}, flash.revived());
      const isAfter = again.show().includes(AFTER[1]);
      assert.equal(again.show(), isAfter ? AFTER : BEFORE, `${remains} at ${at}`);
      assert.is(dueItems(again), isAfter ? 1 : 0, `${remains} at ${at}`);
      again.store('{"ClientURI":"next//","MOData":{"N":{"o":1}}}');
      assert.equal(again.restart().show().sort(), again.show().sort(), `${remains} at ${at}, next transaction`);
      cuts += 1;
      if (isAfter) after += 1;
    }
    assert.ok(cuts > WRITES && after > 0, `${cuts} cuts, ${after} of them behind the commit`);
  }
});

test.run();
