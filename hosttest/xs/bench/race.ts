import type { RunReport } from '../machine.js';

/** Medians of the two columns that a race on the machine printed, and the first over the second. */
export interface RaceResult {
  readonly microseconds: number;
  readonly base: number;
  readonly ratio: number;
}

/** The middle one. */
export function median(values: number[]): number {
  const sorted = values.sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** @throws Error where the run did not end well. */
export function raceResult(report: RunReport): RaceResult {
  if (report.exit !== 'ok') throw new Error(`${report.exit}: ${report.detail}`);
  const turns = report.printed.map((line) => line.split(' ').map(Number));
  const microseconds = median(turns.map(([first]) => first));
  const base = median(turns.map(([, second]) => second));
  return { microseconds, base, ratio: microseconds / base };
}
