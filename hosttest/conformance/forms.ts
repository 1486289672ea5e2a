import { MO, REQUEST } from '../server/media-types.js';
import type { Fail } from './failure.js';
import type { Block, Line, Section } from './markdown.js';
import type { Answer, HeaderRule, Manner } from './step.js';

/** How a heading says what a request gets. */
export const ANSWER_FORM = /^(?:Package#2|Answer (\d{3})(, cut off)?|(No answer)|(No connection))$/;

/** An answer, from the end of a heading and what stands under it. */
export function readAnswer(section: Section, title: string, fail: Fail): Answer {
  const match = ANSWER_FORM.exec(title);
  if (match === null) return fail(section.line, `no such answer: "${title}"`);
  const [, status = '200', cut, never, refused] = match;
  const manner: Manner = refused ? 'no connection' : never ? 'never' : cut ? 'cut off' : 'whole';
  const body = onlyBlock(section, fail);
  if (body === undefined && title === 'Package#2') return fail(section.line, 'a code block is needed here');
  const type = title === 'Package#2' ? REQUEST : MO;
  return { line: section.line, status: Number(status), manner, type, headers: readHeaders(section.items, fail), body };
}

/** The lines of a block that are not empty. */
export function linesOf(block: Block): Line[] {
  const lines = block.text.split('\n').map((text, index) => ({ text: text.trim(), line: block.line + index }));
  return lines.filter(({ text }) => text !== '');
}

/** The one block of a section; one of JSON must be such. */
export function onlyBlock({ blocks: [block, second] }: Section, fail: Fail): Block | undefined {
  if (second !== undefined) return fail(second.line, 'only one code block has a place here');
  if (block?.language === 'json') {
    try {
      JSON.parse(block.text);
    } catch (error) {
      return fail(block.line, `not JSON: ${error instanceof Error ? error.message : error}`);
    }
  }
  return block;
}

/** A block that must be there. */
export function needed(block: Block | undefined, section: Section, fail: Fail): Block {
  return block ?? fail(section.line, 'a code block is needed here');
}

/** List items as headers. */
export function readHeaders(items: readonly Line[], fail: Fail): HeaderRule[] {
  return items.map(({ text, line }) => {
    const [, absent, name = absent, value] = /^(?:no ([\w-]+)|([\w-]+): (.*))$/.exec(text) ?? [];
    if (name === undefined) return fail(line, `no header: "${text}"; it is "Name: value" or "no Name"`);
    return { name: name.toLowerCase(), value, line };
  });
}
