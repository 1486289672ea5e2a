import { DEFAULT_LIMITS } from 'dmlet';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DefaultField } from '../../src/config/default-table.js';
import type { Row, Table } from '../../src/tree/table.js';
import { MemoryDevice } from '../support/memory-device.js';
import { code } from '../support/thrown.js';

// PROTOCOL.md CMD-DEFAULT-2, JIT-3, JIT-6 to JIT-8: one ServerURI a MOID, and who may change it.

const FACTORY = '';
const MMS = 'urn:oma:mo:oma-mms:1.3';
const NAP = 'urn:oma:mo:oma-connmo-nap:1.0';

class Fixture {
  readonly memory: MemoryDevice;
  readonly table: Table;

  constructor(defaults = DEFAULT_LIMITS.defaults, memory = new MemoryDevice({ defaults })) {
    this.memory = memory;
    this.table = memory.device.defaults;
  }

  /** Sets a DEFAULT, not yet durable. */
  put(moid: string, uri: string, owner: string): void {
    this.memory.device.setDefault(moid, uri, owner);
  }

  /** Sets a DEFAULT for good. */
  set(moid: string, uri: string, owner: string): void {
    this.put(moid, uri, owner);
    this.memory.device.transaction.commit();
  }

  /** The account `srv`. */
  addAccount(): void {
    this.memory.store(
      '{"ClientURI":"urn:oma:mo:oma-dm-dmacc:1.2//","MOData":{"Acc":{"SrvID":"srv","SrvURI":"http://s/"}}}',
    );
  }

  show(): string[] {
    return this.table.rows.map(show);
  }

  /** The same flash after a restart. */
  restart(): Fixture {
    return new Fixture(DEFAULT_LIMITS.defaults, this.memory.restart());
  }
}

function show(row: Row): string {
  return [row.object, ...row.fields].join(' ');
}

test('a new table is empty', () => {
  const { table } = new Fixture();
  assert.equal(table.rows, []);
  assert.is(table.find(MMS), undefined);
});

test('a DEFAULT is in force at once, and durable when its transaction is', () => {
  const fixture = new Fixture();
  fixture.put(MMS, 'https://a.example/', 'srv');
  assert.equal(fixture.show(), [`0 ${MMS} https://a.example/ srv`]);
  assert.is(fixture.table.find(MMS), fixture.table.rows[0]);
  assert.equal(fixture.restart().show(), []);
  fixture.memory.device.transaction.commit();
  assert.equal(fixture.show(), [`1 ${MMS} https://a.example/ srv`]);
  assert.is(fixture.table.find(MMS), fixture.table.rows[0]);
  assert.equal(fixture.restart().show(), fixture.show());
});

test('a DEFAULT whose transaction failed is not in force', () => {
  const fixture = new Fixture();
  fixture.set(MMS, 'https://a.example/', 'srv');
  fixture.put(MMS, 'https://b.example/', 'srv');
  fixture.put(NAP, 'https://c.example/', 'srv');
  fixture.memory.device.transaction.rollback();
  assert.equal(fixture.show(), [`1 ${MMS} https://a.example/ srv`]);
  assert.equal(fixture.restart().show(), fixture.show());
});

test('MOIDs are told apart byte for byte', () => {
  const fixture = new Fixture();
  const moids = [MMS, MMS.toUpperCase(), `${MMS}/`, '__proto__', 'toString', ''];
  for (const moid of moids) fixture.set(moid, `https://h.example/${moids.indexOf(moid)}`, 'srv');
  assert.equal(
    moids.map((moid) => (fixture.table.find(moid) as Row).fields[DefaultField.ServerUri]),
    moids.map((_, i) => `https://h.example/${i}`),
  );
  assert.is(fixture.table.find('constructor'), undefined);
});

test('entries stand in the order in which they came', () => {
  const fixture = new Fixture();
  for (const moid of ['b', 'a', 'c']) fixture.set(moid, `http://${moid}/`, 'srv');
  fixture.set('b', 'http://new/', 'srv');
  assert.equal(
    fixture.table.rows.map((row) => row.fields[DefaultField.Moid]),
    ['b', 'a', 'c'],
  );
});

test('a second DEFAULT for a MOID replaces the first, in the same object [CMD-DEFAULT-2]', () => {
  const fixture = new Fixture();
  fixture.set(MMS, 'https://a.example/', 'srv');
  fixture.put(MMS, 'https://b.example/', 'srv');
  assert.equal(fixture.restart().show(), [`1 ${MMS} https://a.example/ srv`]);
  fixture.memory.device.transaction.commit();
  assert.equal(fixture.show(), [`1 ${MMS} https://b.example/ srv`]);
  assert.equal(fixture.restart().show(), fixture.show());
});

