import type { BodySource } from '../bytes/body-writer.js';
import { BodyWriter } from '../bytes/body-writer.js';
import { asDmError, DmError, type ErrorCode } from '../errors.js';
import type { HttpExchange, HttpListener } from '../hal/http.js';
import { HttpFailure } from '../hal/http.js';
import type { Platform } from '../hal/platform.js';
import type { Limits } from '../limits.js';
import type { Formats } from './formats.js';
import { retryAfterSeconds } from './retry-after.js';
import { isSecure, originOf, resolveUrl } from './url.js';

/** What to ask for. */
export interface Request {
  readonly method: string;
  readonly url: string;
  /** Name, value, name, value … */
  readonly headers: readonly string[];
  /** Name, value, … of headers that only the first URL's origin may see: credentials. */
  readonly secrets: readonly string[];
  readonly body: BodySource | undefined;
}

/** Gets the answer. What its methods throw ends the exchange, and comes back by `onFailed`. */
export interface ExchangeUser {
  /** A final answer that is no redirect: `exchange.status` and `exchange.header` are valid. */
  onResponse(): void;
  /**
   * Body bytes, valid during the call.
   * @returns the place behind the last byte taken: `to`, or anything less after a call to `exchange.pause`.
   */
  onBytes(bytes: Uint8Array, from: number, to: number): number;
  /** While paused: the rest of the body is in the read-ahead buffer and the connection is free, or the buffer is full, or the peer is slow. */
  onReadAhead(): void;
  /** The body ended, and all of it was taken. */
  onEnd(): void;
  /** The exchange failed. */
  onFailed(error: DmError): void;
}

const enum State {
  Idle,
  Connecting,
  Awaiting,
  Reading,
  Paused,
  /** Paused, and nothing more is read ahead. */
  Held,
}

/** Response headers that the core looks at. */
export const enum Header {
  ContentType = 0,
  ETag,
  Location,
  RetryAfter,
  OmadmAccept,
  ContentLength,
}

const WANTED: readonly string[] = ['content-type', 'etag', 'location', 'retry-after', 'omadm-accept', 'content-length'];

const FAILURES: readonly ErrorCode[] = [
  'INTERNAL',
  'NO_CONNECTION',
  'NO_CONNECTION',
  'NO_CONNECTION',
  'CUT_SHORT',
  'CUT_SHORT',
  'BAD_HTTP',
];

/**
 * One HTTP exchange at a time: time limits, redirects, one repetition on a stale connection, back-pressure with a bounded
 * read-ahead. Used again and again; there is one for DM packages and one for Data Repositories, so at most two connections.
 *
 * Source: PROTOCOL.md §2, §12.
 */
export class Exchange implements HttpListener {
  /** HTTP status of the answer. */
  status: number;
  /** Body bytes of the request. */
  sending: number;
  /** Body bytes received. */
  received: number;
  private readonly platform: Platform;
  private readonly limits: Limits;
  private readonly body: BodyWriter;
  private readonly window: Uint8Array;
  private readonly ahead: Uint8Array;
  private readonly headers: string[];
  private readonly formats: Formats;
  private state: State;
  private request!: Request;
  private user!: ExchangeUser;
  private url: string;
  private redirects: number;
  /** Body bytes of the request that the adapter has not got yet. */
  private unsent: number;
  private repeated: boolean;
  private current: HttpExchange | undefined;
  private timer: unknown;
  private wholeLeft: number;
  private since: number;
  private from: number;
  private to: number;
  private ended: boolean;
  private failure: DmError | undefined;
  private delivering: boolean;

  /**
   * @param window buffer in which request bodies are written; may be shared, since it is used within one call only.
   * @param formats gets what servers accept.
   */
  constructor(platform: Platform, limits: Limits, window: Uint8Array, formats: Formats) {
    this.formats = formats;
    this.unsent = 0;
    this.platform = platform;
    this.limits = limits;
    this.window = window;
    this.body = new BodyWriter(platform.text);
    this.ahead = new Uint8Array(limits.readAhead);
    this.headers = [];
    this.state = State.Idle;
    this.status = 0;
    this.sending = 0;
    this.received = 0;
    this.url = '';
    this.redirects = 0;
    this.repeated = false;
    this.current = undefined;
    this.timer = undefined;
    this.wholeLeft = 0;
    this.since = 0;
    this.from = 0;
    this.to = 0;
    this.ended = false;
    this.failure = undefined;
    this.delivering = false;
  }

