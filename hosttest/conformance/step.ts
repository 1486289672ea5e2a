import type { Fail } from './failure.js';
import type { Block } from './markdown.js';

/** A header that must be there with that value; without value: that must not be there, or is not sent. */
export interface HeaderRule {
  readonly name: string;
  readonly value: string | undefined;
  readonly line: number;
}

/** How an answer comes. */
export type Manner = 'whole' | 'cut off' | 'never' | 'no connection';

/** A request that the device makes. */
export interface RequestStep {
  readonly kind: 'request';
  readonly line: number;
  /** 1 or 3: a package to a DM Server; 0: to a Data Repository. */
  readonly number: 0 | 1 | 3;
  readonly method: string;
  readonly url: string;
  readonly headers: readonly HeaderRule[];
  readonly body: Block | undefined;
}

/** What it is answered. */
export interface Answer {
  readonly line: number;
  readonly status: number;
  readonly manner: Manner;
  /** Media type unless the headers name one. */
  readonly type: string;
  readonly headers: readonly HeaderRule[];
  readonly body: Block | undefined;
}

/** A resource of a Data Repository, which answers by itself. */
export interface Resource {
  readonly method: string;
  readonly url: string;
  readonly answer: Answer;
}

export interface AnswerStep extends Answer {
  readonly kind: 'answer';
}

/** A notification that reaches the device. */
export interface NotifyStep {
  readonly kind: 'notify';
  readonly line: number;
  readonly block: Block;
  /** Code with which it is ignored, '' where it is accepted. */
  readonly refusal: string;
}

/** A bootstrap that reaches the device. */
export interface BootstrapStep {
  readonly kind: 'bootstrap';
  readonly line: number;
  readonly block: Block;
  /** Whether it comes with a new firmware, that is with a restart. */
  readonly restarts: boolean;
  /** Code with which it is refused, '' where it is applied. */
  readonly refusal: string;
}

/** What one line says of the device. */
export type DeviceLine =
  | {
      readonly kind: 'act';
      readonly text: string;
      /** Code with which it must fail, '' where it must not. */
      readonly refusal: string;
    }
  | { readonly kind: 'hears'; readonly text: string }
  | { readonly kind: 'advance'; readonly milliseconds: number };

/** What happens on the device, or what its applications hear. */
export interface DeviceStep {
  readonly kind: 'device';
  readonly line: number;
  readonly action: DeviceLine;
}

export type Step = RequestStep | AnswerStep | NotifyStep | BootstrapStep | DeviceStep;

/** Whether a resource of the repository answers a request. */
export function answeredBy(request: RequestStep, resources: readonly Resource[]): Resource | undefined {
  return resources.find(({ method, url }) => request.number === 0 && method === request.method && url === request.url);
}

/** Each request has one answer, and each answer a request. */
export function checkCourse(steps: readonly Step[], resources: readonly Resource[], fail: Fail): void {
  let open: RequestStep | undefined;
  for (const step of steps) {
    if (step.kind === 'answer') {
      if (open === undefined) fail(step.line, 'there is no request that this could answer');
      if (step.manner === 'no connection' && open.body !== undefined) {
        fail(open.body.line, 'a request without connection has no body');
      }
      open = undefined;
    } else if (step.kind === 'request') {
      if (open !== undefined) fail(open.line, 'this request has no answer');
      open = answeredBy(step, resources) === undefined ? step : undefined;
    }
  }
  if (open !== undefined) fail(open.line, 'this request has no answer');
}
