import type { HttpClient, HttpExchange, HttpListener, HttpRequest } from 'dmlet';
import type { TestClock } from '../support/test-clock.js';

/** What a server answers. */
export interface Answer {
  readonly status: number;
  /** In lower case: name, value, … */
  readonly headers: readonly string[];
  readonly body: Uint8Array;
}

/** What a radio module hands over at once. */
const SEGMENT = 536;

/** Answers requests within the process; everything comes from the clock's event loop. */
export class ScriptedHttp implements HttpClient {
  /** @param answer gets a request with its whole body. */
  constructor(
    private readonly clock: TestClock,
    private readonly answer: (request: HttpRequest, body: string) => Answer,
  ) {}

  request(request: HttpRequest, listener: HttpListener): HttpExchange {
    return new ScriptedExchange(this.clock, request, this.answer, listener);
  }
}

class ScriptedExchange implements HttpExchange {
  private readonly sent: Buffer[] = [];
  private body = new Uint8Array(0);
  private offset = 0;
  private arrived = 0;
  private timer: unknown;

  constructor(
    private readonly clock: TestClock,
    private readonly request: HttpRequest,
    private readonly answer: (request: HttpRequest, body: string) => Answer,
    private readonly listener: HttpListener,
  ) {
    this.later(() => {
      this.later(() => this.respond());
      listener.onWritable(Math.max(0, request.bodyLength));
    });
  }

  write(bytes: Uint8Array, from: number, to: number): void {
    this.sent.push(Buffer.from(bytes.slice(from, to)));
  }

  read(into: Uint8Array, from: number, to: number): number {
    const part = this.body.subarray(this.offset, Math.min(this.arrived, this.offset + to - from));
    into.set(part, from);
    this.offset += part.length;
    if (this.offset === this.arrived && part.length > 0) this.later(() => this.arrive());
    return part.length;
  }

  close(): void {
    this.clock.cancel(this.timer);
  }

  private respond(): void {
    const { status, headers, body } = this.answer(this.request, Buffer.concat(this.sent).toString());
    this.body = Uint8Array.from(body);
    this.later(() => this.arrive());
    for (let i = 0; i < headers.length; i += 2) {
      const index = this.request.wanted.indexOf(headers[i]);
      if (index >= 0) this.listener.onHeader(index, headers[i + 1]);
    }
    this.listener.onResponse(status);
  }

  private arrive(): void {
    this.arrived = Math.min(this.body.length, this.arrived + SEGMENT);
    if (this.offset < this.arrived) this.listener.onReadable();
    else this.listener.onEnd();
  }

  private later(callback: () => void): void {
    this.timer = this.clock.after(0, callback);
  }
}
