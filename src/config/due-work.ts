import { DmError } from '../errors.js';
import { ObjectKind } from '../flash/record-store.js';
import type { Platform } from '../hal/platform.js';
import type { Limits } from '../limits.js';
import { type Row, Table } from '../tree/table.js';
import type { Transaction } from '../tree/transaction.js';
import { boundOf, retryDelay, stepsTo, type Waiting } from './retry-policy.js';

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
  /** `stepsTo` the bound of the wait; 0 before the first, and where a value is missing that the device does not know yet. */
  Steps,
  /** The most seconds that the peer asked to wait since `Steps` grew, '' where it asked for none. */
  Asked,
  Count,
}

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

/** A row, and how long it waits. Its bound is there once a try failed for another reason than a value that is missing. */
export interface DueRow extends Row, Waiting {
  /** Uptime of the next try, where the last one failed. */
  until?: number;
  /** An urgent request did not wait for the next try, in this wait or in one since which no wait was over. */
  hurried?: boolean;
}

/**
 * What is to be done, and when to try again what failed: one retry engine for sessions, just-in-time fetches, reports and alerts
 * (PROTOCOL.md §12). Flash is written when the bound of the next wait has doubled, and no more once that is at its cap.
 */
export class DueWork extends Table {
  declare rows: readonly DueRow[];
  /** What is being done now: more of the same kind that comes meanwhile is work of its own. */
  running: Row | undefined;
  private readonly owner: DueOwner;
  private timer: unknown;

  constructor(owner: DueOwner) {
    super(ObjectKind.DueWork, DueField.Count);
    this.owner = owner;
    this.running = undefined;
    this.timer = undefined;
  }

  override load(object: number, fields: readonly string[]): void {
    super.load(object, fields);
    // The wait begins anew: its jitter keeps a device that restarts again and again from never trying.
    const steps = numberAt(fields, DueField.Steps);
    if (steps > 0) {
      const row = this.rows[this.rows.length - 1];
      row.bound = boundOf(steps, this.owner.limits);
      this.wait(row, this.delay(row, numberAt(fields, DueField.Asked)));
    }
  }

  /** A row of a kind for a first subject that is not being done now. */
  waiting(kind: string, first: string): Row | undefined {
    return this.rows.filter(
      (row) => row !== this.running && row.fields[DueField.Kind] === kind && row.fields[DueField.First] === first,
    )[0];
  }

  /** Adds a piece of work that outlives a restart, as a part of the transaction, unless it is there. */
  add(kind: string, first: string, second: string): void {
    let row = this.find(kind, first, second);
    if (row === this.running) row = undefined;
    if (row === undefined || row.object === 0) this.owner.transaction.put(this, row, [kind, first, second, '0', '']);
  }

  /** Adds a piece of work that can be told from other things after a restart, unless it is there. */
  ask(kind: string, first: string, second: string): Row {
    const known = this.find(kind, first, second);
    if (known !== undefined) return known;
    const row = { object: 0, fields: [kind, first, second, '0', ''] };
    this.exchange(undefined, row);
    return row;
  }

  /** The oldest piece of work that does not wait. */
  next(): Row | undefined {
    return this.rows.filter((row) => row.until === undefined)[0];
  }

  /**
   * Asks to do a piece of work although it waits, which it may once in a wait.
   * @throws DmError `BACK_OFF` with the seconds until the next try.
   */
  hurry(row: DueRow, urgent: boolean): void {
    // A value that is missing shows without any network.
    if (row.until === undefined || isForValue(row)) return;
    if (!urgent || row.hurried) {
      const error = new DmError('BACK_OFF', row.fields[DueField.First]);
      error.retryAfter = Math.max(0, Math.ceil((row.until - this.owner.platform.clock.uptime()) / 1000));
      throw error;
    }
    row.hurried = true;
  }

  /** Lets all work go on that waits for a value of the device's identity. */
  valueCame(): void {
    this.wake(isForValue);
  }

  /** Takes a piece of work off the list, as a part of the transaction. */
  cancel(row: Row): void {
    if (row.object === 0) this.exchange(row, undefined);
    else this.owner.transaction.drop(this, row);
  }

  /** A piece of work was done. On a transient error it waits for its next try, else it is off the list. */
  settle(row: DueRow, error: DmError | undefined): void {
    const owner = this.owner;
    if (this.running === row) this.running = undefined;
    if (this.rows.indexOf(row) < 0) return;
    if (error === undefined || !error.transient) {
      // Where flash will not forget it, it is done again after the next start, which is safe; until then it rests.
      if (!owner.commitOrNote(() => this.cancel(row))) this.wait(row, owner.limits.retryCap);
      return;
    }
    const lacksValue = error.code === 'NO_VALUE' || error.code === 'NO_DEVICE_ID';
    const steps = lacksValue ? 0 : stepsTo(row, owner.limits);
    // Until the next step flash is written only for what is longer.
    const isSame = steps === numberAt(row.fields, DueField.Steps);
    const asked = Math.max(error.retryAfter, isSame ? numberAt(row.fields, DueField.Asked) : 0);
    const fields = row.fields.slice(0, DueField.Steps);
    fields.push(String(steps), asked > 0 ? String(asked) : '');
    let now = row;
    const change = (): void => {
      now = owner.transaction.put(this, row, fields);
    };
    if (!owner.commitOrNote(change)) now = row;
    // A try that did not wait for its time does not begin a new back-off.
    now.hurried = row.hurried;
    now.bound = lacksValue ? undefined : row.bound;
    const delay = lacksValue ? owner.limits.retryCap : this.delay(now, error.retryAfter);
    this.wait(now, delay);
    owner.note('RETRY', `${fields[DueField.Kind]} ${fields[DueField.First]} in ${Math.ceil(delay / 1000)} s`);
  }

  /** Ends all waiting. */
  close(): void {
    this.wake(() => true);
  }

  private delay(row: DueRow, asked: number): number {
    return retryDelay(row, asked, this.owner.platform.random, this.owner.limits);
  }

  private wait(row: DueRow, delay: number): void {
    row.until = this.owner.platform.clock.uptime() + delay;
    this.arm();
  }

  /** One timer, for the wait that is over first. */
  private arm(): void {
    const clock = this.owner.platform.clock;
    let first = Infinity;
    for (let i = 0; i < this.rows.length; i += 1) first = Math.min(first, untilOf(this.rows[i]));
    if (this.timer !== undefined) clock.cancel(this.timer);
    this.timer = undefined;
    if (first === Infinity) return;
    this.timer = clock.after(Math.max(0, first - clock.uptime()), () => {
      this.timer = undefined;
      this.wake((row) => untilOf(row) <= clock.uptime());
    });
  }

  /** Ends waits. */
  private wake(isOver: (row: DueRow) => boolean): void {
    for (let i = 0; i < this.rows.length; i += 1) {
      if (isOver(this.rows[i])) {
        this.rows[i].until = undefined;
        this.rows[i].hurried = false;
      }
    }
    this.arm();
    this.owner.workIsDue();
  }
}

/** Uptime of the next try, infinite where nothing is waited for. */
function untilOf(row: DueRow): number {
  return row.until === undefined ? Infinity : row.until;
}

function isForValue(row: DueRow): boolean {
  return row.bound === undefined;
}

/** A number of a row; 0 where an earlier firmware stored none. */
function numberAt(fields: readonly string[], field: DueField): number {
  return Number(fields[field]) || 0;
}
