import { AccountGate } from '../access/gates.js';
import { BodyWriter } from '../bytes/body-writer.js';
import { DmError } from '../errors.js';
import { crc32 } from '../flash/crc32.js';
import { MoList, type MoSource } from '../reply/mo-list.js';
import type { Row } from '../tree/table.js';
import type { Device } from './device.js';
import { REPORT_WORK } from './due-work.js';
import type { Uploader } from './uploader.js';

/** Fields of a subscription. */
const enum Field {
  SrvId = 0,
  ClientUri,
  ServerUri,
  /** Checksum of the document that the server knows. */
  Known,
}

const WINDOW = 64;

const NONE = { of: () => '' };

/**
 * Subscriptions: after changes in a part of the tree have settled, the server that asked for it gets all of that part (PROTOCOL.md §3, SUB). Whether there is
 * something to report is told by comparing with what was reported last, so a restart loses nothing.
 */
export class Reports {
  private readonly device: Device;
  private readonly uploader: Uploader;
  private readonly body: BodyWriter;
  private readonly window: Uint8Array;
  private timer: unknown;

  constructor(device: Device, uploader: Uploader) {
    this.device = device;
    this.uploader = uploader;
    this.body = new BodyWriter(device.platform.text);
    this.window = new Uint8Array(WINDOW);
    this.timer = undefined;
  }

  /**
   * Subscribes a server; a second time with the same ClientURI only the ServerURI changes.
   * @throws DmError `NOT_FOUND` where an exact address does not exist, `FORBIDDEN`, `AMBIGUOUS`, `TABLE_FULL`, `FLASH_FULL`, `FLASH_FAILED`.
   */
  subscribe(gate: AccountGate, clientUri: string, serverUri: string): void {
    const device = this.device;
    const table = device.subscriptions;
    const old = table.find(gate.srvId, clientUri);
    const uri = device.clientUri(clientUri);
    if (uri.isPlain) new MoList(device, [uri], gate, false).find();
    if (old === undefined && table.rows.length >= device.limits.subscriptions) throw new DmError('TABLE_FULL', 'SUB');
    const known = old === undefined ? this.checksum(gate, clientUri) : old.fields[Field.Known];
    device.transaction.put(table, old, [gate.srvId, clientUri, serverUri, known]);
    device.transaction.commit();
  }

  /** Ends a subscription, and what is due for it. @throws DmError `NOT_FOUND`, `FLASH_FULL`, `FLASH_FAILED`. */
  unsubscribe(srvId: string, clientUri: string): void {
    const device = this.device;
    const row = device.subscriptions.find(srvId, clientUri);
    if (row === undefined) throw new DmError('NOT_FOUND', 'SUB');
    const due = device.due.item(REPORT_WORK, srvId, clientUri);
    if (due !== undefined) device.due.cancel(due);
    device.transaction.drop(device.subscriptions, row);
    device.transaction.commit();
  }

  /** Something in the tree has changed, or may have before a restart. */
  changed(): void {
    if (this.timer !== undefined || this.device.subscriptions.rows.length === 0) return;
    this.timer = this.device.platform.clock.after(this.device.limits.settleTime, () => {
      this.timer = undefined;
      this.look();
    });
  }

  /** True while changes settle. */
  get settles(): boolean {
    return this.timer !== undefined;
  }

  /** Ends all waiting. */
  close(): void {
    if (this.timer !== undefined) this.device.platform.clock.cancel(this.timer);
  }

  /**
   * Sends one report.
   * @throws DmError `NOT_FOUND` where the subscription is gone; what an upload may come to.
   */
  send(srvId: string, clientUri: string, done: (error: DmError | undefined) => void): void {
    const device = this.device;
    const row = device.subscriptions.find(srvId, clientUri);
    if (row === undefined) throw new DmError('NOT_FOUND', 'SUB');
    const gate = new AccountGate(device, device.account(srvId).srvId);
    const sent = this.checksum(gate, clientUri);
    const finish = (error: DmError | undefined): void => {
      // A server that refuses a report for good is not asked again before something else changes.
      if (error === undefined || !error.transient) this.remember(srvId, clientUri, sent);
      done(error);
    };
    const upload = {
      method: 'PUT',
      serverUri: row.fields[Field.ServerUri],
      body: this.document(gate, clientUri, device),
      adapts: true,
      done: finish,
    };
    try {
      this.uploader.start(upload, device.clientUri(clientUri).moid);
    } catch (thrown) {
      if (thrown instanceof DmError && !thrown.transient) this.remember(srvId, clientUri, sent);
      throw thrown;
    }
  }

  private remember(srvId: string, clientUri: string, known: string): void {
    const device = this.device;
    const row = device.subscriptions.find(srvId, clientUri);
    if (row === undefined) return;
    const fields = row.fields.slice(0, Field.Known).concat(known);
    device.commitOrNote(() => device.transaction.put(device.subscriptions, row, fields));
  }

  /** Finds the subscriptions whose part of the tree is not what their server knows. */
  private look(): void {
    const device = this.device;
    const rows: readonly Row[] = device.subscriptions.rows;
    for (let i = 0; i < rows.length; i += 1) {
      const srvId = rows[i].fields[Field.SrvId];
      const clientUri = rows[i].fields[Field.ClientUri];
      const account = device.accounts.find(srvId);
      if (account === undefined) {
        device.commitOrNote(() => device.transaction.drop(device.subscriptions, rows[i]));
        continue;
      }
      const now = this.checksum(new AccountGate(device, srvId), clientUri);
      if (now !== rows[i].fields[Field.Known]) device.due.ask(REPORT_WORK, srvId, clientUri);
    }
    device.workIsDue();
  }

  private document(gate: AccountGate, clientUri: string, source: MoSource): MoList {
    return new MoList(source, [this.device.clientUri(clientUri)], gate, true);
  }

  /** Of the data alone: a validator changes with what the server may not see, too. */
  private checksum(gate: AccountGate, clientUri: string): string {
    const device = this.device;
    const data = { tree: device.tree, matches: device.matches, definitions: device.definitions, validators: NONE };
    let crc = 0;
    let filled = WINDOW;
    this.body.begin(this.document(gate, clientUri, data));
    while (filled === WINDOW) {
      filled = this.body.fill(this.window, 0, WINDOW);
      crc = crc32(this.window, 0, filled, crc);
    }
    return crc.toString(36);
  }
}
