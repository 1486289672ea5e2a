import type { HttpClient, HttpExchange, HttpListener, HttpRequest } from 'dmlet';
import type { Host } from './host.js';

declare const host: Host;

export const REQUEST_TYPE = 'application/vnd.oma.dm.request+json';
export const MO_TYPE = 'application/vnd.oma.dm.mo+json';

/** How a request is answered: with an input of the run as the body, or with none where that is negative. */
export interface Answer {
  readonly status: number;
  /** In lower case: name, value, … */
  readonly headers: readonly string[];
  readonly input: number;
  /** Where the body is only the beginning of the input: how many bytes of it. */
  readonly cutAt?: number;
}

/** What a radio module hands over at once. */
const SEGMENT = 536;

/** Answers requests from a script. Bodies arrive segment by segment, each from the event loop, and take no memory of the machine. */
export class ScriptedHttp implements HttpClient {
  private readonly answer: (request: HttpRequest) => Answer;

  constructor(answer: (request: HttpRequest) => Answer) {
    this.answer = answer;
  }

  request(request: HttpRequest, listener: HttpListener): HttpExchange {
    return new ScriptedExchange(request, this.answer(request), listener);
  }
}

class ScriptedExchange implements HttpExchange {
  private readonly request: HttpRequest;
  private readonly answer: Answer;
  private readonly listener: HttpListener;
  private timer: number;
  private sent: number;
  private readonly size: number;
  private offset: number;
  private arrived: number;

  constructor(request: HttpRequest, answer: Answer, listener: HttpListener) {
    this.request = request;
    this.answer = answer;
    this.listener = listener;
    this.sent = 0;
    this.size = answer.input < 0 ? 0 : (answer.cutAt ?? host.inputSize(answer.input));
    this.offset = 0;
    this.arrived = 0;
    this.timer = host.after(0, () => this.open());
  }

  write(bytes: Uint8Array, from: number, to: number): void {
    host.sent(bytes, from, to);
    this.sent += to - from;
  }

  read(into: Uint8Array, from: number, to: number): number {
    const end = Math.min(to, from + this.arrived - this.offset);
    const count = from < end ? host.read(this.answer.input, this.offset, into, from, end) : 0;
    this.offset += count;
    if (this.offset === this.arrived && count > 0) this.timer = host.after(0, () => this.arrive());
    return count;
  }

  close(): void {
    host.cancel(this.timer);
  }

  private open(): void {
    const { bodyLength } = this.request;
    this.timer = host.after(0, () => this.respond());
    this.listener.onWritable(Math.max(0, bodyLength));
    if (bodyLength >= 0 && this.sent !== bodyLength) throw new Error(`${this.sent} of ${bodyLength} bytes were sent`);
  }

  private respond(): void {
    const { wanted } = this.request;
    const { headers, status } = this.answer;
    this.timer = host.after(0, () => this.arrive());
    for (let i = 0; i < headers.length; i += 2) {
      const index = wanted.indexOf(headers[i]);
      if (index >= 0) this.listener.onHeader(index, headers[i + 1]);
    }
    this.listener.onResponse(status);
  }

  private arrive(): void {
    this.arrived = Math.min(this.size, this.arrived + SEGMENT);
    if (this.offset < this.arrived) this.listener.onReadable();
    else this.listener.onEnd();
  }
}
