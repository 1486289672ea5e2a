import { type Account, findAccount } from '../access/accounts.js';
import { basicCredentials } from '../access/credentials.js';
import { AccountGate } from '../access/gates.js';
import type { BodySource } from '../bytes/body-writer.js';
import { CommandCode } from '../commands/catalog.js';
import type { Command } from '../commands/command.js';
import { CommandReader } from '../commands/command-reader.js';
import type { Device } from '../config/device.js';
import { deviceId } from '../config/device-info.js';
import type { JustInTime } from '../config/just-in-time.js';
import type { DoneCallback } from '../config/transfer.js';
import { asDmError, DmError, statusOf } from '../errors.js';
import type { Context, Tools } from '../execute/context.js';
import { execute } from '../execute/executor.js';
import type { Pending } from '../execute/outcome.js';
import type { Exchange } from '../http/exchange.js';
import { type ExchangeUser, Header } from '../http/exchange-user.js';
import { mediaType, TYPE_INITIATION, TYPE_REQUEST, TYPE_RESPONSE } from '../http/media-type.js';
import { isSecure, originOf } from '../http/url.js';
import { MosList } from '../reply/mos-list.js';
import { Package } from '../reply/package.js';
import { ReplyBuffer } from '../reply/reply-buffer.js';
import type { Row } from '../tree/table.js';

/** A session that is to be opened. */
export interface Opening {
  /** Where Package#1 goes, '' for the account's SrvURI. */
  readonly serverUri: string;
  /** The session alert, as JSON. */
  readonly alert: string;
  /** Whether Package#1 lists the account's management objects. */
  readonly withMos: boolean;
}

/**
 * DM sessions, one at a time: Package#1 out, then Package#2 in and Package#3 out until an END (PROTOCOL.md §2). Commands run while their
 * package arrives; it is held back while one of them does an exchange of its own.
 *
 * | when                   | event                                      | next                 |
 * |------------------------|--------------------------------------------|----------------------|
 * | a package is going out | response 200                               | Package#2 is read    |
 * |                        | other status, failure                      | end with an error    |
 * | Package#2 is read      | command                                    | it runs              |
 * |                        | command with an exchange, just-in-time request | held until it is done |
 * |                        | whole, no END                              | Package#3 goes out   |
 * |                        | whole, END                                 | end                  |
 * |                        | unreadable, first in a row                 | Package#3 goes out   |
 * |                        | unreadable again                           | end with an error    |
 * |                        | time-out, fault of the platform            | end with an error    |
 */
export class Session implements ExchangeUser, Context {
  readonly device: Device;
  readonly tools: Tools;
  gate!: AccountGate;
  private readonly exchange: Exchange;
  private readonly justInTime: JustInTime;
  private readonly reader: CommandReader;
  private readonly reply: ReplyBuffer;
  /** The command that was read last, until it is finished. */
  private command: Command | undefined;
  /** What runs when the package was read ahead. */
  private deferred: Pending | undefined;
  private url!: string;
  /** The server that the account's credentials are for. */
  private home!: string;
  private deviceId!: string;
  private opening!: Opening;
  private done!: DoneCallback;
  /** Alerts of the package that is on its way. */
  private alerts!: readonly Row[];
  private isReading!: boolean;
  /** Length of the Package#2 under way as it was announced: such a package is told of before its commands, another one when it is in. */
  private length!: string;
  private isEnding!: boolean;
  private wasUnreadable!: boolean;

  constructor(device: Device, tools: Tools, exchange: Exchange, justInTime: JustInTime) {
    this.device = device;
    this.tools = tools;
    this.exchange = exchange;
    this.justInTime = justInTime;
    this.reply = new ReplyBuffer(device.platform.text, device.limits, device.tree);
    // Every command pauses the reader, and runs when that has returned: a device's stack is small.
    this.reader = new CommandReader(device.platform.text, device.limits, (command) => {
      this.command = command;
      return false;
    });
    this.command = undefined;
    this.deferred = undefined;
  }

  /**
   * Opens a session with a DM Server.
   * @param done called once, when the session has ended.
   * @throws DmError `NO_DEVICE_ID`; `BAD_URI` and the like for the account's SrvURI.
   */
  start(account: Account, opening: Opening, done: DoneCallback): void {
    const device = this.device;
    this.deviceId = deviceId(device);
    this.home = device.expand(account.srvUri, '');
    this.url = opening.serverUri === '' ? this.home : device.expand(opening.serverUri, '');
    this.gate = new AccountGate(device, account.srvId);
    this.opening = opening;
    this.done = done;
    this.isEnding = false;
    this.wasUnreadable = false;
    const mos = opening.withMos ? new MosList(device, this.gate) : undefined;
    this.send(1, new Package('MOS', mos, [opening.alert].concat(this.takeAlerts())));
  }

  // Context of the commands

  room(): number {
    return this.isEnding ? Infinity : this.reply.room;
  }

  continueAt(url: string): void {
    this.url = url;
  }

  end(): void {
    this.isEnding = true;
  }

  finished(error: DmError | undefined, tail: BodySource | undefined): void {
    if (error === undefined) this.answer(200, tail);
    else this.answer(statusOf(error), undefined);
    this.exchange.resume();
  }

