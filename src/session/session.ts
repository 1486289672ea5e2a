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
import { asDmError, DmError, statusOf } from '../errors.js';
import type { Context, Tools } from '../execute/context.js';
import { execute } from '../execute/executor.js';
import { isPending, type Outcome, type Result } from '../execute/outcome.js';
import { type Exchange, type ExchangeUser, Header } from '../http/exchange.js';
import { mediaType, TYPE_INITIATION, TYPE_REQUEST, TYPE_RESPONSE } from '../http/media-type.js';
import { isSecure, originOf } from '../http/url.js';
import { Package1 } from '../reply/package1.js';
import { Package3 } from '../reply/package3.js';
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
 * Where a session is.
 *
 * | state      | event                             | next       |
 * |------------|-----------------------------------|------------|
 * | Idle       | start                             | Sending    |
 * | Sending    | response 200                      | Reading    |
 * | Sending    | other status, failure             | Idle: error |
 * | Reading    | command with an exchange, or a just-in-time request | Executing |
 * | Executing  | it is done                        | Reading    |
 * | Reading    | package whole, no END             | Sending #3 |
 * | Reading    | package whole, END                | Idle: done |
 * | Reading    | package unreadable, first in a row | Sending #3 |
 * | Reading    | package unreadable again          | Idle: error |
 * | Reading    | time-out                          | Idle: error |
 */
const enum State {
  Idle,
  Sending,
  Reading,
  Executing,
}

/** Failures that say the package cannot be read, when they come while it is read. */
const UNREADABLE: readonly string[] = [
  'BAD_JSON',
  'BAD_UTF8',
  'CUT_SHORT',
  'TOO_DEEP',
  'TOO_LONG',
  'BAD_HTTP',
  'BAD_TYPE',
];

/**
 * DM sessions, one at a time: Package#1 out, then Package#2 in and Package#3 out until an END (PROTOCOL.md §2). Commands run while their
 * package arrives; it is held back while one of them does an exchange of its own.
 */
export class Session implements ExchangeUser, Context {
  readonly device: Device;
  readonly tools: Tools;
  gate!: AccountGate;
  private readonly exchange: Exchange;
  private readonly justInTime: JustInTime;
  private readonly reader: CommandReader;
  private readonly reply: ReplyBuffer;
  private state: State;
  private url: string;
  /** The server that the account's credentials are for. */
  private home: string;
  private deviceId: string;
  private opening!: Opening;
  /** Alerts of the package that is on its way. */
  private alerts: readonly Row[];
  /** Where the Package#2 under way came from, and its length where that was announced. */
  private from: string;
  private announced: number;
  private done!: (error: DmError | undefined) => void;
  private ending: boolean;
  private unreadable: boolean;
  /** What runs when the package was read ahead. */
  private deferred: () => void;

  constructor(device: Device, tools: Tools, exchange: Exchange, justInTime: JustInTime) {
    this.device = device;
    this.tools = tools;
    this.alerts = [];
    this.exchange = exchange;
    this.justInTime = justInTime;
    this.reply = new ReplyBuffer(device.platform.text, device.limits);
    this.reader = new CommandReader(device.platform.text, device.limits, (command) => this.onCommand(command));
    this.state = State.Idle;
    this.url = '';
    this.home = '';
    this.deviceId = '';
    this.from = '';
    this.announced = -1;
    this.ending = false;
    this.unreadable = false;
    this.deferred = nothing;
  }

  /**
   * Opens a session with a DM Server.
   * @param done called once, when the session has ended.
   * @throws DmError `NO_DEVICE_ID`; `BAD_URI` and the like for the account's SrvURI.
   */
  start(account: Account, opening: Opening, done: (error: DmError | undefined) => void): void {
    const device = this.device;
    this.deviceId = deviceId(device);
    this.home = device.expand(account.srvUri, '');
    this.url = opening.serverUri === '' ? this.home : device.expand(opening.serverUri, '');
    this.gate = new AccountGate(device, account.srvId);
    this.opening = opening;
    this.done = done;
    this.ending = false;
    this.unreadable = false;
    this.send(1, new Package1(device, this.gate, [opening.alert].concat(this.takeAlerts()), opening.withMos));
  }

  // Context of the commands

  room(): number {
    return this.ending ? Infinity : this.reply.room;
  }

  continueAt(url: string): void {
    this.url = url;
  }

  end(): void {
    this.ending = true;
  }

  // Package#2 arrives

  onResponse(): void {
    if (this.exchange.status !== 200) throw this.exchange.refusal();
    this.state = State.Reading;
    this.reply.reset();
    this.reader.reset();
    this.announced = Number(this.exchange.header(Header.ContentLength) || -1);
    this.from = this.url;
    const type = mediaType(this.exchange.header(Header.ContentType));
    const isPackage = type === '' || type === TYPE_REQUEST;
    // A captive portal's page delivers nothing.
    if (isPackage) this.device.commitOrNote(() => this.device.alerts.delivered(this.alerts));
    this.alerts = [];
    if (this.announced >= 0) this.logPackage(2, this.from, this.announced);
    if (!isPackage) throw new DmError('BAD_TYPE', type);
  }

