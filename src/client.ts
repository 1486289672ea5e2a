import { accountsOf } from './access/accounts.js';
import { openRights } from './access/rights.js';
import type { Alert } from './config/alerts.js';
import { applyBootstrap, FROM_ELSEWHERE, FROM_FACTORY } from './config/bootstrap.js';
import { Device } from './config/device.js';
import { refreshDevInfo } from './config/device-info.js';
import { type Execution, type ExecutionHandler, Executions } from './config/executions.js';
import { type ConfigurationCallback, JustInTime } from './config/just-in-time.js';
import { LocalAccess } from './config/local-access.js';
import { type Ignored, takeNotification } from './config/notifications.js';
import { Reports } from './config/reports.js';
import type { DoneCallback } from './config/transfer.js';
import { asDmError, type DmError, type ErrorCode, fail } from './errors.js';
import type { Tools } from './execute/context.js';
import type { Platform } from './hal/platform.js';
import type { Resource } from './hal/resource.js';
import { Exchange } from './http/exchange.js';
import { Formats } from './http/formats.js';
import { type Limits, limitsWith } from './limits.js';
import { Agenda } from './session/agenda.js';
import { Session } from './session/session.js';
import type { Definition } from './tree/definition.js';

/** How a client differs from the usual. */
export interface DmClientOptions {
  /** Bounds to change. */
  limits?: Partial<Limits>;
  /** Whether ServerURIs may hold `[IMSI]` and `[ICCID]`, which identify a person. */
  allowPersonal?: boolean;
  /** Definitions of the application's MOs; those of the standard MOs are built in. */
  definitions?: readonly Definition[];
}

/**
 * The DM Client. Make one, `start` it, and it does what is due; ask it for sessions and configuration. It never calls back from inside of a call.
 */
export class DmClient {
  /** The tree, for applications on the device. */
  readonly local: LocalAccess;
  /** What the device holds, to look at. */
  readonly device: Device;
  /** How often notifications were ignored, for each reason. */
  readonly ignored: Ignored[];
  private readonly tools: Tools;
  private readonly justInTime: JustInTime;
  private readonly agenda: Agenda;
  /** To DM servers. */
  private readonly server: Exchange;
  private started: boolean;

  /** Touches neither flash nor network. @throws DmError `BAD_ARGUMENT` for limits out of range. */
  constructor(platform: Platform, options?: DmClientOptions) {
    const given = options || {};
    const limits = limitsWith(given.limits || {});
    const formats = new Formats();
    const device = new Device(platform, limits, given.allowPersonal === true, given.definitions || [], this);
    const repository = new Exchange(platform, limits, limits.writeWindow, formats);
    this.device = device;
    this.server = new Exchange(platform, limits, limits.readAhead, formats);
    this.tools = { repository, reports: new Reports(device, repository), executions: new Executions(device) };
    this.justInTime = new JustInTime(device, repository);
    const session = new Session(device, this.tools, this.server, this.justInTime);
    this.agenda = new Agenda(device, session, this.tools, this.justInTime);
    this.local = new LocalAccess(device);
    this.ignored = [];
    this.started = false;
  }

  /**
   * Loads what is in flash, applies the bootstrap if it is another one than the last, and begins with the work that is due.
   * @param bootstrap the factory's; undefined where the device has none.
   * @returns true where the bootstrap was applied now.
   * @throws DmError `BAD_BOOTSTRAP`, `TREE_FULL`, `FLASH_FULL`, `FLASH_FAILED`; `BAD_ARGUMENT` at a second call. The client is of no use then.
   */
  start(bootstrap: Resource | undefined): boolean {
    const device = this.device;
    if (this.started) fail('BAD_ARGUMENT', 'started before');
    this.started = true;
    try {
      device.load();
      device.commitOrNote(() => {
        if (accountsOf(device).length > 0) openRights(device);
        device.alerts.dropOrphans();
      });
      const applied = bootstrap !== undefined && applyBootstrap(device, bootstrap, FROM_FACTORY);
      // A tree or a flash that is full must not end a device for good: it works with the DevInfo that it has.
      device.commitOrNote(() => refreshDevInfo(device));
      this.tools.reports.changed();
      this.agenda.next();
      return applied;
    } catch (thrown) {
      throw asDmError(thrown);
    }
  }

  /**
   * Applies a bootstrap of another kind than the factory's: from a smartcard, or one that the device asked for or was sent.
   * @returns true where it was applied; false where it is the one that was applied last.
   * @throws DmError as `start`; `BUSY` while a document is being fetched: `whenIdle` tells when to try again. Nothing is changed then.
   */
  applyBootstrap(bootstrap: Resource): boolean {
    const repository = this.tools.repository;
    // What it sends may change meanwhile, what it reads must not.
    if (!repository.isIdle && repository.length === 0) fail('BUSY', 'bootstrap');
    const device = this.device;
    const applied = applyBootstrap(device, bootstrap, FROM_ELSEWHERE);
    // Its DevInfo may lack what the device knows of itself.
    if (applied) device.commitOrNote(() => refreshDevInfo(device));
    this.agenda.pumpSoon();
    return applied;
  }

