import {
  DEFAULT_LIMITS,
  type HttpExchange,
  type HttpListener,
  type HttpRequest,
  type Limits,
  type Platform,
} from 'dmlet';
import { Exchange } from '../../src/http/exchange.js';
import type { ExchangeUser, Request } from '../../src/http/exchange-user.js';
import { Formats } from '../../src/http/formats.js';
import { TestClock } from './test-clock.js';
import { utf8 } from './utf8.js';

/** One request that an adapter was given; the test plays the peer by its listener. */
export class PlayedRequest implements HttpExchange {
  /** Bytes that have come and are not read. */
  arrived = 0;
  written = 0;
  isClosed = false;

  constructor(
    readonly request: HttpRequest,
    readonly listener: HttpListener,
  ) {}

  write(_bytes: Uint8Array, from: number, to: number): void {
    this.written += to - from;
  }

  read(into: Uint8Array, from: number, to: number): number {
    const count = Math.min(this.arrived, to - from);
    into.fill(0x20, from, from + count);
    this.arrived -= count;
    return count;
  }

  close(): void {
    this.isClosed = true;
  }

  /** Bytes of the body arrive. */
  arrive(count: number): void {
    this.arrived += count;
    this.listener.onReadable();
  }
}

/** An exchange with a network that does what the test says, at the time that it says. */
export class PlayedHttp implements ExchangeUser {
  readonly clock = new TestClock();
  readonly requests: PlayedRequest[] = [];
  readonly exchange: Exchange;
  /** What the user was told, in order: `response 200`, `end`, or an error's code. */
  readonly told: string[] = [];
  taken = 0;

  constructor(limits: Partial<Limits> = {}) {
    const platform = {
      clock: this.clock,
      text: utf8,
      http: {
        request: (request: HttpRequest, listener: HttpListener): HttpExchange => {
          this.requests.push(new PlayedRequest(request, listener));
          return this.last;
        },
      },
    };
    this.exchange = new Exchange(platform as unknown as Platform, { ...DEFAULT_LIMITS, ...limits }, 64, new Formats());
  }

  get last(): PlayedRequest {
    return this.requests[this.requests.length - 1];
  }

  /** Begins a request. @param length of its body; without, it has none. */
  send(length?: number): void {
    let left = 0;
    const rewind = (): void => {
      left = length ?? 0;
    };
    const next = (): string => {
      left -= 1;
      return left >= 0 ? 'x' : '';
    };
    const body = length === undefined ? undefined : { rewind, next };
    const request: Request = { method: 'PUT', url: 'http://x/', headers: [], credentials: '', body };
    this.exchange.send(request, this);
  }

  onResponse(): void {
    this.told.push(`response ${this.exchange.status}`);
  }

  onBytes(_bytes: Uint8Array, from: number, to: number): number {
    this.taken += to - from;
    return to;
  }

  onReadAhead(): void {}

  onEnd(): void {
    this.told.push('end');
  }

  onFailed(error: { code: string }): void {
    this.told.push(error.code);
  }
}
