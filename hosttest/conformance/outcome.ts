import type { Fail } from './failure.js';
import { linesOf, needed, onlyBlock } from './forms.js';
import type { Block, Line, Section } from './markdown.js';

/** The device after the course; what is undefined is not looked at. */
export interface Outcome {
  /** MO instances, each `moid/miid Root{…}`, with its line. */
  readonly tree: readonly Line[] | undefined;
  /** The DEFAULT table, each entry `DEFAULT ServerURI MOID (owner)`. */
  readonly defaults: readonly Line[] | undefined;
  /** Where the two begin. */
  readonly treeLine: number;
  readonly defaultsLine: number;
}

/** Reads what must be so in the end. */
export function readOutcome(sections: readonly Section[], fail: Fail): Outcome {
  const outcome: { -readonly [K in keyof Outcome]: Outcome[K] } = {
    tree: undefined,
    defaults: undefined,
    treeLine: 0,
    defaultsLine: 0,
  };
  for (const section of sections) {
    const block = needed(onlyBlock(section, fail), section, fail);
    if (section.title === 'Tree') {
      outcome.tree = instancesOf(block);
      outcome.treeLine = section.line;
    } else if (section.title === 'Defaults') {
      outcome.defaults = linesOf(block);
      outcome.defaultsLine = section.line;
    } else {
      fail(section.line, `nothing of this kind can be looked at: "${section.title}"`);
    }
  }
  return outcome;
}

/** One text an instance: lines that begin with a blank or `}` go on with the one before. */
function instancesOf(block: Block): Line[] {
  const instances: Line[] = [];
  for (const [index, text] of block.text.split('\n').entries()) {
    const line = block.line + index;
    const before = /^[\s}]/.test(text) ? instances.pop() : undefined;
    if (before !== undefined) instances.push({ text: before.text + text.trim(), line: before.line });
    else if (text !== '') instances.push({ text, line });
  }
  return instances;
}
