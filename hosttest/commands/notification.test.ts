import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeNotification } from '../../src/commands/notification.js';
import { DmError } from '../../src/errors.js';
import {
  BARE,
  decode,
  hex,
  outcome,
  SIGNED,
  SIGNED_CONTENT,
  SIGNED_DIGEST_AT,
  withOptions,
} from '../support/notification-bytes.js';
import { utf8 } from '../support/utf8.js';

/** The option's first byte and its length byte, if it needs one. */
function head(delta: number, length: number): string {
  const bytes = length < 15 ? [(delta << 4) | length] : [(delta << 4) | 15, length - 15];
  return Buffer.from(bytes).toString('hex');
}

function zeros(length: number): string {
  return '00'.repeat(length);
}

test('a message with every option says what its bytes say [NOTI-1] [NOTI-7] [NOTI-9]', () => {
  assert.equal(decode(SIGNED), { ...SIGNED_CONTENT, digestAt: SIGNED_DIGEST_AT });
});

test('a message with nothing but a SERVER-ID is whole [NOTI-10]', () => {
  const message = hex(
    '1080', // VER 1 (0001), OC 1 (00001), reserved (0000000)
    '11', // number 1 SERVER-ID, 1 byte
    '61', // a
  );
  assert.equal(decode(message), BARE);
});

test('options that are left out make the next delta larger [NOTI-7]', () => {
  const message = hex(
    '1180', // VER 1 (0001), OC 3 (00011), reserved (0000000)
    '12', // number 1 SERVER-ID, 2 bytes
    'c3a9', // é
    '22', // number 1 + 2 = 3 NOTIFICATION-ID, 2 bytes
    '0007', // 7
    '30', // number 3 + 3 = 6 REQ-MOS, empty
  );
  assert.equal(decode(message), { ...BARE, serverId: 'é', id: 7, wantsMos: true });
});

test('of all headers, those of VER 1 and the right count are taken, whatever their reserved bits [NOTI-2] [NOTI-3] [NOTI-4] [NOTI-5]', () => {
  for (const count of [1, 2, 6]) {
    const fill = Array.from({ length: count - 1 }, () => '70');
    const message = withOptions(count - 1, ...fill);
    const taken: number[] = [];
    for (let header = 0; header < 0x10000; header += 1) {
      message[0] = header >> 8;
      message[1] = header & 0xff;
      const said = outcome(message);
      if (typeof said !== 'string') {
        assert.equal(said, BARE);
        taken.push(header);
      } else if (header >> 12 !== 1) {
        assert.is(said, 'BAD_NOTIFICATION at 0');
      }
    }
    const first = 0x1000 | (count << 7);
    assert.equal(
      taken,
      Array.from({ length: 0x80 }, (_, reserved) => first + reserved),
    );
  }
});

test('a wrong version is refused [NOTI-3] [NOTI-24]', () => {
  for (const version of [0, 2, 3, 5, 9, 15]) {
    const message = withOptions(0);
    message[0] = (version << 4) | (message[0] & 0x0f);
    assert.is(outcome(message), 'BAD_NOTIFICATION at 0', `version ${version}`);
  }
});

test('fewer options than the header says are refused at the end, more at the first one too many [NOTI-4] [NOTI-24]', () => {
  assert.is(outcome(withOptions(2, '11 01')), 'BAD_NOTIFICATION at 6');
  assert.is(outcome(withOptions(1, '11 01', '12 0007')), 'BAD_NOTIFICATION at 6');
  assert.is(outcome(withOptions(0, '00')), 'BAD_NOTIFICATION at 4');
});

test('31 options are taken [NOTI-4]', () => {
  assert.equal(decode(withOptions(30, '50', '10'.repeat(29))), { ...BARE, wantsMos: true });
});

test('options that do not rise are refused where they begin [NOTI-6] [NOTI-24]', () => {
  assert.is(outcome(withOptions(2, '11 01', '01 02')), 'BAD_NOTIFICATION at 6', 'the same number twice');
  assert.is(outcome(withOptions(1, '01 62')), 'BAD_NOTIFICATION at 4', 'a second SERVER-ID');
  assert.is(outcome(hex('1080 01 61')), 'BAD_NOTIFICATION at 2', 'number 0');
  assert.is(outcome(withOptions(2, '50', '00')), 'BAD_NOTIFICATION at 5', 'REQ-MOS twice');
});

test('a message cut anywhere is refused at the cut [NOTI-24]', () => {
  for (let length = 0; length < SIGNED.length; length += 1) {
    assert.is(outcome(SIGNED.slice(0, length)), `BAD_NOTIFICATION at ${length}`);
  }
});

