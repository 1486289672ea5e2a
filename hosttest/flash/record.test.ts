import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { crc32 } from '../../src/flash/crc32.js';
import {
  generationOf,
  HEADER,
  isLastPart,
  isOurs,
  isSealed,
  kindOf,
  ownKey,
  recordKey,
  seal,
  TRAILER,
} from '../../src/flash/record.js';
import { Lcg } from '../support/lcg.js';

/** CRC-32 bit by bit, as its definition has it. */
function slowCrc(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

test('the checksum is CRC-32 of IEEE 802.3', () => {
  const check = new TextEncoder().encode('123456789');
  assert.is(crc32(check, 0, 9, 0), 0xcbf43926);
  assert.is(crc32(check, 0, 0, 0), 0);
  const random = new Lcg(1);
  for (let i = 0; i < 200; i += 1) {
    const bytes = random.bytes(1 + random.below(300));
    const from = random.below(bytes.length);
    assert.is(crc32(bytes, from, bytes.length, 0), slowCrc(bytes.subarray(from)));
    assert.is(crc32(bytes, from, bytes.length, crc32(bytes, 0, from, 0)), slowCrc(bytes), 'in two parts');
  }
});

test('keys have twelve characters of 0-9 and a-z', () => {
  for (const object of [1, 35, 36, 2047, 46655]) {
    for (const generation of [0, 1, 36, 2 ** 31 - 1, 36 ** 6 - 1]) {
      for (const part of [0, 1, 36, 46655]) assert.match(recordKey(object, generation, part), /^[0-9a-z]{12}$/);
    }
  }
});

test('keys sort as object, generation and part do, and no two are the same', () => {
  const numbers = [0, 1, 9, 10, 35, 36, 37, 1295, 1296, 46655];
  const keys: string[] = [];
  for (const object of numbers) {
    for (const generation of [...numbers, 46656, 2 ** 31]) {
      for (const part of numbers) keys.push(recordKey(object, generation, part));
    }
  }
  assert.equal([...keys].sort(), keys);
  assert.is(new Set(keys).size, keys.length);
});

test('a header reads back as it was written', () => {
  const bytes = new Uint8Array(100);
  for (const [kind, last, object, generation, part] of [
    [1, false, 1, 1, 0],
    [5, true, 48, 2 ** 31 - 1, 65535],
    [0x7e, true, 46655, 2 ** 31, 256],
    [0, true, 256, 65536, 1],
  ] as [number, boolean, number, number, number][]) {
    for (const size of [0, 1, 50]) {
      bytes.fill(0xaa);
      const length = seal(bytes, HEADER + size, kind, last, object, generation, part);
      assert.is(length, HEADER + size + TRAILER);
      assert.is(bytes[length], 0xaa, 'no byte behind the record is written');
      assert.is(bytes[HEADER], size === 0 ? bytes[HEADER] : 0xaa, 'the payload stays');
      assert.ok(isSealed(bytes, length));
      assert.ok(isOurs(bytes));
      assert.equal([kindOf(bytes), isLastPart(bytes), generationOf(bytes)], [kind, last, generation]);
      assert.is(ownKey(bytes), recordKey(object, generation, part));
    }
  }
});

test('a record with any one or two bits flipped, or of any other length, is no record', () => {
  const bytes = new Uint8Array(64);
  const length = seal(bytes, HEADER + 5, 1, true, 3, 9, 0);
  for (let a = 0; a < length * 8; a += 1) {
    bytes[a >> 3] ^= 1 << (a & 7);
    assert.not(isSealed(bytes, length), `bit ${a}`);
    for (let b = a + 1; b < length * 8; b += 7) {
      bytes[b >> 3] ^= 1 << (b & 7);
      assert.not(isSealed(bytes, length), `bits ${a} and ${b}`);
      bytes[b >> 3] ^= 1 << (b & 7);
    }
    bytes[a >> 3] ^= 1 << (a & 7);
  }
  for (let other = -1; other <= 70; other += 1) {
    assert.is(isSealed(bytes, other), other === length, `length ${other}`);
  }
});

test('erased flash is no record', () => {
  for (const fill of [0x00, 0xff]) {
    for (let length = 0; length <= 64; length += 1) {
      const bytes = new Uint8Array(64).fill(fill);
      assert.not(isSealed(bytes, length) && isOurs(bytes));
    }
  }
});

test.run();
