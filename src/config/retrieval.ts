import { asDmError, DmError } from '../errors.js';
import type { Exchange } from '../http/exchange.js';
import { Header } from '../http/exchange-user.js';
import { mediaType, READ_MO_TYPES, TYPE_MO } from '../http/media-type.js';
import type { ClientUri } from '../tree/client-uri.js';
import type { Naming, WriteGate } from '../tree/mo-intake.js';
import { resolveTarget } from '../tree/target.js';
import type { Device } from './device.js';
import { type DoneCallback, Transfer } from './transfer.js';

const ACCEPT = `${TYPE_MO}, application/dmmo+json;q=0.9, application/json;q=0.8`;

/**
 * Fetches an MO document and takes it into the tree wholly or not at all: what HGET does, whoever asks for it. It is durable when `done` is
 * called.
 *
 * Source: PROTOCOL.md §3 HGET, §10.
 */
export class Retrieval extends Transfer {
  private readonly target: ClientUri | undefined;
  private readonly gate: WriteGate;
  private readonly naming: Naming;
  /** The ETag that was asked with, '' for none. */
  private asked!: string;

  /** @param target where the data goes; undefined: each element says so itself. */
  constructor(
    device: Device,
    exchange: Exchange,
    target: ClientUri | undefined,
    gate: WriteGate,
    naming: Naming,
    done: DoneCallback,
  ) {
    super(device, exchange, 'GET', done);
    this.target = target;
    this.gate = gate;
    this.naming = naming;
  }

  /**
   * Begins.
   * @param serverUri placeholders and all.
   * @param moid for the placeholder of that name, unless the target's counts; '' for none.
   * @throws DmError where it cannot be made: placeholders, rights, target.
   */
  begin(serverUri: string, moid: string): void {
    const device = this.device;
    const target = this.target;
    if (target !== undefined) {
      this.gate.checkMoid(target.moid);
      this.gate.checkWrite(resolveTarget(target, device.tree, device.matches, this.gate, this.naming.mayName));
    }
    this.url = device.expand(serverUri, target === undefined ? moid : target.moid);
    this.ask(this.etag());
  }

  onResponse(): void {
    const exchange = this.exchange;
    const status = exchange.status;
    if (status === 304 && this.asked !== '') {
      this.log();
      exchange.cancel();
      // What the ETag stood for may have changed while the request was under way.
      if (this.etag() === this.asked) this.done(undefined);
      else this.ask('');
      return;
    }
    if (status !== 200 && status !== 203) {
      throw status < 300 ? new DmError('BAD_MO', `HTTP status ${status}`) : exchange.refusal();
    }
    const type = mediaType(exchange.headers[Header.ContentType]);
    if (type !== '' && READ_MO_TYPES.indexOf(type) < 0) throw new DmError('BAD_TYPE', type);
    const device = this.device;
    device.intake.prepare(this.target, this.gate, this.naming);
    device.scanner.reset(device.intake);
  }

  onBytes(bytes: Uint8Array, from: number, to: number): number {
    return this.device.scanner.scan(bytes, from, to);
  }

  onEnd(): void {
    const device = this.device;
    this.log();
    try {
      device.scanner.end();
      this.stored(
        device.intake.place(device.transaction, (instance, validator) => device.validators.set(instance, validator)),
      );
      device.transaction.commit();
    } catch (thrown) {
      device.transaction.rollback();
      device.intake.abort();
      this.done(asDmError(thrown));
      return;
    }
    this.done(undefined);
  }

  override onFailed(error: DmError): void {
    this.device.intake.abort();
    this.log();
    this.done(error);
  }

  /** An ETag to ask with, '' for none. */
  protected etag(): string {
    return '';
  }

  /** The document is in its place, and not yet durable; may add to the transaction, or throw to refuse it. @param uris the ClientURIs stored to. */
  protected stored(_uris: readonly string[]): void {}

  private ask(etag: string): void {
    this.asked = etag;
    this.send(etag === '' ? ['Accept', ACCEPT] : ['Accept', ACCEPT, 'If-None-Match', etag], undefined);
  }
}
