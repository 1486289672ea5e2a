import { makePackage2 } from '../bench/package2.js';
import { DEVICE, type Run } from './machine.js';
import { compiledModules, coreBundle } from './modules.js';

const MODULE = "'hosttest/xs/device/reader-bench.js'";

/**
 * Reads a package of `commands` commands, or, with `readNothing`, takes its bytes and does not look at them. Next to nothing of the heap is
 * free at first: what the reader takes in slots is then seen, too.
 * @param pool the machine's memory in bytes.
 */
export function readerJob(commands: number, call: 'readOnce' | 'readNothing', pool = DEVICE.pool): Run {
  return {
    preload: { ...coreBundle(), ...compiledModules('hosttest/xs/device/reader-bench') },
    program: `import { ${call} } from ${MODULE}; ${call}(${commands});`,
    inputs: [Buffer.from(makePackage2(commands).text)],
    creation: { ...DEVICE, pool },
  };
}
