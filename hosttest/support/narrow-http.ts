import type { HttpClient, HttpExchange, HttpListener, HttpRequest } from 'dmlet';

/** Told before each piece of a body: how many bytes of it were written so far, and whether the answer has begun. */
export type BeforePiece = (url: string, written: number, isAnswered: boolean) => void;

/**
 * Makes an HTTP client announce `window` bytes at a time, one piece a turn of the event loop, as a device's does, so that things can happen
 * while a body is being sent.
 */
export function narrow(client: HttpClient, window: number, beforePiece: BeforePiece = () => {}): void {
  const request = client.request.bind(client);
  client.request = (what, listener) => new NarrowExchange(request, what, listener, window, beforePiece);
}

class NarrowExchange implements HttpExchange, HttpListener {
  private readonly exchange: HttpExchange;
  private room = 0;
  private written = 0;
  private waits = false;
  private isAnswered = false;
  private isOver = false;

  constructor(
    request: HttpClient['request'],
    private readonly what: HttpRequest,
    private readonly listener: HttpListener,
    private readonly window: number,
    private readonly beforePiece: BeforePiece,
  ) {
    this.exchange = request(what, this);
  }

  onWritable(count: number): void {
    this.room = count;
    if (count === 0) this.listener.onWritable(0);
    else this.handOut();
  }

  onHeader(index: number, value: string): void {
    this.listener.onHeader(index, value);
  }

  onResponse(status: number): void {
    this.isAnswered = true;
    this.listener.onResponse(status);
  }

  onReadable(): void {
    this.listener.onReadable();
  }

  onEnd(): void {
    this.isOver = true;
    this.listener.onEnd();
  }

  onFailure(failure: Parameters<HttpListener['onFailure']>[0], detail: string): void {
    this.isOver = true;
    this.listener.onFailure(failure, detail);
  }

  write(bytes: Uint8Array, from: number, to: number): void {
    this.room -= to - from;
    this.written += to - from;
    this.exchange.write(bytes, from, to);
  }

  read(into: Uint8Array, from: number, to: number): number {
    return this.exchange.read(into, from, to);
  }

  close(): void {
    this.isOver = true;
    this.exchange.close();
  }

  private handOut(): void {
    if (this.waits || this.isOver) return;
    this.waits = true;
    setImmediate(() => {
      this.waits = false;
      if (this.isOver) return;
      this.beforePiece(this.what.url, this.written, this.isAnswered);
      const count = Math.min(this.window, this.room);
      if (this.isOver || count === 0) return;
      this.listener.onWritable(count);
      if (this.room > 0) this.handOut();
    });
  }
}
