import type { IncomingHttpHeaders } from 'node:http';
import type { FaultKind } from './fault.js';

/** A Package#1 or #3 as it arrived. */
export interface ReceivedPackage {
  readonly number: 1 | 3;
  /** Request target, query included. */
  readonly path: string;
  /** `OMADM-DevID`, empty where it is missing. */
  readonly devId: string;
  readonly headers: IncomingHttpHeaders;
  /** The body as JSON; undefined where it is none. */
  readonly body: unknown;
  readonly text: string;
  /** What is wrong with it; empty where it was accepted. */
  readonly violations: string[];
}

/** A request to the Data Repository. It is there from its header on; the body and status follow. */
export interface ReceivedRequest {
  readonly method: string;
  /** Request target, query included. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The first 1 MiB of the body. */
  readonly body: Buffer;
  /** Bytes of body received. */
  readonly bodyLength: number;
  /** The MO data of a PUT or POST, where it brought any; undefined for a body of which only a part was kept. */
  readonly document: unknown;
  /** Status answered; 0 as long as there is none. */
  readonly status: number;
}

export type ServerEvent =
  | { readonly type: 'received'; readonly package: ReceivedPackage }
  | {
      /** A Package#2, or what a script or a violation puts in its place. */
      readonly type: 'sent';
      readonly devId: string;
      readonly path: string;
      readonly status: number;
      readonly text: string;
      readonly fault?: FaultKind;
    }
  /** A Package#0 that was sent. */
  | { readonly type: 'notification'; readonly to: string; readonly serverId: string; readonly bytes: number }
  | { readonly type: 'request'; readonly request: ReceivedRequest; readonly fault?: FaultKind }
  | { readonly type: 'violation'; readonly text: string };

/** All that the server has seen. */
export class Journal {
  readonly packages: ReceivedPackage[] = [];
  readonly requests: ReceivedRequest[] = [];
  readonly violations: string[] = [];

  /** @param report gets each event as it happens. */
  constructor(readonly report: (event: ServerEvent) => void) {}

  addPackage(received: ReceivedPackage): void {
    this.packages.push(received);
    this.report({ type: 'received', package: received });
    for (const text of received.violations)
      this.addViolation(`Package#${received.number} to ${received.path}: ${text}`);
  }

  addRequest(request: ReceivedRequest): void {
    this.requests.push(request);
  }

  addViolation(text: string): void {
    this.violations.push(text);
    this.report({ type: 'violation', text });
  }
}
