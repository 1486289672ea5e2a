/**
 * Every way in which dmlet can fail, with the DM status that a server is told (PROTOCOL.md §3.1; 0: no server hears of it).
 * Codes are stable: they are what applications, logs and tests compare.
 */
export const ERROR_STATUS = {
  /** A byte that JSON does not allow at this place. */
  BAD_JSON: 502,
  /** A byte sequence that is not UTF-8. */
  BAD_UTF8: 502,
  /** Input ended before the document did. */
  CUT_SHORT: 502,
  /** Well-formed JSON that is not MO data. */
  BAD_MO: 502,
  /** Nesting beyond `limits.depth` or `limits.jsonDepth`. */
  TOO_DEEP: 413,
  /** A name, URI, number or value longer than its limit. */
  TOO_LONG: 413,
  /** The node arena, or the table of node names, is full. */
  TREE_FULL: 413,
  /** A table is full: DEFAULTs, subscriptions, executions, or the commands of a bootstrap. */
  TABLE_FULL: 413,
  /** The reply buffer is full. */
  REPLY_FULL: 413,
  /** The flash store is full. */
  FLASH_FULL: 413,
  /** The flash store refused a write or lost what was written. */
  FLASH_FAILED: 500,
  /** A command of the wrong shape. */
  BAD_COMMAND: 400,
  /** A command name that this client does not know or does not implement. */
  UNKNOWN_COMMAND: 501,
  /** A ClientURI or ServerURI that does not parse. */
  BAD_URI: 400,
  /** A placeholder in a ServerURI that has no meaning. */
  UNKNOWN_PLACEHOLDER: 400,
  /** A placeholder whose value the device does not know now. */
  NO_VALUE: 503,
  /** The account has no right to do this. */
  FORBIDDEN: 403,
  /** No such node. */
  NOT_FOUND: 404,
  /** The node does not allow the operation. */
  NOT_ALLOWED: 405,
  /** Several nodes where one is needed. */
  AMBIGUOUS: 409,
  /** A document whose parts contradict each other. */
  CONFLICT: 422,
  /** The peer takes no format that this client writes. */
  NOT_ACCEPTED: 406,
  /** A body of a media type that this client does not read. */
  BAD_TYPE: 415,
  /** No answer within the time limit. */
  TIMEOUT: 408,
  /** Name look-up, connection or TLS failed. */
  NO_CONNECTION: 503,
  /** The peer answered with an HTTP status that is no success; `status` holds it. */
  HTTP_STATUS: 502,
  /** The peer answered with bytes that are not HTTP. */
  BAD_HTTP: 502,
  /** No DEFAULT for this MOID. */
  NO_DEFAULT: 0,
  /** The fetched document held no object of the requested MOID. */
  NOT_PROVIDED: 0,
  /** No DM Account with this SrvID, or none at all. */
  NO_ACCOUNT: 0,
  /** DevInfo has no DevID, or one that no HTTP header can carry: no package can be sent. */
  NO_DEVICE_ID: 0,
  /** The DM Server sent a second package that cannot be read. */
  BAD_PACKAGE: 0,
  /** A bootstrap that is not valid; the cause tells more. */
  BAD_BOOTSTRAP: 0,
  /** A notification, Package#0, with a malformed byte, or longer than `limits.notification`. */
  BAD_NOTIFICATION: 0,
  /** A notification that its server cannot be shown to have sent. */
  NOT_AUTHENTIC: 0,
  /** A notification that came before. */
  REPEATED: 0,
  /** The last try failed, and the next one is not due; `retryAfter` says when it is. */
  BACK_OFF: 0,
  /** Too many requests wait already. */
  BUSY: 0,
  /** A caller's argument, or the state in which it calls, is wrong. */
  BAD_ARGUMENT: 0,
  /** A fault of this program. */
  INTERNAL: 500,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;

/** What may succeed later although its status does not say so: a portal's page, a full flash, an identity that is not known yet. */
const TRANSIENT: readonly ErrorCode[] = ['BAD_TYPE', 'FLASH_FULL', 'NO_DEVICE_ID', 'BAD_PACKAGE'];

/**
 * The one error that leaves dmlet.
 * `code` is stable; `status` is the DM status code for it, or the HTTP status for `HTTP_STATUS`;
 * `offset` is the place in the input in bytes, -1 where there is none; `cause` is what was caught, if anything.
 */
export class DmError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  offset: number;
  override readonly cause: unknown;
  /** Seconds that the peer asked to wait before the next try (`Retry-After`), -1 where it asked nothing. */
  retryAfter: number;

  constructor(code: ErrorCode, detail?: string, offset?: number, cause?: unknown, status?: number) {
    super(detail ? `${code}: ${detail}` : code);
    this.code = code;
    this.status = status === undefined ? ERROR_STATUS[code] : status;
    this.offset = offset === undefined ? -1 : offset;
    this.cause = cause;
    this.retryAfter = -1;
  }

  /**
   * True where the same request may succeed later (PROTOCOL.md §12): network failures, time-outs, 408, 425, 429 and 5xx, flash that
   * failed, an identity that is not known yet, and answers that are not what was asked for, such as a captive portal's page.
   */
  get transient(): boolean {
    const status = this.status;
    if (TRANSIENT.indexOf(this.code) >= 0 || status === 408 || status === 425 || status === 429) return true;
    return status >= 500 && this.code !== 'INTERNAL';
  }
}

/** @throws DmError always. */
export function fail(code: ErrorCode, detail?: string): never {
  throw new DmError(code, detail);
}

/** Whatever was thrown, as a `DmError`. */
export function asDmError(thrown: unknown): DmError {
  return thrown instanceof DmError ? thrown : new DmError('INTERNAL', String(thrown), -1, thrown);
}

// On the prototype, and defined, not assigned: on a device it is frozen, and an instance may not hide a frozen property.
Object.defineProperty(DmError.prototype, 'name', { value: 'DmError' });

/** The DM status that a server is told of an error; one that no server should meet is a fault of this program. */
export function statusOf(error: DmError): number {
  return error.status || ERROR_STATUS.INTERNAL;
}

/** Gives an error that has no place yet the place at which it was caught. */
export function atOffset(error: DmError, offset: number): DmError {
  if (error.offset < 0) error.offset = offset;
  return error;
}
