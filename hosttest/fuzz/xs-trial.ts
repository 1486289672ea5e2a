import { utf8 } from '../support/utf8.js';
import { DEVICE, type Machine } from '../xs/machine.js';
import { compiledModules, coreBundle } from '../xs/modules.js';
import { WRONG } from './device/life.js';
import type { Subject } from './device/subjects.js';
import { digestOf } from './device/xs-cases.js';
import { trialOnNode } from './node-trial.js';

/** Room for the case's own servers and journal beside the client; stack and key table are a device's. */
const POOL = 1 << 21;

const MODULE = 'hosttest/fuzz/device/xs-cases';

/** Milliseconds for a case and its machine. */
const MOST_TIME = 60000;

/**
 * Runs cases in one machine, one after another, and compares each with what it comes to on Node.
 * @returns the cases with which something is wrong: index, and what it is. Behind an abort no case is run.
 */
export async function trialOnXs(
  machine: Machine,
  subject: Subject,
  inputs: readonly Uint8Array[],
): Promise<[number, string][]> {
  const { exit, detail, printed } = await machine.run({
    preload: { ...coreBundle(), ...compiledModules(MODULE) },
    program: `import { runCases } from '${MODULE}.js'; runCases('${subject}', ${inputs.length});`,
    inputs,
    creation: { ...DEVICE, pool: POOL },
    timeout: MOST_TIME,
  });
  const found: [number, string][] = [];
  let begun = -1;
  let ended = -1;
  for (const line of printed) {
    const [word, index, digest, keys] = line.split(' ');
    if (line.startsWith(WRONG)) found.push([begun, line]);
    else if (word === 'begin') begun = Number(index);
    else if (word === 'end') {
      ended = Number(index);
      // The two stores list their keys in different orders, in which damaged objects are noted.
      const lines = subject === 'flash' ? [] : trialOnNode(subject, inputs[ended], 0);
      if (lines.length > 0 && digestOf(lines, (text) => utf8.encode(text)) !== Number(digest))
        found.push([ended, 'another outcome than on Node']);
      if (keys !== '0') found.push([ended, `${keys} names interned`]);
    }
  }
  if (exit !== 'ok' || ended < inputs.length - 1) found.push([begun, `${exit} ${detail}`]);
  return found;
}
