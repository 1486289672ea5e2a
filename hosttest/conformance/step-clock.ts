import type { Clock } from 'dmlet';
import { TestClock } from '../support/test-clock.js';

/** What is to be done at once, on the event loop. */
interface Soon {
  handle: NodeJS.Immediate;
}

/** A clock on which only what is to be done at once happens by itself; for all else time is moved, timer by timer. */
export class StepClock implements Clock {
  private readonly clock = new TestClock();
  private readonly soon = new Set<Soon>();
  private readonly delays = new Map<unknown, number>();

  /** @param epoch seconds since 1970 at the begin; undefined where the clock is not set. */
  constructor(epoch: number | undefined) {
    this.clock.epoch = epoch;
  }

  isSet(): boolean {
    return this.clock.isSet();
  }

  now(): number {
    return this.clock.now();
  }

  uptime(): number {
    return this.clock.uptime();
  }

  after(delay: number, callback: () => void): unknown {
    if (delay > 0) {
      const timer = this.clock.after(delay, () => {
        this.delays.delete(timer);
        callback();
      });
      this.delays.set(timer, this.uptime() + delay);
      return timer;
    }
    const soon: Soon = {
      handle: setImmediate(() => {
        this.soon.delete(soon);
        callback();
      }),
    };
    this.soon.add(soon);
    return soon;
  }

  cancel(timer: unknown): void {
    this.delays.delete(timer);
    this.clock.cancel(timer);
    if (!this.soon.delete(timer as Soon)) return;
    clearImmediate((timer as Soon).handle);
  }

  /** True while something is to be done at once. */
  get isBusy(): boolean {
    return this.soon.size > 0;
  }

  /** Moves on to the next timer that is due before or at `end`, or to `end`. @returns true where a timer ran. */
  step(end: number): boolean {
    const next = Math.min(end, ...this.delays.values());
    const ran = [...this.delays.values()].some((due) => due <= end);
    this.clock.advance(Math.max(0, next - this.uptime()));
    return ran;
  }
}
