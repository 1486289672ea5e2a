import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { base64 } from '../../src/http/base64.js';

// RFC 4648 §4, §10.

test('the vectors of RFC 4648', () => {
  for (const [text, expected] of [
    ['', ''],
    ['f', 'Zg=='],
    ['fo', 'Zm8='],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg=='],
    ['fooba', 'Zm9vYmE='],
    ['foobar', 'Zm9vYmFy'],
  ]) {
    assert.is(base64(Buffer.from(text)), expected);
  }
});

test('every byte at every place, as Node writes it', () => {
  for (let length = 1; length <= 4; length += 1) {
    for (let byte = 0; byte < 256; byte += 1) {
      const bytes = Buffer.alloc(length, byte);
      assert.is(base64(bytes), bytes.toString('base64'));
    }
  }
  const all = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
  assert.is(base64(all), all.toString('base64'));
});

test.run();
