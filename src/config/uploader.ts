import type { BodySource } from '../bytes/body-writer.js';
import { DmError } from '../errors.js';
import type { Exchange, ExchangeUser } from '../http/exchange.js';
import type { Formats } from '../http/formats.js';
import type { Device } from './device.js';

/** One document to send: what HPUT, HPOST and a report do. */
export interface Upload {
  /** `PUT` or `POST`. */
  readonly method: string;
  /** ServerURI, placeholders and all. */
  readonly serverUri: string;
  readonly body: BodySource;
  /** Whether an answer of 415 that names a format of ours is followed by one more try in that format. */
  readonly adapts: boolean;
  /** Finished: no error where the answer was a success. */
  done(error: DmError | undefined): void;
}

const UNSUPPORTED_TYPE = 415;

/**
 * Sends MO documents to Data Repositories, one at a time.
 *
 * Source: PROTOCOL.md §3 HPUT, §12.
 */
export class Uploader implements ExchangeUser {
  private readonly device: Device;
  private readonly exchange: Exchange;
  private readonly formats: Formats;
  private job!: Upload;
  private url: string;
  private type: string;
  private adapted: boolean;

  constructor(device: Device, exchange: Exchange, formats: Formats) {
    this.device = device;
    this.exchange = exchange;
    this.formats = formats;
    this.url = '';
    this.type = '';
    this.adapted = false;
  }

  /**
   * Begins an upload.
   * @param moid for the placeholder of that name.
   * @throws DmError where it cannot be made: placeholders; `NOT_ACCEPTED` where the server is known to take no format of ours.
   */
  start(job: Upload, moid: string): void {
    this.url = this.device.expand(job.serverUri, moid);
    this.job = job;
    this.adapted = false;
    this.send(this.formats.typeFor(this.url));
  }

  onResponse(): void {
    const status = this.exchange.status;
    if (status >= 200 && status < 300) return;
    if (status === UNSUPPORTED_TYPE) {
      const type = this.formats.typeFor(this.exchange.url);
      if (type === '') throw new DmError('NOT_ACCEPTED', this.url);
      if (this.job.adapts && !this.adapted && type !== this.type) {
        this.adapted = true;
        this.log();
        this.exchange.cancel();
        this.send(type);
        return;
      }
    }
    throw this.exchange.refusal();
  }

  /** What a repository says of a success does not matter. */
  onBytes(_bytes: Uint8Array, _from: number, to: number): number {
    return to;
  }

  onReadAhead(): void {}

  onEnd(): void {
    this.log();
    this.job.done(undefined);
  }

  onFailed(error: DmError): void {
    this.log();
    this.job.done(error);
  }

  private send(type: string): void {
    const job = this.job;
    if (type === '') throw new DmError('NOT_ACCEPTED', this.url);
    this.type = type;
    const headers = ['Content-Type', type, 'Accept', '*/*'];
    this.exchange.send({ method: job.method, url: this.url, headers, secrets: [], body: job.body }, this);
  }

  private log(): void {
    const log = this.device.platform.log;
    if (log !== undefined) log.exchange(this.job.method, this.url, this.exchange.status, this.exchange.received);
  }
}
