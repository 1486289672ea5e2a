import { asDmError, DmError } from '../errors.js';
import { NO_NODE } from '../tree/arena.js';
import { encodeComponent } from '../tree/client-uri.js';
import { SERVER_NAMING } from '../tree/mo-intake.js';
import type { Row } from '../tree/table.js';
import { DefaultField } from './default-table.js';
import type { Device } from './device.js';
import { CONFIGURATION_WORK } from './due-work.js';
import { FetchedField, instancesOf, rememberFetch, type StoredInstance } from './fetched-table.js';
import type { Retriever } from './retriever.js';

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

/**
 * Just-in-time configuration: gets the objects of a MOID from the ServerURI that a DEFAULT names, when the device itself needs them,
 * and tells no DM Server.
 *
 * Source: PROTOCOL.md §10.
 */
export class JustInTime {
  private readonly device: Device;
  private readonly retriever: Retriever;
  private readonly queue: Waiting[];
  private running: boolean;

  constructor(device: Device, retriever: Retriever) {
    this.device = device;
    this.retriever = retriever;
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
    for (let i = 0; i < this.queue.length; i += 1) {
      if (this.queue[i].moid === moid) {
        this.queue[i].callbacks.push(callback);
        return;
      }
    }
    if (this.device.defaults.find(moid) === undefined) throw new DmError('NO_DEFAULT', moid);
    if (this.queue.length === this.device.limits.requests) throw new DmError('BUSY', moid);
    const retry = this.device.due.item(CONFIGURATION_WORK, moid, '');
    if (retry !== undefined) this.device.due.hurry(retry, urgent);
    this.queue.push({ moid, callbacks: [callback] });
  }

  /** Tries again what failed; whoever asks meanwhile shares it. */
  retry(moid: string, done: () => void): void {
    this.queue.unshift({ moid, callbacks: [] });
    this.serve(done);
  }

  /** MOIDs that have a DEFAULT and no instance. */
  missing(): string[] {
    const moids: string[] = [];
    const rows = this.device.defaults.rows;
    for (let i = 0; i < rows.length; i += 1) {
      const moid = rows[i].fields[DefaultField.Moid];
      if (!this.device.has(moid)) moids.push(moid);
    }
    return moids;
  }

  /** Serves the oldest request that waits, if any; `done` is called when it was answered. The retriever must be free. */
  serve(done: () => void): void {
    const waiting = this.queue[0];
    this.running = true;
    const answer: ConfigurationCallback = (error, uris) => {
      this.device.due.settle(this.device.due.ask(CONFIGURATION_WORK, waiting.moid, ''), error);
      this.running = false;
      this.queue.shift();
      this.device.finished('configuration', waiting.moid, error);
      for (let i = 0; i < waiting.callbacks.length; i += 1) this.device.guard(() => waiting.callbacks[i](error, uris));
      done();
    };
    try {
      this.fetch(waiting.moid, answer);
    } catch (thrown) {
      answer(asDmError(thrown), NOTHING);
    }
  }

  private fetch(moid: string, answer: ConfigurationCallback): void {
    const device = this.device;
    const entry = device.defaults.find(moid);
    if (entry === undefined) throw new DmError('NO_DEFAULT', moid);
    const known = device.whole(device.fetched.find(moid));
    this.retriever.start({
      serverUri: entry.fields[DefaultField.ServerUri],
      moid,
      target: undefined,
      gate: device.gateOf(entry.fields[DefaultField.Owner], moid),
      naming: SERVER_NAMING,
      etag: (url) => (known !== undefined && this.holds(known, url) ? known.fields[FetchedField.ETag] : ''),
      stored: (url, etag, uris) => this.remember(moid, url, etag, uris),
      done: (error, uris) => {
        if (error !== undefined) answer(error, NOTHING);
        else answer(undefined, uris === undefined ? instancesOf(known as Row).map((one) => one.uri) : uris);
      },
    });
  }

  /** True where URL and instances are as they were when the ETag came. */
  private holds(known: Row, url: string): boolean {
    if (known.fields[FetchedField.Url] !== url) return false;
    const instances = instancesOf(known);
    for (let i = 0; i < instances.length; i += 1) {
      const instance = this.device.tree.instanceAt(instances[i].uri);
      if (instance === NO_NODE || this.device.transaction.generationOf(instance) !== instances[i].generation)
        return false;
    }
    return true;
  }

  private remember(moid: string, url: string, etag: string, uris: readonly string[]): void {
    const device = this.device;
    const head = `${encodeComponent(moid)}/`;
    if (!uris.some((uri) => uri.slice(0, head.length) === head)) throw new DmError('NOT_PROVIDED', moid);
    const instances: StoredInstance[] = uris.map((uri) => ({
      uri,
      generation: device.transaction.generationOf(device.tree.instanceAt(uri)),
    }));
    rememberFetch(device, moid, url, etag, instances);
  }
}
