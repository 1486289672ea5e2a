import type { Account } from './access/accounts.js';
import { FactoryGate } from './access/gates.js';
import { Bootstrap } from './config/bootstrap.js';
import { Device } from './config/device.js';
import { HGET_WORK, type WorkItem } from './config/due-work.js';
import { type ConfigurationCallback, JustInTime } from './config/just-in-time.js';
import { Retriever } from './config/retriever.js';
import { asDmError, DmError } from './errors.js';
import type { Platform } from './hal/platform.js';
import type { Resource } from './hal/resource.js';
import { Exchange } from './http/exchange.js';
import { checkLimits, DEFAULT_LIMITS, type Limits } from './limits.js';
import { ALERT_BOOTSTRAP_COMPLETE, ALERT_CLIENT_INITIATED } from './reply/package1.js';
import { retryDelay } from './session/retry-policy.js';
import { Session } from './session/session.js';
import { LocalAccess } from './tree/local-access.js';

/** How a client differs from the usual. */
export interface DmClientOptions {
  /** Bounds to change. */
  limits?: Partial<Limits>;
  /** Whether ServerURIs may hold `[IMSI]` and `[ICCID]`, which identify a person. */
  allowPersonal?: boolean;
}

/** Gets told how work ended: no error where it succeeded. */
export type DoneCallback = (error: DmError | undefined) => void;

/** A session that was asked for. */
interface SessionRequest {
  readonly srvId: string;
  readonly done: DoneCallback;
}

/** Due work that failed and is tried again. */
interface Retry {
  readonly item: WorkItem;
  attempts: number;
  timer: unknown;
}

/** Longest time that a clock takes. */
const MAX_DELAY = 0x7fffffff;

/**
 * The DM Client. Make one, `start` it, and it does what is due; ask it for sessions and configuration. One piece of network work runs at a
 * time; just-in-time requests go first, and into a session between two commands.
 */
export class DmClient {
  /** The tree, for applications on the device. */
  readonly local: LocalAccess;
  /** What the device holds, to look at. */
  readonly device: Device;
  private readonly platform: Platform;
  private readonly limits: Limits;
  private readonly bootstrap: Bootstrap;
  private readonly retriever: Retriever;
  private readonly justInTime: JustInTime;
  private readonly session: Session;
  private readonly exchanges: Exchange[];
  private readonly requests: SessionRequest[];
  private retries: Retry[];
  private started: boolean;
  private busy: boolean;
  private closed: boolean;
  private onIdle: (() => void)[];

  /** Touches neither flash nor network. @throws DmError `BAD_ARGUMENT` for limits out of range. */
  constructor(platform: Platform, options?: DmClientOptions) {
    const given = options === undefined ? {} : options;
    const limits = Object.assign({}, DEFAULT_LIMITS, given.limits) as Limits;
    checkLimits(limits);
    const window = new Uint8Array(limits.writeWindow);
    this.platform = platform;
    this.limits = limits;
    this.device = new Device(platform, limits, given.allowPersonal === true, this);
    this.exchanges = [new Exchange(platform, limits, window), new Exchange(platform, limits, window)];
    this.bootstrap = new Bootstrap(this.device);
    this.retriever = new Retriever(this.device, this.exchanges[0]);
    this.justInTime = new JustInTime(this.device, this.retriever);
    this.session = new Session(this.device, this.retriever, this.exchanges[1], this.justInTime);
    this.local = new LocalAccess(
      this.device.tree,
      this.device.matches,
      this.device.transaction,
      platform.text,
      limits,
      platform.clock,
      (callback) => this.device.guard(callback),
    );
    this.requests = [];
    this.retries = [];
    this.started = false;
    this.busy = false;
    this.closed = false;
    this.onIdle = [];
  }

