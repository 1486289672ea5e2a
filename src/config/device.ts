import { type Account, Accounts } from '../access/accounts.js';
import { AccountGate, BootstrapGate, FactoryGate, LoadGate } from '../access/gates.js';
import { Rights } from '../access/rights.js';
import { JsonScanner } from '../bytes/json-scanner.js';
import { asDmError, DmError } from '../errors.js';
import { type ObjectId, ObjectKind, RecordStore } from '../flash/record-store.js';
import type { Platform } from '../hal/platform.js';
import type { Limits } from '../limits.js';
import { NO_NODE, type NodeId } from '../tree/arena.js';
import { ClientUri } from '../tree/client-uri.js';
import type { Definition } from '../tree/definition.js';
import { Definitions } from '../tree/definitions.js';
import { Matches } from '../tree/matches.js';
import { MoIntake, type Naming, type WriteGate } from '../tree/mo-intake.js';
import { DEVICE_VIEWER } from '../tree/mo-writer.js';
import { MOID_ACCOUNT, MOID_SESSION } from '../tree/standard-mos.js';
import { type Row, Table } from '../tree/table.js';
import { type ChangeListener, Transaction } from '../tree/transaction.js';
import { TreeStore } from '../tree/tree-store.js';
import { Alerts } from './alerts.js';
import { DefaultField, DefaultTable, FACTORY } from './default-table.js';
import { DeviceInfo } from './device-info.js';
import { CONFIGURATION_WORK, DueWork } from './due-work.js';
import { expandServerUri } from './server-uri.js';
import { Validators } from './validators.js';

/** What a device hears of itself. */
export interface DeviceListener extends ChangeListener {
  /** Work that waited is due. */
  workIsDue(): void;
}

/** What the device holds: the tree, the tables, and the flash behind them. */
export class Device {
  readonly platform: Platform;
  readonly limits: Limits;
  readonly allowPersonal: boolean;
  readonly records: RecordStore;
  readonly tree: TreeStore;
  readonly matches: Matches;
  readonly transaction: Transaction;
  /** Reads MO documents and bootstraps into `intake`; one at a time. */
  readonly scanner: JsonScanner;
  readonly intake: MoIntake;
  readonly accounts: Accounts;
  readonly rights: Rights;
  readonly definitions: Definitions;
  readonly info: DeviceInfo;
  readonly validators: Validators;
  readonly defaults: DefaultTable;
  /** The last fetch for each MOID whose answer had an ETag: MOID, URL, ETag, then each instance's ClientURI and its generation. */
  readonly fetched: Table;
  readonly due: DueWork;
  readonly alerts: Alerts;
  /** The bootstraps applied last: SHA-256 in hexadecimal, and where it came from. */
  readonly applied: Table;
  /** Subscriptions: SrvID, ClientURI, ServerURI, checksum of what was reported last. */
  readonly subscriptions: Table;
  /** For each server the newest TIMESTAMP, then the NOTIFICATION-IDs that came last. */
  readonly replay: Table;
  /** What EXEC has begun: ClientURI, SrvID, ServerURI. */
  readonly executions: Table;
  readonly bootstrapGate: WriteGate;
  readonly bootstrapNaming: Naming;
  /** The client was closed: it calls nobody back, and begins nothing. */
  isClosed: boolean;
  private readonly listener: DeviceListener;
  private readonly tables: readonly Table[];

