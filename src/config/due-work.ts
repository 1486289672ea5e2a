import { DmError } from '../errors.js';
import { ObjectKind } from '../flash/record-store.js';
import type { Platform } from '../hal/platform.js';
import type { Limits } from '../limits.js';
import { type Row, Table } from '../tree/table.js';
import type { Transaction } from '../tree/transaction.js';
import { lastAttempt, retryDelay } from './retry-policy.js';

/** What kinds of work are due; stored, so never change. */
export const SESSION_WORK = 'session';
export const HGET_WORK = 'hget';
export const NOTIFIED_WORK = 'notified';
export const CONFIGURATION_WORK = 'jit';
export const REPORT_WORK = 'report';
export const ALERT_WORK = 'alert';

/**
 * Fields of a row. What the first and the second subject are:
 * `SESSION_WORK`: SrvID, nothing. `HGET_WORK`: ServerURI, ClientURI or nothing. `NOTIFIED_WORK`: SrvID, NOTIFICATION-ID and whether MOS is wanted.
 * `CONFIGURATION_WORK`: MOID, nothing. `REPORT_WORK`: SrvID, ClientURI. `ALERT_WORK`: SrvID, ServerURI or nothing.
 */
export const enum DueField {
  Kind = 0,
  First,
  Second,
  /** Tries so far that failed, as long as their number matters. */
  Attempts,
  /** Seconds to wait after the last of them; behind `EXACT` those that the peer asked for, which are never shortened. */
  Seconds,
  Count,
}

const EXACT = '=';

/** Longest time that a clock takes. */
const MAX_DELAY = 0x7fffffff;

/** Whose work it is. */
export interface DueOwner {
  readonly platform: Platform;
  readonly limits: Limits;
  readonly transaction: Transaction;
  /** Commits a change; where flash refuses, notes it and returns false. */
  commitOrNote(change: () => void): boolean;
  note(code: string, detail: string): void;
  /** A wait is over; called from the event loop. */
  workIsDue(): void;
}

/** A row whose last try failed. */
interface Wait {
  row: Row;
  /** Uptime of the next try. */
  until: number;
  /** What failed it was a value that the device does not know yet. */
  forValue: boolean;
  /** An urgent request did not wait for the next try, in this wait or in one since which no wait was over. */
  hurried: boolean;
}

/**
 * What is to be done, and when to try again what failed: one retry engine for sessions, just-in-time fetches, reports and alerts
 * (PROTOCOL.md §12). Flash is written when the number of tries moves the bound of the next wait, and no more once that is at its cap.
 */
export class DueWork extends Table {
  /** What is being done now: more of the same kind that comes meanwhile is work of its own. */
  running: Row | undefined;
  private readonly owner: DueOwner;
  private waits: Wait[];
  private timer: unknown;

  constructor(owner: DueOwner) {
    super(ObjectKind.DueWork, DueField.Count);
    this.owner = owner;
    this.running = undefined;
    this.waits = [];
    this.timer = undefined;
  }

  override load(object: number, fields: readonly string[]): void {
    const asked = this.item(fields[DueField.Kind], fields[DueField.First], fields[DueField.Second]);
    if (asked !== undefined && asked.object === 0) this.exchange(asked, undefined);
    super.load(object, fields);
    const seconds = fields[DueField.Seconds];
    if (!seconds) return;
    const owner = this.owner;
    const least = askedSeconds(fields);
    // A wait that a restart began anew each time could keep a device from ever trying; a random part of it keeps devices apart as well.
    const delay = least
      ? retryDelay(Number(fields[DueField.Attempts]), least, owner.platform.random, owner.limits)
      : Number(seconds) * 1000 * owner.platform.random.next();
    this.wait(this.rows[this.rows.length - 1], delay, false, false);
  }

  /** The row for a piece of work. */
  item(kind: string, first: string, second: string): Row | undefined {
    for (let i = 0; i < this.rows.length; i += 1) {
      const fields = this.rows[i].fields;
      if (fields[DueField.Kind] === kind && fields[DueField.First] === first && fields[DueField.Second] === second)
        return this.rows[i];
    }
    return undefined;
  }

  /** A row of a kind for a first subject that is not being done now. */
  waiting(kind: string, first: string): Row | undefined {
    for (let i = 0; i < this.rows.length; i += 1) {
      const row = this.rows[i];
      if (row !== this.running && row.fields[DueField.Kind] === kind && row.fields[DueField.First] === first)
        return row;
    }
    return undefined;
  }

  /** Adds a piece of work that outlives a restart, as a part of the transaction, unless it is there. */
  add(kind: string, first: string, second: string): void {
    let row = this.item(kind, first, second);
    if (row === this.running) row = undefined;
    if (row === undefined || row.object === 0) this.owner.transaction.put(this, row, [kind, first, second, '0', '']);
  }

  /** Adds a piece of work that can be told from other things after a restart, unless it is there. */
  ask(kind: string, first: string, second: string): Row {
    const known = this.item(kind, first, second);
    if (known !== undefined) return known;
    const row = { object: 0, fields: [kind, first, second, '0', ''] };
    this.exchange(undefined, row);
    return row;
  }

