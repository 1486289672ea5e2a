import { type Account, type Authority, findAccount } from '../access/accounts.js';
import { AccountGate, FactoryGate, LoadGate } from '../access/gates.js';
import { forgetRights } from '../access/rights.js';
import { JsonScanner } from '../bytes/json-scanner.js';
import { asDmError, type DmError, fail } from '../errors.js';
import { LargeValues } from '../flash/large-values.js';
import { type ObjectId, ObjectKind } from '../flash/record-store.js';
import type { Platform } from '../hal/platform.js';
import type { Limits } from '../limits.js';
import { NO_NODE, type NodeId } from '../tree/arena.js';
import { ClientUri } from '../tree/client-uri.js';
import type { Definition } from '../tree/definition.js';
import { Definitions } from '../tree/definitions.js';
import { Matches } from '../tree/matches.js';
import { MoIntake, type Naming, type WriteGate } from '../tree/mo-intake.js';
import { DEVICE_VIEWER } from '../tree/mo-writer.js';
import { MOID_ACCESS, MOID_SESSION } from '../tree/standard-mos.js';
import { readRow, Table } from '../tree/table.js';
import { type ChangeListener, Transaction } from '../tree/transaction.js';
import { TreeStore } from '../tree/tree-store.js';
import { AlertField, Alerts } from './alerts.js';
import { DefaultField, FACTORY } from './default-table.js';
import { addSession, deviceValue, refreshSession } from './device-info.js';
import { CONFIGURATION_WORK, DueWork } from './due-work.js';
import { expandServerUri } from './server-uri.js';
import { Validators } from './validators.js';

/** What a device hears of itself. */
export interface DeviceListener extends ChangeListener {
  /** Work that waited is due. */
  workIsDue(): void;
}

/** Every instance in flash has its MIID. */
const STORED_NAMING: Naming = { isStored: true, mayName: true, choose: () => undefined };

/** What the device holds: the tree, the tables, and the flash behind them. */
export class Device implements Authority {
  readonly platform: Platform;
  readonly limits: Limits;
  readonly allowPersonal: boolean;
  readonly records: LargeValues;
  readonly tree: TreeStore;
  readonly matches: Matches;
  readonly transaction: Transaction;
  /** Reads MO documents and bootstraps into `intake`; one at a time. */
  readonly scanner: JsonScanner;
  readonly intake: MoIntake;
  readonly definitions: Definitions;
  readonly validators: Validators;
  readonly defaults: Table;
  /** The last fetch for each MOID whose answer had an ETag: MOID; in flash only URL, ETag, then each instance's ClientURI and its generation. */
  readonly fetched: Table;
  readonly due: DueWork;
  readonly alerts: Alerts;
  /** The bootstraps applied last: SHA-256 in base64, and where it came from; both in flash only. */
  readonly applied: Table;
  /** Subscriptions: SrvID, ClientURI, ServerURI, checksum of what was reported last. */
  readonly subscriptions: Table;
  /** For each server its SrvID; in flash only the newest TIMESTAMP, then the NOTIFICATION-IDs that came last. */
  readonly replay: Table;
  /** What EXEC has begun: ClientURI, SrvID, ServerURI. */
  readonly executions: Table;
  /** The client was closed: it calls nobody back, and begins nothing. */
  isClosed: boolean;
  private readonly listener: DeviceListener;

  /** @param allowPersonal whether ServerURIs may hold `[IMSI]` and `[ICCID]`. */
  constructor(
    platform: Platform,
    limits: Limits,
    allowPersonal: boolean,
    definitions: readonly Definition[],
    listener: DeviceListener,
  ) {
    const text = platform.text;
    this.platform = platform;
    this.limits = limits;
    this.allowPersonal = allowPersonal;
    this.listener = listener;
    this.isClosed = false;
    this.records = new LargeValues(platform.flash, text, limits);
    this.tree = new TreeStore(text, limits);
    this.definitions = new Definitions(this.tree, definitions);
    this.matches = new Matches(this.tree, limits);
    this.transaction = new Transaction(this.tree, this.records, listener);
    this.scanner = new JsonScanner(limits.jsonDepth);
    this.intake = new MoIntake(this.scanner, this.tree, this.matches, text, limits);
    this.validators = new Validators(this);
    this.defaults = new Table(ObjectKind.Default, DefaultField.Count);
    this.fetched = new Table(ObjectKind.Fetched, 1);
    this.due = new DueWork(this);
    this.alerts = new Alerts(this);
    this.applied = new Table(ObjectKind.Bootstrap, 0);
    this.subscriptions = new Table(ObjectKind.Subscription, 4);
    this.replay = new Table(ObjectKind.Replay, 1);
    this.executions = new Table(ObjectKind.Execution, 3);
  }