  /** @param allowPersonal whether ServerURIs may hold `[IMSI]` and `[ICCID]`. */
  constructor(
    platform: Platform,
    limits: Limits,
    allowPersonal: boolean,
    definitions: readonly Definition[],
    listener: DeviceListener,
  ) {
    this.platform = platform;
    this.limits = limits;
    this.allowPersonal = allowPersonal;
    this.listener = listener;
    this.isClosed = false;
    this.records = new RecordStore(platform.flash, platform.text, limits);
    this.tree = new TreeStore(platform.text, limits);
    this.definitions = new Definitions(this.tree, definitions);
    this.matches = new Matches(this.tree, limits);
    this.transaction = new Transaction(this.tree, this.records, listener);
    this.scanner = new JsonScanner(limits.jsonDepth);
    this.intake = new MoIntake(this.scanner, this.tree, this.matches, platform.text, limits);
    this.accounts = new Accounts(this.tree);
    this.rights = new Rights(this.tree, platform.text, this.transaction);
    this.info = new DeviceInfo(this.tree, platform.text, platform.identity);
    this.validators = new Validators(this.tree, this.transaction);
    this.defaults = new DefaultTable(limits);
    this.fetched = new Table(ObjectKind.Fetched, Infinity);
    this.due = new DueWork(this);
    this.alerts = new Alerts(this);
    this.applied = new Table(ObjectKind.Bootstrap, 2);
    this.subscriptions = new Table(ObjectKind.Subscription, 4);
    this.replay = new Table(ObjectKind.Replay, Infinity);
    this.executions = new Table(ObjectKind.Execution, 3);
    this.tables = [
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
    this.bootstrapGate = new BootstrapGate(this);
    this.bootstrapNaming = { mayName: true, choose: (moid, root, ordinal) => this.choose(moid, root, ordinal) };
  }

  /** A ClientURI, parsed. @throws DmError `BAD_URI`, `TOO_LONG`. */
  clientUri(uri: string): ClientUri {
    if (uri.length > this.limits.uri) throw new DmError('TOO_LONG', 'ClientURI');
    const parsed = new ClientUri(uri, this.limits);
    if (parsed.moid === MOID_SESSION) this.refreshSession();
    return parsed;
  }

  /** The one node at a ClientURI. @throws DmError `BAD_URI`, `TOO_LONG`, `NOT_FOUND`, `AMBIGUOUS`. */
  find(clientUri: string): NodeId {
    return this.matches.single(this.clientUri(clientUri), DEVICE_VIEWER);
  }

  /**
   * A ServerURI with its placeholders replaced.
   * @param moid the MOID at hand, '' where there is none.
   * @throws DmError as `expandServerUri`.
   */
  expand(serverUri: string, moid: string): string {
    const values = { placeholder: (name: string) => (name === 'MOID' ? moid : this.info.placeholder(name)) };
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

  /**
   * The gate of whom a DEFAULT belongs to: data is taken with the rights of the account that set it; a factory's belongs to every account
   * that may have the MOID.
   * @throws DmError `NO_ACCOUNT` where the account is gone.
   */
  gateOf(owner: string, moid: string): WriteGate {
    return owner === FACTORY ? new FactoryGate(this, moid) : new AccountGate(this, this.account(owner).srvId);
  }

  /**
   * Sets a DEFAULT as a part of the transaction. What failed at the place before is not tried again at the new one before somebody asks.
   * @throws DmError `FORBIDDEN`, `TABLE_FULL`.
   */
  setDefault(moid: string, serverUri: string, owner: string): void {
    const old = this.defaults.find(moid);
    const ownerIsGone = old !== undefined && this.accounts.find(old.fields[DefaultField.Owner]) === undefined;
    this.defaults.set(moid, serverUri, owner, this.transaction, ownerIsGone);
    const retry = this.due.item(CONFIGURATION_WORK, moid, '');
    if (retry !== undefined && this.defaults.find(moid) !== old) this.due.cancel(retry);
  }

  /** The account with a SrvID. @throws DmError `NO_ACCOUNT` */
  account(srvId: string): Account {
    const account = this.accounts.find(srvId);
    if (account === undefined) throw new DmError('NO_ACCOUNT', srvId);
    return account;
  }

  /** Brings Session Information up to what is so now, and tells whoever watches it. */
  refreshSession(): void {
    const changed = this.info.refreshSession();
    for (let i = 0; i < changed.length; i += 1) this.listener.changed(changed[i], false);
  }

  /**
   * Loads everything from flash; writes nothing. An object that cannot be read is left out, and noted.
   * @throws DmError `TREE_FULL` where this client's arena is smaller than the one that wrote the tree.
   */
  load(): void {
    this.records.open();
    for (let id = 1; id <= this.limits.objects; id += 1) {
      try {
        this.loadObject(id);
      } catch (thrown) {
        const error = asDmError(thrown);
        if (error.code === 'TREE_FULL') throw error;
        this.note('FLASH_FAILED', `object ${id}: ${error.message}`);
      }
    }
    this.sortByAge(this.alerts);
    this.sortByAge(this.executions);
    this.info.addSession();
    if (this.records.damaged > 0) this.note('FLASH_FAILED', `${this.records.damaged} damaged records`);
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

  private loadObject(id: ObjectId): void {
    const kind = this.records.kind(id);
    if (kind === ObjectKind.ManagementObject) this.loadInstance(id);
    for (let i = 0; i < this.tables.length; i += 1) {
      const table = this.tables[i];
      if (table.kind === kind) table.load(id, this.fields(id, Math.min(table.kept, 1)));
    }
  }

  /** Objects are numbered in no order of time: a number that is free is given again. */
  private sortByAge(table: Table): void {
    const age = (row: Row): number => this.records.generationOf(row.object);
    table.rows = table.rows.slice().sort((a, b) => age(a) - age(b));
  }

  /** An instance is stored as the MO document that it is sent as. */
  private loadInstance(id: ObjectId): void {
    const scanner = this.scanner;
    this.intake.prepare(undefined, new LoadGate(this), this.bootstrapNaming);
    scanner.reset(this.intake);
    try {
      this.records.read(id, (bytes, from, to) => {
        scanner.scan(bytes, from, to);
      });
      scanner.end();
    } catch (thrown) {
      this.intake.abort();
      throw thrown;
    }
    const uri = this.clientUri(this.intake.place(this.transaction, () => {})[0]);
    this.transaction.forget();
    this.tree.setObject(this.tree.instance(uri.moid, uri.miid), id);
  }

  /**
   * A row as it is stored: a JSON array of strings.
   * @throws DmError `FLASH_FAILED` where it is damaged, or has fewer than `count`.
   */
  fields(id: ObjectId, count: number): string[] {
    let text = '';
    this.records.read(id, (bytes, from, to) => {
      text += this.platform.text.decode(bytes, from, to);
    });
    const fields = JSON.parse(text) as string[];
    if (fields.length < count) throw new DmError('FLASH_FAILED', `object ${id} has ${fields.length} fields`);
    return fields;
  }

  /**
   * What a bootstrap's `MOID//` stands for, so that one applied after another finds its own again: an account is the one with the same
   * SrvID, the n-th element of another MOID its n-th instance.
   */
  private choose(moid: string, root: NodeId, ordinal: number): NodeId {
    const tree = this.tree;
    if (moid === MOID_ACCOUNT) {
      const account = this.accounts.find(this.accounts.srvIdOf(root));
      return account === undefined ? NO_NODE : tree.instanceOf(account.root);
    }
    const instances: NodeId[] = [];
    for (let at = tree.firstInstance(moid); at !== NO_NODE; at = tree.next(at)) instances.push(at);
    // In the order of m1, m2, … m10: that of the tree depends on where in flash each lay.
    const rank = (node: NodeId): string => String.fromCharCode(tree.name(node).length) + tree.name(node);
    instances.sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
    return ordinal < instances.length ? instances[ordinal] : NO_NODE;
  }

  /** True where the device has an instance of `moid`. */
  has(moid: string): boolean {
    return this.tree.firstInstance(moid) !== NO_NODE;
  }
}
