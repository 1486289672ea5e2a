import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { ReceivedRequest } from './journal.js';
import type { RequestBody } from './request-body.js';

/** A repository request as it goes on. */
export class RequestRecord implements ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  private content: RequestBody = { kept: Buffer.alloc(0), length: 0 };
  private decided?: number;
  private moData: unknown;

  constructor(
    request: IncomingMessage,
    private readonly response: ServerResponse,
  ) {
    this.method = request.method ?? '';
    this.path = request.url ?? '';
    this.headers = request.headers;
  }

  get body(): Buffer {
    return this.content.kept;
  }

  get bodyLength(): number {
    return this.content.length;
  }

  get document(): unknown {
    return this.moData;
  }

  /** A handler decides by what it writes, anyone else with `answered`, since a fault may write past `response`. */
  get status(): number {
    return this.decided ?? (this.response.headersSent ? this.response.statusCode : 0);
  }

  received(content: RequestBody): void {
    this.content = content;
  }

  brought(moData: unknown): void {
    this.moData = moData;
  }

  answered(status: number): void {
    this.decided = status;
  }
}
