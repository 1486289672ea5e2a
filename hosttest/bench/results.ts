import { measureXs, type XsResults } from '../xs/bench/results.js';
import { type FlashResult, measureFlash, measurePowerCuts, type PowerCutResult } from './flash.js';
import { type FleetResult, judged, measureFleet } from './fleet.js';
import { type Effort, FULL_EFFORT } from './measure.js';
import { type MoResult, measureMo } from './mo.js';
import { SEGMENT } from './package2.js';
import { measureReader, type ReaderRatios, type ReaderResult } from './reader.js';
import { measureSize, type SizeResult } from './size.js';
import { measureTree, type TreeResult } from './tree.js';

/** Everything that was measured. */
export interface Results {
  readonly rounds: number;
  readonly reader50: ReaderResult;
  readonly reader500: ReaderResult;
  readonly tree: TreeResult;
  readonly mo: MoResult;
  readonly size: SizeResult;
  readonly fleet: readonly FleetResult[];
  readonly flash: FlashResult;
  /** Store by store; none where they were not asked for. */
  readonly powerCuts: readonly PowerCutResult[];
  /** On the XS machine; why not, where there is none. */
  readonly xs: XsResults | string;
}

/** The JSON form: what other programs compare from run to run. What was measured on XS is left out where there is no such machine. */
export interface JsonReport {
  /** Time over `JSON.parse`, the chunks joined and decoded. */
  readonly reader: { readonly node: ReaderReport; readonly xs?: ReaderReport };
  /** Time over `JSON.parse` of a string, on XS. */
  readonly readerPlain?: { readonly b50: number; readonly b500: number };
  readonly tree: { readonly bytesPerNode: number; readonly lookupRatio: number; readonly lookupRatioXs?: number };
  readonly mo: { readonly readRatioXs?: number; readonly writeRatioXs?: number };
  readonly size: { readonly minified: number };
  /** The worst of all outages: as the budget judges them, and in one second whatever chance alone does. */
  readonly fleet: { readonly peakOverMean: number; readonly withChance: number };
  readonly flash: FlashResult;
  /** Runs of all stores, left out where there were none. */
  readonly powerCuts?: { readonly runs: number; readonly failed: number };
  /** Bytes of the reader for 10 commands and for a megabyte of them. */
  readonly memory?: { readonly few: number; readonly many: number };
  /** Names that foreign input interned; machines that hostile input ended. */
  readonly keys?: number;
  readonly aborts?: number;
  /** Bytes of the smallest machine that the whole client survives. */
  readonly pool?: { readonly small: number; readonly usual: number; readonly esp32: number };
  readonly bytecode?: number;
}

interface ReaderReport {
  readonly b50: ReaderRatios;
  readonly b500: ReaderRatios;
}

/** On the machine nothing warms up. */
const XS_EFFORT: Effort = { rounds: 31, sample: 2, warmUp: 0 };

/** Runs all benchmarks. */
export async function measureAll(): Promise<Results> {
  return { ...measureNode(FULL_EFFORT), powerCuts: measurePowerCuts(), xs: await measureXs(XS_EFFORT) };
}

/** Runs those that need no machine but this one. */
export function measureNode(effort: Effort): Results {
  return {
    rounds: effort.rounds,
    reader50: measureReader(50, effort),
    reader500: measureReader(500, effort),
    tree: measureTree(effort),
    mo: measureMo(effort),
    size: measureSize(),
    fleet: measureFleet(),
    flash: measureFlash(),
    powerCuts: [],
    xs: 'it was not asked for',
  };
}

export function jsonReport({ reader50, reader500, tree, size, fleet, flash, powerCuts, xs }: Results): JsonReport {
  const node = { b50: reader50.ratios, b500: reader500.ratios };
  const { bytesPerNode, lookupRatio } = tree;
  const withChance = Math.max(...fleet.map(({ ratio }) => ratio));
  const cuts = powerCuts.length === 0 ? {} : { powerCuts: sumOfCuts(powerCuts) };
  const judgedFleet = { peakOverMean: worstJudged(fleet), withChance };
  const common = { size: { minified: size.minified }, fleet: judgedFleet, flash, ...cuts };
  if (typeof xs === 'string') return { reader: { node }, tree: { bytesPerNode, lookupRatio }, mo: {}, ...common };
  return {
    reader: { node, xs: { b50: ratiosOf(xs, 50), b500: ratiosOf(xs, 500) } },
    readerPlain: { b50: xs.read50.ratio, b500: xs.read500.ratio },
    tree: { bytesPerNode, lookupRatio, lookupRatioXs: xs.tree.lookupRatio },
    mo: { readRatioXs: xs.mo.readRatio, writeRatioXs: xs.mo.writeRatio },
    ...common,
    memory: xs.memory,
    keys: xs.keys,
    aborts: xs.aborts,
    pool: xs.pool,
    bytecode: xs.bytecode.code,
  };
}

/** Of the contest with this number of commands, in chunks of the budgets' size. */
function ratiosOf(xs: XsResults, commands: number): ReaderRatios {
  const found = xs.readers.find(({ segment, result }) => segment === SEGMENT && result.commands === commands);
  if (found === undefined) throw new Error(`${commands} commands were not read`);
  return found.result.ratios;
}

/** The highest ratio of peak and mean of all outages, as they are judged. */
export function worstJudged(fleet: readonly FleetResult[]): number {
  return Math.max(...fleet.map(judged));
}

/** What power cuts came to on all stores. */
export function sumOfCuts(powerCuts: readonly PowerCutResult[]): { runs: number; failed: number } {
  const sum = { runs: 0, failed: 0 };
  for (const { runs, failed } of powerCuts) {
    sum.runs += runs;
    sum.failed += failed;
  }
  return sum;
}
