import { DEFAULT_LIMITS } from 'dmlet';
import { retryDelay } from '../../src/config/retry-policy.js';
import { Lcg } from '../support/lcg.js';

/** Devices of the fleet, all of which lose their server in one moment. */
export const FLEET = 10000;

/** Lengths of the outages, in seconds. */
const OUTAGES: readonly number[] = [60, 300, 3600, 21600];

/** The arrivals up to which the peak is looked for: the last ones come one by one. */
const SHARE = 0.95;

const SEED = 20261122;
const STEPS = 0x1000000;

/** How a fleet comes back after one outage. */
export interface FleetResult {
  /** Seconds. */
  readonly outage: number;
  /** Seconds from restoration until `SHARE` of the devices have come. */
  readonly until: number;
  /** Arrivals in a second, on average over that time. */
  readonly mean: number;
  /** Most arrivals in one second of that time. */
  readonly peak: number;
  readonly ratio: number;
  /** The same ratio for as many devices that come at random over that time, without any back-off: what chance alone does. */
  readonly chance: number;
}

/** Simulates the fleet with the client's own retry policy, the same random numbers each time; nothing is timed. */
export function measureFleet(): FleetResult[] {
  return OUTAGES.map((outage) => afterOutage(outage));
}

function afterOutage(outage: number): FleetResult {
  const lcg = new Lcg(SEED);
  const random = { next: () => lcg.below(STEPS) / STEPS };
  const arrivals = Array.from({ length: FLEET }, () => arrival(outage, random)).sort((a, b) => a - b);
  const come = arrivals.slice(0, FLEET * SHARE);
  const until = Math.ceil(come[come.length - 1]);
  const mean = come.length / until;
  const peak = peakOf(come);
  const chance = peakOf(come.map(() => random.next() * until)) / mean;
  return { outage, until, mean, peak, ratio: peak / mean, chance };
}

/** Seconds from restoration to the first try that finds the server. */
function arrival(outage: number, random: { next(): number }): number {
  let time = 0;
  for (let attempt = 1; time < outage; attempt += 1) {
    time += retryDelay(attempt, -1, random, DEFAULT_LIMITS) / 1000;
  }
  return time - outage;
}

function peakOf(arrivals: readonly number[]): number {
  const seconds = new Map<number, number>();
  for (const at of arrivals) seconds.set(Math.floor(at), (seconds.get(Math.floor(at)) ?? 0) + 1);
  return Math.max(...seconds.values());
}
