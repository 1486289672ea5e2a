import { BodyWriter } from '../bytes/body-writer.js';
import { asDmError, DmError, type ErrorCode } from '../errors.js';
import { type HttpExchange, HttpFailure, type HttpListener } from '../hal/http.js';
import type { Platform } from '../hal/platform.js';
import type { Limits } from '../limits.js';
import { type ExchangeUser, Header, type Request, WANTED } from './exchange-user.js';
import type { Formats } from './formats.js';
import { retryAfterSeconds } from './retry-after.js';
import { Timed } from './timed.js';
import { isSecure, originOf, redirectUrl } from './url.js';

const enum State {
  Idle,
  /** The body changed before it was out: the request is about to begin anew. */
  Restarting,
  Connecting,
  Awaiting,
  Reading,
  /** The user has just asked for a pause, from inside of its own `onBytes`. */
  Pausing,
  /** Nothing is handed out, and the rest is read ahead. */
  Paused,
  /** Nothing more is read ahead either: the peer waits, and no time runs. */
  Held,
  /** The user has just asked to go on, from inside of whatever it waited for. */
  Resuming,
}

/**
 * One HTTP exchange at a time: time limits, redirects, one repetition on a stale connection, back-pressure with a bounded read-ahead. Used
 * again and again; there is one for DM packages and one for Data Repositories, so at most two connections (PROTOCOL.md §2, §12).
 */
export class Exchange extends Timed implements HttpListener {
  /** Where the request went last, redirects followed. */
  url!: string;
  /** Body bytes of the request. */
  length!: number;
  /** HTTP status of the answer, 0 before it. */
  status!: number;
  /** Its headers, indexed by `Header`: '' where one was not sent, or is longer than a URI may be. */
  headers!: string[];
  /** Body bytes received. */
  received!: number;
  /** What servers accept. */
  readonly formats: Formats;
  private readonly platform: Platform;
  private readonly limits: Limits;
  /** First the body on its way out, then what was read and not taken: the bytes `from` to `to`. */
  private readonly buffer: Uint8Array;
  private from!: number;
  private to!: number;
  private readonly body: BodyWriter;
  /** Bytes of the body that the adapter has not got yet. */
  private unsent: number;
  private state: State;
  private user!: ExchangeUser;
  private request!: Request;
  private redirects!: number;
  private isRepeated!: boolean;
  private current: HttpExchange | undefined;
  private isEnded!: boolean;
  private failure!: DmError | undefined;

  /** @param size bytes that are read ahead at most, and written at once. */
  constructor(platform: Platform, limits: Limits, size: number, formats: Formats) {
    super(platform.clock);
    this.formats = formats;
    this.platform = platform;
    this.limits = limits;
    this.buffer = new Uint8Array(size);
    this.body = new BodyWriter(platform.text);
    this.state = State.Idle;
    this.unsent = 0;
    this.current = undefined;
  }

  /** Sends a request. The exchange must be idle. @returns false where it failed already. */
  send(request: Request, user: ExchangeUser): boolean {
    this.request = request;
    this.user = user;
    this.url = request.url;
    this.redirects = 0;
    this.isRepeated = false;
    this.left = this.limits.wholeTime;
    this.open();
    return !this.isIdle;
  }

  get isIdle(): boolean {
    return this.state === State.Idle;
  }

  /** True while its user is to get body bytes. */
  get isReading(): boolean {
    return this.state === State.Reading;
  }

  /** The error that the answer's status stands for, with what 429 and 503 ask to wait. */
  refusal(): DmError {
    const error = new DmError('HTTP_STATUS', `${this.status} from ${this.url}`, -1, undefined, this.status);
    const header = this.status === 429 || this.status === 503 ? this.headers[Header.RetryAfter] : '';
    error.retryAfter = retryAfterSeconds(header, this.clock, this.limits.retryAfter / 1000);
    return error;
  }

  /** Called by the user within `onBytes`: hands out no more bytes until `resume`. */
  pause(): void {
    // An application that closed the client in a callback of its own has ended the exchange meanwhile.
    if (this.state === State.Reading) this.enter(State.Pausing);
  }

  /** Goes on after a pause, from the event loop: a device's stack is small. */
  resume(): void {
    if (this.state === State.Held) this.enter(State.Resuming);
  }

  /** What the body is made of has changed. A request whose body is not yet out begins anew, from the event loop: its length is announced already. */
  bodyChanged(): void {
    if (this.unsent === 0) return;
    this.release();
    this.enter(State.Restarting);
  }

  /** Ends the exchange; the user hears no more of it. */
  cancel(): void {
    this.release();
    this.state = State.Idle;
    this.unsent = 0;
  }

  onWritable(count: number): void {
    if (this.state === State.Connecting) this.state = State.Awaiting;
    // The answer may have begun; once the body is out, nothing more is to be said.
    if (this.state <= State.Reading) this.enter(this.state);
    let left = Math.min(count, this.unsent);
    try {
      while (left > 0) {
        const filled = this.body.fill(this.buffer, 0, Math.min(left, this.buffer.length));
        if (filled === 0) return;
        this.unsent -= filled;
        left -= filled;
        (this.current as HttpExchange).write(this.buffer, 0, filled);
      }
    } catch (thrown) {
      // A large value can no longer be read.
      this.fail(asDmError(thrown));
    }
    if (this.unsent === 0) this.onReadable();
  }

