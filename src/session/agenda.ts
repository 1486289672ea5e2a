import { type Account, accountsOf, findAccount } from '../access/accounts.js';
import { FactoryGate } from '../access/gates.js';
import { AlertField, alertJson } from '../config/alerts.js';
import { bootstrapNaming } from '../config/bootstrap.js';
import type { Device } from '../config/device.js';
import {
  ALERT_WORK,
  CONFIGURATION_WORK,
  DueField,
  HGET_WORK,
  NOTIFIED_WORK,
  REPORT_WORK,
  SESSION_WORK,
} from '../config/due-work.js';
import type { JustInTime } from '../config/just-in-time.js';
import { Retrieval } from '../config/retrieval.js';
import type { DoneCallback } from '../config/transfer.js';
import { asDmError, DmError } from '../errors.js';
import type { Tools } from '../execute/context.js';
import { ALERT_BOOTSTRAP_COMPLETE, ALERT_CLIENT_INITIATED, ALERT_SERVER_INITIATED } from '../reply/package.js';
import type { Row } from '../tree/table.js';
import type { Opening, Session } from './session.js';

/** A session that was asked for. */
interface SessionRequest {
  readonly srvId: string;
  readonly done: DoneCallback;
}

/** NOTIFICATION-ID of a notification that has none. */
const NO_ID = '-1';

/**
 * What the client does next. One piece of network work runs at a time; just-in-time requests go first, and into a session between two
 * commands; then sessions that were asked for; then what is due.
 */
export class Agenda {
  private readonly device: Device;
  private readonly session: Session;
  private readonly tools: Tools;
  private readonly justInTime: JustInTime;
  private readonly requests: SessionRequest[];
  private onIdle: (() => void)[];
  /** Whether a piece of work runs, or the client is not yet started. */
  private isBusy: boolean;

  constructor(device: Device, session: Session, tools: Tools, justInTime: JustInTime) {
    this.device = device;
    this.session = session;
    this.tools = tools;
    this.justInTime = justInTime;
    this.requests = [];
    this.onIdle = [];
    this.isBusy = true;
  }

  /** Begins the next piece of work: the client was started, or the one before is finished. */
  next(): void {
    this.isBusy = false;
    this.pumpSoon();
  }

  /** Looks for work, from the event loop. */
  pumpSoon(): void {
    this.device.later(() => this.pump());
  }

  /** Opens a session as soon as other work is done. @param srvId '' for the first account in flash. */
  openSession(srvId: string, done: DoneCallback): void {
    if (this.requests.length === this.device.limits.requests) {
      this.device.later(() => done(new DmError('BUSY', srvId)));
      return;
    }
    this.requests.push({ srvId, done });
    this.pumpSoon();
  }

  /** Calls `callback` once, when no work is running or waiting; work that waits for its next try does not count. */
  whenIdle(callback: () => void): void {
    this.onIdle.push(callback);
    this.pumpSoon();
  }

  /** Begins the next piece of work, unless one is running. */
  private pump(): void {
    const device = this.device;
    if (this.isBusy) return;
    this.isBusy = true;
    if (this.justInTime.waits) {
      this.justInTime.serve(() => this.next());
      return;
    }
    const request = this.requests.shift();
    if (request !== undefined) {
      this.runSession(request.srvId, opening(ALERT_CLIENT_INITIATED, '', false), (error) => {
        device.guard(() => request.done(error));
        this.next();
      });
      return;
    }
    const due = device.due.next();
    if (due !== undefined) {
      this.runDue(due);
      return;
    }
    this.isBusy = false;
    if (this.tools.reports.settles) return;
    const idle = this.onIdle;
    this.onIdle = [];
    for (let i = 0; i < idle.length; i += 1) device.guard(idle[i]);
  }

  private runDue(row: Row): void {
    const device = this.device;
    const first = row.fields[DueField.First];
    const second = row.fields[DueField.Second];
    const done: DoneCallback = (error) => {
      device.due.settle(row, error);
      this.next();
    };
    device.due.running = row;
    switch (row.fields[DueField.Kind]) {
      case SESSION_WORK:
        this.runSession(first, opening(ALERT_BOOTSTRAP_COMPLETE, '', true), done);
        break;
      case NOTIFIED_WORK: {
        const asked = second.split(' ');
        this.runSession(
          first,
          opening(ALERT_SERVER_INITIATED, asked[0] === NO_ID ? '' : asked[0], asked.length > 1),
          done,
        );
        break;
      }
      case ALERT_WORK:
        this.deliver(first, second, done);
        break;
      case CONFIGURATION_WORK:
        this.justInTime.retry(first, () => this.next());
        break;
      case REPORT_WORK:
        this.attempt('report', second, done, (finish) => this.tools.reports.send(first, second, finish));
        break;
      case HGET_WORK:
        this.attempt('hget', first, done, (finish) => this.fetch(first, second, finish));
        break;
      default:
        // Of a firmware that knew more kinds of work.
        done(new DmError('INTERNAL', row.fields[DueField.Kind]));
    }
  }

  /** Opens a session for alerts. Those that no server will ever take are given up. */
  private deliver(srvId: string, serverUri: string, done: DoneCallback): void {
    const device = this.device;
    const alerts = device.alerts;
    const before = alerts.rows;
    if (alerts.waiting(srvId, serverUri).length === 0) {
      done(undefined);
      return;
    }
    const how = { serverUri, alert: alertJson({ type: ALERT_CLIENT_INITIATED }), withMos: false };
    this.runSession(srvId, how, (error) => {
      const isLost = error !== undefined && !error.transient && (serverUri !== '' || error.code === 'NO_ACCOUNT');
      if (isLost) device.commitOrNote(() => alerts.delivered(alerts.waiting(srvId, serverUri)));
      done(error);
      // A result that came too late for this session, while it was still due.
      const isLate = (row: Row): boolean => row.fields[AlertField.Work] !== '' && before.indexOf(row) < 0;
      if (alerts.waiting(srvId, serverUri).some(isLate)) device.due.ask(ALERT_WORK, srvId, serverUri);
    });
  }

  private runSession(srvId: string, how: Opening, done: DoneCallback): void {
    const tree = this.device.tree;
    const number = (account: Account): number => tree.objectOf(tree.parent(account.root));
    // In the tree's order the first one may be another after a restart.
    const account =
      srvId === '' ? accountsOf(this.device).sort((a, b) => number(a) - number(b))[0] : findAccount(this.device, srvId);
    this.attempt('session', account === undefined ? srvId : account.srvId, done, (finish) => {
      if (account === undefined) throw new DmError('NO_ACCOUNT', srvId);
      this.session.start(account, how, finish);
    });
  }

  private fetch(serverUri: string, clientUri: string, done: DoneCallback): void {
    const device = this.device;
    const target = clientUri === '' ? undefined : device.clientUri(clientUri);
    const gate = new FactoryGate(device, '');
    new Retrieval(device, this.tools.repository, target, gate, bootstrapNaming(device), done).begin(serverUri, '');
  }

  /** Runs a piece of work that may fail at once, and tells the log how it ended. */
  private attempt(work: string, subject: string, done: DoneCallback, run: (finish: DoneCallback) => void): void {
    const finish: DoneCallback = (error) => {
      this.device.finished(work, subject, error);
      done(error);
    };
    try {
      run(finish);
    } catch (thrown) {
      finish(asDmError(thrown));
    }
  }
}

function opening(type: string, data: string, withMos: boolean): Opening {
  return { serverUri: '', alert: alertJson(data === '' ? { type } : { type, data }), withMos };
}
