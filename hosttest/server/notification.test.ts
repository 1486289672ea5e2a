import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DATA, hex, SECRET, SIGNED, SIGNED_CONTENT } from '../support/notification-bytes.js';
import { encodeNotification } from './index.js';

test('every option, signed, makes the bytes that were written by hand [NOTI-1] [NOTI-16]', () => {
  assert.equal(encodeNotification({ ...SIGNED_CONTENT, secret: SECRET, data: DATA }), SIGNED);
});

test('a SERVER-ID alone makes a header and one option; reserved bits are 0 [NOTI-5]', () => {
  assert.equal(encodeNotification({ serverId: 'a' }), hex('1080 11 61'));
  assert.equal(encodeNotification({ serverId: 'a', wantsMos: false }), hex('1080 11 61'));
});

test('each option alone follows at its distance [NOTI-7]', () => {
  assert.equal(encodeNotification({ serverId: 'a', connection: 0 }), hex('1100 11 61 11 00'));
  assert.equal(encodeNotification({ serverId: 'a', id: 0 }), hex('1100 11 61 22 0000'));
  assert.equal(encodeNotification({ serverId: 'a', timestamp: 0 }), hex('1100 11 61 44 00000000'));
  assert.equal(encodeNotification({ serverId: 'a', wantsMos: true }), hex('1100 11 61 50'));
  assert.equal(encodeNotification({ serverId: 'a', secret: SECRET }).subarray(0, 6), hex('1100 11 61 3f 11'));
});

test('lengths from 15 on take a second byte [NOTI-8]', () => {
  assert.equal(encodeNotification({ serverId: 'b'.repeat(14) }), hex('1080 1e', '62'.repeat(14)));
  assert.equal(encodeNotification({ serverId: 'b'.repeat(15) }), hex('1080 1f 00', '62'.repeat(15)));
  assert.equal(encodeNotification({ serverId: 'b'.repeat(270) }), hex('1080 1f ff', '62'.repeat(270)));
});

test('a timestamp takes 4 bytes, or 8 where it needs them [NOTI-14]', () => {
  assert.equal(encodeNotification({ serverId: 'a', timestamp: 2 ** 32 - 1 }), hex('1100 11 61 44 ffffffff'));
  assert.equal(encodeNotification({ serverId: 'a', timestamp: 2 ** 32 }), hex('1100 11 61 48 0000000100000000'));
  assert.equal(
    encodeNotification({ serverId: 'a', timestamp: Number.MAX_SAFE_INTEGER }),
    hex('1100 11 61 48 001fffffffffffff'),
  );
});

test('without data the digest is over the secret and the message [NOTI-16]', () => {
  assert.equal(
    encodeNotification({ serverId: 'a', secret: SECRET }),
    encodeNotification({ serverId: 'a', secret: SECRET, data: new Uint8Array(0) }),
  );
});

test('what an option cannot hold is refused', () => {
  const isRangeError = (error: unknown) => error instanceof RangeError;
  for (const serverId of ['', 'b'.repeat(271), 'é'.repeat(136)]) {
    assert.throws(() => encodeNotification({ serverId }), isRangeError, serverId);
  }
  for (const value of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
    assert.throws(() => encodeNotification({ serverId: 'a', connection: value }), isRangeError, `connection ${value}`);
    assert.throws(() => encodeNotification({ serverId: 'a', id: value }), isRangeError, `id ${value}`);
    assert.throws(() => encodeNotification({ serverId: 'a', timestamp: value }), isRangeError, `timestamp ${value}`);
  }
  assert.throws(() => encodeNotification({ serverId: 'a', connection: 4 }), isRangeError);
  assert.throws(() => encodeNotification({ serverId: 'a', id: 0x10000 }), isRangeError);
});

test.run();
