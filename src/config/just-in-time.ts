import { asDmError, DmError } from '../errors.js';
import type { Exchange } from '../http/exchange.js';
import { Header } from '../http/exchange-user.js';
import { NO_NODE } from '../tree/arena.js';
import { encodeComponent } from '../tree/client-uri.js';
import { SERVER_NAMING } from '../tree/mo-intake.js';
import type { Row } from '../tree/table.js';
import { DefaultField } from './default-table.js';
import type { Device } from './device.js';
import { CONFIGURATION_WORK } from './due-work.js';
import { Retrieval } from './retrieval.js';
import type { DoneCallback } from './transfer.js';

/**
 * Answers a request for configuration: the ClientURIs of the instances that hold it, or why there is none.
 */
export type ConfigurationCallback = (error: DmError | undefined, clientUris: readonly string[]) => void;

/** Requests for one MOID that wait for one fetch. */
interface Waiting {
  readonly moid: string;
  readonly callbacks: ConfigurationCallback[];
}

const NOTHING: readonly string[] = [];

/** Fields of a row of `device.fetched`; behind them ClientURI and generation of each instance that was stored. */
const enum Field {
  Moid = 0,
  Url,
  ETag,
  Instances,
}

/**
 * Just-in-time configuration: gets the objects of a MOID from the ServerURI that a DEFAULT names, when the device itself needs them,
 * and tells no DM Server.
 *
 * Source: PROTOCOL.md §10.
 */
export class JustInTime {
  private readonly device: Device;
  private readonly repository: Exchange;
  private readonly queue: Waiting[];
  private running: boolean;

  constructor(device: Device, repository: Exchange) {
    this.device = device;
    this.repository = repository;
    this.queue = [];
    this.running = false;
  }

  /** True while requests wait that are not being served. */
  get waits(): boolean {
    return !this.running && this.queue.length > 0;
  }

  /**
   * Adds a request. Requests for one MOID share one fetch.
   * @param urgent whether to try during a back-off too, which is done once in each.
   * @throws DmError `NO_DEFAULT`; `BACK_OFF` with the seconds until the next try; `BUSY` where `limits.requests` wait.
   */
  request(moid: string, urgent: boolean, callback: ConfigurationCallback): void {
    const device = this.device;
    for (let i = 0; i < this.queue.length; i += 1) {
      if (this.queue[i].moid === moid) {
        this.queue[i].callbacks.push(callback);
        return;
      }
    }
    if (device.defaults.find(moid) === undefined) throw new DmError('NO_DEFAULT', moid);
    if (this.queue.length === device.limits.requests) throw new DmError('BUSY', moid);
    const retry = device.due.find(CONFIGURATION_WORK, moid);
    if (retry !== undefined) device.due.hurry(retry, urgent);
    this.queue.push({ moid, callbacks: [callback] });
  }

  /** Tries again what failed; whoever asks meanwhile shares it. */
  retry(moid: string, done: () => void): void {
    this.queue.unshift({ moid, callbacks: [] });
    this.serve(done);
  }

  /** MOIDs that have a DEFAULT and no instance. */
  missing(): string[] {
    const device = this.device;
    return device.defaults.rows.map((row) => row.fields[DefaultField.Moid]).filter((moid) => !device.has(moid));
  }

  /** Serves the oldest request that waits; `done` is called when it was answered. The repository's exchange must be idle. */
  serve(done: () => void): void {
    const device = this.device;
    const moid = this.queue[0].moid;
    this.running = true;
    const answer: ConfigurationCallback = (error, uris) => {
      const callbacks = this.queue[0].callbacks;
      device.due.settle(device.due.ask(CONFIGURATION_WORK, moid, ''), error);
      this.running = false;
      this.queue.shift();
      device.finished('configuration', moid, error);
      for (let i = 0; i < callbacks.length; i += 1) device.guard(() => callbacks[i](error, uris));
      done();
    };
    try {
      const entry = device.defaults.find(moid);
      if (entry === undefined) throw new DmError('NO_DEFAULT', moid);
      const fetch: Fetch = new Fetch(device, this.repository, entry, (error) =>
        answer(error, error === undefined ? fetch.uris : NOTHING),
      );
      fetch.begin(entry.fields[DefaultField.ServerUri], moid);
    } catch (thrown) {
      answer(asDmError(thrown), NOTHING);
    }
  }
}

/** A fetch for one MOID. Where its answer has an ETag, that makes the next one conditional, as long as URL and instances stay the same. */
class Fetch extends Retrieval {
  /** The ClientURIs that the configuration was stored to. */
  uris: readonly string[];
  private readonly moid: string;
  private readonly known: Row | undefined;
  /** What is stored of the last one. */
  private readonly before: readonly string[];

  constructor(device: Device, repository: Exchange, entry: Row, done: DoneCallback) {
    const moid = entry.fields[DefaultField.Moid];
    const gate = device.gateOf(entry.fields[DefaultField.Owner], moid);
    super(device, repository, undefined, gate, SERVER_NAMING, done);
    this.moid = moid;
    this.known = device.fetched.find(moid);
    this.before = this.known === undefined ? NOTHING : device.fields(this.known.object, Field.Instances);
    this.uris = NOTHING;
  }

  protected override etag(): string {
    const fields = this.before;
    if (fields[Field.Url] !== this.url) return '';
    const uris: string[] = [];
    for (let i = Field.Instances; i + 1 < fields.length; i += 2) {
      if (this.generation(fields[i]) !== fields[i + 1]) return '';
      uris.push(fields[i]);
    }
    this.uris = uris;
    return fields[Field.ETag];
  }

  protected override stored(uris: readonly string[]): void {
    const transaction = this.device.transaction;
    const head = `${encodeComponent(this.moid)}/`;
    if (!uris.some((uri) => uri.slice(0, head.length) === head)) throw new DmError('NOT_PROVIDED', this.moid);
    this.uris = uris;
    const fields = [this.moid, this.url, this.exchange.headers[Header.ETag]];
    for (let i = 0; i < uris.length; i += 1) fields.push(uris[i], this.generation(uris[i]));
    if (fields.join(' ') === this.before.join(' ')) return;
    if (fields[Field.ETag] !== '') transaction.put(this.device.fetched, this.known, fields);
    else if (this.known !== undefined) transaction.drop(this.device.fetched, this.known);
  }

  /** The generation of the instance at a ClientURI, '' where there is none. */
  private generation(uri: string): string {
    const instance = this.device.tree.instanceAt(uri);
    return instance === NO_NODE ? '' : String(this.device.transaction.generationOf(instance));
  }
}
