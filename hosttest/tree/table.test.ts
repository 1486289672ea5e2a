import { FlashResult } from 'dmlet';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ObjectKind } from '../../src/flash/record-store.js';
import { type Row, Table } from '../../src/tree/table.js';
import { ALL_REMAINS, FaultyFlash } from '../support/faulty-flash.js';
import { MemoryDevice } from '../support/memory-device.js';
import { code } from '../support/thrown.js';

// Rows of tables in transactions: in memory, in flash, and back.

/** A device, and its table of subscriptions with these rows, durable. */
function filled(names: readonly string[], memory = new MemoryDevice()): [MemoryDevice, Table] {
  const { subscriptions, transaction } = memory.device;
  for (const name of names) transaction.put(subscriptions, undefined, row(name));
  transaction.commit();
  return [memory, subscriptions];
}

function row(name: string): string[] {
  return [name, 'uri', 'server', '0'];
}

function names(table: Table): string {
  return table.rows.map(({ fields }) => fields[0]).join('');
}

/** The rows of the same flash after a restart. */
function stored(memory: MemoryDevice): string {
  return memory
    .restart()
    .device.subscriptions.rows.map(({ fields }) => fields[0])
    .sort()
    .join('');
}

test('find compares the first field, and the second where one is given', () => {
  const [, table] = filled(['a', 'b']);
  assert.is(table.find('b'), table.rows[1]);
  assert.is(table.find('b', 'uri'), table.rows[1]);
  assert.is(table.find('b', 'other'), undefined);
  assert.is(table.find('c'), undefined);
});

test('rows of a moment stay as they were, whatever becomes of the table', () => {
  const [memory, table] = filled(['a', 'b']);
  const { rows } = table;
  memory.device.transaction.drop(table, rows[0]);
  memory.device.transaction.commit();
  assert.is(rows.length, 2);
  assert.is(names(table), 'b');
});

test('put takes the place of the old row, at once and in flash', () => {
  const [memory, table] = filled(['a', 'b', 'c']);
  const { transaction } = memory.device;
  const { object } = table.rows[1];
  transaction.put(table, table.rows[1], row('B'));
  assert.is(names(table), 'aBc');
  assert.is(stored(memory), 'abc');
  transaction.commit();
  assert.is(table.rows[1].object, object);
  assert.is(stored(memory), 'Bac');
});

test('put, drop and put again in one transaction: the last counts', () => {
  const [memory, table] = filled(['a']);
  const { transaction } = memory.device;
  const b = transaction.put(table, undefined, row('b'));
  transaction.drop(table, b);
  transaction.drop(table, table.rows[0]);
  const c = transaction.put(table, undefined, row('c'));
  transaction.put(table, c, row('d'));
  assert.is(names(table), 'd');
  transaction.commit();
  assert.equal([names(table), stored(memory)], ['d', 'd']);
});

test('a row put twice is written once', () => {
  const [memory, table] = filled([]);
  const { transaction } = memory.device;
  const { writes } = memory.flash;
  const first = transaction.put(table, undefined, row('a'));
  transaction.put(table, first, row('b'));
  transaction.commit();
  assert.is(memory.flash.writes - writes, 2, 'the row and the commit');
  assert.equal([names(table), stored(memory)], ['b', 'b']);
});

test('a new row dropped again leaves nothing but the commit', () => {
  const [memory, table] = filled([]);
  const { transaction } = memory.device;
  transaction.drop(table, transaction.put(table, undefined, row('a')));
  transaction.commit();
  assert.equal([names(table), stored(memory)], ['', '']);
});

test('equal fields write nothing, and leave the row', () => {
  const [memory, table] = filled(['a']);
  const [old] = table.rows;
  const { writes } = memory.flash;
  assert.is(memory.device.transaction.put(table, old, row('a')), old);
  memory.device.transaction.commit();
  assert.is(memory.flash.writes, writes);
  assert.is(table.rows[0], old);
});

test('equal fields of a row that is not durable make it so', () => {
  const [memory, table] = filled([]);
  const loose: Row = { object: 0, fields: row('a') };
  table.exchange(undefined, loose);
  memory.device.transaction.put(table, loose, row('a'));
  memory.device.transaction.commit();
  assert.equal([names(table), stored(memory)], ['a', 'a']);
});

