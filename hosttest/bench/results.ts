import { type FleetResult, measureFleet } from './fleet.js';
import { type Effort, FULL_EFFORT } from './measure.js';
import { measureReader, type ReaderRatios, type ReaderResult } from './reader.js';
import { measureSize, type SizeResult } from './size.js';
import { measureTree, type TreeResult } from './tree.js';

/** Everything that was measured. */
export interface Results {
  readonly rounds: number;
  readonly reader50: ReaderResult;
  readonly reader500: ReaderResult;
  readonly tree: TreeResult;
  readonly size: SizeResult;
  readonly fleet: readonly FleetResult[];
}

/** The JSON form: what other programs compare from run to run. */
export interface JsonReport {
  readonly reader: { readonly node: { readonly b50: ReaderRatios; readonly b500: ReaderRatios } };
  readonly tree: { readonly bytesPerNode: number; readonly lookupRatio: number };
  readonly size: { readonly minified: number };
  /** The worst of all outages. */
  readonly fleet: { readonly peakOverMean: number };
}

/** Runs all benchmarks. */
export function measureAll(effort: Effort = FULL_EFFORT): Results {
  return {
    rounds: effort.rounds,
    reader50: measureReader(50, effort),
    reader500: measureReader(500, effort),
    tree: measureTree(effort),
    size: measureSize(),
    fleet: measureFleet(),
  };
}

export function jsonReport({ reader50, reader500, tree, size, fleet }: Results): JsonReport {
  return {
    reader: { node: { b50: reader50.ratios, b500: reader500.ratios } },
    tree: { bytesPerNode: tree.bytesPerNode, lookupRatio: tree.lookupRatio },
    size: { minified: size.minified },
    fleet: { peakOverMean: worstRatio(fleet) },
  };
}

/** The highest ratio of peak and mean of all outages. */
export function worstRatio(fleet: readonly FleetResult[]): number {
  return Math.max(...fleet.map(({ ratio }) => ratio));
}
