import { Option } from 'commander';
import * as fc from 'fast-check';
import { hostProgram, minutes, wholeNumber } from '../support/host-program.js';
import { buildMachine } from '../xs/machine.js';
import type { Subject } from './device/subjects.js';
import { kept } from './run-target.js';
import { describe, type Target } from './target.js';
import { TARGETS } from './targets.js';
import { trialOnXs } from './xs-trial.js';

/** Cases of one machine. */
const CASES = 20;

interface Options {
  minutes: number;
  target?: string;
  seed?: number;
}

// HTTP streams go to Node's own adapter.
const ON_XS = TARGETS.filter(({ name }) => name !== 'http');

const values = hostProgram(
  'fuzz:xs',
  'Runs made-up inputs on the XS machine, and compares what they come to with Node.',
)
  .option('--minutes <n>', 'how long', minutes, 1)
  .addOption(new Option('--target <name>', 'only this').choices(ON_XS.map(({ name }) => name)))
  .option('--seed <n>', 'makes the same inputs up again; by default each run makes others', wholeNumber)
  .parse()
  .opts<Options>();

const seed = values.seed ?? Date.now() | 0;
const { machine, reason } = await buildMachine();
if (machine === undefined) throw new Error(`no XS machine: ${reason}`);
const targets = ON_XS.filter(({ name }) => (values.target ?? name) === name);
const failed = new Set<Target>();
const counts = new Map<Target, number>();
console.log(`seed ${seed}`);

async function run(target: Target, inputs: readonly Uint8Array[]): Promise<void> {
  if (machine === undefined || inputs.length === 0) return;
  counts.set(target, (counts.get(target) ?? 0) + inputs.length);
  for (const [index, what] of await trialOnXs(machine, target.name as Subject, inputs)) {
    failed.add(target);
    console.log(
      `FAIL ${target.name}: ${what.slice(0, 600)}\n  ${index < 0 ? 'before the first case' : describe(inputs[index])}`,
    );
  }
}

const end = Date.now() + values.minutes * 60000;
for (const target of targets) {
  const known = kept(target).map(([, input]) => input);
  await run(target, known);
}
for (let round = 0; Date.now() < end && failed.size < targets.length; round += 1) {
  for (const target of targets) {
    if (!failed.has(target)) await run(target, fc.sample(target.cases, { seed: (seed + round) | 0, numRuns: CASES }));
  }
}
for (const target of targets)
  console.log(`${failed.has(target) ? 'FAIL' : 'ok  '} ${target.name}  ${counts.get(target) ?? 0} cases`);
console.log(`${targets.length - failed.size} passed, ${failed.size} failed`);
process.exit(failed.size === 0 ? 0 : 1);
