import type { BodySource } from '../bytes/body-writer.js';
import type { DmError } from '../errors.js';
import type { Exchange } from '../http/exchange.js';
import type { ExchangeUser } from '../http/exchange-user.js';
import type { Device } from './device.js';

/** Gets told how work ended: no error where it succeeded. */
export type DoneCallback = (error: DmError | undefined) => void;

/** One exchange of MO data with a Data Repository; there is one at a time. */
export abstract class Transfer implements ExchangeUser {
  protected readonly device: Device;
  protected readonly exchange: Exchange;
  protected readonly method: string;
  /** The ServerURI, its placeholders replaced. */
  protected url!: string;
  protected readonly done: DoneCallback;

  /** @param done called once, where the transfer has begun. */
  constructor(device: Device, exchange: Exchange, method: string, done: DoneCallback) {
    this.device = device;
    this.exchange = exchange;
    this.method = method;
    this.done = done;
  }

  abstract onResponse(): void;

  abstract onBytes(bytes: Uint8Array, from: number, to: number): number;

  abstract onEnd(): void;

  onReadAhead(): void {}

  onFailed(error: DmError): void {
    this.log();
    this.done(error);
  }

  protected send(headers: readonly string[], body: BodySource | undefined): void {
    this.exchange.send({ method: this.method, url: this.url, headers, credentials: '', body }, this);
  }

  protected log(): void {
    const log = this.device.platform.log;
    if (log !== undefined) log.exchange(this.method, this.url, this.exchange.status, this.exchange.received);
  }
}
