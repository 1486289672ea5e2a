import { parseArgs } from 'node:util';
import { fuzzAloud, kept } from './run-target.js';
import { describe, type Target } from './target.js';
import { TARGETS } from './targets.js';

// Fuzzes for some minutes: npm run fuzz -- --minutes N [--target NAME] [--seed N]
// Repeats one case: npm run fuzz -- --target NAME --seed N --path P
// A case that fails is made as small as it can be, printed with the command that repeats it, and kept in corpus/, which `npm test` runs again.

/** Cases of a target in one turn. */
const RUNS = 100;

/** Bytes that the heap may have grown by when a run ends: what engines cache, and noise. */
const MOST_GROWTH = 8 << 20;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    target: { type: 'string' },
    seed: { type: 'string' },
    path: { type: 'string' },
  },
});

const targets = TARGETS.filter(({ name }) => values.target === undefined || values.target === name);
if (targets.length === 0) throw new Error(`no target ${values.target}: ${TARGETS.map(({ name }) => name).join(', ')}`);
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

async function runFor(minutes: number, seed: number): Promise<void> {
  const end = Date.now() + minutes * 60000;
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

const seed = values.seed === undefined ? Date.now() | 0 : Number(values.seed);
if (values.path !== undefined) {
  for (const target of targets) {
    const { input } = await fuzzAloud(target, { seed, runs: 1, path: values.path });
    if (input !== undefined) failed.add(target);
  }
} else {
  console.log(`seed ${seed}`);
  await runKept();
  await runFor(Number(values.minutes), seed);
  for (const target of targets)
    console.log(`${failed.has(target) ? 'FAIL' : 'ok  '} ${target.name}  ${cases.get(target) ?? 0} cases`);
}
for (const target of targets) await target.close?.();
console.log(`${targets.length - failed.size} passed, ${failed.size} failed`);
process.exitCode = failed.size === 0 ? 0 : 1;
