import type { HttpClient, HttpExchange, HttpListener, HttpRequest } from 'dmlet';
import { Buffer } from './buffer.js';
import { type Peer, Socket, serverAt } from './http.js';

/** `HttpFailure` of the contract. */
const CONNECT = 2;
const CLOSED = 4;
const PROTOCOL = 6;

/** Most bytes that are offered to write or to read at once. */
const SEGMENT = 536;

/** Requests to servers within the machine. TLS is left out: `https` is spoken as `http`. */
export class LoopbackHttp implements HttpClient {
  private readonly open: LoopbackExchange[] = [];

  request(request: HttpRequest, listener: HttpListener): HttpExchange {
    const exchange = new LoopbackExchange(request, listener);
    this.open.push(exchange);
    return exchange;
  }

  close(): void {
    for (const exchange of this.open) exchange.close();
  }
}

class LoopbackExchange implements HttpExchange, Peer {
  private readonly written: Uint8Array[] = [];
  private readonly content: Uint8Array[] = [];
  /** What happens next, each thing from the event loop. */
  private readonly events: (() => void)[] = [];
  private readonly socket: Socket;
  private left: number;
  private isOver = false;
  private isOffered = false;
  private ended: (() => void) | undefined;
  /** Bytes of body that the header promises and that have not come. */
  private missing = Number.POSITIVE_INFINITY;

  constructor(
    private readonly request: HttpRequest,
    private readonly listener: HttpListener,
  ) {
    this.socket = new Socket(this);
    this.left = Math.max(0, request.bodyLength);
    this.later(() => this.connect());
  }

  write(bytes: Uint8Array, from: number, to: number): void {
    this.written.push(bytes.slice(from, to));
    this.left -= to - from;
    this.later(() => (this.left > 0 ? this.offer() : this.send()));
  }

  read(into: Uint8Array, from: number, to: number): number {
    const [bytes] = this.content;
    this.isOffered = false;
    this.later(() => this.offerContent());
    if (bytes === undefined) return 0;
    const count = Math.min(bytes.length, to - from);
    into.set(bytes.subarray(0, count), from);
    if (count < bytes.length) this.content[0] = bytes.subarray(count);
    else this.content.shift();
    return count;
  }

  close(): void {
    this.isOver = true;
    this.socket.destroy();
  }

  header(status: number, headers: ReadonlyMap<string, string>): void {
    const length = headers.get('content-length');
    if (length !== undefined) this.missing = Number(length);
    if (status === 204 || status === 304) this.missing = 0;
    this.later(() => {
      this.request.wanted.forEach((name, index) => {
        const value = headers.get(name);
        if (value !== undefined) this.listener.onHeader(index, value);
      });
      this.listener.onResponse(status);
    });
  }

  body(bytes: Uint8Array): void {
    const taken = bytes.slice(0, Math.min(bytes.length, this.missing));
    this.missing -= taken.length;
    this.later(() => {
      for (let at = 0; at < taken.length; at += SEGMENT) this.content.push(taken.slice(at, at + SEGMENT));
      this.offerContent();
    });
  }

  end(): void {
    if (this.missing === Number.POSITIVE_INFINITY) this.missing = 0;
    this.closed();
  }

  garbage(): void {
    this.finishWith(() => this.listener.onFailure(PROTOCOL, 'no HTTP'));
  }

  closed(): void {
    const isWhole = this.missing === 0;
    this.finishWith(isWhole ? () => this.listener.onEnd() : () => this.listener.onFailure(CLOSED, 'closed'));
  }

  private connect(): void {
    if (serverAt(this.port) === undefined) {
      this.finishWith(() => this.listener.onFailure(CONNECT, 'refused'));
      return;
    }
    const isBodyless = this.left === 0;
    this.offer();
    if (isBodyless) this.later(() => this.send());
  }

  private offer(): void {
    this.listener.onWritable(Math.min(SEGMENT, this.left));
  }

  private send(): void {
    const { method, url, headers, bodyLength } = this.request;
    const sent: Record<string, string> = bodyLength < 0 ? {} : { 'content-length': String(bodyLength) };
    for (let i = 0; i < headers.length; i += 2) sent[headers[i].toLowerCase()] = headers[i + 1];
    const path = url.slice(url.indexOf('/', url.indexOf('://') + 3));
    const server = serverAt(this.port);
    if (server === undefined) this.closed();
    else server.accept(this.socket, method, path, sent, Buffer.concat(this.written));
  }

  private offerContent(): void {
    if (this.isOffered) return;
    if (this.content.length > 0) {
      this.isOffered = true;
      this.listener.onReadable();
    } else if (this.ended !== undefined) {
      this.isOver = true;
      this.socket.destroy();
      this.ended();
    }
  }

  /** The first end counts, and comes when everything before it was read. */
  private finishWith(tell: () => void): void {
    this.later(() => {
      this.ended ??= tell;
      this.offerContent();
    });
  }

  private later(act: () => void): void {
    this.events.push(act);
    setTimeout(() => {
      const next = this.events.shift();
      if (!this.isOver) next?.();
    });
  }

  private get port(): number {
    return Number(this.request.url.split('/')[2].split(':')[1]);
  }
}