  onHeader(index: number, value: string): void {
    // A list may come in several lines (RFC 9110 §5.3).
    const isMore = index === Header.OmadmAccept && this.headers[index] !== '';
    const whole = isMore ? `${this.headers[index]},${value}` : value;
    this.headers[index] = whole.length > this.limits.uri ? '' : whole;
  }

  onResponse(status: number): void {
    this.status = status;
    this.formats.remember(this.url, this.headers[Header.OmadmAccept]);
    const next = redirectUrl(this.request.method, status, this.url, this.headers[Header.Location]);
    if (next !== '' && next.length <= this.limits.uri && this.redirects < this.limits.redirects) {
      this.redirects += 1;
      this.url = next;
      this.open();
      return;
    }
    this.enter(State.Reading);
    try {
      this.user.onResponse();
    } catch (thrown) {
      this.fail(asDmError(thrown));
    }
  }

  onEnd(): void {
    this.current = undefined;
    this.isEnded = true;
    // Whatever it says of what it did not wait for: nobody has got that.
    if (this.unsent > 0) this.broken('CUT_SHORT', 'answered before the body was out');
    else this.onReadable();
  }

  onFailure(failure: HttpFailure, detail: string): void {
    this.current = undefined;
    if (failure === HttpFailure.Stale && !this.isRepeated) {
      this.isRepeated = true;
      this.open();
    } else if (failure === HttpFailure.Protocol) this.broken('BAD_HTTP', detail);
    else this.broken(failure < HttpFailure.Closed ? 'NO_CONNECTION' : 'CUT_SHORT', detail);
  }

  /** Sends the request to where it goes now, with the body as it is now. */
  private open(): void {
    this.release();
    try {
      const request = this.request;
      if (this.platform.log !== undefined && isSecure(this.url) && !this.clock.isSet())
        this.platform.log.note('CLOCK_UNSET', `${this.url}: no date in a certificate can be judged`);
      this.status = 0;
      this.headers = WANTED.map(() => '');
      this.received = 0;
      this.from = 0;
      this.to = 0;
      this.isEnded = false;
      this.failure = undefined;
      this.length = request.body === undefined ? 0 : this.body.measure(request.body);
      this.unsent = this.length;
      const isOwn = request.credentials !== '' && originOf(this.url) === originOf(request.url);
      this.enter(State.Connecting);
      this.current = this.platform.http.request(
        {
          method: request.method,
          url: this.url,
          headers: request.headers.concat(isOwn ? ['Authorization', request.credentials] : []),
          bodyLength: request.body === undefined ? -1 : this.length,
          newConnection: this.isRepeated,
          wanted: WANTED,
        },
        this,
      );
    } catch (thrown) {
      this.fail(asDmError(thrown));
    }
  }

  /** Hands out what came, or reads it ahead: as much as fits. */
  onReadable(): void {
    const size = this.buffer.length;
    if (this.state === State.Reading) this.deliver();
    if (this.state !== State.Paused) return;
    while (this.to - this.from < size && this.fill());
    if (this.to - this.from === size || this.isEnded || this.failure !== undefined) this.hold();
  }

  /** Hands out what is there, until the user pauses or ends the exchange; then, where no more will come, tells of the end. */
  private deliver(): void {
    try {
      let taken = true;
      while (this.state === State.Reading && (this.fill() || taken) && this.from < this.to) {
        const at = this.from;
        const more = !this.isEnded && this.failure === undefined && this.to - at < this.buffer.length;
        this.from = this.user.onBytes(this.buffer, at, this.to, more);
        taken = this.from > at;
      }
    } catch (thrown) {
      this.fail(asDmError(thrown));
    }
    if (this.state !== State.Reading) return;
    if (this.failure !== undefined) this.fail(this.failure);
    else if (this.isEnded) {
      this.cancel();
      this.user.onEnd();
    }
  }

  /** Reads what there is, as far as there is room. @returns false where nothing was there. */
  private fill(): boolean {
    // While the body goes out, the buffer is in use.
    if (this.current === undefined || this.unsent > 0) return false;
    this.buffer.copyWithin(0, this.from, this.to);
    this.to -= this.from;
    this.from = 0;
    const count = this.current.read(this.buffer, this.to, this.buffer.length);
    this.to += count;
    this.received += count;
    if (count > 0) this.enter(this.state);
    return count > 0;
  }

  private hold(): void {
    this.state = State.Held;
    this.disarm();
    this.user.onReadAhead();
  }

  /** The connection is gone; what arrived before is delivered first. */
  private broken(code: ErrorCode, detail: string): void {
    this.failure = new DmError(code, detail);
    if (this.state < State.Reading) this.fail(this.failure);
    else this.onReadable();
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
    this.arm(this.phaseTime());
  }

  protected timeOut(): void {
    if (this.state === State.Restarting) this.open();
    else if (this.state === State.Pausing || this.state === State.Resuming) {
      this.enter(this.state === State.Pausing ? State.Paused : State.Reading);
      this.onReadable();
    } else if (this.state === State.Paused) this.hold();
    else {
      this.release();
      this.broken('TIMEOUT', this.url);
    }
  }

  private phaseTime(): number {
    const limits = this.limits;
    if (this.state === State.Connecting) return limits.connectTime;
    if (this.state === State.Awaiting) return limits.headersTime;
    if (this.state === State.Reading) return limits.idleTime;
    return this.state === State.Paused ? limits.readAheadTime : 0;
  }
}
