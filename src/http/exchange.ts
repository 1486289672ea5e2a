import { asDmError, DmError, type ErrorCode } from '../errors.js';
import type { HttpExchange, HttpListener } from '../hal/http.js';
import { HttpFailure } from '../hal/http.js';
import type { Platform } from '../hal/platform.js';
import type { Limits } from '../limits.js';
import { Deadline } from './deadline.js';
import { type ExchangeUser, Header, type Request, WANTED } from './exchange-user.js';
import type { Formats } from './formats.js';
import { Outgoing } from './outgoing.js';
import { ReadAhead } from './read-ahead.js';
import { retryAfterSeconds } from './retry-after.js';
import { isSecure } from './url.js';

export { type ExchangeUser, Header };

const enum State {
  Idle,
  Connecting,
  Awaiting,
  Reading,
  Paused,
  /** Paused, and nothing more is read ahead. */
  Held,
  /** The body changed before it was out: the request is about to begin anew. */
  Restarting,
}

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
  /** Body bytes received. */
  received: number;
  private readonly platform: Platform;
  private readonly limits: Limits;
  private readonly outgoing: Outgoing;
  private readonly ahead: ReadAhead;
  private readonly deadline: Deadline;
  private readonly headers: string[];
  private readonly formats: Formats;
  private state: State;
  private user!: ExchangeUser;
  private current: HttpExchange | undefined;
  private ended!: boolean;
  private failure!: DmError | undefined;
  private delivering: boolean;

  /**
   * @param window buffer in which request bodies are written; may be shared, since it is used within one call only.
   * @param formats gets what servers accept.
   */
  constructor(platform: Platform, limits: Limits, window: Uint8Array, formats: Formats) {
    this.formats = formats;
    this.platform = platform;
    this.limits = limits;
    this.outgoing = new Outgoing(platform.text, limits, window);
    this.ahead = new ReadAhead(limits.readAhead);
    this.deadline = new Deadline(platform.clock, () => this.timeOut());
    this.headers = [];
    this.state = State.Idle;
    this.status = 0;
    this.received = 0;
    this.current = undefined;
    this.delivering = false;
  }

  /** Sends a request. The exchange must be idle. */
  send(request: Request, user: ExchangeUser): void {
    this.user = user;
    this.outgoing.begin(request);
    this.deadline.begin(this.limits.wholeTime);
    this.open();
  }

  /** Where the request went last, redirects followed. */
  get url(): string {
    return this.outgoing.url;
  }

  /** Body bytes of the request. */
  get sending(): number {
    return this.outgoing.length;
  }

  /** A response header, '' where it was not sent, or is longer than a URI may be. */
  header(index: Header): string {
    return this.headers[index];
  }

  /** The error that the answer's status stands for, with what 429 and 503 ask to wait. */
  refusal(): DmError {
    const error = new DmError('HTTP_STATUS', `${this.status} from ${this.outgoing.url}`, -1, undefined, this.status);
    if (this.status === 429 || this.status === 503) {
      error.retryAfter = retryAfterSeconds(this.headers[Header.RetryAfter], this.platform.clock);
    }
    return error;
  }

  /** Called by the user within `onBytes`: hands out no more bytes until `resume`. */
  pause(): void {
    // An application that closed the client in a callback of its own has ended the exchange meanwhile.
    if (this.state !== State.Reading) return;
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
   * What the body is made of has changed. A request whose body is still being written begins anew, from the event loop: its length is
   * announced already. Where the peer has answered before it had all of it, the rest is not sent: it is no longer what was announced.
   */
  bodyChanged(): void {
    if (!this.outgoing.isPartial) return;
    if (this.isSending) {
      this.release();
      this.state = State.Restarting;
      this.deadline.start(0);
    } else this.outgoing.stop();
  }

  /** Ends the exchange; the user hears no more of it. */
  cancel(): void {
    this.release();
    this.state = State.Idle;
  }

  onWritable(count: number): void {
    // The peer may answer before it has the whole body.
    if (this.isSending) this.enter(State.Awaiting);
    this.outgoing.write(this.current as HttpExchange, count);
  }

  onHeader(index: number, value: string): void {
    // A list may come in several lines (RFC 9110 §5.3).
    const isMore = index === Header.OmadmAccept && this.headers[index] !== '';
    const whole = isMore ? `${this.headers[index]},${value}` : value;
    this.headers[index] = whole.length > this.limits.uri ? '' : whole;
  }

  onResponse(status: number): void {
    this.status = status;
    this.formats.remember(this.outgoing.url, this.headers[Header.OmadmAccept]);
    if (this.outgoing.redirect(status, this.headers[Header.Location])) {
      this.reopen();
      return;
    }
    this.enter(State.Reading);
    try {
      this.user.onResponse();
    } catch (thrown) {
      this.fail(asDmError(thrown));
    }
  }

  onReadable(): void {
    this.readOn();
    this.goOn();
  }

  onEnd(): void {
    this.current = undefined;
    this.ended = true;
    this.goOn();
  }

  onFailure(failure: HttpFailure, detail: string): void {
    this.current = undefined;
    if (failure === HttpFailure.Stale && this.outgoing.repeat()) this.reopen();
    else this.broken(new DmError(FAILURES[failure], detail));
  }

  private open(): void {
    const url = this.outgoing.url;
    if (isSecure(url) && !this.platform.clock.isSet() && this.platform.log !== undefined) {
      this.platform.log.note('CLOCK_UNSET', `${url}: no date in a certificate can be judged`);
    }
    for (let i = 0; i < WANTED.length; i += 1) this.headers[i] = '';
    this.status = 0;
    this.received = 0;
    this.ahead.clear();
    this.ended = false;
    this.failure = undefined;
    const request = this.outgoing.compose();
    this.enter(State.Connecting);
    this.current = this.platform.http.request(request, this);
  }

  /** The same request again, to where it goes now, with the body as it is now. */
  private reopen(): void {
    this.release();
    try {
      this.open();
    } catch (thrown) {
      this.fail(asDmError(thrown));
    }
  }

  private get isSending(): boolean {
    return this.state === State.Connecting || this.state === State.Awaiting;
  }

  private goOn(): void {
    if (this.state === State.Reading) this.deliver();
    else this.tellReadAhead();
  }

  /** Hands what was read ahead to the user, and reads on, until nothing is there or the user pauses. */
  private deliver(): void {
    if (this.delivering) return;
    this.delivering = true;
    const ahead = this.ahead;
    try {
      let more = this.readOn();
      while (this.state === State.Reading && !ahead.isEmpty) {
        ahead.from = this.user.onBytes(ahead.bytes, ahead.from, ahead.to, more);
        more = this.state === State.Reading && this.readOn();
      }
    } catch (thrown) {
      this.fail(asDmError(thrown));
    }
    this.delivering = false;
    if (this.state === State.Reading && ahead.isEmpty) this.finish();
  }

  /** @returns false where nothing was there, or the read-ahead buffer is full. */
  private readOn(): boolean {
    const count = this.current === undefined ? 0 : this.ahead.fill(this.current);
    this.received += count;
    if (count > 0 && this.state !== State.Held) this.arm();
    return count > 0;
  }

  private tellReadAhead(): void {
    if (this.state !== State.Paused) return;
    if (!this.ended && this.failure === undefined && !this.ahead.isFull) {
      this.readOn();
      if (!this.ahead.isFull) return;
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
    if (this.isSending) this.fail(error);
    else this.goOn();
  }

  private fail(error: DmError): void {
    this.cancel();
    this.user.onFailed(error);
  }

  private release(): void {
    this.deadline.stop();
    const current = this.current;
    this.current = undefined;
    if (current !== undefined) current.close();
  }

  private enter(state: State): void {
    this.state = state;
    if (state === State.Held) this.deadline.stop();
    else this.arm();
  }

  /** Starts the time limit of the phase; none where nothing more comes. */
  private arm(): void {
    if (this.ended || this.failure !== undefined) this.deadline.stop();
    else this.deadline.start(this.phaseTime());
  }

  private timeOut(): void {
    if (this.state === State.Paused) this.hold();
    else if (this.state === State.Restarting) this.reopen();
    else this.broken(new DmError('TIMEOUT', this.outgoing.url));
  }

  private phaseTime(): number {
    if (this.state === State.Connecting) return this.limits.connectTime;
    if (this.state === State.Paused) return this.limits.readAheadTime;
    return this.state === State.Awaiting ? this.limits.headersTime : this.limits.idleTime;
  }
}
