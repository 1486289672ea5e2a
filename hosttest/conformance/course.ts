import { readDeviceLine } from './device-lines.js';
import type { Fail } from './failure.js';
import { ANSWER_FORM, linesOf, needed, onlyBlock, readAnswer, readHeaders } from './forms.js';
import type { Section } from './markdown.js';
import type { Step } from './step.js';

/** A form of heading, and what it stands for. */
interface Form {
  readonly pattern: RegExp;
  read(section: Section, match: RegExpExecArray, fail: Fail): Step | Step[];
}

const FORMS: readonly Form[] = [
  {
    pattern: /^Package#([13]) to (\S+)$/,
    read: (section, [, number, url], fail) => ({
      kind: 'request',
      line: section.line,
      number: number === '1' ? 1 : 3,
      method: 'POST',
      url,
      headers: readHeaders(section.items, fail),
      body: onlyBlock(section, fail),
    }),
  },
  {
    pattern: /^(GET|PUT|POST) (\S+)$/,
    read: (section, [, method, url], fail) => ({
      kind: 'request',
      line: section.line,
      number: 0,
      method,
      url,
      headers: readHeaders(section.items, fail),
      body: onlyBlock(section, fail),
    }),
  },
  {
    pattern: ANSWER_FORM,
    read: (section, _, fail) => ({ kind: 'answer', ...readAnswer(section, section.title, fail) }),
  },
  {
    pattern: /^Package#0(?: is ignored: ([A-Z_]+))?$/,
    read: (section, [, refusal = ''], fail) => ({
      kind: 'notify',
      line: section.line,
      block: needed(onlyBlock(section, fail), section, fail),
      refusal,
    }),
  },
  {
    pattern: /^(Bootstrap received|Restart with another bootstrap)(?: fails: ([A-Z_]+))?$/,
    read: (section, [, how, refusal = ''], fail) => ({
      kind: 'bootstrap',
      line: section.line,
      block: needed(onlyBlock(section, fail), section, fail),
      restarts: how !== 'Bootstrap received',
      refusal,
    }),
  },
  {
    pattern: /^On the device(?:: .*)?$/,
    read: (section, _, fail) =>
      linesOf(needed(onlyBlock(section, fail), section, fail)).map((line) => ({
        kind: 'device',
        line: line.line,
        action: readDeviceLine(line, fail),
      })),
  },
];

/** What one section of the course says. */
export function readStep(section: Section, fail: Fail): Step[] {
  for (const { pattern, read } of FORMS) {
    const match = pattern.exec(section.title);
    if (match !== null) return [read(section, match, fail)].flat();
  }
  return fail(section.line, `no such step: "${section.title}"`);
}
