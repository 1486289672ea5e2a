import type { HttpClient, HttpExchange, HttpFailure, HttpListener, HttpRequest } from 'dmlet';

/** An exchange that tells when it is over. */
export class WatchedExchange implements HttpExchange, HttpListener {
  private readonly exchange: HttpExchange;
  private isOver = false;

  /** @param over called once: the exchange has ended, or failed, or was closed. */
  constructor(
    http: HttpClient,
    request: HttpRequest,
    private readonly listener: HttpListener,
    private readonly over: () => void,
  ) {
    this.exchange = http.request(request, this);
  }

  onWritable(count: number): void {
    this.listener.onWritable(count);
  }

  onHeader(index: number, value: string): void {
    this.listener.onHeader(index, value);
  }

  onResponse(status: number): void {
    this.listener.onResponse(status);
  }

  onReadable(): void {
    this.listener.onReadable();
  }

  onEnd(): void {
    this.finish();
    this.listener.onEnd();
  }

  onFailure(failure: HttpFailure, detail: string): void {
    this.finish();
    this.listener.onFailure(failure, detail);
  }

  write(bytes: Uint8Array, from: number, to: number): void {
    this.exchange.write(bytes, from, to);
  }

  read(into: Uint8Array, from: number, to: number): number {
    return this.exchange.read(into, from, to);
  }

  close(): void {
    this.finish();
    this.exchange.close();
  }

  private finish(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.over();
  }
}
