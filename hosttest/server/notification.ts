import { createHash } from 'node:crypto';

/** What a notification says; absent members make no option. */
export interface NotificationContent {
  /** SrvID, 1 to 270 bytes of UTF-8. */
  readonly serverId: string;
  /** 0 any, 1 cellular, 2 WLAN, 3 wireline. */
  readonly connection?: number;
  /** 0 to 65,535. */
  readonly id?: number;
  /** Secret of the account's `Auth/Noti`; with it the message is signed. */
  readonly secret?: Uint8Array;
  /** Data of the same; nothing where it is absent. */
  readonly data?: Uint8Array;
  /** POSIX seconds, 0 to 2^53 - 1; 4 bytes where they do, else 8. */
  readonly timestamp?: number;
  readonly wantsMos?: boolean;
}

/**
 * Package#0 (PROTOCOL.md §9).
 * @throws RangeError for a value that its option cannot hold.
 */
export function encodeNotification(content: NotificationContent): Uint8Array {
  const { connection, id, secret, data = new Uint8Array(0), timestamp } = content;
  const serverId = Buffer.from(content.serverId);
  if (serverId.length < 1 || serverId.length > 270) throw new RangeError('serverId: 1 to 270 bytes');
  const options: [number: number, value: Buffer][] = [[1, serverId]];
  if (connection !== undefined) options.push([2, unsigned('connection', connection, 3, 1)]);
  if (id !== undefined) options.push([3, unsigned('id', id, 0xffff, 2)]);
  if (secret) options.push([4, Buffer.alloc(32)]);
  if (timestamp !== undefined) {
    const width = timestamp > 0xffffffff ? 8 : 4;
    options.push([5, unsigned('timestamp', timestamp, Number.MAX_SAFE_INTEGER, width)]);
  }
  if (content.wantsMos) options.push([6, Buffer.alloc(0)]);

  const parts = [header(options.length)];
  let before = 0;
  let digestAt = 0;
  for (const [number, value] of options) {
    parts.push(optionHead(number - before, value.length), value);
    if (number === 4) digestAt = Buffer.concat(parts).length - 32;
    before = number;
  }
  const message = Buffer.concat(parts);
  if (secret) message.set(createHash('sha256').update(secret).update(message).update(data).digest(), digestAt);
  return new Uint8Array(message);
}

/** VER 1 in 4 bits, the count in 5, 7 reserved bits. */
function header(options: number): Buffer {
  const header = Buffer.alloc(2);
  header.writeUInt16BE((1 << 12) | (options << 7));
  return header;
}

function optionHead(delta: number, length: number): Buffer {
  return Buffer.from(length < 15 ? [(delta << 4) | length] : [(delta << 4) | 15, length - 15]);
}

function unsigned(name: string, value: number, most: number, width: number): Buffer {
  if (!Number.isInteger(value) || value < 0 || value > most) throw new RangeError(`${name}: 0 to ${most}`);
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes.subarray(8 - width);
}
