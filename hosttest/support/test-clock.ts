import type { Clock } from 'dmlet';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

const MOST_DELAY = 0x7fffffff;

/** A clock that stands still until a test moves it: no test waits, and none depends on how fast the machine is. */
export class TestClock implements Clock {
  /** Delays that no clock takes (src/hal/clock.ts). */
  readonly broken: number[] = [];
  /** Seconds since 1970 at uptime 0; undefined while the clock is not set. */
  epoch: number | undefined = 1700000000;
  private time = 0;
  private count = 0;
  private timers: Timer[] = [];

  isSet(): boolean {
    return this.epoch !== undefined;
  }

  now(): number {
    return (this.epoch ?? 0) + Math.floor(this.time / 1000);
  }

  uptime(): number {
    return this.time;
  }

  after(delay: number, callback: () => void): unknown {
    if (!(delay >= 0 && delay <= MOST_DELAY)) this.broken.push(delay);
    this.count += 1;
    const timer = { at: this.time + delay, order: this.count, callback };
    this.timers.push(timer);
    return timer;
  }

  cancel(timer: unknown): void {
    this.timers = this.timers.filter((other) => other !== timer);
  }

  /** Timers that wait. */
  get pending(): number {
    return this.timers.length;
  }

  /** Milliseconds until the next timer, 0 where none waits. */
  get next(): number {
    return this.timers.length === 0 ? 0 : Math.min(...this.timers.map(({ at }) => at)) - this.time;
  }

  /** Runs all timers that are due now, and those that they start with no delay. */
  settle(): void {
    this.advance(0);
  }

  /** Moves time on, and runs in order what becomes due on the way. */
  advance(milliseconds: number): void {
    const end = this.time + milliseconds;
    for (;;) {
      const due = this.first;
      if (due === undefined || due.at > end) break;
      this.run(due);
    }
    this.time = end;
  }

  /** Moves time on to the next timer, and runs that. @returns false where there is none. */
  step(): boolean {
    const due = this.first;
    if (due !== undefined) this.run(due);
    return due !== undefined;
  }

  private get first(): Timer | undefined {
    return this.timers.sort((a, b) => a.at - b.at || a.order - b.order)[0];
  }

  private run(timer: Timer): void {
    this.cancel(timer);
    this.time = Math.max(this.time, timer.at);
    timer.callback();
  }
}
