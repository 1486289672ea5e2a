import type { Account } from '../access/accounts.js';
import { decodeNotification, digestMatches, type Notification } from '../commands/notification.js';
import { asDmError, DmError, type ErrorCode } from '../errors.js';
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

/** Judges Package#0: who sent it, and whether it came before (PROTOCOL.md §9). */
export class Notifications {
  /** Why notifications were ignored. */
  readonly ignored: Ignored[];
  private readonly device: Device;

  constructor(device: Device) {
    this.device = device;
    this.ignored = [];
  }

  /**
   * Takes a notification. One that is accepted is durable, and a session is due, when this returns.
   * @returns '' where it was accepted, else why it was ignored: `BAD_NOTIFICATION`, `NO_ACCOUNT`, `NOT_AUTHENTIC`, `REPEATED`, `FLASH_FULL`, `FLASH_FAILED`.
   */
  take(bytes: Uint8Array): ErrorCode | '' {
    const device = this.device;
    try {
      const message = decodeNotification(bytes, device.platform.text, device.limits.notification);
      const account = device.account(message.serverId);
      const isSigned = this.isSigned(account, message, bytes);
      if (isSigned) this.moveReplay(message);
      const waiting = device.due.waiting(NOTIFIED_WORK, account.srvId);
      // One session serves all of a server's notifications that come before it; whom nobody vouches for may not make the device write.
      const wantsMos = message.wantsMos || (waiting !== undefined && waiting.fields[DueField.Second].indexOf(MOS) > 0);
      const what = String(message.id) + (wantsMos ? MOS : '');
      if (waiting !== undefined && isSigned) device.due.cancel(waiting);
      if (waiting === undefined || isSigned) device.due.add(NOTIFIED_WORK, account.srvId, what);
      device.transaction.commit();
      device.workIsDue();
      device.note('NOTIFIED', `${account.srvId} ${what} by bearer ${message.connection}`);
      return '';
    } catch (thrown) {
      device.transaction.rollback();
      const error = asDmError(thrown);
      device.note(error.code, `Package#0: ${error.message}`);
      this.count(error.code);
      return error.code;
    }
  }

  /** @throws DmError `NOT_AUTHENTIC` */
  private isSigned(account: Account, message: Notification, bytes: Uint8Array): boolean {
    const tree = this.device.tree;
    const text = this.device.platform.text;
    const auth = tree.child(account.root, 'Auth');
    const noti = auth === NO_NODE ? NO_NODE : tree.child(auth, 'Noti');
    const isSigned = message.digestAt >= 0;
    let holds = noti === NO_NODE && !isSigned;
    if (noti !== NO_NODE && isSigned) {
      const secret = text.encode(tree.childText(noti, 'Secret'));
      const data = text.encode(tree.childText(noti, 'Data'));
      // An account without a secret would take anybody's word.
      holds = secret.length > 0 && digestMatches(bytes, message, secret, data, this.device.platform.digests);
    }
    if (!holds) throw new DmError('NOT_AUTHENTIC', account.srvId);
    return isSigned;
  }

  /** Only a message that was verified moves the replay state: a forged one must not lock the server out. @throws DmError `REPEATED` */
  private moveReplay(message: Notification): void {
    const device = this.device;
    const row = device.replay.find(message.serverId);
    const fields = row === undefined ? [message.serverId, '0'] : row.fields.slice();
    const id = String(message.id);
    const newest = Number(fields[Field.Timestamp]);
    if (fields.indexOf(id, Field.Ids) >= 0) throw new DmError('REPEATED', `NOTIFICATION-ID ${id}`);
    if (device.platform.clock.isSet() && message.timestamp >= 0) {
      if (message.timestamp < newest) throw new DmError('REPEATED', `TIMESTAMP ${message.timestamp}`);
      fields[Field.Timestamp] = String(message.timestamp);
    }
    if (message.id >= 0) fields.push(id);
    while (fields.length > Field.Ids + REMEMBERED) fields.splice(Field.Ids, 1);
    device.transaction.put(device.replay, row, fields);
  }

  private count(code: ErrorCode): void {
    for (let i = 0; i < this.ignored.length; i += 1) {
      if (this.ignored[i].code === code) {
        this.ignored[i].count += 1;
        return;
      }
    }
    this.ignored.push({ code, count: 1 });
  }
}
