import { BodyWriter } from '../bytes/body-writer.js';
import type { HttpExchange, HttpRequest } from '../hal/http.js';
import type { Text } from '../hal/text.js';
import type { Limits } from '../limits.js';
import { type Request, WANTED } from './exchange-user.js';
import { originOf, redirectUrl } from './url.js';

/** A request on its way: where redirects have sent it, and what of its body is still to be written. */
export class Outgoing {
  /** Where it goes now. */
  url!: string;
  /** Bytes of its body. */
  length: number;
  private readonly limits: Limits;
  private readonly window: Uint8Array;
  private readonly body: BodyWriter;
  private request!: Request;
  private redirects!: number;
  private repeated!: boolean;
  /** Bytes of the body that the adapter has not got yet. */
  private unsent!: number;

  /** @param window buffer in which the body is written; may be shared, since it is used within one call only. */
  constructor(text: Text, limits: Limits, window: Uint8Array) {
    this.limits = limits;
    this.window = window;
    this.body = new BodyWriter(text);
    this.length = 0;
  }

  /** Takes up another request. */
  begin(request: Request): void {
    this.request = request;
    this.url = request.url;
    this.redirects = 0;
    this.repeated = false;
  }

  /** The request for the adapter, with the body from its beginning. */
  compose(): HttpRequest {
    const request = this.request;
    const headers = request.headers.slice();
    if (originOf(this.url) === originOf(request.url)) {
      for (let i = 0; i < request.secrets.length; i += 1) headers.push(request.secrets[i]);
    }
    const bodyLength = request.body === undefined ? -1 : this.body.measure(request.body);
    this.length = Math.max(0, bodyLength);
    this.unsent = this.length;
    return {
      method: request.method,
      url: this.url,
      headers,
      bodyLength,
      newConnection: this.repeated,
      wanted: WANTED,
    };
  }

  /** True while a part of the body is not written. */
  get isPartial(): boolean {
    return this.unsent > 0;
  }

  /** Writes `count` bytes more of the body, or what is left of it. */
  write(exchange: HttpExchange, count: number): void {
    let left = count;
    while (left > 0 && this.unsent > 0) {
      const filled = this.body.fill(this.window, 0, Math.min(left, this.window.length));
      if (filled === 0) return;
      this.unsent -= filled;
      left -= filled;
      exchange.write(this.window, 0, filled);
    }
  }

  /** Writes nothing more. */
  stop(): void {
    this.unsent = 0;
  }

  /** Follows an answer that is a redirect. @returns false where it is none, or is not to be followed. */
  redirect(status: number, location: string): boolean {
    const url = redirectUrl(this.request.method, status, this.url, location);
    if (url === '' || url.length > this.limits.uri || this.redirects === this.limits.redirects) return false;
    this.redirects += 1;
    this.url = url;
    return true;
  }

  /** Asks for a new connection, once. @returns false where it did before. */
  repeat(): boolean {
    const first = !this.repeated;
    this.repeated = true;
    return first;
  }
}