  /** A ClientURI, parsed. @throws DmError `BAD_URI`, `TOO_LONG`. */
  clientUri(uri: string): ClientUri {
    if (uri.length > this.limits.uri) fail('TOO_LONG', 'ClientURI');
    const parsed = new ClientUri(uri, this.limits);
    if (parsed.moid === MOID_SESSION) this.refreshSession();
    return parsed;
  }

  /** The one node at a ClientURI. @throws DmError `BAD_URI`, `TOO_LONG`, `NOT_FOUND`, `AMBIGUOUS`. */
  find(clientUri: string): NodeId {
    return this.matches.single(this.clientUri(clientUri), DEVICE_VIEWER);
  }

  /** A ServerURI with its placeholders replaced; `moid` is the MOID at hand, '' for none. @throws DmError as `expandServerUri`. */
  expand(serverUri: string, moid: string): string {
    const values = { placeholder: (name: string) => (name === 'MOID' ? moid : deviceValue(this, name)) };
    return expandServerUri(serverUri, values, this.allowPersonal, this.limits);
  }

  /** Tells the log that a piece of work is finished. */
  finished(work: string, subject: string, error: DmError | undefined): void {
    const log = this.platform.log;
    if (log === undefined) return;
    if (error === undefined) log.finished(work, subject, '', 0);
    else log.finished(work, subject, error.code, error.status);
  }

  /** There is work to do. */
  workIsDue(): void {
    this.listener.workIsDue();
  }

  /**
   * Makes a change durable, wholly or not at all.
   * @param change puts it into the transaction.
   * @returns what `change` does.
   * @throws DmError what `change` throws; `FLASH_FULL`, `FLASH_FAILED`.
   */
  commit<Result>(change: () => Result): Result {
    try {
      const result = change();
      this.transaction.commit();
      return result;
    } catch (thrown) {
      this.transaction.rollback();
      throw asDmError(thrown);
    }
  }

  /** Commits a change without which all goes on: where flash refuses, it is noted and undone. */
  commitOrNote(change: () => void): boolean {
    try {
      change();
      this.transaction.commit();
      return true;
    } catch (thrown) {
      this.transaction.rollback();
      const error = asDmError(thrown);
      this.note(error.code, error.message);
      return false;
    }
  }

  /** Removes a node and all below it, with an MO root all that is kept of the instance, as a part of the transaction. */
  remove(node: NodeId): void {
    const tree = this.tree;
    this.transaction.remove(node);
    if (tree.depth(node) > 1) return;
    const instance = tree.instanceOf(node);
    forgetRights(this, instance);
    this.validators.forget(instance);
    this.alerts.dropOrphans();
  }

  /**
   * The gate of whom a DEFAULT belongs to: data is taken with the rights of the account that set it; a factory's belongs to every account
   * that may have the MOID.
   * @throws DmError `NO_ACCOUNT` where the account is gone.
   */
  gateOf(owner: string, moid: string): WriteGate {
    return owner === FACTORY ? new FactoryGate(this, moid) : new AccountGate(this, this.account(owner).srvId);
  }

  /**
   * Sets a DEFAULT as a part of the transaction; an equal one changes nothing. What failed at the place before is not tried again at the new
   * one before somebody asks.
   * @param owner SrvID, or `FACTORY`, which may replace every entry; an account replaces its own, the factory's and those of accounts that are gone.
   * @throws DmError `FORBIDDEN`, `TABLE_FULL`.
   */
  setDefault(moid: string, serverUri: string, owner: string): void {
    const old = this.defaults.find(moid);
    const before = old === undefined ? owner : old.fields[DefaultField.Owner];
    if (old === undefined && this.defaults.rows.length >= this.limits.defaults) fail('TABLE_FULL', 'DEFAULT');
    if (owner !== FACTORY && owner !== before && findAccount(this, before) !== undefined) fail('FORBIDDEN', 'DEFAULT');
    if (this.transaction.put(this.defaults, old, [moid, serverUri, owner]) === old) return;
    const retry = this.due.find(CONFIGURATION_WORK, moid);
    if (retry !== undefined) this.due.cancel(retry);
  }

