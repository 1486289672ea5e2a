import { NodeDigests } from 'dmlet/node';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { digestMatches, type Notification } from '../../src/commands/notification.js';
import { encodeNotification, type NotificationContent } from '../server/index.js';
import { Lcg } from '../support/lcg.js';
import { DATA, decode, outcome, SECRET, SIGNED } from '../support/notification-bytes.js';
import { utf8 } from '../support/utf8.js';

const DIGESTS = new NodeDigests();
const SERVER_IDS = ['a', 'dm.example', 'é€😀', 'x'.repeat(14), 'x'.repeat(15), 'x'.repeat(16), 'x'.repeat(270)];

/** Every combination of options, each absent and with the values at its edges. */
function contents(): NotificationContent[] {
  const all: NotificationContent[] = [];
  for (const serverId of SERVER_IDS)
    for (const connection of [undefined, 0, 1, 2, 3])
      for (const id of [undefined, 0, 0x1234, 0xffff])
        for (const secret of [undefined, new Uint8Array(0), SECRET])
          for (const timestamp of [undefined, 0, 1704067200, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER])
            for (const wantsMos of [undefined, false, true])
              all.push({ serverId, connection, id, secret, data: DATA, timestamp, wantsMos });
  return all;
}

const CONTENTS = contents();

test('what is encoded is decoded, with every combination of options [NOTI-10] [NOTI-11] [NOTI-12] [NOTI-13] [NOTI-14] [NOTI-15] [NOTI-16]', () => {
  for (const content of CONTENTS) {
    const message = encodeNotification(content);
    const said = decode(message);
    const { serverId, connection = 0, id = -1, secret, timestamp = -1, wantsMos = false } = content;
    assert.equal({ ...said, digestAt: -1 }, { serverId, connection, id, digestAt: -1, timestamp, wantsMos });
    assert.is(said.digestAt >= 0, secret !== undefined);
    assert.is(digestMatches(message, said, secret ?? SECRET, DATA, DIGESTS), secret !== undefined);
  }
});

test('whatever is encoded is refused when it is cut, and when a byte follows [NOTI-24]', () => {
  for (const content of CONTENTS.filter((_, index) => index % 7 === 0)) {
    const message = encodeNotification(content);
    for (let length = 0; length < message.length; length += 1) {
      assert.is(outcome(message.subarray(0, length)), `BAD_NOTIFICATION at ${length}`);
    }
    assert.is(outcome(Uint8Array.of(...message, 0)), `BAD_NOTIFICATION at ${message.length}`);
  }
});

/** Asserts that the message is refused at one of its bytes or its end, or says what a notification can say. */
function judge(message: Uint8Array, about: string): Notification | undefined {
  const said = outcome(message);
  if (typeof said === 'string') {
    const [code, offset] = said.split(' at ');
    assert.is(code, 'BAD_NOTIFICATION', about);
    assert.ok(Number(offset) >= 0 && Number(offset) <= message.length, `${said}, ${about}`);
    return undefined;
  }
  assert.ok(message.length >= 4 && message[0] >> 4 === 1, about);
  const length = utf8.encode(said.serverId).length;
  assert.ok(length >= 1 && length <= 270, about);
  assert.ok(said.connection >= 0 && said.connection <= 3, about);
  assert.ok(said.id >= -1 && said.id <= 0xffff, about);
  assert.ok(said.timestamp >= -1 && Number.isSafeInteger(said.timestamp), about);
  assert.ok(said.digestAt === -1 || (said.digestAt > 4 && said.digestAt + 32 <= message.length), about);
  return said;
}

/** A copy of the message in which bytes were changed, taken out, put in or said twice. */
function mutate(random: Lcg, message: Uint8Array): Uint8Array {
  const place = random.below(message.length);
  const end = place + random.below(message.length - place + 1);
  switch (random.below(5)) {
    case 0: {
      const changed = message.slice();
      changed[place] = random.below(256);
      return changed;
    }
    case 1: {
      const changed = message.slice();
      changed[place] += random.pick([1, -1, 15, 16, -16]);
      return changed;
    }
    case 2:
      return Uint8Array.of(...message.subarray(0, place), ...message.subarray(end), 0);
    case 3:
      return Uint8Array.of(
        ...message.subarray(0, place),
        ...random.bytes(1 + random.below(4)),
        ...message.subarray(place),
      );
    default:
      return Uint8Array.of(...message.subarray(0, end), ...message.subarray(place));
  }
}

test('a signed message with bytes changed, taken out, put in or said twice is refused, or its digest does not match [NOTI-16] [NOTI-24]', () => {
  const random = new Lcg(9);
  const signed = CONTENTS.filter(({ secret }) => secret === SECRET);
  let refused = 0;
  let differing = 0;
  for (let round = 0; round < 20000; round += 1) {
    const message = encodeNotification(random.pick(signed));
    let mutated = message;
    for (let times = 1 + random.below(3); times > 0; times -= 1) mutated = mutate(random, mutated);
    if (Buffer.compare(mutated, message) === 0) continue;
    const said = judge(mutated, `round ${round}`);
    if (!said) {
      refused += 1;
    } else {
      assert.not(digestMatches(mutated, said, SECRET, DATA, DIGESTS), `round ${round}`);
      differing += 1;
    }
  }
  assert.ok(refused > 1000 && differing > 1000, `${refused} refused, ${differing} with another digest`);
});

test('bytes of any value are refused, or say what a notification can say [NOTI-24]', () => {
  const random = new Lcg(24);
  let taken = 0;
  for (let round = 0; round < 50000; round += 1) {
    const message = random.bytes(random.below(40));
    // A header that gets further than most.
    if (message.length > 2) {
      message[0] = 0x10;
      message[1] = random.pick([0x80, 0xff]);
      message[2] = (message[2] & 0x0f) | 0x10;
    }
    if (judge(message, `round ${round}`)) taken += 1;
  }
  assert.ok(taken > 0);
});

test('every message of up to two bytes is refused, and every first option is judged [NOTI-24]', () => {
  assert.is(outcome(new Uint8Array(0)), 'BAD_NOTIFICATION at 0');
  for (let bytes = 0; bytes < 0x10000; bytes += 1) {
    assert.is(judge(Uint8Array.of(bytes >> 8), 'one byte'), undefined);
    assert.is(judge(Uint8Array.of(bytes >> 8, bytes & 0xff), 'two bytes'), undefined);
    const changed = SIGNED.slice();
    changed[2] = bytes >> 8;
    changed[3] = bytes & 0xff;
    judge(changed, `option head ${bytes.toString(16)}`);
  }
});

test.run();
