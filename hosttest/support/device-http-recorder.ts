import type { HttpClient, HttpExchange, HttpFailure, HttpListener, HttpRequest } from 'dmlet';
import { until } from '../server/loopback.js';

/** How a recorder behaves. */
export interface RecorderSetup {
  /** Body to write. */
  body?: Buffer;
  /** Most bytes of one write, and of one read. */
  piece?: number;
  /** Whether to read what comes; by default at once. */
  reads?: boolean;
  /** The event within which to close. */
  closes?: string;
}

const USUAL_PIECE = 536;
/** What a buffer holds where the adapter has no business. */
const SPOIL = 0x21;

/** Writes down all that an exchange tells its listener, and checks the rules that hold for every exchange. */
export class HttpRecorder implements HttpListener {
  /** What was told, in order; repetitions of `writable` and `readable` are left out. */
  readonly events: string[] = [];
  /** Rules of the contract that were broken. */
  readonly broken: string[] = [];
  readonly headers: [number, string][] = [];
  status = 0;
  failure: HttpFailure | undefined;
  detail = '';
  isOver = false;
  /** Bytes that were announced as writable, and those that were written. */
  announced = 0;
  written = 0;
  /** Calls of `onReadable`. */
  readables = 0;
  reads: boolean;
  private readonly chunks: Buffer[] = [];
  private readonly out: Buffer;
  private readonly piece: number;
  private readonly spoiled: Uint8Array;
  private inside = true;
  private isClosed = false;
  private readonly closes: string;
  private readonly exchange: HttpExchange;

  constructor(client: HttpClient, request: Partial<HttpRequest> & { url: string }, setup: RecorderSetup = {}) {
    this.out = setup.body ?? Buffer.alloc(0);
    this.piece = setup.piece ?? USUAL_PIECE;
    this.spoiled = new Uint8Array(this.piece + 2).fill(SPOIL);
    this.reads = setup.reads ?? true;
    this.closes = setup.closes ?? '';
    const bodyLength = setup.body === undefined ? -1 : setup.body.length;
    this.exchange = client.request(
      { method: 'GET', headers: [], wanted: [], newConnection: false, bodyLength, ...request },
      this,
    );
    this.inside = false;
  }

  get body(): string {
    return Buffer.concat(this.chunks).toString('latin1');
  }

  onWritable(count: number): void {
    this.told('writable');
    this.announced += count;
    let left = Math.min(count, this.out.length - this.written);
    while (left > 0) {
      const size = Math.min(left, this.piece);
      // The adapter copies what it is given: the buffer is spoiled behind it.
      const bytes = new Uint8Array(size + 2);
      bytes.set(this.out.subarray(this.written, this.written + size), 1);
      this.call(() => this.exchange.write(bytes, 1, size + 1));
      bytes.fill(SPOIL);
      this.written += size;
      left -= size;
    }
  }

  onHeader(index: number, value: string): void {
    this.told('header');
    this.headers.push([index, value]);
  }

  onResponse(status: number): void {
    this.told('response');
    this.status = status;
  }

  onReadable(): void {
    this.told('readable');
    this.readables += 1;
    if (this.reads) this.readAll();
  }

  onEnd(): void {
    this.told('end');
    this.isOver = true;
  }

  onFailure(failure: HttpFailure, detail: string): void {
    this.told('failure');
    this.failure = failure;
    this.detail = detail;
    this.isOver = true;
  }

  /** Reads until nothing is there. */
  readAll(): void {
    while (this.readPiece() > 0);
  }

  /** Reads one piece. @returns its length. */
  readPiece(): number {
    const into = this.spoiled.slice();
    const count = this.call(() => this.exchange.read(into, 1, this.piece + 1));
    const rest = into.subarray(1 + count);
    if (into[0] !== SPOIL || Buffer.compare(rest, this.spoiled.subarray(0, rest.length)) !== 0)
      this.broken.push('read out of bounds');
    this.chunks.push(Buffer.from(into.subarray(1, 1 + count)));
    return count;
  }

  close(): void {
    this.isClosed = true;
    this.call(() => this.exchange.close());
  }

  /** Waits for the end, good or bad. */
  async over(): Promise<this> {
    for (let tries = 0; !this.isOver; tries += 1) {
      if (tries > 5000) throw new Error(`the exchange never ended, after ${this.events.join(', ')}`);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return this;
  }

  /** Waits for an event. */
  async heard(event: string): Promise<void> {
    await until(() => this.events.includes(event), event);
  }

  private told(event: string): void {
    if (this.inside) this.broken.push(`${event} from inside a call`);
    if (this.isClosed) this.broken.push(`${event} after close`);
    if (this.isOver) this.broken.push(`${event} after the end`);
    if (this.events[this.events.length - 1] !== event || event === 'response') this.events.push(event);
    if (event === this.closes) this.close();
  }

  private call<T>(act: () => T): T {
    this.inside = true;
    try {
      return act();
    } finally {
      this.inside = false;
    }
  }
}

/** Lets the event loop go round until everything that is on its way on this machine has arrived. */
export function quiet(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 30));
}