  /** The account with a SrvID. @throws DmError `NO_ACCOUNT` */
  account(srvId: string): Account {
    return findAccount(this, srvId) || fail('NO_ACCOUNT', srvId);
  }

  /** Brings Session Information up to what is so now, and tells whoever watches it. */
  refreshSession(): void {
    const changed = refreshSession(this);
    for (let i = 0; i < changed.length; i += 1) this.listener.changed(changed[i], false);
  }

  /**
   * Loads everything from flash, instances first, then the oldest row first; writes nothing. An object that cannot be read is left out, and noted.
   * @throws DmError `TREE_FULL` where this client's arena is smaller than the one that wrote the tree.
   */
  load(): void {
    const records = this.records;
    const ids: ObjectId[] = [];
    const tables: readonly Table[] = [
      this.defaults,
      this.due,
      this.applied,
      this.fetched,
      this.subscriptions,
      this.alerts,
      this.replay,
      this.executions,
      this.validators,
    ];
    records.open();
    for (let id = 1; id <= this.limits.objects; id += 1) ids.push(id);
    // Objects are numbered in no order of time: a number that is free is given again.
    const age = (id: ObjectId): number =>
      records.kind(id) === ObjectKind.ManagementObject ? 0 : records.generationOf(id);
    ids.sort((a, b) => age(a) - age(b) || a - b);
    for (let i = 0; i < ids.length; i += 1) {
      const id = ids[i];
      const table = tables.find((one) => one.kind === records.kind(id));
      try {
        // An earlier firmware stored due work with three fields.
        if (table !== undefined) table.load(id, this.fields(id, Math.min(table.kept, 3)));
        else if (records.kind(id) === ObjectKind.ManagementObject) this.loadInstance(id);
      } catch (thrown) {
        const error = asDmError(thrown);
        if (error.code === 'TREE_FULL') throw error;
        if (table === undefined) records.isPartial = true;
        this.note('FLASH_FAILED', `object ${id}: ${error.message}`);
      }
    }
    records.user = this.tree;
    this.tree.largeValues = records;
    // What opens a session for an alert is stored only once that has failed.
    const alerts = this.alerts.rows;
    for (let i = 0; i < alerts.length; i += 1) {
      const fields = alerts[i].fields;
      if (fields[AlertField.Work] !== '')
        this.due.ask(fields[AlertField.Work], fields[AlertField.SrvId], fields[AlertField.ServerUri]);
    }
    addSession(this);
    if (records.damaged > 0) this.note('FLASH_FAILED', `${records.damaged} damaged records`);
  }

  /** Ends all calls back. */
  close(): void {
    this.isClosed = true;
    this.due.close();
  }

  /** Calls back from the event loop, as `guard` does. */
  later(callback: () => void): void {
    this.platform.clock.after(0, () => this.guard(callback));
  }

  /** Calls back to an application, unless it has closed the client: what it throws is not the client's fault, and must not end its work. */
  guard(callback: () => void): void {
    if (this.isClosed) return;
    try {
      callback();
    } catch (thrown) {
      this.note('INTERNAL', `callback: ${String(thrown)}`);
    }
  }

  /** A line for the log. */
  note(code: string, detail: string): void {
    if (this.platform.log !== undefined) this.platform.log.note(code, detail);
  }

  /** An instance is stored as the MO document that it is sent as. */
  private loadInstance(id: ObjectId): void {
    const scanner = this.scanner;
    const intake = this.intake;
    intake.prepare(undefined, new LoadGate(this), STORED_NAMING);
    scanner.reset(intake);
    try {
      this.records.read(id, (bytes, from, to) => scanner.scan(bytes, from, to));
      scanner.end();
    } catch (thrown) {
      intake.abort();
      throw thrown;
    }
    const uri = this.clientUri(intake.place(this.transaction, () => {})[0]);
    if (uri.moid === MOID_ACCESS && this.records.repaired.indexOf(id) >= 0) {
      // What was taken away since must not come back: it is lost [ACC-39].
      this.transaction.rollback();
      this.records.forget(id);
      return;
    }
    this.transaction.forget();
    this.tree.setObject(this.tree.instance(uri.moid, uri.miid), id);
  }

  /** A row as it is stored. @throws DmError `FLASH_FAILED` where it is damaged, or has fewer than `count` fields. */
  fields(id: ObjectId, count: number): string[] {
    return readRow(this.records, this.platform.text, id, count);
  }

  /** True where the device has an instance of `moid`. */
  has(moid: string): boolean {
    return this.tree.firstInstance(moid) !== NO_NODE;
  }
}