  /**
   * Opens a session with a DM Server, as soon as other work is done.
   * @param srvId the account's SrvID; '' for the one with the lowest number in flash: the first of the first bootstrap, as long as it is there.
   * @param done called once, from the event loop: `NO_ACCOUNT`, `NO_DEVICE_ID`, `BUSY`, `HTTP_STATUS`, `BAD_PACKAGE`, or what the network did.
   */
  openSession(srvId: string, done: DoneCallback): void {
    this.agenda.openSession(srvId, done);
  }

  /**
   * Gets the configuration for a MOID just in time, from the ServerURI that a DEFAULT names for it (PROTOCOL.md §10). No DM Server hears of it.
   * What fails and may succeed later is tried again by itself; watch the tree to hear of it.
   * @param callback called once, from the event loop, with the ClientURIs of the instances, or an error: `NO_DEFAULT`, `NO_VALUE`, `BACK_OFF` with
   *   the seconds until the next try, `NOT_PROVIDED`, `BUSY`, `HTTP_STATUS` and all that reading or storing may come to.
   * @param urgent whether to try during a back-off too, which is done once in each.
   */
  requestConfiguration(moid: string, callback: ConfigurationCallback, urgent?: boolean): void {
    try {
      this.justInTime.request(moid, urgent === true, callback);
      this.agenda.pumpSoon();
    } catch (thrown) {
      const error = asDmError(thrown);
      this.device.later(() => {
        this.device.finished('configuration', moid, error);
        callback(error, []);
      });
    }
  }

  /**
   * Requests configuration for every MOID that has a DEFAULT and no instance.
   * @param callback called once: all ClientURIs, and the first error.
   */
  configureMissing(callback: ConfigurationCallback): void {
    const moids = this.justInTime.missing();
    let all: readonly string[] = [];
    let first: DmError | undefined;
    const next: ConfigurationCallback = (error, uris) => {
      const moid = moids.shift();
      all = all.concat(uris);
      first = first || error;
      if (moid === undefined) callback(first, all);
      else this.requestConfiguration(moid, next);
    };
    this.device.later(() => next(undefined, all));
  }

  /**
   * Takes a DM Notification, Package#0, as it came by SMS, UDP or push. An accepted one is durable when this returns, and opens a session.
   * @param bytes is not kept.
   * @returns '' where it was accepted, else why it was ignored: `BAD_NOTIFICATION`, `NO_ACCOUNT`, `NOT_AUTHENTIC`, `REPEATED`, `FLASH_FULL`, `FLASH_FAILED`.
   */
  notify(bytes: Uint8Array): ErrorCode | '' {
    try {
      takeNotification(this.device, bytes);
      return '';
    } catch (thrown) {
      const error = asDmError(thrown);
      const known = this.ignored.find((one) => one.code === error.code);
      this.device.note(error.code, `Package#0: ${error.message}`);
      if (known === undefined) this.ignored.push({ code: error.code, count: 1 });
      else known.count += 1;
      return error.code;
    }
  }

  /**
   * Registers what EXEC does on nodes of a MOID; of several handlers for one node the last counts.
   * @param path names below the MO root, joined by `/`; `*` stands for any name, '' for the MO root.
   */
  onExecute(moid: string, path: string, handler: ExecutionHandler): void {
    this.tools.executions.register(moid, path, handler);
  }

  /** What EXEC began and nobody has finished, also before a restart; oldest first. */
  executions(): readonly Execution[] {
    return this.tools.executions.pending();
  }

  /**
   * Sends a Generic Alert with the next Package#1 or Package#3 to its server; at least once. Durable when it returns.
   * @throws DmError `NO_ACCOUNT`, `BAD_ARGUMENT`, `TOO_LONG`, `FLASH_FULL`, `FLASH_FAILED`.
   */
  alert(alert: Alert): void {
    const device = this.device;
    const accounts = alert.srvId === undefined ? accountsOf(device) : [device.account(alert.srvId)];
    if (accounts.length === 0) fail('NO_ACCOUNT', 'alert');
    device.commit(() => {
      for (let i = 0; i < accounts.length; i += 1) device.alerts.add(alert, accounts[i].srvId, '', false);
    });
  }

  /** Says that the SIM, the network, the bearer or anything else that the identity contract tells has changed. */
  identityChanged(): void {
    const device = this.device;
    device.commitOrNote(() => refreshDevInfo(device));
    device.refreshSession();
    device.due.valueCame();
  }

  /** Calls `callback` once, when no work is running or waiting; work that waits for its next try does not count. */
  whenIdle(callback: () => void): void {
    this.agenda.whenIdle(callback);
  }

  /** Pieces of work that are not yet done; an idle client has only such as wait for their next try. */
  get dueCount(): number {
    return this.device.due.rows.length;
  }

  /** Ends all work at once. What is in flash stays; what was asked for is not answered. */
  close(): void {
    this.tools.repository.cancel();
    this.server.cancel();
    this.tools.reports.close();
    this.device.close();
  }

  /** A transaction became durable. */
  changed(clientUri: string, removed: boolean): void {
    const log = this.device.platform.log;
    if (log !== undefined) {
      if (removed) log.removed(clientUri);
      else log.stored(clientUri);
    }
    this.tools.repository.bodyChanged();
    this.server.bodyChanged();
    this.tools.reports.changed();
    this.local.changed(clientUri);
  }

  /** There is something to do. */
  workIsDue(): void {
    this.agenda.pumpSoon();
  }
}
