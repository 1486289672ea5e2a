import { AccountGate, FactoryGate } from '../access/gates.js';
import { asDmError, DmError } from '../errors.js';
import { NO_NODE } from '../tree/arena.js';
import { encodeComponent } from '../tree/client-uri.js';
import { SERVER_NAMING, type WriteGate } from '../tree/mo-intake.js';
import { type DefaultEntry, FACTORY } from './default-table.js';
import type { Device } from './device.js';
import type { Fetched, StoredInstance } from './fetched-table.js';
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
   * @throws DmError `NO_DEFAULT`; `BUSY` where `limits.requests` wait.
   */
  request(moid: string, callback: ConfigurationCallback): void {
    for (let i = 0; i < this.queue.length; i += 1) {
      if (this.queue[i].moid === moid) {
        this.queue[i].callbacks.push(callback);
        return;
      }
    }
    if (this.device.defaults.find(moid) === undefined) throw new DmError('NO_DEFAULT', moid);
    if (this.queue.length === this.device.limits.requests) throw new DmError('BUSY', moid);
    this.queue.push({ moid, callbacks: [callback] });
  }

  /** MOIDs that have a DEFAULT and no instance. */
  missing(): string[] {
    const moids: string[] = [];
    const entries = this.device.defaults.entries;
    for (let i = 0; i < entries.length; i += 1) if (!this.device.has(entries[i].moid)) moids.push(entries[i].moid);
    return moids;
  }

  /** Serves the oldest request that waits, if any; `done` is called when it was answered. The retriever must be free. */
  serve(done: () => void): void {
    const waiting = this.queue[0];
    this.running = true;
    const answer = (error: DmError | undefined, uris: readonly string[]) => {
      this.running = false;
      this.queue.shift();
      for (let i = 0; i < waiting.callbacks.length; i += 1) this.device.guard(() => waiting.callbacks[i](error, uris));
      done();
    };
    try {
      this.fetch(waiting.moid, answer);
    } catch (thrown) {
      answer(asDmError(thrown), NOTHING);
    }
  }

  private fetch(moid: string, answer: (error: DmError | undefined, uris: readonly string[]) => void): void {
    const device = this.device;
    const entry = device.defaults.find(moid);
    if (entry === undefined) throw new DmError('NO_DEFAULT', moid);
    const known = device.fetched.find(moid);
    this.retriever.start({
      serverUri: entry.serverUri,
      moid,
      target: undefined,
      gate: this.gate(entry),
      naming: SERVER_NAMING,
      etag: (url) => (known !== undefined && this.holds(known, url) ? known.etag : ''),
      stored: (url, etag, uris) => this.remember(moid, url, etag, uris),
      done: (error, uris) => {
        if (error !== undefined) answer(error, NOTHING);
        else answer(undefined, uris === undefined ? (known as Fetched).instances.map((one) => one.uri) : uris);
      },
    });
  }

  /** Data is taken with the rights of the account that set the DEFAULT; a factory's belongs to every account that may have the MOID. */
  private gate(entry: DefaultEntry): WriteGate {
    const accounts = this.device.accounts;
    if (entry.owner === FACTORY) return new FactoryGate(accounts, entry.moid);
    const account = accounts.find(entry.owner);
    if (account === undefined) throw new DmError('NO_ACCOUNT', entry.owner);
    return new AccountGate(accounts, account);
  }

  /** True where URL and instances are as they were when the ETag came. */
  private holds(known: Fetched, url: string): boolean {
    if (known.url !== url) return false;
    for (let i = 0; i < known.instances.length; i += 1) {
      const instance = this.instance(known.instances[i].uri);
      if (instance === NO_NODE || this.device.transaction.generationOf(instance) !== known.instances[i].generation)
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
      generation: device.transaction.generationOf(this.instance(uri)),
    }));
    device.fetched.set(moid, url, etag, instances, device.transaction);
  }

  private instance(uri: string): number {
    const parsed = this.device.clientUri(uri);
    return this.device.tree.instance(parsed.moid, parsed.miid);
  }
}
