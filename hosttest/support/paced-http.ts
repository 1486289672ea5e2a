import type { Clock, HttpClient, HttpExchange, HttpFailure, HttpListener, HttpRequest } from 'dmlet';
import type { Bytes } from './bytes.js';
import type { Pace } from './pace.js';

/** How a request is answered. */
export interface Answer {
  /** 0: never. */
  readonly status: number;
  /** In lower case: name, value, … */
  readonly headers?: readonly string[];
  readonly body?: Bytes;
  /** The failure behind the last byte of the body; before the header where the status is 0. */
  readonly failure?: HttpFailure;
}

/** @param body what was sent. */
export type Answerer = (request: HttpRequest, body: string) => Answer;

const VISIBLE = /^[\x21-\x7e]+$/;
const LINE = /^[\t\x20-\x7e]*$/;
const MOST_OPEN = 2;

/** An HTTP adapter without a network. It holds the core to its side of the contract (src/hal/http.ts). */
export class PacedHttp implements HttpClient {
  /** Exchanges under way. */
  open = 0;
  /** How the core broke the contract. */
  readonly broken: string[] = [];

  constructor(
    readonly clock: Clock,
    readonly pace: Pace,
    readonly mostUri: number,
    readonly answer: Answerer,
  ) {}

  request(request: HttpRequest, listener: HttpListener): HttpExchange {
    this.judge(request);
    this.open += 1;
    if (this.open > MOST_OPEN) this.broken.push(`${this.open} exchanges at once`);
    return new PacedExchange(this, request, listener);
  }

  private judge({ method, url, headers, bodyLength }: HttpRequest): void {
    if (method !== 'GET' && method !== 'POST' && method !== 'PUT') this.broken.push(`method ${method}`);
    if (!VISIBLE.test(url) || !/^https?:\/\//i.test(url)) this.broken.push(`URL ${JSON.stringify(url)}`);
    if (url.length > this.mostUri) this.broken.push(`URL of ${url.length} bytes`);
    for (let i = 0; i < headers.length; i += 2) {
      if (!VISIBLE.test(headers[i]) || !LINE.test(headers[i + 1])) this.broken.push(`header ${headers[i]}`);
    }
    if (bodyLength < -1 || bodyLength < 0 !== (method === 'GET')) this.broken.push(`${method} of ${bodyLength} bytes`);
  }
}

/** Everything that it tells comes from the event loop. */
class PacedExchange implements HttpExchange {
  private timer: unknown;
  private isOver = false;
  private writable = 0;
  private sent = '';
  private body: Bytes | undefined;
  private failure: HttpFailure | undefined;
  private offset = 0;
  private arrived = 0;

  constructor(
    private readonly http: PacedHttp,
    private readonly request: HttpRequest,
    private readonly listener: HttpListener,
  ) {
    this.later(() => this.take());
  }

  write(bytes: Uint8Array, from: number, to: number): void {
    if (this.isOver || to - from > this.writable) this.http.broken.push(`${to - from} bytes written`);
    this.writable -= to - from;
    for (let i = from; i < to; i += 1) this.sent += String.fromCharCode(bytes[i]);
  }

  read(into: Uint8Array, from: number, to: number): number {
    if (this.isOver || this.body === undefined) return 0;
    const end = Math.min(to, from + this.arrived - this.offset);
    const count = from < end ? this.body.copy(this.offset, into, from, end) : 0;
    this.offset += count;
    if (this.offset === this.arrived && count > 0) this.later(() => this.arrive());
    return count;
  }

  close(): void {
    if (!this.isOver) this.finish();
  }

  private later(act: () => void): void {
    this.timer = this.http.clock.after(0, act);
  }

  private finish(): void {
    this.isOver = true;
    this.http.open -= 1;
    this.http.clock.cancel(this.timer);
  }

  private take(): void {
    const left = this.request.bodyLength - this.sent.length;
    if (left <= 0) this.later(() => this.respond());
    else this.later(() => this.take());
    this.writable = left <= 0 ? 0 : Math.min(left, this.http.pace.next());
    this.listener.onWritable(this.writable);
  }

  private respond(): void {
    const { status, headers = [], body, failure } = this.http.answer(this.request, this.sent);
    this.body = body;
    this.failure = failure;
    if (status === 0) {
      if (failure !== undefined) this.fail(failure);
      return;
    }
    this.later(() => this.arrive());
    for (let i = 0; i < headers.length; i += 2) {
      const index = this.request.wanted.indexOf(headers[i]);
      if (index >= 0) this.listener.onHeader(index, headers[i + 1]);
    }
    this.listener.onResponse(status);
  }

  private arrive(): void {
    const size = this.body === undefined ? 0 : this.body.size;
    this.arrived = Math.min(size, this.arrived + this.http.pace.next());
    if (this.offset < this.arrived) this.listener.onReadable();
    else if (this.failure !== undefined) this.fail(this.failure);
    else {
      this.finish();
      this.listener.onEnd();
    }
  }

  private fail(failure: HttpFailure): void {
    this.finish();
    this.listener.onFailure(failure, 'as scripted');
  }
}