  // Package#2 arrives

  onResponse(): void {
    const device = this.device;
    const headers = this.exchange.headers;
    if (this.exchange.status !== 200) throw this.exchange.refusal();
    this.isReading = true;
    this.reply.reset();
    this.reader.reset();
    this.command = undefined;
    const type = mediaType(headers[Header.ContentType]);
    const isPackage = type === '' || type === TYPE_REQUEST;
    // A captive portal's page delivers nothing.
    if (isPackage) device.commitOrNote(() => device.alerts.delivered(this.alerts));
    this.alerts = [];
    this.length = headers[Header.ContentLength];
    if (this.length !== '') this.log(2, Number(this.length));
    if (!isPackage) throw new DmError('BAD_TYPE', type);
  }

  onBytes(bytes: Uint8Array, from: number, to: number, more: boolean): number {
    let at = from;
    while (this.exchange.isReading) {
      if (this.justInTime.waits) this.hold(() => this.justInTime.serve(() => this.exchange.resume()));
      else {
        at = this.reader.read(bytes, at, to, more);
        if (this.command === undefined) break;
        this.run(this.command);
      }
    }
    return at;
  }

  onReadAhead(): void {
    const start = this.deferred as Pending;
    this.deferred = undefined;
    try {
      start();
    } catch (thrown) {
      this.finished(asDmError(thrown), undefined);
    }
  }

  onEnd(): void {
    try {
      this.reader.end();
    } catch (thrown) {
      this.onFailed(asDmError(thrown));
      return;
    }
    this.wasUnreadable = false;
    this.endPackage();
  }

  onFailed(error: DmError): void {
    if (!this.isReading || error.code === 'TIMEOUT' || error.code === 'INTERNAL') {
      this.finish(error);
      return;
    }
    this.device.note(error.code, `Package#2: ${error.message}`);
    if (this.wasUnreadable && !this.isEnding) {
      this.finish(new DmError('BAD_PACKAGE', 'second unreadable Package#2', error.offset, error));
      return;
    }
    this.wasUnreadable = true;
    this.reply.status(400);
    this.endPackage();
  }

  private endPackage(): void {
    if (this.length === '') this.log(2, this.exchange.received);
    if (this.isEnding) this.finish(undefined);
    else this.send(3, new Package('Status', this.reply, this.takeAlerts()));
  }

  // Commands run

  private run(command: Command): void {
    // A package with END is not answered: it needs no room, and all of it runs.
    const isRefused = this.reply.isFull && !this.isEnding && command.code !== CommandCode.End;
    const outcome = isRefused ? 413 : execute(command, this);
    if (typeof outcome === 'function') this.hold(outcome);
    else if (typeof outcome === 'number') this.answer(outcome, undefined);
    else this.answer(outcome.status, outcome.tail);
  }

  /** The command is finished: says so in Package#3. */
  private answer(status: number, tail: BodySource | undefined): void {
    const command = this.command as Command;
    let answered = status;
    try {
      if (tail === undefined) this.reply.status(status);
      else if (!this.reply.result(status, tail)) throw new DmError('REPLY_FULL');
    } catch (thrown) {
      answered = statusOf(asDmError(thrown));
      this.reply.status(answered);
    }
    this.command = undefined;
    const log = this.device.platform.log;
    if (log !== undefined) log.command('session', command.name(), command.parameters(), answered);
  }

  /** Holds the package back; `deferred` runs when as much of it as fits was read ahead. */
  private hold(deferred: Pending): void {
    this.deferred = deferred;
    this.exchange.pause();
  }

  // Packages go out

  /** The alerts that wait for this server, at this of its addresses; they are taken off the queue when it has answered. */
  private takeAlerts(): string[] {
    const queue = this.device.alerts;
    const alerts: string[] = [];
    this.alerts = queue.waiting(this.gate.srvId, this.opening.serverUri);
    // One that cannot be read any more is taken off with the others.
    for (let i = 0; i < this.alerts.length; i += 1) this.device.guard(() => alerts.push(queue.json(this.alerts[i])));
    return alerts;
  }

  /** Basic authentication goes over TLS only, and to the account's own server only (PROTOCOL.md §12). */
  private credentials(): string {
    const device = this.device;
    const account = findAccount(device, this.gate.srvId);
    if (account === undefined || !isSecure(this.url) || originOf(this.url) !== originOf(this.home)) return '';
    return basicCredentials(account, device.tree, device.platform.text);
  }

  /** The session is over, and keeps nothing for its reply. */
  private finish(error: DmError | undefined): void {
    this.reply.reset();
    this.done(error);
  }

  private send(number: number, body: BodySource): void {
    const type = number === 1 ? TYPE_INITIATION : TYPE_RESPONSE;
    const headers = ['Content-Type', type, 'Accept', TYPE_REQUEST, 'OMADM-DevID', this.deviceId];
    this.isReading = false;
    const request = { method: 'POST', url: this.url, headers, credentials: this.credentials(), body };
    if (this.exchange.send(request, this)) this.log(number, this.exchange.length);
  }

  private log(number: number, bytes: number): void {
    const log = this.device.platform.log;
    if (log !== undefined) log.package(number, this.exchange.url, bytes);
  }
}
