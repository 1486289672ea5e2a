import type { BodySource } from '../bytes/body-writer.js';
import type { DmError } from '../errors.js';

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
   * @param more true where what is not taken comes again at once, perhaps with more behind it.
   * @returns the place behind the last byte taken: `to`, or anything less after a call to `exchange.pause`, and where there is `more`.
   */
  onBytes(bytes: Uint8Array, from: number, to: number, more: boolean): number;
  /** While paused: the rest of the body is in the read-ahead buffer and the connection is free, or the buffer is full, or the peer is slow. */
  onReadAhead(): void;
  /** The body ended, and all of it was taken. */
  onEnd(): void;
  /** The exchange failed. */
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
