import type { Fault } from 'dmlet/server';
import { CUTS, type CutFlash } from '../support/device-cut-flash.js';
import type { Lcg } from '../support/lcg.js';
import type { Cable } from './cable.js';

/** Operations on flash of a life in which the power goes, at most. */
const MOST_OPERATIONS = 40;

/** Milliseconds until the network goes, and until it is there again, at most. */
const MOST_TIME = 25;

/** What happens to a document on its way, about as long as those of the soak. */
const FAULTS: readonly Fault[] = [
  { kind: 'delay', ms: 20 },
  { kind: 'delay', ms: 1000 },
  { kind: 'stall', after: -1 },
  { kind: 'stall', after: 20 },
  { kind: 'close', after: -1 },
  { kind: 'close', after: 30 },
  { kind: 'length', by: 1 },
  { kind: 'length', by: -1 },
  { kind: 'chunked', size: 3 },
  { kind: 'status', status: 503, retryAfter: 0 },
  { kind: 'status', status: 404 },
  { kind: 'status', status: 204 },
  { kind: 'type', type: 'text/html' },
  { kind: 'broken', at: 25 },
  { kind: 'truncated', at: 40 },
  { kind: 'drip', bytes: 7, interval: 1 },
  { kind: 'garbage', text: 'SSH-2.0-x\r\n' },
  { kind: 'headers', count: 1, size: 100000 },
  { kind: 'noreason' },
];

/** Harms a device in every way that a device is harmed, at random moments. */
export class Saboteur {
  networkCuts = 0;
  faults = 0;
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    private readonly random: Lcg,
    private readonly cable: Cable,
  ) {}

  /** Chooses when, and how, the power goes in a device's next life; in one of three it stays. */
  rig(flash: CutFlash): void {
    flash.cut = this.random.pick(CUTS);
    flash.cutAt = this.random.below(3) === 0 ? 0 : flash.operations + 1 + this.random.below(MOST_OPERATIONS);
  }

  /** What happens to the next document; nothing to half of them. */
  fault(): Fault | undefined {
    if (this.random.below(2) === 0) return undefined;
    this.faults += 1;
    return this.random.pick(FAULTS);
  }

  /** Cuts the network some time from now, for some time; in one of three sessions. */
  mayCutNetwork(): void {
    if (this.random.below(3) > 0) return;
    this.later(() => {
      this.networkCuts += 1;
      this.cable.cut();
      this.later(() => this.cable.mend());
    });
  }

  /** Harms nothing more. */
  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    this.cable.mend();
  }

  private later(act: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      act();
    }, this.random.below(MOST_TIME));
    this.timers.add(timer);
  }
}
