import { DEFAULT_LIMITS } from 'dmlet';
import { retryDelay, type Waiting } from '../../src/config/retry-policy.js';
import { Lcg } from '../support/lcg.js';

/** Devices of a fleet, all of which lose their server in one moment. */
export const FLEET = 10000;

/** Fleets, the worst of which counts. */
export const FLEETS = 10;

/** What a fleet's peak may be over its mean. */
export const FLEET_MUST = 3;

/** Lengths of the outages, in seconds. */
const OUTAGES: readonly number[] = [60, 300, 3600, 21600];

/** The arrivals up to which the peak is looked for: the last ones come one by one. */
const SHARE = 0.95;

/** Parts of the time to `SHARE`, each long enough for what chance does to be small: 475 devices on average. */
const PARTS = 20;

const SEED = 20261122;
const STEPS = 0x1000000;

type Random = { next(): number };

/** How a fleet comes back after one outage: of several, the worst of each. */
export interface FleetResult {
  /** Seconds. */
  readonly outage: number;
  /** Seconds from restoration until `SHARE` of the devices have come. */
  readonly until: number;
  /** Tries of a device until it finds the server, on average. */
  readonly tries: number;
  /** Most arrivals in one second of that time, over their mean. */
  readonly ratio: number;
  /** The same ratio for as many devices that come at random over that time, without any back-off: what chance alone does. */
  readonly chance: number;
  /** Most arrivals in a twentieth of that time, over their mean: what the policy does, with little of chance. */
  readonly policy: number;
}

/** Simulates fleets with the client's own retry policy, the same random numbers each time; nothing is timed. */
export function measureFleet(): FleetResult[] {
  return OUTAGES.map((outage) => {
    const lcg = new Lcg(SEED);
    const random = { next: () => lcg.below(STEPS) / STEPS };
    const fleets = Array.from({ length: FLEETS }, () => afterOutage(outage, random));
    const worst = (key: keyof FleetResult): number => Math.max(...fleets.map((fleet) => fleet[key]));
    return {
      outage,
      until: worst('until'),
      tries: worst('tries'),
      ratio: worst('ratio'),
      chance: worst('chance'),
      policy: worst('policy'),
    };
  });
}

/** The figure that the budget judges: peak over mean in one second, or the policy's alone where chance by itself is beyond the budget. */
export function judged({ ratio, chance, policy }: FleetResult): number {
  return chance < FLEET_MUST ? ratio : policy;
}

function afterOutage(outage: number, random: Random): FleetResult {
  let tries = 0;
  const arrivals: number[] = [];
  for (let i = 0; i < FLEET; i += 1) {
    const waiting: Waiting = {};
    let time = 0;
    for (; time < outage; tries += 1) time += retryDelay(waiting, -1, random, DEFAULT_LIMITS) / 1000;
    arrivals.push(time - outage);
  }
  const come = arrivals.sort((a, b) => a - b).slice(0, FLEET * SHARE);
  const until = Math.ceil(come[come.length - 1]);
  const even = come.map(() => random.next() * until);
  return {
    outage,
    until,
    tries: tries / FLEET,
    ratio: peakOverMean(come, until, until),
    chance: peakOverMean(even, until, until),
    policy: peakOverMean(come, until, PARTS),
  };
}

/** Most arrivals in one of so many equal parts of the time, over the mean of all parts. */
function peakOverMean(arrivals: readonly number[], until: number, parts: number): number {
  const counts = new Array<number>(parts).fill(0);
  for (const at of arrivals) counts[Math.min(parts - 1, Math.floor((at * parts) / until))] += 1;
  return (Math.max(...counts) * parts) / arrivals.length;
}
