import type { HttpListener } from '../../hal/http.js';
import type { Text } from '../../hal/text.js';

/** Bytes of a response's header, of a chunk's first line, or of its trailers; more is a protocol error. */
const MAX_HEADER = 16384;
/** Bytes of a value that is wanted; more is a protocol error. */
const MAX_VALUE = 2048;
/** Bytes that are kept of any other line: more is in none that matters. */
const MAX_LINE = 32;

/** Digits of a chunk's size. */
const MAX_SIZE = 16;

const TAB = 9;
const LF = 10;
const CR = 13;
const SPACE = 32;
const COLON = 58;

/** Headers that frame the body. */
const LENGTH = 0;
const ENCODING = 1;
const FRAMING = ['content-length', 'transfer-encoding', 'connection'];

/** What comes next. */
const enum At {
  Status = 0,
  Name,
  Value,
  Size,
  AfterChunk,
  Trailer,
  /** Bytes of the body. Of those above, each is taken by itself; from here on, none. */
  Body,
  End,
  Broken,
}

function numberOf(text: string, digits: string): number {
  let number = text === '' ? -1 : 0;
  for (let i = 0; i < text.length && number >= 0; i += 1) {
    const digit = digits.indexOf(text.charAt(i));
    number = digit < 0 || number > 0x7fffffff ? -1 : number * digits.length + digit;
  }
  return number;
}

/** Reads a response (RFC 9112) byte by byte but for its body, and keeps no more of it than a line. */
export class Response {
  /** Bytes of the body, or of its chunk, that are still to come. */
  left: number;
  /** The connection can be used again behind it. */
  isKept: boolean;
  /** No byte of it has come. */
  isNew: boolean;
  /** What is wrong with it, '' for nothing. */
  fault: string;
  private readonly wanted: readonly string[];
  private readonly listener: HttpListener;
  private readonly text: Text;
  private at: At;
  private status: number;
  /** Bytes since the beginning of what `MAX_HEADER` bounds. */
  private count: number;
  private line: Uint8Array;
  /** Bytes of the line, also of those that are not kept. */
  private length: number;
  private isAfterCr: boolean;
  /** Place of the header in `wanted` and in `FRAMING`, below 0 for none. */
  private index: number;
  private framing: number;
  private bodyLength: number;
  private isChunked: boolean;

  constructor(wanted: readonly string[], listener: HttpListener, text: Text) {
    this.wanted = wanted;
    this.listener = listener;
    this.text = text;
    this.left = 0;
    this.isKept = true;
    this.isNew = true;
    this.fault = '';
    this.at = At.Status;
    this.status = 0;
    this.count = 0;
    this.line = new Uint8Array(MAX_LINE);
    this.length = 0;
    this.isAfterCr = false;
    this.index = -1;
    this.framing = -1;
    this.bodyLength = -1;
    this.isChunked = false;
  }

  /** True while `take` wants the next byte. */
  get takes(): boolean {
    return this.at < At.Body;
  }

  /** True while bytes of the body come next. */
  get isBody(): boolean {
    return this.at === At.Body;
  }

  get isEnd(): boolean {
    return this.at === At.End;
  }

  /** Takes a byte that is none of the body's, and tells what that completes. */
  take(byte: number): void {
    this.isNew = false;
    this.count += 1;
    if (this.count > MAX_HEADER) this.broken('header too long');
    else if (byte === LF) this.endLine();
    else if (this.isAfterCr || (byte < SPACE && byte !== TAB && byte !== CR)) this.broken('control character');
    else if (byte === CR) this.isAfterCr = true;
    else if (this.at === At.AfterChunk) this.broken('chunk longer than its size');
    else if (this.at !== At.Name) this.keep(byte);
    else if (byte === COLON) this.endName();
    else if (byte <= SPACE) this.broken('blank in a header name');
    else this.keep(byte);
  }

  /** Bytes of the body were read. @param count at most `left`. */
  took(count: number): void {
    this.left -= count;
    if (this.left > 0) return;
    this.at = this.isChunked ? At.AfterChunk : At.End;
    this.count = 0;
  }

  /** No byte comes any more. */
  close(): void {
    if (this.at === At.Body && this.left === Number.POSITIVE_INFINITY) this.at = At.End;
  }

