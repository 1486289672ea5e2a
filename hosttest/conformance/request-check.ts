import { INITIATION, MO, REQUEST, RESPONSE } from '../server/media-types.js';
import { type Captures, difference } from './compare.js';
import type { Fail } from './failure.js';
import type { Arrived } from './hosts.js';
import type { Block } from './markdown.js';
import type { RequestStep } from './step.js';

/** Headers that every HTTP client sends; what they say is its own business. */
const OWN = ['host', 'connection'];

/** Headers that a request of this kind must have unless the transcript says otherwise; without value: any. */
function usualHeaders({ number, method }: RequestStep, devId: string): Record<string, string | undefined> {
  if (number > 0) {
    const type = number === 1 ? INITIATION : RESPONSE;
    return { accept: REQUEST, 'content-type': type, 'content-length': undefined, 'omadm-devid': devId };
  }
  return method === 'GET'
    ? { accept: undefined }
    : { accept: undefined, 'content-type': MO, 'content-length': undefined };
}

/** Compares what arrived with what was expected: method, URL, headers and body. */
export function checkRequest(step: RequestStep, arrived: Arrived, devId: string, captures: Captures, fail: Fail): void {
  const expected = `${step.method} ${captures.fill(step.url)}`;
  const actual = `${arrived.method} ${arrived.url}`;
  const body = arrived.body?.toString() ?? '';
  if (actual !== expected) fail(step.line, `expected ${expected}\nactual: ${actual} ${body}`);
  checkHeaders(step, arrived, devId, captures, fail);
  if (step.body !== undefined) checkBody(expected, step.body, body, captures, fail);
  else if (body !== '') fail(step.line, `expected ${expected} without a body\nactual: ${body}`);
}

function checkHeaders(step: RequestStep, arrived: Arrived, devId: string, captures: Captures, fail: Fail): void {
  const left = new Map(Object.entries(arrived.headers).filter(([name]) => !OWN.includes(name)));
  // Without connection the platform had nothing to count.
  if (arrived.body === undefined) left.set('content-length', '');
  for (const { name, value, line } of step.headers) {
    const actual = left.get(name);
    const isRight = value === undefined ? actual === undefined : captures.matches(value, actual ?? '');
    if (!isRight) fail(line, `header ${name}: expected ${value ?? 'none'}\nactual: ${actual ?? 'none'}`);
    left.delete(name);
  }
  for (const [name, value] of Object.entries(usualHeaders(step, devId))) {
    if (step.headers.some((rule) => rule.name === name)) continue;
    const actual = left.get(name);
    if (actual === undefined || (value !== undefined && value !== actual)) {
      fail(step.line, `header ${name}: expected ${value ?? 'some'}\nactual: ${actual ?? 'none'}`);
    }
    left.delete(name);
  }
  left.delete('content-length');
  for (const [name, value] of left) fail(step.line, `header ${name}: expected none\nactual: ${value}`);
}

function checkBody(what: string, block: Block, body: string, captures: Captures, fail: Fail): void {
  const expected = block.text;
  if (block.language !== 'json') {
    if (body !== expected) fail(block.line, `the body of ${what}\nexpected: ${expected}\nactual: ${body}`);
    return;
  }
  const parsed = parse(body);
  if (parsed === undefined) fail(block.line, `the body of ${what} is not JSON\nactual: ${body}`);
  const found = difference(JSON.parse(expected), parsed.value, captures);
  if (found === undefined) return;
  const wanted = JSON.stringify(JSON.parse(expected));
  fail(block.line, `the body of ${what} differs ${found}\nexpected: ${wanted}\nactual: ${body}`);
}

function parse(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}
