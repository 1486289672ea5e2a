import { hostProgram, minutes, wholeNumber } from '../support/host-program.js';
import { Soak } from './soak.js';

/** Sessions between two looks at what is left. */
const ROUNDS = 50;

/** Bytes that the heap may have grown by at the end: what engines cache, and noise. */
const MOST_GROWTH = 8 << 20;

const values = hostProgram(
  'soak',
  'Runs a device whose power and network go at random, and looks whether anything is lost.',
)
  .option('--minutes <n>', 'how long', minutes, 1)
  .option('--seed <n>', 'lets the same happen again; by default something else does in each run', wholeNumber)
  .parse()
  .opts<{ minutes: number; seed?: number }>();

const seed = values.seed ?? Date.now() >>> 0;
console.log(`seed ${seed}`);

function heap(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

const end = Date.now() + values.minutes * 60000;
const soak = await Soak.begin(seed);
await soak.settle();
const objects = soak.flashObjects;
let first = 0;
let blocks = 0;
while (Date.now() < end && soak.wrong.length === 0) {
  for (let round = 0; round < ROUNDS; round += 1) await soak.round();
  await soak.settle();
  blocks += 1;
  if (blocks === 2) first = heap();
}
const growth = first === 0 ? 0 : heap() - first;
const lost = soak.wrong.slice();
const left = await soak.end().then(
  () => '',
  (thrown: Error) => thrown.message,
);
const { ends, ...figures } = soak.figures;
console.log(
  Object.entries(figures)
    .map(([what, count]) => `${what} ${count}`)
    .join(', '),
);
console.log(`sessions ended: ${[...ends].map(([code, count]) => `${code} ${count}`).join(', ')}`);
console.log(
  `heap ${growth < 0 ? '' : '+'}${Math.round(growth / 1024)} KB; objects in flash ${objects}, then ${soak.flashObjects}`,
);

const checks: [what: string, isWell: boolean][] = [
  ['nothing lost, no violation, no growth of the tree', lost.length === 0],
  ['no growth of flash', objects === soak.flashObjects],
  ['no growth of the heap', growth <= MOST_GROWTH],
  [`timers and connections released${left && `: ${left}`}`, left === ''],
];
for (const line of lost) console.log(`  ${line}`);
for (const [what, isWell] of checks) console.log(`${isWell ? 'ok  ' : 'FAIL'} ${what}`);
const failed = checks.filter(([, isWell]) => !isWell).length;
console.log(`${checks.length - failed} passed, ${failed} failed`);
// What is left would keep the process.
process.exit(failed === 0 ? 0 : 1);
