import { type Answer, isBodyless, mergeHeaders } from './answer.js';
import type { Fault, FaultKind, FaultOf } from './fault.js';

type Alteration<K extends FaultKind> = (answer: Answer, fault: FaultOf<K>) => Answer;

/** Faults that are a different answer, sent in the ordinary way. */
const ALTERATIONS: { readonly [K in FaultKind]?: Alteration<K> } = {
  status: (answer, { status, retryAfter }) => ({
    status,
    headers: retryAfter === undefined ? answer.headers : withHeader(answer, 'Retry-After', String(retryAfter)),
    body: isBodyless(status) ? Buffer.alloc(0) : answer.body,
  }),
  redirect: (answer, { status, to }) => ({
    status,
    headers: withHeader(answer, 'Location', to),
    body: Buffer.alloc(0),
  }),
  type: (answer, { type }) => ({ ...answer, headers: withHeader(answer, 'Content-Type', type) }),
  broken: (answer, { at, byte = 0 }) => ({ ...answer, body: withByte(answer.body, at, byte) }),
  truncated: (answer, { at }) => ({ ...answer, body: answer.body.subarray(0, at) }),
  headers: (answer, { count, size }) => ({ ...answer, headers: mergeHeaders(answer.headers, fillers(count, size)) }),
};

function withHeader(answer: Answer, name: string, value: string): Record<string, string> {
  return mergeHeaders(answer.headers, { [name]: value });
}

function withByte(body: Buffer, at: number, byte: number): Buffer {
  const copy = Buffer.from(body);
  if (copy.length > 0) copy[Math.min(at, copy.length - 1)] = byte;
  return copy;
}

function fillers(count: number, size: number): Record<string, string> {
  const names = Array.from({ length: count }, (_, index) => `X-Filler-${index}`);
  return Object.fromEntries(names.map((name) => [name, 'x'.repeat(Math.max(0, size - name.length - ': '.length))]));
}

function alterationOf<K extends FaultKind>(fault: FaultOf<K>): Alteration<K> | undefined {
  return ALTERATIONS[fault.kind];
}

/** `answer` as the fault makes it; the same one where the fault is in the delivery only. */
export function alter(answer: Answer, fault: Fault | undefined): Answer {
  return (fault && alterationOf(fault)?.(answer, fault)) ?? answer;
}