  private keep(byte: number): void {
    if (this.at === At.Value && this.length === 0 && byte <= SPACE) return;
    const isWanted = this.at === At.Value && (this.index >= 0 || this.framing >= 0);
    if (isWanted && this.length === this.line.length && this.length < MAX_VALUE) {
      const longer = new Uint8Array(2 * this.length);
      longer.set(this.line);
      this.line = longer;
    }
    if (this.length < this.line.length) this.line[this.length] = byte;
    else if (isWanted) this.broken('header value too long');
    this.length += 1;
  }

  /** What is kept of the line; '' where that is no text. */
  private get string(): string {
    try {
      return this.text.decode(this.line, 0, Math.min(this.length, this.line.length));
    } catch {
      return '';
    }
  }

  private broken(fault: string): void {
    this.fault = fault;
    this.at = At.Broken;
  }

  private endLine(): void {
    this.isAfterCr = false;
    if (this.at === At.Status) this.endStatus();
    else if (this.at === At.Name) this.endHeader();
    else if (this.at === At.Value) this.endValue();
    else if (this.at === At.Size) this.endSize();
    else if (this.at === At.AfterChunk) this.at = At.Size;
    else if (this.length === 0) this.at = At.End;
    this.length = 0;
  }

  private endStatus(): void {
    const text = this.string;
    this.status = numberOf(text.slice(9, 12), '0123456789');
    const isStatus = this.status >= 100 && numberOf(text.charAt(7), '0123456789') >= 0;
    const hasReason = this.length > 12 && text.charAt(12) !== ' ';
    if (!isStatus || hasReason || text.slice(0, 7) !== 'HTTP/1.' || text.charAt(8) !== ' ')
      this.broken(`no status: ${text}`);
    else this.at = At.Name;
    if (text.charAt(7) === '0') this.isKept = false;
  }

  private endName(): void {
    const name = this.length > MAX_LINE ? '' : this.string.toLowerCase();
    const isFinal = this.status >= 200;
    this.index = isFinal ? this.wanted.indexOf(name) : -1;
    this.framing = isFinal ? FRAMING.indexOf(name) : -1;
    if (this.length === 0) this.broken('header without a name');
    else this.at = At.Value;
    this.length = 0;
  }

  private endValue(): void {
    this.at = At.Name;
    if (this.index < 0 && this.framing < 0) return;
    const value = this.string.trim();
    if (this.framing === LENGTH) {
      const isSecond = this.bodyLength >= 0;
      this.bodyLength = numberOf(value, '0123456789');
      if (isSecond || this.bodyLength < 0) this.broken(`length ${value}`);
    } else if (this.framing === ENCODING) {
      if (this.isChunked || value.toLowerCase() !== 'chunked') this.broken(`encoding ${value}`);
      this.isChunked = true;
    } else if (this.framing >= 0 && value.toLowerCase().indexOf('close') >= 0) this.isKept = false;
    if (this.index >= 0 && this.fault === '') this.listener.onHeader(this.index, value);
  }

  private endHeader(): void {
    const { status } = this;
    this.count = 0;
    if (this.length > 0) this.broken('header line without a colon');
    else if (status === 101) this.broken('status 101');
    else if (this.isChunked && this.bodyLength >= 0) this.broken('a length and chunks');
    else if (status < 200) this.at = At.Status;
    else {
      if (this.line.length > MAX_LINE) this.line = new Uint8Array(MAX_LINE);
      this.beginBody();
      this.listener.onResponse(status);
    }
  }

  private beginBody(): void {
    const { status } = this;
    this.at = At.Body;
    if (status === 204 || status === 304 || this.bodyLength === 0) this.at = At.End;
    else if (this.isChunked) this.at = At.Size;
    else if (this.bodyLength > 0) this.left = this.bodyLength;
    else {
      this.left = Number.POSITIVE_INFINITY;
      this.isKept = false;
    }
  }

  private endSize(): void {
    const text = this.string.split(';')[0].trim();
    this.left = text.length > MAX_SIZE ? -1 : numberOf(text.toLowerCase(), '0123456789abcdef');
    this.at = this.left > 0 ? At.Body : At.Trailer;
    if (this.left < 0) this.broken(`chunk of ${text}`);
    this.count = 0;
  }
}