  /** Sends a request. The exchange must be idle. */
  send(request: Request, user: ExchangeUser): void {
    this.request = request;
    this.user = user;
    this.url = request.url;
    this.redirects = 0;
    this.repeated = false;
    this.wholeLeft = this.limits.wholeTime;
    this.open();
  }

  /** A response header, '' where it was not sent, or is longer than a URI may be. */
  header(index: Header): string {
    return this.headers[index];
  }

  /** The error that the answer's status stands for, with what 429 and 503 ask to wait. */
  refusal(): DmError {
    const error = new DmError('HTTP_STATUS', `${this.status} from ${this.url}`, -1, undefined, this.status);
    if (this.status === 429 || this.status === 503) {
      error.retryAfter = retryAfterSeconds(this.headers[Header.RetryAfter], this.platform.clock);
    }
    return error;
  }

  /** Called by the user within `onBytes`: hands out no more bytes until `resume`. */
  pause(): void {
    this.enter(State.Paused);
    // The user is told from the event loop: here it is still inside of its own `onBytes`.
    this.platform.clock.after(0, () => this.tellReadAhead());
  }

  /** Goes on after a pause. */
  resume(): void {
    if (this.state !== State.Paused && this.state !== State.Held) return;
    this.enter(State.Reading);
    this.deliver();
  }

  /**
   * What the body is made of has changed. A request whose body is still being written begins anew: its length is announced already.
   */
  bodyChanged(): void {
    const isSending = this.state === State.Connecting || this.state === State.Awaiting;
    if (isSending && this.unsent > 0) this.reopen();
  }

  /** Ends the exchange; the user hears no more of it. */
  cancel(): void {
    this.release();
    this.state = State.Idle;
  }

  onWritable(count: number): void {
    // The peer may answer before it has the whole body.
    if (this.state === State.Connecting || this.state === State.Awaiting) this.enter(State.Awaiting);
    let left = count;
    while (left > 0) {
      const filled = this.body.fill(this.window, 0, Math.min(left, this.window.length));
      if (filled === 0) return;
      this.unsent -= filled;
      left -= filled;
      (this.current as HttpExchange).write(this.window, 0, filled);
    }
  }

  onHeader(index: number, value: string): void {
    this.headers[index] = value.length > this.limits.uri ? '' : value;
  }

  onResponse(status: number): void {
    this.status = status;
    this.formats.remember(this.url, this.headers[Header.OmadmAccept]);
    if (this.followsRedirect()) return;
    this.enter(State.Reading);
    try {
      this.user.onResponse();
    } catch (thrown) {
      this.fail(asDmError(thrown));
    }
  }

  onReadable(): void {
    this.fillAhead();
    if (this.state === State.Reading) this.deliver();
    else this.tellReadAhead();
  }

  onEnd(): void {
    this.current = undefined;
    this.ended = true;
    if (this.state === State.Reading) this.deliver();
    else this.tellReadAhead();
  }

  onFailure(failure: HttpFailure, detail: string): void {
    this.current = undefined;
    if (failure === HttpFailure.Stale && !this.repeated) {
      this.repeated = true;
      this.reopen();
      return;
    }
    this.broken(new DmError(FAILURES[failure], detail));
  }

  private open(): void {
    const request = this.request;
    const body = request.body;
    const headers = request.headers.slice();
    if (originOf(this.url) === originOf(request.url)) {
      for (let i = 0; i < request.secrets.length; i += 1) headers.push(request.secrets[i]);
    }
    if (isSecure(this.url) && !this.platform.clock.isSet() && this.platform.log !== undefined) {
      this.platform.log.note('CLOCK_UNSET', `${this.url}: no date in a certificate can be judged`);
    }
    for (let i = 0; i < WANTED.length; i += 1) this.headers[i] = '';
    this.status = 0;
    this.received = 0;
    this.from = 0;
    this.to = 0;
    this.ended = false;
    this.failure = undefined;
    const bodyLength = body === undefined ? -1 : this.body.measure(body);
    this.sending = Math.max(0, bodyLength);
    this.unsent = this.sending;
    this.enter(State.Connecting);
    this.current = this.platform.http.request(
      { method: request.method, url: this.url, headers, bodyLength, newConnection: this.repeated, wanted: WANTED },
      this,
    );
  }

