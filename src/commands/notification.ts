import { DmError } from '../errors.js';
import type { Digests } from '../hal/digest.js';
import type { Text } from '../hal/text.js';

/** Number of an option in Package#0 (PROTOCOL.md NOTI-10 to NOTI-15). */
const enum Option {
  ServerId = 1,
  Connection,
  NotificationId,
  Digest,
  Timestamp,
  RequestMos,
}

const DIGEST_BYTES = 32;

/** Lengths that the value of an option may have, by its number; any where none are given. */
const LENGTHS: readonly (readonly number[] | undefined)[] = [
  undefined,
  undefined,
  [1],
  [2],
  [DIGEST_BYTES],
  [4, 8],
  [0],
];

/** Seconds that no TIMESTAMP exceeds: above, numbers are no longer exact. */
const LAST_TIMESTAMP = 0x1fffffffffffff;

/** What Package#0 says (PROTOCOL.md §9). */
export interface Notification {
  /** SERVER-ID, never empty. */
  serverId: string;
  /** PREFERRED-CON-TYPE: 0 any, 1 cellular, 2 WLAN, 3 wireline; 0 where it is absent. */
  connection: number;
  /** NOTIFICATION-ID, 0 to 65,535; -1 where it is absent. */
  id: number;
  /** Offset of the 32 bytes of SHA256-DIGEST in the message; -1 where it is absent. */
  digestAt: number;
  /** TIMESTAMP, POSIX seconds, 0 to 2^53 - 1; -1 where it is absent. */
  timestamp: number;
  /** True where REQ-MOS is there: Package#1 must carry `MOS`. */
  wantsMos: boolean;
}

/**
 * Reads Package#0. Nothing of it is verified yet, its digest neither. Options with numbers above 6 are skipped: a later
 * version of the protocol may define them.
 * @param bytes the whole message, which is not kept.
 * @param most `limits.notification`.
 * @throws DmError `BAD_NOTIFICATION` with the offset of a byte that is malformed, missing or too many (NOTI-24).
 */
export function decodeNotification(bytes: Uint8Array, text: Text, most: number): Notification {
  const read = { serverId: '', connection: 0, id: -1, digestAt: -1, timestamp: -1, wantsMos: false };
  const end = bytes.length;
  check(end <= most, most);
  check(end >= 2, end);
  check(bytes[0] >> 4 === 1, 0);
  let at = 2;
  let number = 0;
  for (let left = ((bytes[0] & 0x0f) << 1) | (bytes[1] >> 7); left > 0; left -= 1) {
    const head = at;
    check(head < end, end);
    check(bytes[head] >> 4 > 0, head);
    number += bytes[head] >> 4;
    let length = bytes[head] & 0x0f;
    at += 1;
    if (length === 15) {
      check(at < end, end);
      length += bytes[at];
      at += 1;
    }
    check(at + length <= end, end);
    const lengths = LENGTHS[number];
    check(lengths === undefined || lengths.indexOf(length) >= 0, head);
    takeOption(read, number, bytes, at, length, text);
    at += length;
  }
  check(at === end, at);
  check(read.serverId !== '', 2);
  return read;
}

/**
 * True where SHA256-DIGEST is what the secret and the auth data make of the message (NOTI-16); false where it is absent.
 * Takes the same time wherever two digests differ (NOTI-18).
 * @param bytes the message of which `notification` was read.
 * @param secret `Secret` of the account's `Auth/Noti`.
 * @param data `Data` of the same.
 */
export function digestMatches(
  bytes: Uint8Array,
  notification: Notification,
  secret: Uint8Array,
  data: Uint8Array,
  digests: Digests,
): boolean {
  const at = notification.digestAt;
  if (at < 0) return false;
  const sha256 = digests.sha256();
  sha256.update(secret, 0, secret.length);
  sha256.update(bytes, 0, at);
  sha256.update(new Uint8Array(DIGEST_BYTES), 0, DIGEST_BYTES);
  sha256.update(bytes, at + DIGEST_BYTES, bytes.length);
  sha256.update(data, 0, data.length);
  const expected = sha256.finish();
  let difference = 0;
  for (let i = 0; i < DIGEST_BYTES; i += 1) difference |= expected[i] ^ bytes[at + i];
  return difference === 0;
}

function takeOption(
  read: Notification,
  number: number,
  bytes: Uint8Array,
  at: number,
  length: number,
  text: Text,
): void {
  let value = 0;
  for (let i = at; i < at + length; i += 1) value = value * 256 + bytes[i];
  switch (number) {
    case Option.ServerId:
      try {
        read.serverId = text.decode(bytes, at, at + length);
      } catch (error) {
        throw new DmError('BAD_NOTIFICATION', '', at, error);
      }
      break;
    case Option.Connection:
      check(value <= 3, at);
      read.connection = value;
      break;
    case Option.NotificationId:
      read.id = value;
      break;
    case Option.Digest:
      read.digestAt = at;
      break;
    case Option.Timestamp:
      check(value <= LAST_TIMESTAMP, at);
      read.timestamp = value;
      break;
    case Option.RequestMos:
      read.wantsMos = true;
  }
}

function check(good: boolean, offset: number): void {
  if (!good) throw new DmError('BAD_NOTIFICATION', '', offset);
}