test('an equal DEFAULT changes nothing and writes nothing', () => {
  const fixture = new Fixture();
  fixture.set(MMS, 'https://a.example/', 'srv');
  const { writes } = fixture.memory.flash;
  fixture.set(MMS, 'https://a.example/', 'srv');
  assert.is(fixture.memory.flash.writes, writes);
  assert.equal(fixture.show(), [`1 ${MMS} https://a.example/ srv`]);
});

test('an account replaces the DEFAULT of the factory, and owns it then [JIT-7]', () => {
  const fixture = new Fixture();
  fixture.set(MMS, 'https://f.example/', FACTORY);
  fixture.set(MMS, 'https://a.example/', 'srv');
  assert.equal(fixture.show(), [`1 ${MMS} https://a.example/ srv`]);
  fixture.addAccount();
  assert.throws(() => fixture.put(MMS, 'https://b.example/', 'other'), code('FORBIDDEN'));
});

test('the same ServerURI from another owner changes the owner', () => {
  const fixture = new Fixture();
  fixture.set(MMS, 'https://f.example/', FACTORY);
  fixture.set(MMS, 'https://f.example/', 'srv');
  assert.equal(fixture.show(), [`1 ${MMS} https://f.example/ srv`]);
  fixture.set(MMS, 'https://f.example/', FACTORY);
  assert.equal(fixture.show(), [`1 ${MMS} https://f.example/ ${FACTORY}`]);
});

test('the factory replaces the DEFAULT of any account', () => {
  const fixture = new Fixture();
  fixture.set(MMS, 'https://a.example/', 'srv');
  fixture.set(MMS, 'https://f.example/', FACTORY);
  assert.equal(fixture.show(), [`1 ${MMS} https://f.example/ ${FACTORY}`]);
});

test("an account does not replace another account's DEFAULT [JIT-8]", () => {
  const fixture = new Fixture();
  fixture.set(MMS, 'https://a.example/', 'srv');
  fixture.addAccount();
  for (const uri of ['https://b.example/', 'https://a.example/']) {
    assert.throws(() => fixture.put(MMS, uri, 'other'), code('FORBIDDEN'), uri);
  }
  fixture.memory.device.transaction.commit();
  assert.equal(fixture.show(), [`1 ${MMS} https://a.example/ srv`]);
  fixture.set(NAP, 'https://b.example/', 'other');
  assert.is(fixture.table.rows.length, 2);
});

test('a full table takes no new MOID, but replaces what it has', () => {
  const fixture = new Fixture(2);
  fixture.set('a', 'http://a/', 'srv');
  fixture.set('b', 'http://b/', 'srv');
  assert.throws(() => fixture.put('c', 'http://c/', 'srv'), code('TABLE_FULL'));
  assert.throws(() => fixture.put('c', 'http://c/', FACTORY), code('TABLE_FULL'));
  fixture.set('b', 'http://new/', 'srv');
  assert.equal(fixture.show(), ['1 a http://a/ srv', '2 b http://new/ srv']);
});

test('entries that wait for their transaction count', () => {
  const fixture = new Fixture(3);
  fixture.set('a', 'http://a/', 'srv');
  fixture.put('a', 'http://new/', 'srv');
  fixture.put('b', 'http://b/', 'srv');
  fixture.put('c', 'http://c/', 'srv');
  assert.throws(() => fixture.put('d', 'http://d/', 'srv'), code('TABLE_FULL'));
  fixture.memory.device.transaction.commit();
  assert.equal(fixture.show(), ['1 a http://new/ srv', '2 b http://b/ srv', '3 c http://c/ srv']);
});

test('entries that were stored are loaded', () => {
  const before = new Fixture();
  before.set(MMS, 'https://a.example/[MCC]', 'srv');
  before.set(NAP, 'https://f.example/', FACTORY);
  const fixture = before.restart();
  assert.equal(fixture.show(), [`1 ${MMS} https://a.example/[MCC] srv`, `2 ${NAP} https://f.example/ ${FACTORY}`]);
  fixture.set(MMS, 'https://b.example/', 'srv');
  assert.is(fixture.restart().show()[1], `1 ${MMS} https://b.example/ srv`, 'oldest first');
});

test.run();