test('what lies behind a cut in the same memory is not read [NOTI-24]', () => {
  for (let length = 0; length < SIGNED.length; length += 1) {
    assert.is(outcome(SIGNED.subarray(0, length)), `BAD_NOTIFICATION at ${length}`);
  }
});

test('a byte behind the last option is refused [NOTI-24]', () => {
  for (let byte = 0; byte < 0x100; byte += 1) {
    assert.is(outcome(Uint8Array.of(...SIGNED, byte)), `BAD_NOTIFICATION at ${SIGNED.length}`);
  }
});

test('a SERVER-ID may have any length from 1 to 270 bytes; 15 and more need a second byte [NOTI-8] [NOTI-10]', () => {
  for (let length = 1; length <= 270; length += 1) {
    const message = hex('1180', head(1, length), '62'.repeat(length), '11 03', '40');
    assert.equal(decode(message), { ...BARE, serverId: 'b'.repeat(length), connection: 3, wantsMos: true });
  }
});

test('lengths at the edges of the second byte, by hand [NOTI-8]', () => {
  assert.is(decode(hex('1080 1e', '62'.repeat(14))).serverId, 'b'.repeat(14));
  assert.is(decode(hex('1080 1f 00', '62'.repeat(15))).serverId, 'b'.repeat(15));
  assert.is(decode(hex('1080 1f 01', '62'.repeat(16))).serverId, 'b'.repeat(16));
  assert.is(decode(hex('1080 1f ff', '62'.repeat(270))).serverId, 'b'.repeat(270));
  assert.is(outcome(hex('1080 1f')), 'BAD_NOTIFICATION at 3', 'without the second byte');
  assert.is(outcome(hex('1080 1f 00', '62'.repeat(14))), 'BAD_NOTIFICATION at 18', 'one too few');
  assert.is(outcome(hex('1080 1f 00', '62'.repeat(16))), 'BAD_NOTIFICATION at 19', 'one too many');
});

test('a SERVER-ID that is missing or empty is refused [NOTI-10] [NOTI-24]', () => {
  assert.is(outcome(hex('1000')), 'BAD_NOTIFICATION at 2');
  assert.is(outcome(hex('1080 21 01')), 'BAD_NOTIFICATION at 2');
  assert.is(outcome(hex('1080 71 61')), 'BAD_NOTIFICATION at 2');
  assert.is(outcome(hex('1080 10')), 'BAD_NOTIFICATION at 2');
  assert.is(outcome(hex('1100 10 11 01')), 'BAD_NOTIFICATION at 2');
});

test('a SERVER-ID is UTF-8, of which every character stays [NOTI-10]', () => {
  for (const serverId of ['ä€😀', '\0', 'a\0b', '\ufeffa', '\ufeff', 'urn:x:1', ' ', '\u{10ffff}', '\ud7ff\ue000']) {
    const bytes = utf8.encode(serverId);
    const message = hex('1080', head(1, bytes.length), Buffer.from(bytes).toString('hex'));
    assert.is(decode(message).serverId, serverId);
  }
});

test('a SERVER-ID that is not UTF-8 is refused [NOTI-10] [NOTI-24]', () => {
  for (const bad of [
    '80',
    'ff',
    'c3',
    'c0 80',
    'e2 82',
    'ed a0 80',
    'f4 90 80 80',
    '61 c3 61',
    'fe',
    'f8 88 80 80 80',
  ]) {
    const bytes = hex(bad);
    const message = Uint8Array.of(0x10, 0x80, 0x10 | bytes.length, ...bytes);
    assert.is(outcome(message), 'BAD_NOTIFICATION at 3', bad);
  }
});

test('a character that a SERVER-ID cuts is refused, though the next option has the rest of it [NOTI-10] [NOTI-24]', () => {
  // The head of the next option, 0x81, would continue the character.
  assert.is(outcome(hex('1100 11 c3 81 a9')), 'BAD_NOTIFICATION at 3');
});

test('what the platform throws at text that is not UTF-8 is the cause of the error [NOTI-24]', () => {
  const thrown = new RangeError('x');
  const text = {
    encode: utf8.encode,
    decode(): string {
      throw thrown;
    },
  };
  assert.throws(
    () => decodeNotification(SIGNED, text, SIGNED.length),
    (error: unknown) => error instanceof DmError && error.cause === thrown && !error.transient && error.status === 0,
  );
});

test('PREFERRED-CON-TYPE is 0 to 3, no other value [NOTI-11] [NOTI-24]', () => {
  for (let value = 0; value < 0x100; value += 1) {
    const said = outcome(withOptions(1, '11', value.toString(16).padStart(2, '0')));
    assert.equal(said, value <= 3 ? { ...BARE, connection: value } : 'BAD_NOTIFICATION at 5');
  }
});

