/** What each kind of misbehaviour takes. Sizes and offsets are bytes of the body, times milliseconds. */
export interface FaultParameters {
  /** The response begins `ms` later. */
  delay: { ms: number };
  /** That much of the body, then nothing until the connection is closed; -1: no header either. */
  stall: { after: number };
  /** The connection is closed after that much of the body; -1: before any header. */
  close: { after: number };
  /** `Content-Length` is wrong by that much; the body is sent as it is, and the connection closed. */
  length: { by: number };
  /** `Transfer-Encoding: chunked` in pieces of that size. */
  chunked: { size: number };
  /** Another status; a body goes with it unless HTTP forbids one. `retryAfter`: seconds or an HTTP date. */
  status: { status: number; retryAfter?: number | string };
  /** A redirect; `to` is sent as it is written, absolute or relative. */
  redirect: { status: number; to: string };
  /** Another `Content-Type`. */
  type: { type: string };
  /** The byte at `at` (the last, where the body is shorter) is replaced, by 0 unless `byte` says otherwise. */
  broken: { at: number; byte?: number };
  /** A valid response whose body ends early. */
  truncated: { at: number };
  /** The body in pieces of `bytes`, `interval` milliseconds apart. */
  drip: { bytes: number; interval: number };
  /** These bytes instead of an HTTP response; then the connection is closed. */
  garbage: { text: string };
  /** That many more header lines, each of `size` bytes without its line end. */
  headers: { count: number; size: number };
  /** A status line that ends after the status code. */
  noreason: Record<never, never>;
}

export type FaultKind = keyof FaultParameters;
export type FaultOf<K extends FaultKind> = { [P in K]: { kind: P } & FaultParameters[P] }[K];
export type Fault = FaultOf<FaultKind>;
