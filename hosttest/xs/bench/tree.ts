import { NODES } from '../../bench/sample-tree.js';
import type { Creation, Machine } from '../machine.js';
import { compiledModules, coreBundle } from '../modules.js';
import { type RaceResult, raceResult } from './race.js';

const TURNS = 31;
const MODULE = "'hosttest/xs/device/tree-bench.js'";

export interface TreeResult extends RaceResult {
  /** Of the arena, and of the machine for names. */
  readonly bytesPerNode: number;
}

export async function measureTree(machine: Machine): Promise<TreeResult> {
  // The nested objects want a key for each name; with room to spare, a collection rarely falls into a turn.
  const creation: Creation = { pool: 1 << 20, chunks: [1 << 18, 512], slots: [16384, 64], stack: 1024, keys: [256, 0] };
  const preload = { ...coreBundle(), ...compiledModules('hosttest/xs/device/tree-bench') };
  const lookUp = await machine.run({ preload, program: `import { race } from ${MODULE}; race(${TURNS});`, creation });
  const filled = await machine.run({ preload, program: `import { fill } from ${MODULE}; fill();`, creation });
  const [beside, inArena] = filled.printed[0].split(' ').map(Number);
  return { ...raceResult(lookUp), bytesPerNode: (beside + inArena) / NODES };
}
