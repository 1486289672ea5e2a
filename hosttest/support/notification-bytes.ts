import { decodeNotification, type Notification } from '../../src/commands/notification.js';
import { DmError } from '../../src/errors.js';
import { DEFAULT_LIMITS } from '../../src/limits.js';
import { utf8 } from './utf8.js';

/** Bytes written as hexadecimal digits, with blanks anywhere. */
export function hex(...parts: string[]): Uint8Array {
  return new Uint8Array(Buffer.from(parts.join('').replace(/ /g, ''), 'hex'));
}

/** A header and, behind it, the SERVER-ID `a` and `options`, `count` of them. */
export function withOptions(count: number, ...options: string[]): Uint8Array {
  const header = (1 << 12) | ((count + 1) << 7);
  return hex(header.toString(16), '11 61', ...options);
}

/** What `withOptions` says where no option says more. */
export const BARE: Notification = {
  serverId: 'a',
  connection: 0,
  id: -1,
  digestAt: -1,
  timestamp: -1,
  wantsMos: false,
};

export function decode(bytes: Uint8Array, most = DEFAULT_LIMITS.notification): Notification {
  return decodeNotification(bytes, utf8, most);
}

/** What the message says, or `code at offset` of the error; anything else that is thrown comes out. */
export function outcome(bytes: Uint8Array, most?: number): Notification | string {
  try {
    return decode(bytes, most);
  } catch (error) {
    if (!(error instanceof DmError)) throw error;
    return `${error.code} at ${error.offset}`;
  }
}

/**
 * Every option, each field written by hand. The digest is `sha256sum` of SECRET, the message with 32 zeros, DATA.
 */
export const SIGNED = hex(
  '1300', // VER 1 (0001), OC 6 (00110), reserved (0000000)
  '1a', // number 0 + 1 = 1 SERVER-ID, 10 bytes
  '646d2e6578616d706c65', // dm.example
  '11', // number 1 + 1 = 2 PREFERRED-CON-TYPE, 1 byte
  '02', // WLAN
  '12', // number 2 + 1 = 3 NOTIFICATION-ID, 2 bytes
  'beef', // 48879
  '1f', // number 3 + 1 = 4 SHA256-DIGEST, 15 bytes and more:
  '11', // 15 + 17 = 32 bytes
  'eed65be2624e735bcc26deae6e8d2a27e9dbcb3b6279c8892dfbaf2f6e126cc9',
  '14', // number 4 + 1 = 5 TIMESTAMP, 4 bytes
  '65920080', // 2024-01-01T00:00:00Z
  '10', // number 5 + 1 = 6 REQ-MOS, empty
);
export const SECRET = utf8.encode('k3y-of-srv');
export const DATA = utf8.encode('n0nce');
export const SIGNED_CONTENT = {
  serverId: 'dm.example',
  connection: 2,
  id: 0xbeef,
  timestamp: 1704067200,
  wantsMos: true,
};
export const SIGNED_DIGEST_AT = 20;
