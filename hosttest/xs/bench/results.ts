import type { Effort } from '../../bench/measure.js';
import type { MoResult } from '../../bench/mo.js';
import type { ReaderResult } from '../../bench/reader.js';
import { NODES } from '../../bench/sample-tree.js';
import type { TreeResult } from '../../bench/tree.js';
import { hostileJob, namesJob, timedSession } from '../client-jobs.js';
import { HOSTILE_BODIES } from '../hostile-bodies.js';
import { buildMachine, type Creation, DEVICE, ESP32, ESP8266, type Machine, type ModuleSize } from '../machine.js';
import { compiledModules, coreBundle } from '../modules.js';
import { readerJob } from '../reader-jobs.js';
import { testModules } from '../test-modules.js';
import { type MemoryResult, measureMemory } from './memory.js';
import { median, type RaceResult, raceResult } from './race.js';

/** Everything that was measured on the XS machine. */
export interface XsResults {
  /** 32 as on a chip, or 64 where the compiler can no other. */
  readonly bits: number;
  /** Reading, over nothing but `JSON.parse` of a string: nobody looks into the commands. */
  readonly read50: RaceResult;
  readonly read500: RaceResult;
  /** The contestants of Node, for each number of commands in chunks of 536 bytes and of 1460. */
  readonly readers: readonly { readonly segment: number; readonly result: ReaderResult }[];
  readonly tree: TreeResult;
  /** Bytes of arena and machine. */
  readonly bytesPerNode: number;
  readonly mo: MoResult;
  /** Milliseconds of a session with ten GETs. */
  readonly session: number;
  /** Bytes that the reader takes of a machine, for 10 commands and for a megabyte of them. */
  readonly memory: { readonly few: number; readonly many: number };
  /** Names that foreign input interned, and machines that hostile input ended. */
  readonly keys: number;
  readonly aborts: number;
  /** What a client needs, step by step, with the limits of a device. */
  readonly pools: Readonly<Record<string, MemoryResult>>;
  /** The most of these; the same with the usual limits, and on a machine whose heap and stack begin as on an ESP32-C3. */
  readonly pool: { readonly small: number; readonly usual: number; readonly esp32: number };
  readonly bytecode: ModuleSize;
}

const MANY = 14000;
const NAMES = 10000;

/** Room for what the contestants leave behind: a collection then rarely falls into a turn. */
const ROOMY: Creation = {
  pool: 1 << 24,
  chunks: [1 << 20, 1 << 16],
  slots: [1 << 16, 1 << 12],
  stack: 4096,
  keys: [4096, 0],
};

const CLIENT = ['started', 'session', 'longPackage', 'fetched', 'longDocument', 'hugeDocument', 'refusedDocument'];

/** Measures on the XS machine. @returns why not, where there is none. */
export async function measureXs(effort: Effort): Promise<XsResults | string> {
  const { machine, reason } = await buildMachine();
  if (machine === undefined) return reason;
  const pools = await measureMemory(machine, false);
  const most = (of: Record<string, MemoryResult>): number =>
    Math.max(...CLIENT.map((job) => of[job]?.pool || Infinity));
  const sessions = await Promise.all(Array.from({ length: effort.rounds }, () => machine.run(timedSession())));
  const contest = await contests(machine, effort);
  const readers: { segment: number; result: ReaderResult }[] = [];
  for (const commands of [10, 50, 500]) {
    for (const segment of [536, 1460]) {
      readers.push({ segment, result: (await contest('reader', commands, segment)) as ReaderResult });
    }
  }
  return {
    bits: machine.bits,
    read50: await readPlain(machine, 50, effort),
    read500: await readPlain(machine, 500, effort),
    readers,
    tree: (await contest('tree')) as TreeResult,
    bytesPerNode: await fillTree(machine),
    mo: (await contest('mo')) as MoResult,
    session: median(sessions.map(({ printed }) => Number(printed[0]))) / 1000,
    memory: { few: await readerMemory(machine, 10), many: await readerMemory(machine, MANY) },
    ...(await sendHostile(machine)),
    pools,
    pool: {
      small: most(pools),
      usual: most(await measureMemory(machine, true)),
      esp32: most(await measureMemory(machine, false, ESP32)),
    },
    bytecode: (await machine.compile(coreBundle()))[0],
  };
}

/** Runs the benchmarks of Node on the machine. */
async function contests(
  machine: Machine,
  { rounds, sample }: Effort,
): Promise<(what: string, ...input: number[]) => Promise<unknown>> {
  const file = 'xs/device/bench.js';
  const modules = (await testModules([file])).get(file);
  return async (what, ...input) => {
    const call = `${what}(${[...input, rounds, sample].join()})`;
    const program = `import * as bench from 'hosttest/${file}'; bench.${call};`;
    const { exit, detail, printed } = await machine.run({
      ...modules,
      program: `import 'hosttest/xs/device/globals.js'; ${program}`,
      creation: ROOMY,
    });
    if (exit !== 'ok') throw new Error(`${call}: ${exit} ${detail}`);
    return JSON.parse(printed[0]);
  };
}

async function readPlain(machine: Machine, commands: number, { rounds }: Effort): Promise<RaceResult> {
  const readings = Math.max(1, Math.round(500 / commands));
  return raceResult(
    await machine.run({
      ...readerJob(commands, 'readOnce'),
      program: `import { race } from 'hosttest/xs/device/reader-bench.js'; race(${rounds}, ${readings});`,
      creation: { ...ESP8266, pool: 1 << 19 },
    }),
  );
}

async function readerMemory(machine: Machine, commands: number): Promise<number> {
  const need = (call: 'readOnce' | 'readNothing'): Promise<number> =>
    machine.smallestPool(readerJob(commands, call), 32);
  return (await need('readOnce')) - (await need('readNothing'));
}

async function fillTree(machine: Machine): Promise<number> {
  const { printed } = await machine.run({
    preload: { ...coreBundle(), ...compiledModules('hosttest/xs/device/tree-fill') },
    program: "import { fill } from 'hosttest/xs/device/tree-fill.js'; fill();",
    creation: ROOMY,
  });
  const [beside, inArena] = printed[0].split(' ').map(Number);
  return (beside + inArena) / NODES;
}

async function sendHostile(machine: Machine): Promise<{ keys: number; aborts: number }> {
  const jobs = HOSTILE_BODIES.map(({ body }) => hostileJob('sendAll', [body], DEVICE));
  let keys = 0;
  let aborts = 0;
  for (const job of [...jobs, namesJob(NAMES, DEVICE)]) {
    const { exit, end } = await machine.run(job);
    keys += end?.keys ?? 0;
    if (exit !== 'ok') aborts += 1;
  }
  return { keys, aborts };
}
