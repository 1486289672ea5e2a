import type { BodySource } from '../bytes/body-writer.js';
import type { DmError } from '../errors.js';

/** What to ask for. */
export interface Request {
  readonly method: string;
  readonly url: string;
  /** Name, value, name, value … */
  readonly headers: readonly string[];
  /** The value of `Authorization`, '' for none: only the first URL's origin may see it. */
  readonly credentials: string;
  readonly body: BodySource | undefined;
}

/** Gets the answer. What its methods throw ends the exchange, and comes back by `onFailed`. */
export interface ExchangeUser {
  /** A final answer that is no redirect: `exchange.status` and `exchange.headers` are valid. */
  onResponse(): void;
  /**
   * Body bytes, valid during the call; what is not taken comes again.
   * @param more true where that can be with more behind it, which is then waited for.
   * @returns the place behind the last byte taken; less than `to` only where there is `more`, or after `exchange.pause`.
   */
  onBytes(bytes: Uint8Array, from: number, to: number, more: boolean): number;
  /** While paused: the rest of the body is in the buffer and the connection is free, or the buffer is full, or the peer is slow. */
  onReadAhead(): void;
  /** The body ended, and all of it was taken. */
  onEnd(): void;
  /** The exchange failed; `send` may call it before it returns. */
  onFailed(error: DmError): void;
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

/** Their names, indexed by `Header`. */
export const WANTED: readonly string[] = [
  'content-type',
  'etag',
  'location',
  'retry-after',
  'omadm-accept',
  'content-length',
];
