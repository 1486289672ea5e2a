import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ObjectKind, RecordStore } from '../../src/flash/record-store.js';
import { readRow } from '../../src/tree/table.js';
import { limitsWith } from '../support/memory-device.js';
import { MemoryFlash } from '../support/memory-flash.js';
import { code } from '../support/thrown.js';
import { utf8 } from '../support/utf8.js';

/** A store with one object. */
function storing(json: string): RecordStore {
  const store = new RecordStore(new MemoryFlash(), utf8, limitsWith({}));
  store.open();
  store.begin();
  store.write(0, ObjectKind.Default);
  store.put(json);
  store.finish();
  store.commit();
  return store;
}

const ROWS: readonly (readonly string[])[] = [
  ['a'],
  ['', '', ''],
  ['"', '\\', '\\"', '"\\', '\\\\"'],
  ['{"a":1}', '[', ']', ',', '","', '["x"]'],
  ['\n\u0000\u007f', 'ä€😀'],
];

test('a row is read as it was stored, whatever its strings hold', () => {
  for (const row of ROWS) assert.equal(readRow(storing(JSON.stringify(row)), utf8, 1, row.length), row);
});

test('what is not an array of strings is damaged', () => {
  const others = [
    ['', ' ', '[]', 'null', '"a"', '{"a":"b"}', '{"length":"3"}'],
    ['[{"a":"b"}]', '["a",{"b":"c"}]', '["\\\\",{"b\\"":1},"c"]', '["a"{"b":"c"}]', '["a",["b"]]', '[["a"]]'],
    ['[1]', '["a",1]', '["a",null,"b"]', '["a" ,"b"]', '["a","b"', '"a","b"]', '["a""b"]', '["a","b"]]'],
    ['['.repeat(400), `${'['.repeat(200)}"a"${']'.repeat(200)}`],
  ].flat();
  for (const json of others) assert.throws(() => readRow(storing(json), utf8, 1, 0), code('FLASH_FAILED'), json);
});

test('a row with fewer fields than there must be is damaged', () => {
  assert.throws(() => readRow(storing('["a","b"]'), utf8, 1, 3), code('FLASH_FAILED'));
  assert.equal(readRow(storing('["a","b"]'), utf8, 1, 2), ['a', 'b']);
});

test.run();
