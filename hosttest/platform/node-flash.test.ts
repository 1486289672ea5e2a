import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { FlashResult } from 'dmlet';
import { NodeFlash, type NodeFlashOptions } from 'dmlet/node';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { flashContract } from './flash-contract.js';

function temporaryFolder(): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'dmlet-flash-'));
}

flashContract('NodeFlash', (capacity) => {
  const folder = temporaryFolder();
  const options: NodeFlashOptions = capacity === undefined ? {} : { capacity };
  return {
    flash: new NodeFlash(folder, options),
    reopen: () => new NodeFlash(folder, options),
    remove: () => fs.rmSync(folder, { recursive: true }),
  };
});

flashContract('NodeFlash with narrow doors', (capacity) => {
  const folder = temporaryFolder();
  const options: NodeFlashOptions = { keySize: 12, valueSize: 63, capacity };
  return {
    flash: new NodeFlash(folder, options),
    reopen: () => new NodeFlash(folder, options),
    remove: () => fs.rmSync(folder, { recursive: true }),
  };
});

const test = suite<{ folder: string }>('NodeFlash');

test.before.each((context) => {
  context.folder = temporaryFolder();
});

test.after.each(({ folder }) => fs.rmSync(folder, { recursive: true }));

const VALUE = Buffer.from('value');

function write(flash: NodeFlash, key: string, text = 'value'): FlashResult {
  return flash.write(key, Buffer.from(text), 0, Buffer.byteLength(text));
}

function keysOf(flash: NodeFlash): string[] {
  const keys: string[] = [];
  flash.keys((key) => keys.push(key));
  return keys.sort();
}

test('makes its folder, with those above it', ({ folder }) => {
  const deep = path.join(folder, 'a', 'b');
  assert.is(write(new NodeFlash(deep), 'k'), FlashResult.Ok);
  assert.equal(fs.readdirSync(deep), ['k']);
});

test('a folder that cannot be made is an error at once', ({ folder }) => {
  fs.writeFileSync(path.join(folder, 'file'), '');
  assert.throws(
    () => new NodeFlash(path.join(folder, 'file', 'below')),
    (error: { code: string }) => error.code === 'ENOTDIR',
  );
});

test('one record is one file, with nothing but the value in it', ({ folder }) => {
  const flash = new NodeFlash(folder);
  write(flash, 'k1', 'one');
  write(flash, 'k2', 'two');
  write(flash, 'k1', 'three');
  assert.equal(fs.readdirSync(folder).sort(), ['k1', 'k2']);
  assert.is(fs.readFileSync(path.join(folder, 'k1'), 'utf8'), 'three');
  assert.equal([flash.records, flash.bytes], [2, 'k1three'.length + 'k2two'.length]);
  flash.remove('k1');
  assert.equal([fs.readdirSync(folder), flash.records, flash.bytes], [['k2'], 1, 5]);
});

test('what a crash left half written is no key, and is removed', ({ folder }) => {
  write(new NodeFlash(folder), 'k');
  fs.writeFileSync(path.join(folder, 'k.tmp'), 'half');
  fs.writeFileSync(path.join(folder, 'other.tmp'), 'half');
  const flash = new NodeFlash(folder);
  assert.equal(keysOf(flash), ['k']);
  assert.equal(fs.readdirSync(folder), ['k']);
  assert.is(write(flash, 'other'), FlashResult.Ok);
});

test('files of others are no keys, and stay', ({ folder }) => {
  for (const name of ['README.md', 'UPPER', 'with-dash', 'x'.repeat(16), '.hidden'])
    fs.writeFileSync(path.join(folder, name), 'x');
  const flash = new NodeFlash(folder);
  write(flash, 'k');
  assert.equal(keysOf(flash), ['k']);
  assert.is(fs.readdirSync(folder).length, 6);
});

test('a folder with the name of a key is none', ({ folder }) => {
  fs.mkdirSync(path.join(folder, 'folder'));
  const flash = new NodeFlash(folder);
  assert.equal(keysOf(flash), []);
  assert.is(flash.read('folder', new Uint8Array(10)), -1);
});

test('keys of other characters are refused: none leaves the folder', ({ folder }) => {
  const flash = new NodeFlash(path.join(folder, 'inner'));
  for (const key of ['', '.', '..', '../k', '/tmp/k', 'a/b', 'a\\b', 'K', 'k.tmp', 'k ', '\u00e4', 'a\nb', 'a\u0000']) {
    assert.is(flash.write(key, VALUE, 0, VALUE.length), FlashResult.Failed, JSON.stringify(key));
    assert.is(flash.read(key, new Uint8Array(10)), -1, JSON.stringify(key));
    assert.is(flash.remove(key), FlashResult.Ok, JSON.stringify(key));
  }
  assert.equal(fs.readdirSync(folder, { recursive: true }), ['inner']);
});

test('a write that fails leaves the old value', ({ folder }) => {
  const flash = new NodeFlash(folder);
  write(flash, 'k', 'old');
  // No file can be made where a folder is.
  fs.mkdirSync(path.join(folder, 'k.tmp'));
  assert.is(write(flash, 'k', 'new'), FlashResult.Failed);
  fs.rmdirSync(path.join(folder, 'k.tmp'));
  const into = new Uint8Array(10);
  assert.is(flash.read('k', into), 3);
  assert.is(Buffer.from(into.subarray(0, 3)).toString(), 'old');
  assert.is(write(flash, 'k', 'new'), FlashResult.Ok);
});

test('read only: nothing is changed, not even what a crash left', ({ folder }) => {
  write(new NodeFlash(folder), 'k');
  fs.writeFileSync(path.join(folder, 'k.tmp'), 'half');
  const flash = new NodeFlash(folder, { readOnly: true });
  assert.is(write(flash, 'k', 'new'), FlashResult.Failed);
  assert.is(write(flash, 'other'), FlashResult.Failed);
  assert.is(flash.remove('k'), FlashResult.Failed);
  assert.equal([keysOf(flash), fs.readdirSync(folder).sort()], [['k'], ['k', 'k.tmp']]);
  assert.is(fs.readFileSync(path.join(folder, 'k'), 'utf8'), 'value');
  assert.throws(
    () => new NodeFlash(path.join(folder, 'absent'), { readOnly: true }),
    (error: { code: string }) => error.code === 'ENOENT',
  );
});

test('a key whose file has vanished has no value', ({ folder }) => {
  const flash = new NodeFlash(folder);
  write(flash, 'k');
  fs.rmSync(path.join(folder, 'k'));
  assert.is(flash.read('k', new Uint8Array(10)), -1);
  assert.is(flash.remove('k'), FlashResult.Ok);
});

test('changes are told when they are made, and only those', ({ folder }) => {
  const told: unknown[] = [];
  const flash = new NodeFlash(folder, { capacity: 20, onChange: (...change) => told.push(change) });
  write(flash, 'k', 'one');
  write(flash, 'k', 'three');
  write(flash, 'k', 'much longer than the store');
  write(flash, 'BAD');
  flash.remove('absent');
  flash.remove('k');
  assert.equal(told, [
    ['write', 'k', 3],
    ['write', 'k', 5],
    ['remove', 'k', 0],
  ]);
});

test('the capacity counts what was there when it was opened', ({ folder }) => {
  write(new NodeFlash(folder), 'k', 'v'.repeat(50));
  const flash = new NodeFlash(folder, { capacity: 60 });
  assert.is(write(flash, 'more', 'v'.repeat(10)), FlashResult.Full);
  assert.is(write(flash, 'm', 'v'.repeat(8)), FlashResult.Ok);
});

test.run();