test('rollback brings back every row in its place', () => {
  const [memory, table] = filled(['a', 'b', 'c', 'd']);
  const { transaction } = memory.device;
  const before = table.rows;
  transaction.drop(table, before[0]);
  transaction.put(table, before[2], row('C'));
  transaction.drop(table, before[1]);
  transaction.put(table, undefined, row('e'));
  transaction.drop(table, before[3]);
  assert.is(names(table), 'Ce');
  transaction.rollback();
  assert.equal(table.rows, before);
  transaction.commit();
  assert.is(stored(memory), 'abcd');
});

test('a flash that fails at any write brings back every row in its place', () => {
  for (let at = 0; at < 4; at += 1) {
    const [memory, table] = filled(['a', 'b', 'c']);
    const before = table.rows;
    const { transaction } = memory.device;
    const change = (): void => {
      transaction.drop(table, before[0]);
      transaction.put(table, before[1], row('B'));
      transaction.put(table, undefined, row('e'));
    };
    change();
    for (let i = 0; i < at; i += 1) memory.flash.refusals.push(FlashResult.Ok);
    memory.flash.refusals.push(FlashResult.Failed);
    assert.throws(() => transaction.commit(), code('FLASH_FAILED'), `write ${at}`);
    assert.equal([table.rows, stored(memory)], [before, 'abc'], `write ${at}`);
    change();
    transaction.commit();
    assert.equal([names(table), stored(memory)], ['Bce', 'Bce'], `write ${at}`);
  }
});

test('fields beyond those kept are there until the commit, and only in flash after it', () => {
  const memory = new MemoryDevice();
  const { transaction } = memory.device;
  const table = new Table(ObjectKind.Alert, 2);
  transaction.put(table, undefined, ['a', 'b', 'long']);
  assert.equal(table.rows[0].fields, ['a', 'b', 'long']);
  memory.flash.refusals.push(FlashResult.Failed);
  const [row] = table.rows;
  assert.throws(() => transaction.commit(), code('FLASH_FAILED'));
  assert.equal(row.fields, ['a', 'b', 'long']);
  transaction.put(table, undefined, ['a', 'b', 'long']);
  transaction.commit();
  assert.equal(table.rows[0].fields, ['a', 'b']);
  assert.equal(memory.device.fields(table.rows[0].object, 3), ['a', 'b', 'long']);
});

test('any text comes back as it was', () => {
  const text = 'a"\\\n\u0000ä€😀\ud800\u2028\u007f\u0080';
  const [memory] = filled([text]);
  assert.is(memory.restart().device.subscriptions.rows[0].fields[0], text);
});

test('a row that cannot be read is left out, and noted', () => {
  const [memory] = filled(['a', 'b']);
  const keys = [...memory.flash.values.keys()].filter((key) => key.startsWith('001'));
  assert.is(keys.length, 1);
  memory.flash.values.set(keys[0], new Uint8Array(20));
  const again = memory.restart();
  assert.is(names(again.device.subscriptions), 'b');
  assert.ok(again.notes.length > 0);
});

test('a power cut at every operation leaves all rows as before or as after', () => {
  for (const remains of ALL_REMAINS) {
    const seen = new Set<string>();
    for (let at = 0; ; at += 1) {
      const flash = new FaultyFlash();
      const [memory, table] = filled(['a', 'b', 'c'], new MemoryDevice({}, flash));
      const { transaction } = memory.device;
      transaction.drop(table, table.rows[0]);
      transaction.put(table, table.rows[0], row('B'));
      transaction.put(table, undefined, row('e'));
      flash.remains = remains;
      flash.cutAt = flash.operations + at;
      try {
        transaction.commit();
        break;
      } catch (thrown) {
        if (!flash.isOff) throw thrown;
      }
      const found = stored(new MemoryDevice({}, flash.revived()));
      assert.ok(['abc', 'Bce'].includes(found), `${remains} at ${at}: ${found}`);
      seen.add(found);
    }
    assert.is(seen.size, 2, remains);
  }
});

test.run();
