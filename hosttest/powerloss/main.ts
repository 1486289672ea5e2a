import { parseArgs } from 'node:util';
import { Campaign } from './campaign.js';
import { parseCut } from './cut.js';
import { tryAll, tryOnce } from './results.js';
import { SCENARIOS } from './scenarios/index.js';
import { STORES } from './stores.js';

const HEAD = ['store', 'scenario', 'operations', 'cuts', 'twice', 'rotten', 'kept', 'recovered', 'ruined', 'failed'];
const WIDTHS: readonly number[] = [17, 9, 12, 6, 7, 8, 6, 11, 8, 8];

const { values } = parseArgs({
  options: {
    store: { type: 'string' },
    scenario: { type: 'string' },
    cut: { type: 'string' },
    next: { type: 'string' },
  },
});

const sum = { passed: 0, failed: 0 };

function named<T extends { readonly name: string }>(all: readonly T[], name: string | undefined): readonly T[] {
  const found = all.filter((one) => name === undefined || one.name === name);
  if (found.length === 0) throw new Error(`no ${name}; there are ${all.map((one) => one.name).join(', ')}`);
  return found;
}

function line(cells: readonly (string | number)[]): string {
  return cells.map((cell, i) => (i < 2 ? String(cell).padEnd(WIDTHS[i]) : String(cell).padStart(WIDTHS[i]))).join('');
}

const stores = named(STORES, values.store);
const scenarios = named(SCENARIOS, values.scenario);
const cuts = [values.cut, values.next].filter((cut) => cut !== undefined).map(parseCut);
if (cuts.length > 0) {
  const campaign = new Campaign(stores[0], scenarios[0]);
  const outcome = tryOnce(campaign, cuts, console.log);
  console.log(`${campaign.describe(cuts)}: ${outcome ?? 'failed'}`);
  sum[outcome === undefined ? 'failed' : 'passed'] += 1;
} else {
  console.log(line(HEAD));
  for (const kind of stores) {
    for (const scenario of scenarios) {
      const results = tryAll(new Campaign(kind, scenario), console.log);
      console.log(line([kind.name, scenario.name, ...Object.values(results)]));
      sum.failed += results.failed;
      sum.passed += results.cuts + results.rotten - results.failed;
    }
  }
}
console.log(`${sum.passed} passed, ${sum.failed} failed`);
process.exitCode = sum.failed === 0 && sum.passed > 0 ? 0 : 1;
