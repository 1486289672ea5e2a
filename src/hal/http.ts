/** Why an exchange failed. */
export const enum HttpFailure {
  /** The name has no address. */
  Name = 1,
  /** No TCP connection, or it was refused. */
  Connect = 2,
  /** The TLS handshake failed: certificate, protocol or alert. */
  Tls = 3,
  /** The connection closed before the response was whole. */
  Closed = 4,
  /** A kept-alive connection turned out closed before the first byte of a response: the same request may be sent again. */
  Stale = 5,
  /** The peer's bytes are not an HTTP response, or exceed the adapter's bound for the header. */
  Protocol = 6,
}

/**
 * One HTTP request. At most two are under way at once, and no more connections than that are kept. The adapter owns framing (Content-Length, chunked, keep-alive, `Host` with its port), name look-up,
 * TCP and TLS; it follows no redirect, knows no time limit and reads no body: that is the core's.
 */
export interface HttpRequest {
  /** `GET`, `POST` or `PUT`. */
  method: string;
  /** Absolute `http:` or `https:` URL, at most `limits.uri` bytes, ASCII. */
  url: string;
  /** Name, value, name, value …; without Host, Content-Length and Connection. */
  headers: string[];
  /** Bytes of body that will be written; -1 where the request has no body. */
  bodyLength: number;
  /** The request must not go out on a connection that was used before. */
  newConnection: boolean;
  /** Names, in lower case, of the response headers to report; all others are dropped unread. */
  wanted: readonly string[];
}

/**
 * Gets what happens to an exchange. Called from the event loop only, never from inside a call to `HttpClient` or
 * `HttpExchange`. Order: `onWritable` any number of times, `onHeader` any number of times, `onResponse` once,
 * `onReadable` any number of times, `onEnd`; or `onFailure` at any point. Nothing comes after `onEnd`, `onFailure` or
 * `close()`. Interim 1xx responses are not reported.
 */
export interface HttpListener {
  /** `count` > 0 bytes of the body may be written now. The first call also says that the connection stands; a request without body gets it with 0. */
  onWritable(count: number): void;
  /** The header at place `index` in `wanted`; a header that comes twice is reported twice. */
  onHeader(index: number, value: string): void;
  /** The header is complete. */
  onResponse(status: number): void;
  /** At least one byte can be read. Repeated only after a `read` that returned 0, or took all there was. */
  onReadable(): void;
  /** The body was read whole: as long as the header said, or up to a close that the framing allows. */
  onEnd(): void;
  /** The exchange is over, and all bytes that had come before were read. `detail` is for a log, never parsed. */
  onFailure(failure: HttpFailure, detail: string): void;
}

export interface HttpExchange {
  /**
   * Takes body bytes; at most as many as were announced as writable.
   * @param bytes caller's buffer, copied before the call returns.
   */
  write(bytes: Uint8Array, from: number, to: number): void;
  /**
   * Copies received body bytes into `into`, which the caller owns. What is not read stays with the adapter, which
   * stops taking from the network when its own bounded buffer is full: back-pressure.
   * @returns the count of bytes copied, 0 where none are there now.
   */
  read(into: Uint8Array, from: number, to: number): number;
  /** Ends the exchange and frees everything; after `onEnd` or `onFailure` it does nothing. */
  close(): void;
}

export interface HttpClient {
  request(request: HttpRequest, listener: HttpListener): HttpExchange;
}
