import type { Digests } from 'dmlet';
import { NodeDigests } from 'dmlet/node';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { digestMatches } from '../../src/commands/notification.js';
import { encodeNotification, type NotificationContent } from '../server/index.js';
import { Lcg } from '../support/lcg.js';
import { DATA, decode, outcome, SECRET, SIGNED, SIGNED_DIGEST_AT, withOptions } from '../support/notification-bytes.js';
import { utf8 } from '../support/utf8.js';

const NOTHING = new Uint8Array(0);

function matches(message: Uint8Array, secret = SECRET, data = DATA): boolean {
  return digestMatches(message, decode(message), secret, data, new NodeDigests());
}

/** A digest of fixed bytes that notes what it was given, as `[bytes, from, to]`. */
function recorder(digest: Uint8Array) {
  const updates: [Uint8Array, number, number][] = [];
  const digests: Digests = {
    sha256: () => ({
      update(bytes, from, to) {
        updates.push([bytes, from, to]);
      },
      finish: () => digest,
    }),
  };
  return { digests, updates };
}

test('the digest of a message written by hand matches [NOTI-13] [NOTI-16]', () => {
  assert.ok(matches(SIGNED));
});

test('another secret or other auth data does not match [NOTI-16]', () => {
  const others = [NOTHING, utf8.encode('k3y-of-sr'), utf8.encode('k3y-of-srv0'), utf8.encode('K3y-of-srv'), DATA];
  for (const other of others) assert.not(matches(SIGNED, other), String(other));
  for (const other of [NOTHING, utf8.encode('n0nc'), utf8.encode('n0nce0'), utf8.encode('N0nce'), SECRET]) {
    assert.not(matches(SIGNED, SECRET, other), String(other));
  }
  assert.not(matches(SIGNED, DATA, SECRET));
});

test('secret, message before the digest, 32 zeros, message behind it and data go in, in this order, none of them copied [NOTI-16]', () => {
  const { digests, updates } = recorder(new Uint8Array(32));
  digestMatches(SIGNED, decode(SIGNED), SECRET, DATA, digests);
  const zeros = updates[2][0];
  assert.equal(zeros, new Uint8Array(32));
  const expected: [Uint8Array, number, number][] = [
    [SECRET, 0, SECRET.length],
    [SIGNED, 0, SIGNED_DIGEST_AT],
    [zeros, 0, 32],
    [SIGNED, SIGNED_DIGEST_AT + 32, SIGNED.length],
    [DATA, 0, DATA.length],
  ];
  assert.is(updates.length, expected.length);
  expected.forEach(([bytes, from, to], index) => {
    assert.is(updates[index][0], bytes, `update ${index}`);
    assert.equal(updates[index].slice(1), [from, to], `update ${index}`);
  });
});

test('a message without a digest matches nothing [NOTI-13] [NOTI-16]', () => {
  const message = withOptions(1, '50');
  assert.not(matches(message));
  assert.not(matches(message, NOTHING, NOTHING));
  // What would be read where the absent digest is thought to be, one byte before the message.
  for (const digest of [new Uint8Array(32), Uint8Array.of(0, ...message, ...new Uint8Array(31 - message.length))]) {
    assert.not(digestMatches(message, decode(message), SECRET, DATA, recorder(digest).digests));
  }
});

test('every byte is compared, wherever the first difference is [NOTI-18]', () => {
  const right = SIGNED.slice(SIGNED_DIGEST_AT, SIGNED_DIGEST_AT + 32);
  for (let place = -1; place < 32; place += 1) {
    const digest = right.slice();
    if (place >= 0) digest[place] ^= 0x80;
    const read: string[] = [];
    const watched = new Proxy(digest, {
      get(target, key) {
        read.push(String(key));
        return Reflect.get(target, key, target);
      },
    });
    const said = digestMatches(SIGNED, decode(SIGNED), SECRET, DATA, recorder(watched).digests);
    assert.is(said, place < 0, `difference at ${place}`);
    assert.equal(
      read,
      Array.from({ length: 32 }, (_, index) => String(index)),
      `difference at ${place}`,
    );
  }
});

test('differences that cancel each other out are differences [NOTI-18]', () => {
  for (let first = 0; first < 32; first += 1) {
    const message = SIGNED.slice();
    const second = (first + 7) % 32;
    message[SIGNED_DIGEST_AT + first] ^= 0x55;
    message[SIGNED_DIGEST_AT + second] ^= 0x55;
    assert.not(matches(message), `bytes ${first} and ${second}`);
  }
});

const CONTENTS: readonly NotificationContent[] = [
  { serverId: 'dm.example', connection: 2, id: 0xbeef, timestamp: 1704067200, wantsMos: true },
  { serverId: 'a' },
  { serverId: 'é€😀', timestamp: 2 ** 40 },
  { serverId: 'x'.repeat(270), connection: 0, id: 0, timestamp: 0 },
  { serverId: 'urn:example:15b', wantsMos: true },
];

test('a signed message with any one bit flipped is refused, or its digest does not match; reserved bits are under it, too [NOTI-5] [NOTI-16] [NOTI-24]', () => {
  for (const content of CONTENTS) {
    const message = encodeNotification({ ...content, secret: SECRET, data: DATA });
    assert.ok(matches(message));
    let refused = 0;
    let differing = 0;
    for (let bit = 0; bit < message.length * 8; bit += 1) {
      const flipped = message.slice();
      flipped[bit >> 3] ^= 0x80 >> (bit & 7);
      const said = outcome(flipped);
      if (typeof said === 'string') {
        assert.match(said, /^BAD_NOTIFICATION at \d+$/);
        assert.not(bit >= 9 && bit < 16, 'a reserved bit is ignored');
        refused += 1;
      } else {
        assert.not(matches(flipped), `bit ${bit} of ${content.serverId}`);
        differing += 1;
      }
    }
    // At least VER and OC; at least the reserved bits and the digest.
    assert.ok(refused >= 9, `${refused} refused`);
    assert.ok(differing >= 7 + 256, `${differing} with another digest`);
  }
});

test('a secret and data of any bytes and lengths match what was signed with them, and not with a bit flipped [NOTI-16]', () => {
  const random = new Lcg(16);
  for (let round = 0; round < 200; round += 1) {
    const secret = random.bytes(1 + random.below(130));
    const data = random.bytes(1 + random.below(130));
    const message = encodeNotification({ ...random.pick(CONTENTS), secret, data });
    assert.ok(matches(message, secret, data));
    for (const part of [secret, data]) {
      const place = random.below(part.length);
      const bit = 1 << random.below(8);
      part[place] ^= bit;
      assert.not(matches(message, secret, data), `round ${round}`);
      part[place] ^= bit;
    }
  }
});

test('a message inside a larger buffer matches as well [NOTI-16]', () => {
  const buffer = new Uint8Array(SIGNED.length + 40).fill(0xaa);
  buffer.set(SIGNED, 13);
  assert.ok(matches(buffer.subarray(13, 13 + SIGNED.length)));
});

test('the message stays as it is [NOTI-16]', () => {
  const message = SIGNED.slice();
  matches(message);
  assert.equal(message, SIGNED);
});

test.run();
