import type { Clock } from '../hal/clock.js';

/** What has time limits: one for the phase that it is in, and one for all its phases together. */
export abstract class Timed {
  /** Milliseconds left for the phases that follow. */
  protected left!: number;
  protected readonly clock: Clock;
  private readonly onTimer: () => void;
  private timer: unknown;
  /** Uptime at which the timer was set. */
  private since!: number;

  constructor(clock: Clock) {
    this.clock = clock;
    this.timer = undefined;
    this.onTimer = () => {
      this.timer = undefined;
      this.timeOut();
    };
  }

  /** Begins a phase that may last `phase` milliseconds, or less where less is left of the whole. */
  protected arm(phase: number): void {
    this.disarm();
    this.since = this.clock.uptime();
    this.timer = this.clock.after(Math.min(phase, this.left), this.onTimer);
  }

  /** Stops the phase's limit; the time until the next one does not count. */
  protected disarm(): void {
    if (this.timer === undefined) return;
    this.clock.cancel(this.timer);
    this.timer = undefined;
    this.left = Math.max(0, this.left - (this.clock.uptime() - this.since));
  }

  /** A limit has passed; called from the event loop. */
  protected abstract timeOut(): void;
}
