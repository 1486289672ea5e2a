import type { BodySource } from '../bytes/body-writer.js';
import { DmError } from '../errors.js';
import type { Exchange } from '../http/exchange.js';
import type { Device } from './device.js';
import { type DoneCallback, Transfer } from './transfer.js';

const UNSUPPORTED_TYPE = 415;

/**
 * Sends an MO document: what HPUT, HPOST and a report do. Any success is one, whatever its body says.
 *
 * Source: PROTOCOL.md §3 HPUT, §12.
 */
export class Upload extends Transfer {
  private readonly body: BodySource;
  /** Whether an answer of 415 that names a format of ours is followed by one more try in that format. */
  private adapts: boolean;
  private type!: string;

  constructor(
    device: Device,
    exchange: Exchange,
    method: string,
    body: BodySource,
    adapts: boolean,
    done: DoneCallback,
  ) {
    super(device, exchange, method, done);
    this.body = body;
    this.adapts = adapts;
  }

  /**
   * Begins.
   * @param serverUri placeholders and all.
   * @param moid for the placeholder of that name.
   * @throws DmError where it cannot be made: placeholders; `NOT_ACCEPTED` where the server is known to take no format of ours.
   */
  begin(serverUri: string, moid: string): void {
    this.url = this.device.expand(serverUri, moid);
    this.put(this.exchange.formats.typeFor(this.url));
  }

  onResponse(): void {
    const exchange = this.exchange;
    const status = exchange.status;
    if (status >= 200 && status < 300) return;
    const type = status === UNSUPPORTED_TYPE ? exchange.formats.typeFor(exchange.url) : this.type;
    if (type === '') throw new DmError('NOT_ACCEPTED', this.url);
    if (type === this.type || !this.adapts) throw exchange.refusal();
    this.adapts = false;
    this.log();
    exchange.cancel();
    this.put(type);
  }

  onBytes(_bytes: Uint8Array, _from: number, to: number): number {
    return to;
  }

  onEnd(): void {
    this.log();
    this.done(undefined);
  }

  private put(type: string): void {
    if (type === '') throw new DmError('NOT_ACCEPTED', this.url);
    this.type = type;
    this.send(['Content-Type', type, 'Accept', '*/*'], this.body);
  }
}