  /**
   * Loads what is in flash, applies the bootstrap if it is another one than the last, and begins with the work that is due.
   * @param bootstrap the factory's; undefined where the device has none.
   * @returns true where the bootstrap was applied now.
   * @throws DmError `BAD_BOOTSTRAP`, `TREE_FULL`, `FLASH_FULL`, `FLASH_FAILED`; `BAD_ARGUMENT` at a second call. The client is of no use then.
   */
  start(bootstrap: Resource | undefined): boolean {
    if (this.started) throw new DmError('BAD_ARGUMENT', 'started before');
    this.started = true;
    try {
      this.device.load();
      const applied = bootstrap !== undefined && this.bootstrap.apply(bootstrap);
      this.device.info.refresh(this.device.transaction);
      this.device.transaction.commit();
      this.pumpSoon();
      return applied;
    } catch (thrown) {
      this.device.transaction.rollback();
      throw asDmError(thrown);
    }
  }

  /**
   * Opens a session with a DM Server, as soon as other work is done.
   * @param srvId the account's SrvID; '' for the first account.
   * @param done called once, from the event loop: `NO_ACCOUNT`, `NO_DEVICE_ID`, `BUSY`, `HTTP_STATUS`, `BAD_PACKAGE`, or what the network did.
   */
  openSession(srvId: string, done: DoneCallback): void {
    if (this.requests.length === this.limits.requests) {
      this.later(() => done(new DmError('BUSY', srvId)));
      return;
    }
    this.requests.push({ srvId, done });
    this.pumpSoon();
  }

