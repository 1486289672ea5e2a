import type { DmClient } from 'dmlet';
import { showTree } from '../support/tree-text.js';
import type { Fail } from './failure.js';
import type { Line } from './markdown.js';
import type { Outcome } from './outcome.js';

/** MOs that every device has; of these only what a transcript names is looked at. */
const STANDARD = [
  'urn:oma:mo:oma-dm-devinfo:1.2',
  'urn:oma:mo:oma-dm-dmacc:1.2',
  'urn:oma:mo:oma-dm-dacmo:1.0',
  'urn:oma:mo:oma-sessioninfomo:1.0',
];

/** Compares what the device holds with what a transcript says. */
export function checkOutcome(device: DmClient['device'], outcome: Outcome, fail: Fail): void {
  if (outcome.tree !== undefined) {
    const named = new Set(outcome.tree.map(({ text }) => moidOf(text)));
    const actual = showTree(device.tree).filter((line) => !STANDARD.includes(moidOf(line)) || named.has(moidOf(line)));
    checkLines(outcome.tree, actual, outcome.treeLine, 'instance', fail);
  }
  if (outcome.defaults !== undefined) {
    const actual = device.defaults.rows.map(
      ({ fields: [moid, serverUri, owner] }) => `DEFAULT ${serverUri} ${moid} (${owner || 'factory'})`,
    );
    checkLines(outcome.defaults, actual, outcome.defaultsLine, 'DEFAULT', fail);
  }
}

function moidOf(line: string): string {
  return line.slice(0, line.indexOf('/'));
}

/** The same lines, in any order. */
function checkLines(
  expected: readonly Line[],
  actual: readonly string[],
  line: number,
  what: string,
  fail: Fail,
): void {
  const left = [...actual];
  for (const { text, line: at } of expected) {
    const index = left.indexOf(text);
    if (index < 0) fail(at, `the ${what} in the end\nexpected: ${text}\nactual: ${actual.join('\n') || 'nothing'}`);
    left.splice(index, 1);
  }
  if (left.length > 0) fail(line, `one ${what} more in the end\nactual: ${left.join('\n')}`);
}