  onBytes(bytes: Uint8Array, from: number, to: number): number {
    return this.reader.read(bytes, from, to);
  }

  onReadAhead(): void {
    const deferred = this.deferred;
    this.deferred = nothing;
    deferred();
  }

  onEnd(): void {
    try {
      this.reader.end();
    } catch (thrown) {
      this.onUnreadable(asDmError(thrown));
      return;
    }
    this.logReceived();
    this.unreadable = false;
    this.endPackage();
  }

  onFailed(error: DmError): void {
    if (this.state === State.Reading && UNREADABLE.indexOf(error.code) >= 0) this.onUnreadable(error);
    else this.finish(error);
  }

  private onUnreadable(error: DmError): void {
    this.logReceived();
    this.device.note(error.code, `Package#2: ${error.message}`);
    if (this.unreadable && !this.ending) {
      this.finish(new DmError('BAD_PACKAGE', 'second unreadable Package#2', error.offset, error));
      return;
    }
    this.unreadable = true;
    this.reply.status(400);
    this.endPackage();
  }

  private endPackage(): void {
    if (this.ending) this.finish(undefined);
    else this.send(3, new Package3(this.reply, this.takeAlerts()));
  }

  // Commands run

  private onCommand(command: Command): boolean {
    // A package with END is not answered: it needs no room, and all of it runs.
    if (this.reply.isFull && !this.ending && command.code !== CommandCode.End) return this.status(command, 413);
    const outcome = execute(command, this);
    if (typeof outcome === 'number') return this.status(command, outcome);
    if (!isPending(outcome)) return this.result(command, outcome);
    return this.hold(() => this.begin(command, outcome));
  }

  private begin(command: Command, pending: Exclude<Outcome, number | Result>): void {
    try {
      pending.start((error, tail) => this.finishCommand(command, error, tail));
    } catch (thrown) {
      this.finishCommand(command, asDmError(thrown), undefined);
    }
  }

  private finishCommand(command: Command, error: DmError | undefined, tail: BodySource | undefined): void {
    let goOn: boolean;
    if (error !== undefined) goOn = this.status(command, statusOf(error));
    else if (tail === undefined) goOn = this.status(command, 200);
    else goOn = this.result(command, { status: 200, tail });
    if (goOn) this.resume();
  }

  private result(command: Command, result: Result): boolean {
    if (!this.reply.result(result.status, result.tail)) return this.status(command, 413);
    return this.executed(command, result.status);
  }

  private status(command: Command, status: number): boolean {
    this.reply.status(status);
    return this.executed(command, status);
  }

  /** A command is finished. Returns true where the next one may run at once. */
  private executed(command: Command, status: number): boolean {
    const log = this.device.platform.log;
    if (log !== undefined) log.command('session', command.name(), command.parameters(), status);
    if (!this.justInTime.waits) return true;
    const serve = () => this.justInTime.serve(() => this.resume());
    if (this.state === State.Executing) serve();
    else this.hold(serve);
    return false;
  }

  /** Holds the package back; `deferred` runs when as much of it as fits was read ahead. */
  private hold(deferred: () => void): boolean {
    this.state = State.Executing;
    this.deferred = deferred;
    this.exchange.pause();
    return false;
  }

  private resume(): void {
    this.state = State.Reading;
    this.exchange.resume();
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
  private credentials(): string[] {
    const device = this.device;
    const account = findAccount(device, this.gate.srvId);
    if (account === undefined || !isSecure(this.url) || originOf(this.url) !== originOf(this.home)) return [];
    const value = basicCredentials(account, device.tree, device.platform.text);
    return value === '' ? [] : ['Authorization', value];
  }

  private send(number: number, body: BodySource): void {
    this.state = State.Sending;
    const type = number === 1 ? TYPE_INITIATION : TYPE_RESPONSE;
    const headers = ['Content-Type', type, 'Accept', TYPE_REQUEST, 'OMADM-DevID', this.deviceId];
    this.exchange.send({ method: 'POST', url: this.url, headers, secrets: this.credentials(), body }, this);
    this.logPackage(number, this.url, this.exchange.sending);
  }

  private finish(error: DmError | undefined): void {
    this.state = State.Idle;
    this.done(error);
  }

  /** A Package#2 is told of before its commands where its length was announced, else when it is in. */
  private logReceived(): void {
    if (!(this.announced >= 0)) this.logPackage(2, this.from, this.exchange.received);
  }

  private logPackage(number: number, url: string, bytes: number): void {
    const log = this.device.platform.log;
    if (log !== undefined) log.package(number, url, bytes);
  }
}

function nothing(): void {}