  /**
   * Gets the configuration for a MOID just in time, from the ServerURI that a DEFAULT names for it (PROTOCOL.md §10). No DM Server hears of it.
   * @param callback called once, from the event loop, with the ClientURIs of the instances, or an error: `NO_DEFAULT`, `NO_VALUE`,
   *   `NOT_PROVIDED`, `BUSY`, `HTTP_STATUS` and all that reading or storing may come to.
   */
  requestConfiguration(moid: string, callback: ConfigurationCallback): void {
    try {
      this.justInTime.request(moid, (error, uris) => {
        this.finished('configuration', moid, error);
        callback(error, uris);
      });
      this.pumpSoon();
    } catch (thrown) {
      const error = asDmError(thrown);
      this.later(() => {
        this.finished('configuration', moid, error);
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
    const next = (): void => {
      const moid = moids.shift();
      if (moid === undefined) callback(first, all);
      else {
        this.requestConfiguration(moid, (error, uris) => {
          all = all.concat(uris);
          if (first === undefined) first = error;
          next();
        });
      }
    };
    this.later(next);
  }

  /** Calls `callback` once, when no work is running or waiting; work that waits for its next try does not count. */
  whenIdle(callback: () => void): void {
    this.onIdle.push(callback);
    this.pumpSoon();
  }

  /** Pieces of due work that are not yet done; an idle client has only such as wait for their next try. */
  get dueCount(): number {
    return this.device.due.items.length;
  }

  /** Ends all work at once. What is in flash stays; what was asked for is not answered. */
  close(): void {
    this.closed = true;
    for (let i = 0; i < this.exchanges.length; i += 1) this.exchanges[i].cancel();
    for (let i = 0; i < this.retries.length; i += 1) this.platform.clock.cancel(this.retries[i].timer);
    this.retries = [];
  }

  /** A transaction became durable. */
  changed(clientUri: string, removed: boolean): void {
    const log = this.platform.log;
    if (log !== undefined) {
      if (removed) log.removed(clientUri);
      else log.stored(clientUri);
    }
    this.local.changed(clientUri);
  }

  private later(callback: () => void): void {
    this.platform.clock.after(0, () => this.device.guard(callback));
  }

  private pumpSoon(): void {
    this.platform.clock.after(0, () => this.pump());
  }

  /** Begins the next piece of work, unless one is running. */
  private pump(): void {
    if (this.busy || this.closed || !this.started) return;
    const next = (): void => {
      this.busy = false;
      this.pump();
    };
    this.busy = true;
    if (this.justInTime.waits) {
      this.justInTime.serve(next);
      return;
    }
    const request = this.requests.shift();
    if (request !== undefined) {
      this.runSession(request.srvId, ALERT_CLIENT_INITIATED, false, (error) => {
        this.device.guard(() => request.done(error));
        next();
      });
      return;
    }
    const item = this.nextDue();
    if (item !== undefined) {
      this.runDue(item, (error) => {
        this.settle(item, error);
        next();
      });
      return;
    }
    this.busy = false;
    const idle = this.onIdle;
    this.onIdle = [];
    for (let i = 0; i < idle.length; i += 1) this.device.guard(idle[i]);
  }

  private nextDue(): WorkItem | undefined {
    const items = this.device.due.items;
    for (let i = 0; i < items.length; i += 1) {
      const retry = this.retryOf(items[i]);
      if (retry === undefined || retry.timer === undefined) return items[i];
    }
    return undefined;
  }

  private runSession(srvId: string, alert: string, withMos: boolean, done: DoneCallback): void {
    let subject = srvId;
    const finish: DoneCallback = (error) => {
      this.finished('session', subject, error);
      done(error);
    };
    try {
      const account = this.account(srvId);
      subject = account.srvId;
      this.session.start(account, alert, withMos, finish);
    } catch (thrown) {
      finish(asDmError(thrown));
    }
  }

  private account(srvId: string): Account {
    const accounts = this.device.accounts;
    const account = srvId === '' ? accounts.all()[0] : accounts.find(srvId);
    if (account === undefined) throw new DmError('NO_ACCOUNT', srvId);
    return account;
  }

  private runDue(item: WorkItem, done: DoneCallback): void {
    if (item.kind !== HGET_WORK) {
      this.runSession(item.first, ALERT_BOOTSTRAP_COMPLETE, true, done);
      return;
    }
    const finish: DoneCallback = (error) => {
      this.finished('hget', item.first, error);
      done(error);
    };
    try {
      const target = item.second === '' ? undefined : this.device.clientUri(item.second);
      this.retriever.start({
        serverUri: item.first,
        moid: target === undefined ? '' : target.moid,
        target,
        gate: new FactoryGate(this.device.accounts, ''),
        naming: this.device.bootstrapNaming,
        etag: () => '',
        stored: () => {},
        done: finish,
      });
    } catch (thrown) {
      finish(asDmError(thrown));
    }
  }

  /** Due work that succeeded, or can never succeed, is taken off the list; other work waits for its next try. */
  private settle(item: WorkItem, error: DmError | undefined): void {
    const retry = this.retryOf(item);
    if (error?.transient) {
      this.retryLater(item, retry, error);
      return;
    }
    this.retries = this.retries.filter((other) => other !== retry);
    try {
      this.device.due.remove(item, this.device.transaction);
      this.device.transaction.commit();
    } catch (thrown) {
      // Flash would not forget it: it is done again after the next start, which is safe.
      this.retries.push({ item, attempts: 0, timer: this.platform.clock.after(this.limits.retryCap, () => {}) });
      this.device.note('FLASH_FAILED', String(thrown));
    }
  }

  private retryLater(item: WorkItem, known: Retry | undefined, error: DmError): void {
    const retry = known === undefined ? { item, attempts: 0, timer: undefined as unknown } : known;
    if (known === undefined) this.retries.push(retry);
    retry.attempts += 1;
    const delay = retryDelay(retry.attempts, error, this.platform.random, this.limits);
    this.device.note('RETRY', `${item.kind} ${item.first} in ${Math.ceil(delay / 1000)} s`);
    retry.timer = this.platform.clock.after(Math.min(delay, MAX_DELAY), () => {
      retry.timer = undefined;
      this.pump();
    });
  }

  private retryOf(item: WorkItem): Retry | undefined {
    for (let i = 0; i < this.retries.length; i += 1) if (this.retries[i].item === item) return this.retries[i];
    return undefined;
  }

  private finished(work: string, subject: string, error: DmError | undefined): void {
    const log = this.platform.log;
    if (log !== undefined) log.finished(work, subject, error === undefined ? '' : error.code);
  }
}