  /** The oldest piece of work that does not wait. */
  next(): Row | undefined {
    for (let i = 0; i < this.rows.length; i += 1) if (this.waitOf(this.rows[i]) === undefined) return this.rows[i];
    return undefined;
  }

  /**
   * Asks to do a piece of work although it waits, which it may once in a wait.
   * @throws DmError `BACK_OFF` with the seconds until the next try.
   */
  hurry(row: Row, urgent: boolean): void {
    const wait = this.waitOf(row);
    // A value that is missing shows without any network.
    if (wait === undefined || wait.forValue) return;
    if (!urgent || wait.hurried) {
      const error = new DmError('BACK_OFF', row.fields[DueField.First]);
      error.retryAfter = Math.max(0, Math.ceil((wait.until - this.owner.platform.clock.uptime()) / 1000));
      throw error;
    }
    wait.hurried = true;
  }

  /** Lets all work go on that waits for a value of the device's identity. */
  valueCame(): void {
    this.waits = this.waits.filter((wait) => !wait.forValue);
    this.owner.workIsDue();
  }

  /** Takes a piece of work off the list, as a part of the transaction. */
  cancel(row: Row): void {
    if (row.object === 0) this.exchange(row, undefined);
    else this.owner.transaction.drop(this, row);
  }

  /** A piece of work was done. On a transient error it waits for its next try, else it is off the list. */
  settle(row: Row, error: DmError | undefined): void {
    if (this.running === row) this.running = undefined;
    if (this.rows.indexOf(row) < 0) return;
    if (error === undefined || !error.transient) {
      // Where flash will not forget it, it is done again after the next start, which is safe; until then it rests.
      if (!this.owner.commitOrNote(() => this.cancel(row))) this.wait(row, this.owner.limits.retryCap, false, false);
      return;
    }
    // An earlier firmware stored no number of tries.
    const attempts = (Number(row.fields[DueField.Attempts]) || 0) + 1;
    const asked = error.retryAfter;
    const forValue = error.code === 'NO_VALUE' || error.code === 'NO_DEVICE_ID';
    const delay = forValue
      ? this.owner.limits.retryCap
      : retryDelay(attempts, asked, this.owner.platform.random, this.owner.limits);
    const last = lastAttempt(this.owner.limits);
    let now = row;
    if (row.object === 0 || attempts <= last || asked > askedSeconds(row.fields)) {
      const seconds = asked > 0 ? EXACT + asked : String(forValue ? 0 : Math.ceil(delay / 1000));
      const fields = row.fields.slice(0, DueField.Attempts);
      fields.push(String(forValue ? 0 : Math.min(attempts, last)), seconds);
      const stored = this.owner.commitOrNote(() => {
        now = this.owner.transaction.put(this, row, fields);
      });
      if (!stored) {
        now = { object: row.object, fields };
        this.exchange(row, now);
      }
    }
    // A try that did not wait for its time does not begin a new back-off.
    const before = this.waitOf(row);
    const hurried = before === undefined ? false : before.hurried;
    this.waits = this.waits.filter((wait) => wait.row !== row);
    this.wait(now, delay, forValue, hurried);
    this.owner.note(
      'RETRY',
      `${now.fields[DueField.Kind]} ${now.fields[DueField.First]} in ${Math.ceil(delay / 1000)} s`,
    );
  }

  /** Ends all waiting. */
  close(): void {
    this.waits = [];
    this.arm();
  }

  private waitOf(row: Row): Wait | undefined {
    for (let i = 0; i < this.waits.length; i += 1) if (this.waits[i].row === row) return this.waits[i];
    return undefined;
  }

  private wait(row: Row, delay: number, forValue: boolean, hurried: boolean): void {
    // Only now those of rows that are gone: a transaction that fails brings its rows back, and they still wait.
    this.waits = this.waits.filter((other) => this.rows.indexOf(other.row) >= 0);
    this.waits.push({ row, until: this.owner.platform.clock.uptime() + delay, forValue, hurried });
    this.arm();
  }

  /** One timer, for the wait that is over first. */
  private arm(): void {
    const clock = this.owner.platform.clock;
    if (this.timer !== undefined) clock.cancel(this.timer);
    this.timer = undefined;
    let first = Infinity;
    for (let i = 0; i < this.waits.length; i += 1) first = Math.min(first, this.waits[i].until);
    if (first === Infinity) return;
    this.timer = clock.after(Math.min(Math.max(0, Math.ceil(first - clock.uptime())), MAX_DELAY), () => {
      const now = clock.uptime();
      this.timer = undefined;
      this.waits = this.waits.filter((wait) => wait.until > now);
      this.arm();
      this.owner.workIsDue();
    });
  }
}

/** Seconds that the peer asked to wait, 0 for none. */
function askedSeconds(fields: readonly string[]): number {
  const seconds = fields[DueField.Seconds];
  return seconds && seconds.charAt(0) === EXACT ? Number(seconds.slice(1)) : 0;
}
