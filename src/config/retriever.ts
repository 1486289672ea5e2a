import { asDmError, DmError } from '../errors.js';
import { type Exchange, type ExchangeUser, Header } from '../http/exchange.js';
import { mediaType, READ_MO_TYPES, TYPE_MO } from '../http/media-type.js';
import type { ClientUri } from '../tree/client-uri.js';
import type { Naming, WriteGate } from '../tree/mo-intake.js';
import { resolveTarget } from '../tree/target.js';
import type { Device } from './device.js';

/** One document to fetch and store: what HGET does, whoever asks for it. */
export interface Retrieval {
  /** ServerURI, placeholders and all. */
  readonly serverUri: string;
  /** MOID for the placeholder of that name, '' where there is none. */
  readonly moid: string;
  /** Where the data goes; undefined: each element says so itself. */
  readonly target: ClientUri | undefined;
  readonly gate: WriteGate;
  readonly naming: Naming;
  /** An ETag to ask with, for the expanded URL; '' for none. */
  etag(url: string): string;
  /** The document is in its place, and not yet durable; may add to the transaction, or throw to refuse it. `uris` as `done` gets them. */
  stored(url: string, etag: string, uris: readonly string[]): void;
  /** Finished. `uris`: the ClientURIs stored to; undefined where the answer was 304. */
  done(error: DmError | undefined, uris: readonly string[] | undefined): void;
}

const ACCEPT = `${TYPE_MO}, application/dmmo+json;q=0.9, application/json;q=0.8`;

/**
 * Fetches MO documents from Data Repositories, one at a time, and takes each into the tree wholly or not at all; it is durable when
 * `done` is called.
 *
 * Source: PROTOCOL.md §3 HGET, §10.
 */
export class Retriever implements ExchangeUser {
  private readonly device: Device;
  private readonly exchange: Exchange;
  private job: Retrieval | undefined;
  private url: string;
  /** The ETag that was asked with, '' for none. */
  private etag: string;

  constructor(device: Device, exchange: Exchange) {
    this.device = device;
    this.exchange = exchange;
    this.job = undefined;
    this.url = '';
    this.etag = '';
  }

  /** True while a document is being fetched: nothing else may be read into the tree. */
  get busy(): boolean {
    return this.job !== undefined;
  }

  /**
   * Begins a retrieval.
   * @throws DmError where it cannot be made: placeholders, rights, target.
   */
  start(job: Retrieval): void {
    const device = this.device;
    if (job.target !== undefined) {
      job.gate.checkMoid(job.target.moid);
      job.gate.checkWrite(resolveTarget(job.target, device.tree, device.matches, job.gate, job.naming.mayName));
    }
    this.url = device.expand(job.serverUri, job.moid);
    this.job = job;
    this.send(job.etag(this.url));
  }

  onResponse(): void {
    const exchange = this.exchange;
    const status = exchange.status;
    if (status === 304 && this.etag !== '') {
      this.log();
      exchange.cancel();
      // What the ETag stood for may have changed while the request was under way.
      if (this.current().etag(this.url) === this.etag) this.finish(undefined, undefined);
      else this.send('');
      return;
    }
    if (status !== 200 && status !== 203) {
      throw status < 300 ? new DmError('BAD_MO', `HTTP status ${status}`) : exchange.refusal();
    }
    const type = mediaType(exchange.header(Header.ContentType));
    if (type !== '' && READ_MO_TYPES.indexOf(type) < 0) throw new DmError('BAD_TYPE', type);
    const job = this.current();
    this.device.intake.begin(job.target, job.gate, job.naming);
    this.device.scanner.reset(this.device.intake.reader);
  }

  onBytes(bytes: Uint8Array, from: number, to: number): number {
    return this.device.scanner.scan(bytes, from, to);
  }

  onReadAhead(): void {}

  onEnd(): void {
    const device = this.device;
    const job = this.current();
    this.log();
    let uris: readonly string[];
    try {
      device.scanner.end();
      uris = device.intake.place(device.transaction, (instance, validator) =>
        device.validators.set(instance, validator),
      );
      job.stored(this.url, this.exchange.header(Header.ETag), uris);
      device.transaction.commit();
    } catch (thrown) {
      device.transaction.rollback();
      device.intake.abort();
      this.finish(asDmError(thrown), undefined);
      return;
    }
    this.finish(undefined, uris);
  }

  onFailed(error: DmError): void {
    this.log();
    this.device.intake.abort();
    this.finish(error, undefined);
  }

  private send(etag: string): void {
    const headers = ['Accept', ACCEPT];
    if (etag !== '') headers.push('If-None-Match', etag);
    this.etag = etag;
    this.exchange.send({ method: 'GET', url: this.url, headers, secrets: [], body: undefined }, this);
  }

  private current(): Retrieval {
    return this.job as Retrieval;
  }

  private finish(error: DmError | undefined, uris: readonly string[] | undefined): void {
    const job = this.current();
    this.job = undefined;
    job.done(error, uris);
  }

  private log(): void {
    const log = this.device.platform.log;
    if (log !== undefined) log.exchange('GET', this.url, this.exchange.status, this.exchange.received);
  }
}
