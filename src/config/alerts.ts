import { type Authority, findAccount } from '../access/accounts.js';
import { fail } from '../errors.js';
import { type ObjectId, ObjectKind } from '../flash/record-store.js';
import type { Log } from '../hal/log.js';
import type { Text } from '../hal/text.js';
import type { Limits } from '../limits.js';
import { type Row, Table } from '../tree/table.js';
import { ALERT_WORK, type DueWork } from './due-work.js';

/** How much an alert matters, the least first (PROTOCOL.md §8). */
export type Mark = 'indeterminate' | 'harmless' | 'informational' | 'warning' | 'minor' | 'critical' | 'fatal';

const MARKS: readonly string[] = [
  'indeterminate',
  'harmless',
  'informational',
  'warning',
  'minor',
  'critical',
  'fatal',
];

/** A Generic Alert of an application. */
export interface Alert {
  /** URI of what kind of alert it is. */
  readonly type: string;
  /** What it is about: a ClientURI. */
  readonly source?: string;
  readonly target?: string;
  /** Without one it counts as `indeterminate`. */
  readonly mark?: Mark;
  readonly dataType?: string;
  readonly data?: string;
  /** SrvID of the server that it is for; without one it goes to every server. */
  readonly srvId?: string;
}

/** Fields of a row. All but the last stay in memory. */
export const enum AlertField {
  SrvId = 0,
  /** Where it goes, '' for the account's SrvURI. */
  ServerUri,
  Mark,
  /** `ALERT_WORK` where a session is opened for it, '' where it waits for one. */
  Work,
  Json,
}

interface AlertRow extends Row {
  /** Its server has got it, whether or not flash will forget it. */
  isDelivered?: boolean;
}

/** What alerts need of a device. */
interface Owner extends Authority {
  readonly limits: Limits;
  readonly due: DueWork;
  readonly platform: { readonly text: Text; log?: Log };
  fields(object: ObjectId, count: number): string[];
}

/** Alerts that wait for their server, in flash (PROTOCOL.md §8). A full queue drops what matters least. */
export class Alerts extends Table {
  declare rows: readonly AlertRow[];
  /** Alerts that the queue had no room for. */
  dropped: number;
  private readonly owner: Owner;

  constructor(owner: Owner) {
    super(ObjectKind.Alert, AlertField.Json);
    this.owner = owner;
    this.dropped = 0;
  }

  /**
   * Adds an alert as a part of the transaction.
   * @param serverUri where it goes, '' for the account's SrvURI.
   * @param opens whether a session is to be opened for it.
   * @throws DmError `BAD_ARGUMENT` for an alert without a type or with an unknown mark, `TOO_LONG` beyond `limits.alert`.
   */
  add(alert: Alert, srvId: string, serverUri: string, opens: boolean): void {
    const owner = this.owner;
    const json = alertJson(alert);
    const mark = alert.mark === undefined ? MARKS[0] : alert.mark;
    if (!alert.type || MARKS.indexOf(mark) < 0) fail('BAD_ARGUMENT', 'alert');
    if (json.length > owner.limits.alert) fail('TOO_LONG', 'alert');
    const fields = [srvId, serverUri, mark, opens ? ALERT_WORK : '', json];
    this.delivered([]);
    if (this.rows.length >= owner.limits.alerts && !this.makeRoom(rankOf(fields))) return;
    owner.transaction.put(this, undefined, fields);
    if (opens) owner.due.ask(ALERT_WORK, srvId, serverUri);
  }

  /** The alerts that are still to go to a server, at one of its addresses, oldest first. */
  waiting(srvId: string, serverUri: string): Row[] {
    return this.rows.filter(
      (row) =>
        !row.isDelivered && row.fields[AlertField.SrvId] === srvId && row.fields[AlertField.ServerUri] === serverUri,
    );
  }

  /** An alert as it is sent. @throws DmError `FLASH_FAILED` */
  json(row: Row): string {
    return row.fields[AlertField.Json] || this.owner.fields(row.object, AlertField.Json + 1)[AlertField.Json];
  }

  /**
   * Takes alerts out that a server has got, as a part of the transaction, with those that flash would not forget before. Whether or not it does
   * now, they are sent no more before the next start.
   */
  delivered(rows: readonly AlertRow[]): void {
    for (let i = 0; i < rows.length; i += 1) rows[i].isDelivered = true;
    this.drop((row) => row.isDelivered);
  }

  /** Takes out what waits for an account that is gone, as a part of the transaction. */
  dropOrphans(): void {
    this.drop((row) => findAccount(this.owner, row.fields[AlertField.SrvId]) === undefined);
  }

  private drop(isGone: (row: AlertRow) => boolean | undefined): void {
    const gone = this.rows.filter(isGone);
    for (let i = 0; i < gone.length; i += 1) this.owner.transaction.drop(this, gone[i]);
  }

  /** Drops the oldest of the alerts that matter least, unless the new one matters less. */
  private makeRoom(newRank: number): boolean {
    const least = this.rows.reduce((a, b) => (rankOf(b.fields) < rankOf(a.fields) ? b : a));
    const log = this.owner.platform.log;
    this.dropped += 1;
    if (log !== undefined) log.note('ALERT_DROPPED', `${this.dropped} so far`);
    if (newRank < rankOf(least.fields)) return false;
    this.owner.transaction.drop(this, least);
    return true;
  }
}

/** What a server waits for, the result of its EXEC, matters more than any mark. */
function rankOf(fields: readonly string[]): number {
  return fields[AlertField.Work] === '' ? MARKS.indexOf(fields[AlertField.Mark]) : MARKS.length;
}

/** An alert in the form of Package#1 and Package#3. */
export function alertJson(alert: Alert): string {
  return JSON.stringify({
    AlertType: alert.type,
    SourceURI: alert.source,
    TargetURI: alert.target,
    Mark: alert.mark,
    DataType: alert.dataType,
    Data: alert.data,
  });
}
