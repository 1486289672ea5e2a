import type { Clock } from '../hal/clock.js';

/** The time limits of an exchange: one for the phase that it is in, and one for all its phases together. */
export class Deadline {
  private readonly clock: Clock;
  private readonly onPassed: () => void;
  private timer: unknown;
  private left: number;
  private since: number;

  /** @param onPassed called from the event loop where a limit has passed. */
  constructor(clock: Clock, onPassed: () => void) {
    this.clock = clock;
    this.onPassed = () => {
      this.timer = undefined;
      onPassed();
    };
    this.timer = undefined;
    this.left = 0;
    this.since = 0;
  }

  /** Grants `whole` milliseconds to all phases that follow. */
  begin(whole: number): void {
    this.left = whole;
  }

  /** Starts a phase that may last `phase` milliseconds, or less where less is left of the whole. */
  start(phase: number): void {
    this.stop();
    this.since = this.clock.uptime();
    this.timer = this.clock.after(Math.max(0, Math.min(phase, this.left)), this.onPassed);
  }

  /** Stops the phase's limit; the time until the next `start` does not count. */
  stop(): void {
    if (this.timer === undefined) return;
    this.clock.cancel(this.timer);
    this.timer = undefined;
    this.left -= this.clock.uptime() - this.since;
  }
}