test('NOTIFICATION-ID is any number of 2 bytes [NOTI-1] [NOTI-12]', () => {
  for (let id = 0; id < 0x10000; id += 1) {
    assert.is(decode(withOptions(1, '22', id.toString(16).padStart(4, '0'))).id, id);
  }
});

test('TIMESTAMP of 4 bytes is any number without a sign [NOTI-1] [NOTI-14]', () => {
  assert.is(decode(withOptions(1, '44 00000000')).timestamp, 0);
  assert.is(decode(withOptions(1, '44 01020304')).timestamp, 0x01020304);
  assert.is(decode(withOptions(1, '44 7fffffff')).timestamp, 2147483647);
  assert.is(decode(withOptions(1, '44 80000000')).timestamp, 2147483648);
  assert.is(decode(withOptions(1, '44 ffffffff')).timestamp, 4294967295);
});

test('TIMESTAMP of 8 bytes is any number below 2^53 [NOTI-1] [NOTI-14] [NOTI-24]', () => {
  assert.is(decode(withOptions(1, '48 0000000000000000')).timestamp, 0);
  assert.is(decode(withOptions(1, '48 0000000065920080')).timestamp, 1704067200);
  assert.is(decode(withOptions(1, '48 0000000100000000')).timestamp, 4294967296);
  assert.is(decode(withOptions(1, '48 0001020304050607')).timestamp, 0x01020304050607);
  assert.is(decode(withOptions(1, '48 001fffffffffffff')).timestamp, Number.MAX_SAFE_INTEGER);
  for (const large of ['0020000000000000', '0020000000000001', '8000000000000000', 'ffffffffffffffff']) {
    assert.is(outcome(withOptions(1, '48', large)), 'BAD_NOTIFICATION at 5', large);
  }
});

test('an option of a length that it does not have is refused where it begins [NOTI-11] [NOTI-12] [NOTI-13] [NOTI-14] [NOTI-15] [NOTI-24]', () => {
  const lengths: [number: number, ...lengths: number[]][] = [
    [2, 1],
    [3, 2],
    [4, 32],
    [5, 4, 8],
    [6, 0],
  ];
  for (const [number, ...right] of lengths) {
    for (let length = 0; length <= 270; length += 1) {
      const said = outcome(withOptions(1, head(number - 1, length), zeros(length)));
      if (right.includes(length)) assert.type(said, 'object', `number ${number}, length ${length}`);
      else assert.is(said, 'BAD_NOTIFICATION at 4', `number ${number}, length ${length}`);
    }
  }
});

test('digestAt is where the 32 bytes are, wherever the option stands [NOTI-13]', () => {
  assert.is(decode(withOptions(1, '3f 11', zeros(32))).digestAt, 6);
  assert.is(decode(withOptions(2, '11 01', '2f 11', zeros(32))).digestAt, 8);
  assert.is(decode(hex('1100 1f ff', '62'.repeat(270), '3f 11', zeros(32))).digestAt, 276);
});

test('options of numbers above 6 are skipped, of any length [NOTI-6] [NOTI-9]', () => {
  for (let length = 0; length <= 270; length += 1) {
    for (let delta = 6; delta <= 15; delta += 1) {
      assert.equal(decode(withOptions(1, head(delta, length), 'ff'.repeat(length))), BARE);
    }
  }
});

test('numbers above 255 are none of those below [NOTI-6]', () => {
  // 1 + 16 × 15 + 14 = 255; then 256, 257 and so on up to 262.
  const options = [...Array.from({ length: 16 }, () => 'f0'), 'e0', ...Array.from({ length: 7 }, () => '11 ff')];
  assert.equal(decode(withOptions(24, ...options)), BARE);
});

test('a message of `limits.notification` bytes is taken, one more is refused there [NOTI-24]', () => {
  const ofLength = (length: number) =>
    withOptions(2, head(8, 240), zeros(240), head(1, length - 248), zeros(length - 248));
  assert.is(ofLength(512).length, 512);
  assert.equal(outcome(ofLength(512)), BARE);
  assert.is(outcome(ofLength(513)), 'BAD_NOTIFICATION at 512');
  assert.equal(outcome(ofLength(513), 513), BARE);
  assert.is(outcome(ofLength(512), 511), 'BAD_NOTIFICATION at 511');
  assert.is(outcome(new Uint8Array(100000)), 'BAD_NOTIFICATION at 512');
});

test('the message is read, not changed [NOTI-25]', () => {
  const message = SIGNED.slice();
  decode(message);
  assert.equal(message, SIGNED);
});

test.run();
