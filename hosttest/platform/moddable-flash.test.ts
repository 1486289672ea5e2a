import { type Flash, FlashResult } from 'dmlet';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FileFlash } from '../../src/platform/moddable/file-flash.js';
import { KeyValueFlash } from '../../src/platform/moddable/key-value-flash.js';
import { PreferenceFlash } from '../../src/platform/moddable/preference-flash.js';
import { flashContract } from './flash-contract.js';
import { type Disk, littlefs } from './moddable-files.js';
import {
  type FakeFile,
  LinuxPreferences,
  NvsStore,
  SectorStore,
  WindowsPreferences,
  ZephyrStore,
} from './moddable-stores.js';

// The flash adapters of the Moddable SDK on fakes of its stores, with the doors that src/platform/moddable/manifest.json gives them.

const WIDE = { keySize: 15, valueSize: 4000, capacity: 0, overhead: 0 };
const SECTOR = { keySize: 12, valueSize: 42, capacity: 3584, overhead: 10 };

const remove = (): void => {};

flashContract('ESP32', (capacity) => {
  const values = new Map();
  const make = (): Flash => new KeyValueFlash(new NvsStore(values, capacity), WIDE);
  return { flash: make(), reopen: make, remove };
});

flashContract('ESP8266 and Pico', (capacity = 0) => {
  const disk: Disk = { files: new Map(), capacity: 20000, tellsAt: 'close' };
  const make = (): Flash => new FileFlash(littlefs(disk), { ...WIDE, capacity });
  return { flash: make(), reopen: make, remove };
});

flashContract('two sectors', (capacity) => {
  const store = new SectorStore();
  // Room for a whole number of the contract's entries.
  const doors = capacity === undefined ? SECTOR : { ...SECTOR, capacity: 264 };
  return {
    flash: new KeyValueFlash(store, doors),
    reopen: () => new KeyValueFlash(new SectorStore(store.log.bytes), doors),
    remove,
  };
});

flashContract('Zephyr', (capacity = 0) => {
  const values = new Map();
  const make = (): Flash => new KeyValueFlash(new ZephyrStore(values), { ...WIDE, capacity });
  return { flash: make(), reopen: make, remove };
});

flashContract('Linux simulator', (capacity = 0) => {
  const file: FakeFile = { text: undefined };
  const make = (): Flash => new PreferenceFlash(new LinuxPreferences(file), { ...WIDE, capacity });
  return { flash: make(), reopen: make, remove };
});

flashContract('Windows simulator', (capacity = 0) => {
  const registry = new Map();
  const make = (): Flash => new PreferenceFlash(new WindowsPreferences(registry), { ...WIDE, capacity });
  return { flash: make(), reopen: make, remove };
});

const BYTES = new Uint8Array(64);

test("what a power cut has left of a file that was written is no key, and in nobody's way", () => {
  const disk: Disk = { files: new Map(), capacity: 1000, tellsAt: 'close' };
  const { File } = littlefs(disk);
  const flash = new FileFlash(littlefs(disk), WIDE);
  flash.write('k', BYTES, 0, 20);
  const cut = new File('/dmlet/new.tmp', true);
  cut.write(BYTES.subarray(0, 50));
  cut.close();
  const keys: string[] = [];
  flash.keys((key) => keys.push(key));
  assert.equal(keys, ['k']);
  assert.is(flash.write('k', BYTES, 0, 10), FlashResult.Ok);
  assert.is(flash.read('k', BYTES), 10);
});

for (const tellsAt of ['write', 'close'] as const) {
  test(`a disk that is full, and says so at the ${tellsAt}, keeps the old value`, () => {
    const disk: Disk = { files: new Map(), capacity: 100, tellsAt };
    const flash = new FileFlash(littlefs(disk), WIDE);
    assert.is(flash.write('k', BYTES, 0, 60), FlashResult.Ok);
    assert.is(flash.write('k', BYTES, 0, 64), FlashResult.Full);
    assert.is(flash.read('k', BYTES), 60);
    assert.equal([...disk.files.keys()], ['/dmlet/k']);
  });
}

test('a sector that others have filled is a failure: the old value is gone', () => {
  const store = new SectorStore();
  const flash = new KeyValueFlash(store, SECTOR);
  for (let i = 0; i < 100; i += 1) store.log.put(`other${i}`, BYTES.subarray(0, 30));
  store.log.put('k', BYTES.subarray(0, 20));
  while (store.log.put(`x${store.log.room.bytes}`, BYTES.subarray(0, 1)) === FlashResult.Ok);
  assert.is(new KeyValueFlash(store, { ...SECTOR, capacity: 0 }).write('k', BYTES, 0, 42), FlashResult.Failed);
  assert.is(flash.read('k', BYTES), -1);
});

test('a sector counts what was there before, and what went', () => {
  const store = new SectorStore();
  // 10 bytes of overhead, 1 of the key, 21 of the value.
  const doors = { ...SECTOR, capacity: 64 };
  assert.is(new KeyValueFlash(store, doors).write('a', BYTES, 0, 21), FlashResult.Ok);
  const flash = new KeyValueFlash(store, doors);
  assert.is(flash.write('b', BYTES, 0, 22), FlashResult.Full);
  assert.is(flash.write('b', BYTES, 0, 21), FlashResult.Ok);
  assert.is(flash.write('c', BYTES, 0, 0), FlashResult.Full);
  assert.is(flash.remove('a'), FlashResult.Ok);
  assert.is(flash.write('c', BYTES, 0, 21), FlashResult.Ok);
});

test('a value that others keep under a key in another format is none of ours, and may be replaced', () => {
  const values = new Map<string, Uint8Array | string>([['k', 'text']]);
  const flash = new KeyValueFlash(new NvsStore(values), WIDE);
  assert.is(flash.read('k', BYTES), -1);
  assert.is(flash.write('k', BYTES, 0, 3), FlashResult.Ok);
  assert.is(flash.read('k', new Uint8Array(3)), 3);
});

test('settings that fail are a failure, of writing as of removing', () => {
  const store = new ZephyrStore(new Map());
  const flash = new KeyValueFlash(store, WIDE);
  flash.write('k', BYTES, 0, 3);
  store.isBroken = true;
  assert.is(flash.write('k', BYTES, 0, 4), FlashResult.Failed);
  assert.is(flash.remove('k'), FlashResult.Failed);
  assert.is(flash.read('k', BYTES), 3);
});

test('a registry that takes nothing is a failure', () => {
  const preferences = new WindowsPreferences(new Map());
  preferences.isBroken = true;
  assert.is(new PreferenceFlash(preferences, WIDE).write('k', BYTES, 0, 3), FlashResult.Failed);
});

test('preferences of others are not seen, and a string of our own is no value', () => {
  const registry = new Map<string, ArrayBuffer | string>([
    ['wifi/k', new ArrayBuffer(3)],
    ['dmlet/s', 'text'],
  ]);
  const flash = new PreferenceFlash(new WindowsPreferences(registry), WIDE);
  const keys: string[] = [];
  flash.keys((key) => keys.push(key));
  assert.equal(keys, ['s']);
  assert.is(flash.read('k', BYTES), -1);
  assert.is(flash.read('s', BYTES), -1);
});

test('the Linux simulator says that a value is stored where its disk is full: nothing tells the adapter', () => {
  const file: FakeFile = { text: undefined, isStuck: true };
  assert.is(new PreferenceFlash(new LinuxPreferences(file), WIDE).write('k', BYTES, 0, 3), FlashResult.Ok);
  assert.is(new PreferenceFlash(new LinuxPreferences(file), WIDE).read('k', BYTES), -1);
});

test.run();
