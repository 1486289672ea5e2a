/** One of several ways to do the same job. */
export interface Contestant<Key extends string> {
  readonly key: Key;
  readonly label: string;
  /** Does the whole job once. */
  readonly run: () => void;
}

/** How long to measure. */
export interface Effort {
  readonly rounds: number;
  /** Milliseconds of one contestant's sample in a round. */
  readonly sample: number;
  /** Milliseconds for which each contestant runs before the first round. */
  readonly warmUp: number;
}

/**
 * Many short samples: on a machine that is busy with other work, medians of 101 samples of 3 ms differed by a factor of two from
 * run to run; with 501 samples of 0.5 ms, those of JSON.parse and dmlet differ by about a tenth.
 */
export const FULL_EFFORT: Effort = { rounds: 501, sample: 0.5, warmUp: 400 };

/** Microseconds of one run: the median and both quartiles over all rounds. */
export interface Timing<Key extends string> {
  readonly key: Key;
  readonly label: string;
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/**
 * Measures all contestants side by side: each has one sample in every round. Every round begins with another one, and goes round
 * the other way than the round before, so that no contestant always works in the same other's wake.
 */
export function race<Key extends string>(contestants: readonly Contestant<Key>[], effort: Effort): Timing<Key>[] {
  const runs = contestants.map((contestant) => runsPerSample(contestant.run, effort));
  const samples: number[][] = contestants.map(() => []);
  const count = contestants.length;
  // What earlier work left behind is no contestant's garbage.
  globalThis.gc?.();
  for (let round = 0; round < effort.rounds; round += 1) {
    for (let turn = 0; turn < count; turn += 1) {
      const index = (round + (round % 2 === 0 ? turn : count - turn)) % count;
      samples[index].push(sample(contestants[index].run, runs[index]));
    }
  }
  return contestants.map(({ key, label }, index) => {
    const sorted = samples[index].sort((a, b) => a - b);
    const at = (part: number): number => sorted[Math.floor((sorted.length - 1) * part)];
    return { key, label, low: at(0.25), median: at(0.5), high: at(0.75) };
  });
}

/** The median of contestant `key` over that of contestant `base`. */
export function ratio<Key extends string>(timings: readonly Timing<Key>[], key: Key, base: Key): number {
  return medianOf(timings, key) / medianOf(timings, base);
}

function medianOf<Key extends string>(timings: readonly Timing<Key>[], key: Key): number {
  const timing = timings.find((candidate) => candidate.key === key);
  if (timing === undefined) throw new Error(`${key} was not measured`);
  return timing.median;
}

/** Warms a contestant up, and finds how many runs fill a sample. */
function runsPerSample(run: () => void, effort: Effort): number {
  const end = performance.now() + effort.warmUp;
  do run();
  while (performance.now() < end);
  let runs = 1;
  // A sample of one fast run would measure the clock: runs are doubled until they can be timed.
  let time = sample(run, runs) * runs;
  while (time < effort.sample * 250) {
    runs *= 2;
    time = sample(run, runs) * runs;
  }
  return Math.max(1, Math.round((runs * effort.sample * 1000) / time));
}

/** Microseconds of one run. */
function sample(run: () => void, runs: number): number {
  const start = performance.now();
  for (let i = 0; i < runs; i += 1) run();
  return ((performance.now() - start) * 1000) / runs;
}
