import * as os from 'node:os';
import colors from 'picocolors';
import type { RaceResult } from '../xs/bench/race.js';
import type { XsResults } from '../xs/bench/results.js';
import { BUDGETS } from './budgets.js';
import { FLEET, FLEETS, judged } from './fleet.js';
import type { Timing } from './measure.js';
import type { MoResult } from './mo.js';
import type { ReaderResult } from './reader.js';
import type { Results } from './results.js';
import { type Cell, type Paint, table } from './table.js';
import type { TreeResult } from './tree.js';

/** All results, as a person reads them. */
export function textReport(results: Results, date: Date): string {
  return [
    machine(results, date),
    budgets(results),
    reader(results),
    tree(results.tree),
    mo(results.mo),
    size(results),
    fleet(results),
    flash(results),
    ...onXs(results.xs),
  ].join('\n\n');
}

function machine({ rounds }: Results, date: Date): string {
  const cpus = os.cpus();
  const model = cpus[0]?.model.trim() ?? 'unknown processor';
  return [
    colors.bold(`dmlet benchmark, ${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`),
    `${model} × ${cpus.length}, ${os.type()} ${os.arch()}, Node ${process.version}`,
    `Times are medians of ${rounds} rounds; in each round the contestants take turns.`,
  ].join('\n');
}

function budgets(results: Results): string {
  const rows = BUDGETS.map((budget): Cell[] => {
    const value = budget.measured(results);
    const bound = (limit: number): string => `≤ ${budget.show(limit)}`;
    const bounds = [budget.what, bound(budget.must), bound(budget.aim)];
    if (value === undefined) return [...bounds, '', 'not measured'];
    const { text, paint } = verdict(value, budget.must, budget.aim);
    return [...bounds, { text: budget.show(value), paint }, { text, paint }];
  });
  return table([['Budget', 'must', 'aim', 'measured', ''], ...rows]);
}

function verdict(value: number, must: number, aim: number): { text: string; paint: Paint } {
  if (value <= aim) return { text: 'aim kept', paint: colors.green };
  if (value <= must) return { text: 'must kept', paint: colors.yellow };
  return { text: 'MUST MISSED', paint: colors.red };
}

function reader({ reader50, reader500 }: Results): string {
  const head = ({ commands, bytes }: ReaderResult): string[] => [`${commands} commands`, `(${bytes} B)`, 'ratio'];
  const large = new Map(timingRows(reader500.timings).map((row) => [row[0], row.slice(1)]));
  const rows = timingRows(reader50.timings).map((row) => [...row, ...(large.get(row[0]) ?? [])]);
  const rules = [
    'All get the same chunks of 536 bytes and find the names and parameters of all commands; JSON.parse has the chunks joined',
    'and decoded, which counts, and clarinet has them decoded one by one. dmlet leaves parameters in its record, as the client does.',
  ];
  return [table([['Reading Package#2', ...head(reader50), ...head(reader500)], ...rows]), ...rules].join('\n');
}

function tree(result: TreeResult): string {
  const perNode = (bytes: number): string => (bytes / result.nodes).toFixed(1);
  const memory = table([
    [`Memory of ${result.nodes} nodes`, 'bytes', 'per node'],
    ['arena: records and values', String(result.arena), perNode(result.arena)],
    ['names, each once, as on a 32-bit target', String(result.names), perNode(result.names)],
    ['together', String(result.arena + result.names), perNode(result.arena + result.names)],
  ]);
  const lookup = table([
    [`Resolving ${result.lookups} ClientURIs`, 'time', '(quartiles)', 'ratio'],
    ...timingRows(result.timings),
  ]);
  return `${memory}\n\n${lookup}`;
}

function mo(result: MoResult): string {
  return table([
    [`MO document of ${result.bytes} B`, 'time', '(quartiles)', 'ratio'],
    ...timingRows(result.timings.slice(0, 2)),
    ...timingRows(result.timings.slice(2)),
  ]);
}