  /** The same request again, to where `url` says now, with the body as it is now. */
  private reopen(): void {
    this.release();
    try {
      this.open();
    } catch (thrown) {
      this.fail(asDmError(thrown));
    }
  }

  /** GET follows 301, 302, 303, 307 and 308, other methods 307 and 308; never from https to http (PROTOCOL.md §12). */
  private followsRedirect(): boolean {
    const status = this.status;
    const any = status === 307 || status === 308;
    if (!any && (this.request.method !== 'GET' || (status !== 301 && status !== 302 && status !== 303))) return false;
    const url = this.headers[Header.Location] === '' ? '' : resolveUrl(this.url, this.headers[Header.Location]);
    if (url === '' || url.length > this.limits.uri || this.redirects === this.limits.redirects) return false;
    if (isSecure(this.url) && !isSecure(url)) return false;
    this.redirects += 1;
    this.url = url;
    this.reopen();
    return true;
  }

  /** Hands what was read ahead to the user, and reads on, until nothing is there or the user pauses. */
  private deliver(): void {
    if (this.delivering) return;
    this.delivering = true;
    try {
      while (this.state === State.Reading && (this.from < this.to || this.fillAhead())) {
        this.from = this.user.onBytes(this.ahead, this.from, this.to);
      }
    } catch (thrown) {
      this.fail(asDmError(thrown));
    }
    this.delivering = false;
    if (this.state === State.Reading && this.from === this.to) this.finish();
  }

  private fillAhead(): boolean {
    if (this.from === this.to) {
      this.from = 0;
      this.to = 0;
    } else if (this.from > 0) {
      this.ahead.copyWithin(0, this.from, this.to);
      this.to -= this.from;
      this.from = 0;
    }
    const from = this.to;
    while (this.current !== undefined && this.to < this.ahead.length) {
      const count = this.current.read(this.ahead, this.to, this.ahead.length);
      if (count === 0) break;
      this.to += count;
      this.received += count;
    }
    if (this.to > from && this.state !== State.Held) this.arm();
    return this.to > from;
  }

  private tellReadAhead(): void {
    if (this.state !== State.Paused) return;
    if (!this.ended && this.failure === undefined && this.to - this.from < this.ahead.length) {
      this.fillAhead();
      if (this.to - this.from < this.ahead.length) return;
    }
    this.hold();
  }

  /** Reads no further: the peer waits now, and the user goes on. */
  private hold(): void {
    this.enter(State.Held);
    this.user.onReadAhead();
  }

  private finish(): void {
    if (this.failure !== undefined) this.fail(this.failure);
    else if (this.ended) {
      this.cancel();
      this.user.onEnd();
    }
  }

  /** The connection is gone; what arrived before is delivered first. */
  private broken(error: DmError): void {
    this.release();
    this.failure = error;
    if (this.state === State.Reading) this.deliver();
    else if (this.state === State.Paused) this.tellReadAhead();
    else if (this.state !== State.Held && this.state !== State.Idle) this.fail(error);
  }

  private fail(error: DmError): void {
    this.cancel();
    this.user.onFailed(error);
  }

  private release(): void {
    this.disarm();
    const current = this.current;
    this.current = undefined;
    if (current !== undefined) current.close();
  }

  private enter(state: State): void {
    this.state = state;
    if (state === State.Held) this.disarm();
    else this.arm();
  }

  /** Starts the time limit of the phase, which the limit of the whole exchange may shorten. */
  private arm(): void {
    this.disarm();
    if (this.ended || this.failure !== undefined) return;
    const phase = this.phaseTime();
    this.since = this.platform.clock.uptime();
    this.timer = this.platform.clock.after(Math.max(0, Math.min(phase, this.wholeLeft)), () => {
      this.timer = undefined;
      if (this.state === State.Paused) this.hold();
      else this.broken(new DmError('TIMEOUT', this.url));
    });
  }

  private phaseTime(): number {
    if (this.state === State.Connecting) return this.limits.connectTime;
    if (this.state === State.Paused) return this.limits.readAheadTime;
    return this.state === State.Awaiting ? this.limits.headersTime : this.limits.idleTime;
  }

  private disarm(): void {
    if (this.timer === undefined) return;
    this.platform.clock.cancel(this.timer);
    this.timer = undefined;
    this.wholeLeft -= this.platform.clock.uptime() - this.since;
  }
}
