import { InvalidArgumentError, Option } from 'commander';
import { hostProgram } from '../support/host-program.js';
import { Campaign } from './campaign.js';
import { type Cut, parseCut } from './cut.js';
import { tryAll, tryOnce } from './results.js';
import { SCENARIOS } from './scenarios/index.js';
import { STORES } from './stores.js';

const HEAD = ['store', 'scenario', 'operations', 'cuts', 'twice', 'rotten', 'kept', 'recovered', 'ruined', 'failed'];
const WIDTHS: readonly number[] = [17, 9, 12, 6, 7, 8, 6, 11, 8, 8];

interface Options {
  store?: string;
  scenario?: string;
  cut?: Cut;
  next?: Cut;
}

function cut(text: string): Cut {
  try {
    return parseCut(text);
  } catch (thrown) {
    throw new InvalidArgumentError((thrown as Error).message);
  }
}

function names(all: readonly { readonly name: string }[]): string[] {
  return all.map(({ name }) => name);
}

const program = hostProgram('test:powerloss', 'Cuts the power at every operation on flash, on models of real stores.')
  .addOption(new Option('--store <name>', 'on this store only').choices(names(STORES)))
  .addOption(new Option('--scenario <name>', 'in this scenario only').choices(names(SCENARIOS)))
  .option('--cut <cut>', 'try this cut alone: operation and what it leaves, such as 17:torn5', cut)
  .option('--next <cut>', 'and then this one, in what follows', cut)
  .parse();
const values = program.opts<Options>();
if (values.next !== undefined && values.cut === undefined) program.error('error: --next needs --cut');
if (values.cut !== undefined && (values.store === undefined || values.scenario === undefined))
  program.error('error: --cut needs --store and --scenario');

const sum = { passed: 0, failed: 0 };

function named<T extends { readonly name: string }>(all: readonly T[], name: string | undefined): readonly T[] {
  return all.filter((one) => name === undefined || one.name === name);
}

function line(cells: readonly (string | number)[]): string {
  return cells.map((cell, i) => (i < 2 ? String(cell).padEnd(WIDTHS[i]) : String(cell).padStart(WIDTHS[i]))).join('');
}

const stores = named(STORES, values.store);
const scenarios = named(SCENARIOS, values.scenario);
const cuts = [values.cut, values.next].filter((one) => one !== undefined);
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