/** What was measured on the XS machine. */
function onXs(xs: XsResults | string): string[] {
  if (typeof xs === 'string') return [`XS: not measured, ${xs}.`];
  const readers = xs.readers.map(({ segment, result }) => [
    `${result.commands} in ${segment} B`,
    ...result.timings.map(({ median }) => (median / result.timings[0].median).toFixed(2)),
  ]);
  const contestants = xs.readers[0].result.timings.map(({ key }) => key);
  const plain = ([what, { microseconds, base, ratio }]: [string, RaceResult]): string[] => [
    what,
    `${microseconds.toFixed(1)} µs`,
    `${base.toFixed(1)} µs`,
    ratio.toFixed(2),
  ];
  const pools = Object.entries(xs.pools).map(([what, { pool, stack, most }]) => [
    what,
    String(pool),
    String(stack),
    `${(most.slots * xs.bits) / 2 + most.chunks}`,
  ]);
  return [
    colors.bold(`On XS, ${xs.bits} bits, slots of ${xs.bits / 2} bytes, the bundle preloaded and frozen`),
    table([
      ['Reading, nobody looks into commands', 'dmlet', 'JSON.parse', 'ratio'],
      ...[plain(['50 commands', xs.read50]), plain(['500 commands', xs.read500])],
    ]),
    table([['Reading, over jsonParse', ...contestants], ...readers]),
    tree(xs.tree),
    mo(xs.mo),
    table([['Smallest machine of a client', 'pool', 'stack', 'most live'], ...pools]),
    table([
      ['Other', ''],
      ['smallest machine with the usual limits', `${xs.pool.usual} B`],
      ['smallest machine that begins as an ESP32-C3', `${xs.pool.esp32} B`],
      ['reader, 10 commands and 1 MB', `${xs.memory.few} B, ${xs.memory.many} B`],
      ['a session with ten GETs', `${xs.session.toFixed(2)} ms`],
      ['byte code, and its names', `${xs.bytecode.code} B, ${xs.bytecode.names} B`],
    ]),
  ];
}

function size({ size: { minified, gzip } }: Results): string {
  return table([
    ['Bundle dist/dmlet.js', 'bytes'],
    ['minified', String(minified)],
    ['gzip -9', String(gzip)],
  ]);
}

function fleet({ fleet: outages }: Results): string {
  const rows = outages.map((result) => [
    `${result.outage} s`,
    result.tries.toFixed(1),
    `${result.until} s`,
    result.ratio.toFixed(2),
    result.chance.toFixed(2),
    result.policy.toFixed(2),
    judged(result) === result.ratio ? 'peak/mean' : 'in a twentieth',
  ]);
  const head = [
    `${FLEET} devices after an outage of`,
    'tries',
    '95 % within',
    'peak/mean',
    'by chance',
    'in a twentieth',
    'judged',
  ];
  const rules = [
    `All lose their server in one moment, and retry as the client does; the worst of ${FLEETS} fleets. Peak: arrivals in one second;`,
    'by chance: of as many, spread evenly at random; in a twentieth: arrivals in one of the time, where chance does little.',
  ];
  return [table([head, ...rows]), ...rules].join('\n');
}

/** One row a contestant, the first of which is the base of the ratios. */
function timingRows<Key extends string>(timings: readonly Timing<Key>[]): string[][] {
  return timings.map(({ label, low, median, high }) => [
    label,
    `${median.toFixed(1)} µs`,
    `(${low.toFixed(1)} – ${high.toFixed(1)})`,
    (median / timings[0].median).toFixed(2),
  ]);
}

function flash({ flash: { unchanged, newDefault, replaced, records }, powerCuts }: Results): string {
  const writes = table([
    ['Writes to flash', ''],
    ['a session that changes nothing', String(unchanged)],
    ['one new DEFAULT', String(newDefault)],
    [`a replaced MO instance of ${records} records`, String(replaced)],
  ]);
  const rows = powerCuts.map(({ store, runs, failed }) => [store, String(runs), String(failed)]);
  const cuts = rows.length === 0 ? [] : [table([['Power cuts, at every flash write', 'runs', 'failed'], ...rows])];
  return [writes, ...cuts, '`npm run test:powerloss` cuts the power on all models of stores.'].join('\n\n');
}
