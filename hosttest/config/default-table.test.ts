import { DEFAULT_LIMITS, type DefaultEntry, DefaultTable } from 'dmlet';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { code } from '../support/thrown.js';

// PROTOCOL.md CMD-DEFAULT-2, JIT-3, JIT-6 to JIT-8: one ServerURI a MOID, and who may change it.

type TableTransaction = Parameters<DefaultTable['set']>[3];

const FACTORY = '';
const MMS = 'urn:oma:mo:oma-mms:1.3';
const NAP = 'urn:oma:mo:oma-connmo-nap:1.0';

/** Keeps what is put into it until it is committed or thrown away. */
class Pending {
  /** What was put, as `object moid uri owner`; 0 is a new object. */
  readonly puts: string[] = [];
  private waiting: { id: number; kind: number; stored: (id: number) => void }[] = [];
  private last = 0;

  put(id: number, kind: number, fields: readonly string[], stored: (id: number) => void): void {
    this.puts.push([id, ...fields].join(' '));
    this.waiting.push({ id, kind, stored });
  }

  pending(kind: number): number {
    return this.waiting.filter((entry) => entry.kind === kind && entry.id === 0).length;
  }

  commit(): void {
    for (const { id, stored } of this.waiting) {
      if (id === 0) this.last += 1;
      stored(id === 0 ? this.last : id);
    }
    this.waiting = [];
  }

  rollback(): void {
    this.waiting = [];
  }
}

class Fixture {
  readonly table: DefaultTable;
  readonly pending = new Pending();

  constructor(defaults = DEFAULT_LIMITS.defaults) {
    this.table = new DefaultTable(Object.assign({}, DEFAULT_LIMITS, { defaults }));
  }

  /** Sets a DEFAULT, not yet durable. */
  put(moid: string, uri: string, owner: string): void {
    this.table.set(moid, uri, owner, this.pending as unknown as TableTransaction);
  }

  /** Sets a DEFAULT for good. */
  set(moid: string, uri: string, owner: string): void {
    this.put(moid, uri, owner);
    this.pending.commit();
  }

  show(): string[] {
    return this.table.entries.map(show);
  }
}

function show(entry: DefaultEntry): string {
  return `${entry.object} ${entry.moid} ${entry.serverUri} ${entry.owner}`;
}

test('a new table is empty', () => {
  const { table } = new Fixture();
  assert.equal(table.entries, []);
  assert.is(table.find(MMS), undefined);
});

test('a DEFAULT is in force when it is durable, and not before', () => {
  const fixture = new Fixture();
  fixture.put(MMS, 'https://a.example/', 'srv');
  assert.is(fixture.table.find(MMS), undefined);
  assert.equal(fixture.table.entries, []);
  fixture.pending.commit();
  assert.equal(fixture.show(), [`1 ${MMS} https://a.example/ srv`]);
  assert.is(fixture.table.find(MMS), fixture.table.entries[0]);
  assert.equal(fixture.pending.puts, [`0 ${MMS} https://a.example/ srv`]);
});

test('a DEFAULT whose transaction failed is not in force', () => {
  const fixture = new Fixture();
  fixture.set(MMS, 'https://a.example/', 'srv');
  fixture.put(MMS, 'https://b.example/', 'srv');
  fixture.put(NAP, 'https://c.example/', 'srv');
  fixture.pending.rollback();
  assert.equal(fixture.show(), [`1 ${MMS} https://a.example/ srv`]);
});

test('MOIDs are told apart byte for byte', () => {
  const fixture = new Fixture();
  const moids = [MMS, MMS.toUpperCase(), `${MMS}/`, '__proto__', 'toString', ''];
  for (const moid of moids) fixture.set(moid, `https://h.example/${moids.indexOf(moid)}`, 'srv');
  assert.equal(
    moids.map((moid) => (fixture.table.find(moid) as DefaultEntry).serverUri),
    moids.map((_, i) => `https://h.example/${i}`),
  );
  assert.is(fixture.table.find('constructor'), undefined);
});

test('entries stand in the order in which they came', () => {
  const fixture = new Fixture();
  for (const moid of ['b', 'a', 'c']) fixture.set(moid, `http://${moid}/`, 'srv');
  fixture.set('b', 'http://new/', 'srv');
  assert.equal(
    fixture.table.entries.map((entry) => entry.moid),
    ['b', 'a', 'c'],
  );
});

test('a second DEFAULT for a MOID replaces the first, in the same object', () => {
  const fixture = new Fixture();
  fixture.set(MMS, 'https://a.example/', 'srv');
  fixture.put(MMS, 'https://b.example/', 'srv');
  assert.equal(fixture.show(), [`1 ${MMS} https://a.example/ srv`]);
  fixture.pending.commit();
  assert.equal(fixture.show(), [`1 ${MMS} https://b.example/ srv`]);
  assert.is(fixture.pending.puts[1], `1 ${MMS} https://b.example/ srv`);
});

test('an equal DEFAULT changes nothing and writes nothing', () => {
  const fixture = new Fixture();
  fixture.set(MMS, 'https://a.example/', 'srv');
  fixture.set(MMS, 'https://a.example/', 'srv');
  assert.is(fixture.pending.puts.length, 1);
  assert.equal(fixture.show(), [`1 ${MMS} https://a.example/ srv`]);
});

test('an account replaces the DEFAULT of the factory, and owns it then', () => {
  const fixture = new Fixture();
  fixture.set(MMS, 'https://f.example/', FACTORY);
  fixture.set(MMS, 'https://a.example/', 'srv');
  assert.equal(fixture.show(), [`1 ${MMS} https://a.example/ srv`]);
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

test("an account does not replace another account's DEFAULT", () => {
  const fixture = new Fixture();
  fixture.set(MMS, 'https://a.example/', 'srv');
  for (const uri of ['https://b.example/', 'https://a.example/']) {
    assert.throws(() => fixture.put(MMS, uri, 'other'), code('FORBIDDEN'), uri);
  }
  fixture.pending.commit();
  assert.equal(fixture.show(), [`1 ${MMS} https://a.example/ srv`]);
  fixture.set(NAP, 'https://b.example/', 'other');
  assert.is(fixture.table.entries.length, 2);
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
  fixture.pending.commit();
  assert.equal(fixture.show(), ['1 a http://new/ srv', '2 b http://b/ srv', '3 c http://c/ srv']);
});

test('entries that were stored are loaded', () => {
  const fixture = new Fixture();
  fixture.table.load(7, [MMS, 'https://a.example/[MCC]', 'srv']);
  fixture.table.load(3, [NAP, 'https://f.example/', FACTORY]);
  assert.equal(fixture.show(), [`7 ${MMS} https://a.example/[MCC] srv`, `3 ${NAP} https://f.example/ ${FACTORY}`]);
  fixture.set(MMS, 'https://b.example/', 'srv');
  assert.is(fixture.pending.puts[0], `7 ${MMS} https://b.example/ srv`);
});

test.run();
