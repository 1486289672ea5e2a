import { makePackage2 } from '../../bench/package2.js';
import { type Creation, ESP8266, type Machine } from '../machine.js';
import { compiledModules, coreBundle } from '../modules.js';
import { readerJob } from '../reader-jobs.js';
import { type RaceResult, raceResult } from './race.js';

const TURNS = 31;

/** A machine in which `JSON.parse` of the largest package has room; else as the ESP8266's. */
const ROOMY: Creation = { ...ESP8266, pool: 512 * 1024 };

export interface ReaderTime extends RaceResult {
  readonly commands: number;
}

export interface ReaderMemory {
  readonly commands: number;
  /** Bytes that a machine needs more than one that receives the same package and does not read it. */
  readonly bytes: number;
}

const preload = (): Record<string, string> => ({
  ...coreBundle(),
  ...compiledModules('hosttest/xs/device/reader-bench'),
});
const MODULE = "'hosttest/xs/device/reader-bench.js'";

/** Times reading a package over `JSON.parse` of it. */
export async function timeReader(machine: Machine, commands: number): Promise<ReaderTime> {
  const readings = Math.max(1, Math.round(500 / commands));
  const report = await machine.run({
    preload: preload(),
    program: `import { race } from ${MODULE}; race(${TURNS}, ${readings});`,
    inputs: [Buffer.from(makePackage2(commands).text)],
    creation: ROOMY,
  });
  return { commands, ...raceResult(report) };
}

/** What reading a package takes of a machine's memory. */
export async function measureReader(machine: Machine, commands: number): Promise<ReaderMemory> {
  const need = (call: 'readOnce' | 'readNothing'): Promise<number> =>
    machine.smallestPool(readerJob(commands, call), 32);
  return { commands, bytes: (await need('readOnce')) - (await need('readNothing')) };
}
