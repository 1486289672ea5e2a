import { makePackage2 } from '../bench/package2.js';
import { type Creation, ESP8266, type Run } from './machine.js';
import { compiledModules, coreBundle } from './modules.js';

const MODULE = "'hosttest/xs/device/reader-bench.js'";

/** A heap of which next to nothing is free: what the reader takes in slots is then seen, too. */
const TIGHT: Creation = { ...ESP8266, slots: [64, 16] };

/**
 * Reads a package of `commands` commands, or, with `readNothing`, takes its bytes and does not look at them.
 * @param pool the machine's memory in bytes.
 */
export function readerJob(commands: number, call: 'readOnce' | 'readNothing', pool = TIGHT.pool): Run {
  return {
    preload: { ...coreBundle(), ...compiledModules('hosttest/xs/device/reader-bench') },
    program: `import { ${call} } from ${MODULE}; ${call}(${commands});`,
    inputs: [Buffer.from(makePackage2(commands).text)],
    creation: { ...TIGHT, pool },
  };
}
