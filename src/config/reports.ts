import { findAccount } from '../access/accounts.js';
import { AccountGate } from '../access/gates.js';
import { DmError, fail } from '../errors.js';
import { crc32 } from '../flash/crc32.js';
import type { Exchange } from '../http/exchange.js';
import { MoList } from '../reply/mo-list.js';
import { Large } from '../tree/mo-writer.js';
import type { Row } from '../tree/table.js';
import type { Device } from './device.js';
import { REPORT_WORK } from './due-work.js';
import { Upload } from './upload.js';

/** Fields of a subscription. */
const enum Field {
  SrvId = 0,
  ClientUri,
  ServerUri,
  /** Checksum of the document that the server knows, without its validators, large values by their references. */
  Known,
}

/** Validators change with every change, data may change back. */
const NO_VALIDATORS = { get: () => '' };

/**
 * Subscriptions: after changes in a part of the tree have settled, the server that asked for it gets all of that part (PROTOCOL.md §3, SUB). Whether there is
 * something to report is told by comparing with what was reported last, so a restart loses nothing.
 */
export class Reports {
  private readonly device: Device;
  private readonly repository: Exchange;
  private timer: unknown;

  constructor(device: Device, repository: Exchange) {
    this.device = device;
    this.repository = repository;
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
    if (uri.isPlain) new MoList(device, [uri], gate, false, Large.Whole).find();
    if (old === undefined && table.rows.length >= device.limits.subscriptions) fail('TABLE_FULL', 'SUB');
    const known = old === undefined ? this.checksum(gate, clientUri) : old.fields[Field.Known];
    device.transaction.put(table, old, [gate.srvId, clientUri, serverUri, known]);
    device.transaction.commit();
  }

  /** Ends a subscription, and what is due for it. @throws DmError `NOT_FOUND`, `FLASH_FULL`, `FLASH_FAILED`. */
  unsubscribe(srvId: string, clientUri: string): void {
    const device = this.device;
    const row = this.row(srvId, clientUri);
    const due = device.due.find(REPORT_WORK, srvId, clientUri);
    if (due !== undefined) {
      device.due.cancel(due);
      // Where flash refuses, it is still to be reported.
      this.changed();
    }
    device.transaction.drop(device.subscriptions, row);
    device.transaction.commit();
  }

  /** Something in the tree has changed, or may have before a restart. */
  changed(): void {
    if (this.device.isClosed || this.timer !== undefined || this.device.subscriptions.rows.length === 0) return;
    this.timer = this.device.platform.clock.after(this.device.limits.settleTime, () => {
      this.timer = undefined;
      this.device.guard(() => this.look());
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
   * Sends one report, unless the server knows all of it.
   * @throws DmError `NOT_FOUND` where the subscription is gone; what an upload may come to.
   */
  send(srvId: string, clientUri: string, done: (error: DmError | undefined) => void): void {
    const device = this.device;
    const row = this.row(srvId, clientUri);
    const gate = new AccountGate(device, device.account(srvId).srvId);
    const due = device.due.find(REPORT_WORK, srvId, clientUri);
    let sent = this.checksum(gate, clientUri);
    // Changed back in time. A try that failed may have reached the server all the same: it is told.
    if (sent === row.fields[Field.Known] && due !== undefined && due.bound === undefined) {
      done(undefined);
      return;
    }
    const document = this.document(gate, clientUri, Large.Whole);
    const body = {
      // The exchange begins anew where the tree changes under it.
      rewind: () => {
        sent = this.checksum(gate, clientUri);
        document.rewind();
      },
      next: () => document.next(),
    };
    const finish = (error: DmError | undefined): void => {
      // A server that refuses a report for good is not asked again before something else changes.
      const isOver = error === undefined || !error.transient;
      if (isOver) this.remember(srvId, clientUri, sent);
      done(error);
      // What changed behind that was looked at while this report was still due.
      if (isOver && this.checksum(gate, clientUri) !== sent) this.changed();
    };
    const upload = new Upload(device, this.repository, 'PUT', body, true, finish);
    try {
      upload.begin(row.fields[Field.ServerUri], device.clientUri(clientUri).moid);
    } catch (thrown) {
      if (thrown instanceof DmError && !thrown.transient) this.remember(srvId, clientUri, sent);
      throw thrown;
    }
  }

  private row(srvId: string, clientUri: string): Row {
    return this.device.subscriptions.find(srvId, clientUri) || fail('NOT_FOUND', 'SUB');
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
    const rows = device.subscriptions.rows;
    for (let i = 0; i < rows.length; i += 1) {
      const srvId = rows[i].fields[Field.SrvId];
      const clientUri = rows[i].fields[Field.ClientUri];
      if (findAccount(device, srvId) === undefined) {
        device.commitOrNote(() => device.transaction.drop(device.subscriptions, rows[i]));
      } else if (this.checksum(new AccountGate(device, srvId), clientUri) !== rows[i].fields[Field.Known]) {
        device.due.ask(REPORT_WORK, srvId, clientUri);
      }
    }
    device.workIsDue();
  }

  /**
   * All of the addressed data that the account may read; nothing where its Perm list has lost the MOID. To see whether it has changed, references
   * will do.
   */
  private document(gate: AccountGate, clientUri: string, large: Large): MoList {
    const device = this.device;
    const uri = device.clientUri(clientUri);
    const source = {
      tree: device.tree,
      matches: device.matches,
      validators: large === Large.Whole ? device.validators : NO_VALIDATORS,
      definitions: device.definitions,
    };
    return new MoList(source, gate.permits(uri.moid) ? [uri] : [], gate, true, large);
  }

  private checksum(gate: AccountGate, clientUri: string): string {
    let crc = 0;
    const document = this.document(gate, clientUri, Large.Reference);
    document.rewind();
    for (let piece = document.next(); piece !== ''; piece = document.next()) {
      const bytes = this.device.platform.text.encode(piece);
      crc = crc32(bytes, 0, bytes.length, crc);
    }
    return crc.toString(36);
  }
}
