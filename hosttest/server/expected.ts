import { type Answer, headerOf } from './answer.js';
import { decodeUtf8 } from './checked-json.js';
import { arrivesWhole } from './delivery.js';
import { JsonSyntaxError, outlineJson } from './json-outline.js';
import { mediaType, REQUEST } from './media-types.js';
import type { Reply } from './reply.js';
import { judgeStatus, type ReceivedStatus } from './status-check.js';

/** Levels that every client reads; one with less room may find a deeper package unreadable. */
const SURE_DEPTH = 32;

/** What a device may send next in its session. It may always begin a new one. */
export type Expected =
  /**
   * A Package#3 with a status for each of the `commands`, or, for an unreadable package, any number that ends with 400
   * (PROTOCOL.md §3.1). Both may be right.
   */
  | { readonly kind: 'response'; readonly commands?: readonly unknown[]; readonly unreadable: boolean }
  /** The same package again, at the URL `to` of a redirect; a #3 still answers what it answered `before`. */
  | { readonly kind: 'resend'; readonly number: 1 | 3; readonly to: string; readonly before?: Expected }
  | { readonly kind: 'nothing'; readonly why: string };

/** A package that was accepted. */
export interface Answered {
  readonly number: 1 | 3;
  /** Where it was sent to, absolute. */
  readonly url: string;
  readonly statuses: readonly ReceivedStatus[];
}

/** @param before what was expected when the package arrived. */
export function expectAfter(reply: Reply, { number, url }: Answered, before?: Expected): Expected {
  const { answer } = reply;
  const { status } = answer;
  const to = redirectTarget(answer, url);
  if (to) return { kind: 'resend', number, to, before };
  if (status >= 400) return { kind: 'nothing', why: `status ${status}` };
  const read = arrivesWhole(reply) ? readCommands(answer) : undefined;
  const sure = read !== undefined && read.depth <= SURE_DEPTH && status === 200;
  if (sure && read.commands.some(isEnd)) return { kind: 'nothing', why: 'a Package#2 with END' };
  if (!read && before?.kind === 'response' && before.commands === undefined) {
    return { kind: 'nothing', why: 'a second unreadable Package#2' };
  }
  return { kind: 'response', commands: read?.commands, unreadable: !sure };
}

/** @returns what is wrong with this Package#3, or undefined. */
export function judgeResponse(expected: Expected | undefined, { url, statuses }: Answered): string | undefined {
  if (!expected) return 'a Package#3 without a session begun';
  if (expected.kind === 'nothing') return `a Package#3 after ${expected.why}`;
  if (expected.kind === 'resend') return judgeResend(expected, { number: 3, url, statuses });
  const { commands, unreadable } = expected;
  if (statuses.length === commands?.length) return judgeStatuses(commands, statuses);
  if (unreadable && statuses[statuses.length - 1]?.sc === 400) return undefined;
  const readable = commands === undefined ? [] : [`${commands.length} statuses`];
  const wanted = [...readable, ...(unreadable ? ['statuses that end with 400'] : [])].join(' or ');
  return `expected ${wanted}, got ${statuses.length === 0 ? 'none' : statuses.map(({ sc }) => sc).join(', ')}`;
}

function judgeStatuses(commands: readonly unknown[], statuses: readonly ReceivedStatus[]): string | undefined {
  for (const [index, status] of statuses.entries()) {
    const wrong = judgeStatus(commands[index], status);
    if (wrong) return `status ${index}, of ${JSON.stringify(commands[index])}: ${wrong}`;
  }
  return undefined;
}

function judgeResend(expected: Expected & { kind: 'resend' }, package3: Answered): string | undefined {
  const { number, to, before } = expected;
  if (number === 1) return 'a Package#3 after a redirected Package#1';
  return package3.url === to ? judgeResponse(before, package3) : `a Package#3 elsewhere than at ${to}`;
}

/** Only 307 and 308 keep the method, so a package is sent again for no other redirect. */
function redirectTarget(answer: Answer, url: string): string | undefined {
  const location = headerOf(answer, 'Location');
  if (answer.status !== 307 && answer.status !== 308) return undefined;
  return location !== undefined && URL.canParse(location, url) ? new URL(location, url).href : undefined;
}

/** @returns undefined where the package is unreadable. */
function readCommands(answer: Answer): { commands: unknown[]; depth: number } | undefined {
  const type = headerOf(answer, 'Content-Type');
  if (type !== undefined && mediaType(type) !== REQUEST) return undefined;
  const text = decodeUtf8(answer.body);
  if (text === undefined) return undefined;
  try {
    const { members, depth } = outlineJson(text);
    const lists = members
      .filter(({ key }) => key === 'CMD')
      .map(({ from, to }): unknown => JSON.parse(text.slice(from, to)));
    return lists.length > 0 && lists.every(Array.isArray) ? { commands: lists.flat(), depth } : undefined;
  } catch (error) {
    if (error instanceof JsonSyntaxError) return undefined;
    throw error;
  }
}

function isEnd(command: unknown): boolean {
  return Array.isArray(command) && command.length === 1 && command[0] === 'END';
}
