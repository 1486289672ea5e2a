import { FlashResult } from 'dmlet';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { flashContract } from '../platform/flash-contract.js';
import { Campaign } from './campaign.js';
import { parseCut, showCut } from './cut.js';
import type { CutStore } from './cut-store.js';
import { KeyStore } from './key-store.js';
import { tryAll } from './results.js';
import { SCENARIOS } from './scenarios/index.js';
import { SECTOR, SectorLog } from './sector-log.js';
import { STORES, type StoreKind } from './stores.js';

// PROTOCOL.md ST-2, BOOT-11, ALERT-11: the power-cut proof in short; `npm run test:powerloss` runs all of it.

flashContract('KeyStore, with power', (capacity = 65536) => {
  const doors = { keySize: 15, valueSize: 4000, capacity };
  const flash = new KeyStore({ doors, isAtomic: false, erasesFirst: false, unsynced: 0 });
  return { flash, reopen: () => flash.restarted(), remove: () => {} };
});

function kindOf(name: string): StoreKind {
  return STORES.find((kind) => kind.name === name) as StoreKind;
}

function resultsOf(kind: StoreKind, scenario: string): { failures: string[]; cuts: number; lost: number } {
  const failures: string[] = [];
  const campaign = new Campaign(kind, SCENARIOS.filter(({ name }) => name === scenario)[0]);
  const { cuts, recovered, ruined } = tryAll(campaign, (report) => failures.push(report));
  return { failures, cuts, lost: recovered + ruined };
}

for (const { name } of SCENARIOS) {
  test(`nvs, ${name}: a cut at every operation leaves all that was acknowledged, and nothing by halves [ST-2]`, () => {
    const { failures, cuts, lost } = resultsOf(kindOf('nvs'), name);
    assert.equal([failures, lost], [[], 0]);
    assert.ok(cuts >= 20, String(cuts));
  });
}

test("littlefs, session: the firmware's files keep all that was acknowledged, cut anywhere [ST-2]", () => {
  const { failures, cuts, lost } = resultsOf(kindOf('littlefs'), 'session');
  assert.equal([failures, lost], [[], 0]);
  assert.ok(cuts >= 100, String(cuts));
});

test('whatever a cut may leave by the contract, a replaced DEFAULT is one of the two [ST-2]', () => {
  const { failures, cuts } = resultsOf(kindOf('contract-esp8266'), 'default');
  assert.equal(failures, []);
  assert.ok(cuts > 200, String(cuts));
});

/** A store that promises more than it keeps. */
function lying(store: CutStore): CutStore {
  const restarted = store.restarted.bind(store);
  return Object.assign(store, { cost: () => 'nothing', restarted: () => lying(restarted()) });
}

test('a store that loses what it promises to keep is found out, and the report says how to replay it', () => {
  const honest = kindOf('json-file');
  const { failures } = resultsOf({ ...honest, make: () => lying(honest.make()) }, 'default');
  assert.ok(failures.length > 0);
  assert.match(failures[0], /again: npm run test:powerloss -- --store json-file --scenario default --cut \d+:\w+/);
});

test('a cut is written as it is read', () => {
  for (const text of ['17:torn5', '3:before', '4:late2', '1:worn', '9:rotten0'])
    assert.is(showCut(parseCut(text)), text);
  for (const text of ['17', 'torn', '5:burnt', '5:torn-1']) assert.throws(() => parseCut(text), /no cut/);
});

/** A sector log whose power stays, and the names of what it did. */
function sectorLog(bytes?: Uint8Array): { log: SectorLog; done: string[] } {
  const done: string[] = [];
  const log = new SectorLog(({ name, perform }) => {
    done.push(name);
    return perform();
  }, bytes);
  return { log, done };
}

function firstByte(log: SectorLog, key: string): number | undefined {
  const found = log.find(key);
  return found && log.bytes[found.from];
}

test('a sector log keeps the last value of each key, through compactions forth and back', () => {
  const { log, done } = sectorLog();
  for (let i = 0; i < 200; i += 1) {
    assert.is(log.put(`key${i % 7}`, new Uint8Array(60).fill(i)), FlashResult.Ok);
    if (i % 7 === 3) log.remove('key3');
  }
  const keys: string[] = [];
  log.keys((key) => keys.push(key));
  assert.equal(keys.sort(), ['key0', 'key1', 'key2', 'key4', 'key5', 'key6']);
  assert.equal([firstByte(log, 'key0'), firstByte(log, 'key3'), firstByte(log, 'key4')], [196, undefined, 193]);
  for (const name of ['stamp forth', 'copy forth', 'invalidate forth', 'stamp back', 'copy back', 'invalidate back'])
    assert.ok(done.includes(name), name);
});

test('a sector log that is full refuses, and has lost the old value already, as the source has it', () => {
  const { log } = sectorLog();
  let count = 0;
  while (log.put(`key${count}`, new Uint8Array(20)) === FlashResult.Ok) count += 1;
  assert.ok(count > 100, String(count));
  assert.is(log.put('key7', new Uint8Array(63).fill(1)), FlashResult.Failed);
  assert.is(firstByte(log, 'key7'), undefined);
});

test('an entry that was half zeroed hides those behind it', () => {
  const { log } = sectorLog();
  for (let i = 0; i < 3; i += 1) log.put(`key${i}`, new Uint8Array(60).fill(0xd1));
  const bytes = log.bytes.slice(0, SECTOR);
  bytes.fill(0, 4, 4 + 64);
  const torn = sectorLog(Uint8Array.from([...bytes, ...log.bytes.subarray(SECTOR)])).log;
  assert.equal([firstByte(log, 'key2'), firstByte(torn, 'key2')], [0xd1, undefined]);
});

test.run();
