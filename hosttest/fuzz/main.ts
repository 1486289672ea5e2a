import { Option } from 'commander';
import { hostProgram, minutes, wholeNumber } from '../support/host-program.js';
import { fuzzAloud, kept } from './run-target.js';
import { describe, type Target } from './target.js';
import { TARGETS } from './targets.js';

// A case that fails is made as small as it can be, printed with the command that repeats it, and kept in corpus/, which `npm test` runs again.

/** Cases of a target in one turn. */
const RUNS = 100;

/** Bytes that the heap may have grown by when a run ends: what engines cache, and noise. */
const MOST_GROWTH = 8 << 20;

interface Options {
  minutes: number;
  target?: string;
  seed?: number;
  path?: string;
}

const values = hostProgram('fuzz', 'Makes inputs up, and keeps those with which something goes wrong.')
  .option('--minutes <n>', 'how long', minutes, 1)
  .addOption(new Option('--target <name>', 'only this').choices(TARGETS.map(({ name }) => name)))
  .option('--seed <n>', 'makes the same inputs up again; by default each run makes others', wholeNumber)
  .option('--path <path>', 'the one case that a report names, with its --target and --seed')
  .parse()
  .opts<Options>();

const targets = TARGETS.filter(({ name }) => values.target === undefined || values.target === name);
const failed = new Set<Target>();
const cases = new Map<Target, number>();

async function runKept(): Promise<void> {
  for (const target of targets) {
    for (const [name, input] of kept(target)) {
      const wrong = await target.check(input);
      if (wrong.length === 0) continue;
      failed.add(target);
      console.log(`FAIL ${target.name}, kept as ${name}: ${describe(input)}\n  ${wrong.join('\n  ').slice(0, 2000)}`);
    }
  }
}

/** Bytes in use without garbage. */
function heap(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

async function runFor(time: number, seed: number): Promise<void> {
  const end = Date.now() + time * 60000;
  let settled = 0;
  for (let round = 0; Date.now() < end; round += 1) {
    for (const target of targets) {
      if (failed.has(target)) continue;
      const result = await fuzzAloud(target, { seed: (seed + round) | 0, runs: RUNS });
      cases.set(target, (cases.get(target) ?? 0) + result.cases);
      if (result.input !== undefined) failed.add(target);
    }
    if (failed.size === targets.length) break;
    if (round === 1) settled = heap();
  }
  const growth = settled === 0 ? 0 : heap() - settled;
  console.log(`heap ${growth < 0 ? '' : '+'}${Math.round(growth / 1024)} KB`);
  if (growth > MOST_GROWTH) throw new Error('the heap grows');
}

const seed = values.seed ?? Date.now() | 0;
if (values.path !== undefined) {
  for (const target of targets) {
    const { input } = await fuzzAloud(target, { seed, runs: 1, path: values.path });
    if (input !== undefined) failed.add(target);
  }
} else {
  console.log(`seed ${seed}`);
  await runKept();
  await runFor(values.minutes, seed);
  for (const target of targets)
    console.log(`${failed.has(target) ? 'FAIL' : 'ok  '} ${target.name}  ${cases.get(target) ?? 0} cases`);
}
for (const target of targets) await target.close?.();
console.log(`${targets.length - failed.size} passed, ${failed.size} failed`);
process.exitCode = failed.size === 0 ? 0 : 1;
