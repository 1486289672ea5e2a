import { type Account, authOf } from '../access/accounts.js';
import { decodeNotification, digestMatches, type Notification } from '../commands/notification.js';
import { type ErrorCode, fail } from '../errors.js';
import { NO_NODE } from '../tree/arena.js';
import type { Device } from './device.js';
import { DueField, NOTIFIED_WORK } from './due-work.js';

/** How often notifications were ignored for one reason. */
export interface Ignored {
  readonly code: ErrorCode;
  count: number;
}

/** NOTIFICATION-IDs of each server that are remembered. */
const REMEMBERED = 8;

/** Behind the NOTIFICATION-ID in work that is due: Package#1 is to carry `MOS`. */
const MOS = ' MOS';

/** Fields of a row of `device.replay`; behind them the NOTIFICATION-IDs, the newest last. */
const enum Field {
  SrvId = 0,
  Timestamp,
  Ids,
}

/**
 * Takes a notification, Package#0 (PROTOCOL.md §9): judges who sent it, and whether it came before. One that is accepted is durable, and a
 * session is due, when this returns.
 * @throws DmError why it is ignored: `BAD_NOTIFICATION`, `NO_ACCOUNT`, `NOT_AUTHENTIC`, `REPEATED`, `FLASH_FULL`, `FLASH_FAILED`.
 */
export function takeNotification(device: Device, bytes: Uint8Array): void {
  const message = decodeNotification(bytes, device.platform.text, device.limits.notification);
  const account = device.account(message.serverId);
  const isSigned = message.digestAt >= 0;
  if (!isAuthentic(device, account, message, bytes)) fail('NOT_AUTHENTIC', account.srvId);
  const waiting = device.due.waiting(NOTIFIED_WORK, account.srvId);
  // One session serves all of a server's notifications that come before it; whom nobody vouches for may not make the device write.
  const wantsMos = message.wantsMos || (waiting !== undefined && waiting.fields[DueField.Second].indexOf(MOS) > 0);
  const what = String(message.id) + (wantsMos ? MOS : '');
  device.commit(() => {
    // Only a message that was verified moves the replay state: a forged one must not lock the server out.
    if (isSigned) moveReplay(device, message);
    if (waiting !== undefined && isSigned) device.due.cancel(waiting);
    if (waiting === undefined || isSigned) device.due.add(NOTIFIED_WORK, account.srvId, what);
  });
  device.workIsDue();
  device.note('NOTIFIED', `${account.srvId} ${what} by bearer ${message.connection}`);
}

function isAuthentic(device: Device, account: Account, message: Notification, bytes: Uint8Array): boolean {
  const tree = device.tree;
  const text = device.platform.text;
  const noti = authOf(tree, account, 'Noti');
  if (noti === NO_NODE) return message.digestAt < 0;
  const secret = text.encode(tree.childText(noti, 'Secret'));
  const data = text.encode(tree.childText(noti, 'Data'));
  // An account without a secret would take anybody's word.
  return secret.length > 0 && digestMatches(bytes, message, secret, data, device.platform.digests);
}

/** @throws DmError `REPEATED` */
function moveReplay(device: Device, message: Notification): void {
  const row = device.replay.find(message.serverId);
  const fields = row === undefined ? [message.serverId, '0'] : device.fields(row.object, Field.Ids);
  const id = String(message.id);
  if (fields.indexOf(id, Field.Ids) >= 0) fail('REPEATED', `NOTIFICATION-ID ${id}`);
  if (device.platform.clock.isSet() && message.timestamp >= 0) {
    if (message.timestamp < Number(fields[Field.Timestamp])) fail('REPEATED', `TIMESTAMP ${message.timestamp}`);
    fields[Field.Timestamp] = String(message.timestamp);
  }
  if (message.id >= 0) fields.push(id);
  if (fields.length > Field.Ids + REMEMBERED) fields.splice(Field.Ids, 1);
  device.transaction.put(device.replay, row, fields);
}
