import { Accounts } from '../access/accounts.js';
import { BOOTSTRAP_GATE } from '../access/gates.js';
import { Secrets } from '../access/secrets.js';
import { JsonScanner } from '../bytes/json-scanner.js';
import { asDmError, DmError } from '../errors.js';
import { type ObjectId, ObjectKind, RecordStore } from '../flash/record-store.js';
import type { Platform } from '../hal/platform.js';
import type { Limits } from '../limits.js';
import { NO_NODE, type NodeId } from '../tree/arena.js';
import { ClientUri } from '../tree/client-uri.js';
import { Matches } from '../tree/matches.js';
import { MoIntake, type Naming } from '../tree/mo-intake.js';
import { MOID_ACCOUNT } from '../tree/standard-mos.js';
import { type ChangeListener, Transaction } from '../tree/transaction.js';
import { TreeStore } from '../tree/tree-store.js';
import { AppliedBootstrap } from './applied-bootstrap.js';
import { DefaultTable } from './default-table.js';
import { DeviceInfo } from './device-info.js';
import { DueWork } from './due-work.js';
import { FetchedTable } from './fetched-table.js';

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
  readonly secrets: Secrets;
  readonly info: DeviceInfo;
  readonly defaults: DefaultTable;
  readonly fetched: FetchedTable;
  readonly due: DueWork;
  readonly bootstrap: AppliedBootstrap;
  readonly bootstrapNaming: Naming;

  /** @param allowPersonal whether ServerURIs may hold `[IMSI]` and `[ICCID]`. */
  constructor(platform: Platform, limits: Limits, allowPersonal: boolean, listener: ChangeListener) {
    this.platform = platform;
    this.limits = limits;
    this.allowPersonal = allowPersonal;
    this.records = new RecordStore(platform.flash, limits);
    this.tree = new TreeStore(platform.text, limits);
    this.secrets = new Secrets(this.tree);
    this.matches = new Matches(this.tree, limits, this.secrets);
    this.transaction = new Transaction(this.tree, this.records, platform.text, listener);
    this.scanner = new JsonScanner(limits.jsonDepth);
    this.intake = new MoIntake(this.scanner, this.tree, this.matches, platform.text, limits);
    this.accounts = new Accounts(this.tree);
    this.info = new DeviceInfo(this.tree, platform.text, platform.identity);
    this.defaults = new DefaultTable(limits);
    this.fetched = new FetchedTable();
    this.due = new DueWork();
    this.bootstrap = new AppliedBootstrap();
    this.bootstrapNaming = { mayName: true, choose: (moid, root, ordinal) => this.choose(moid, root, ordinal) };
  }

  /** A ClientURI, parsed. @throws DmError `BAD_URI`, `TOO_LONG`. */
  clientUri(uri: string): ClientUri {
    if (uri.length > this.limits.uri) throw new DmError('TOO_LONG', 'ClientURI');
    return new ClientUri(uri, this.platform.text);
  }

  /**
   * Loads everything from flash; writes nothing. An object that cannot be read is left out, and noted.
   * @throws DmError `TREE_FULL` where this client's arena is smaller than the one that wrote the tree.
   */
  load(): void {
    this.records.open();
    for (let id = 1; id <= this.records.lastObject; id += 1) {
      try {
        this.loadObject(id);
      } catch (thrown) {
        const error = asDmError(thrown);
        if (error.code === 'TREE_FULL') throw error;
        this.note('FLASH_FAILED', `object ${id}: ${error.message}`);
      }
    }
    if (this.records.damaged > 0) this.note('FLASH_FAILED', `${this.records.damaged} damaged records`);
  }

  /** Calls back to an application: what it throws is not the client's fault, and must not end its work. */
  guard(callback: () => void): void {
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
    switch (this.records.kind(id)) {
      case ObjectKind.ManagementObject:
        this.loadInstance(id);
        break;
      case ObjectKind.Default:
        this.defaults.load(id, this.fields(id, 3));
        break;
      case ObjectKind.DueWork:
        this.due.load(id, this.fields(id, 3));
        break;
      case ObjectKind.Bootstrap:
        this.bootstrap.load(id, this.fields(id, 1));
        break;
      case ObjectKind.Fetched:
        this.fetched.load(id, this.fields(id, 3));
        break;
      default:
    }
  }

  /** An instance is stored as the MO document that it is sent as. */
  private loadInstance(id: ObjectId): void {
    const scanner = this.scanner;
    this.intake.begin(undefined);
    scanner.reset(this.intake.reader);
    try {
      this.records.read(id, (bytes, from, to) => {
        scanner.scan(bytes, from, to);
      });
      scanner.end();
    } catch (thrown) {
      this.intake.abort();
      throw thrown;
    }
    const uri = this.clientUri(this.intake.place(this.transaction, BOOTSTRAP_GATE, this.bootstrapNaming)[0]);
    this.transaction.forget();
    this.tree.setObject(this.tree.instance(uri.moid, uri.miid), id);
  }

  /** A small object is stored as a JSON array of strings, at least `count` of them. */
  private fields(id: ObjectId, count: number): string[] {
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
    const type = tree.child(tree.root, moid);
    const instances: NodeId[] = [];
    for (let at = type === NO_NODE ? NO_NODE : tree.firstChild(type); at !== NO_NODE; at = tree.next(at))
      instances.push(at);
    // In the order of m1, m2, … m10: that of the tree depends on where in flash each lay.
    const rank = (node: NodeId): string => String.fromCharCode(tree.name(node).length) + tree.name(node);
    instances.sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
    return ordinal < instances.length ? instances[ordinal] : NO_NODE;
  }

  /** True where the device has an instance of `moid`. */
  has(moid: string): boolean {
    return this.tree.child(this.tree.root, moid) !== NO_NODE;
  }
}
