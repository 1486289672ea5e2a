import type { Clock } from '../../hal/clock.js';

/** The SDK's module `timer`. Clearing a timer that has fired does nothing there. */
export interface Timers {
  set(callback: () => void, delay: number): unknown;
  repeat(callback: () => void, delay: number): unknown;
  clear(timer: unknown): void;
}

/** The SDK's module `time`. */
export interface Ticks {
  /** Milliseconds: on a chip a counter of 32 bits with sign, which wraps after 50 days; in a simulator the wall clock, which somebody may set. */
  readonly ticks: number;
}

/** The engine's `Date`. */
export interface WallClock {
  /** Milliseconds since 1970-01-01 UTC. */
  now(): number;
}

/** 2026-01-01, before this was written. A clock behind it was never set: chips count from 1970. */
const SET_SINCE = 1767225600;

/** Milliseconds between two looks at the counter: far less than the half of its range, which is what can be told from a step back. */
const LOOK = 1 << 29;

/** Time by the SDK. One client needs one. */
export class ModdableClock implements Clock {
  private readonly timers: Timers;
  private readonly time: Ticks;
  private readonly wallClock: WallClock;
  private last: number;
  private elapsed: number;

  constructor(timers: Timers, time: Ticks, wallClock: WallClock) {
    this.timers = timers;
    this.time = time;
    this.wallClock = wallClock;
    this.last = time.ticks;
    this.elapsed = 0;
    timers.repeat(() => this.uptime(), LOOK);
  }

  isSet(): boolean {
    return this.now() >= SET_SINCE;
  }

  now(): number {
    return Math.floor(this.wallClock.now() / 1000);
  }

  uptime(): number {
    const ticks = this.time.ticks;
    // The difference as 32 bits with sign is right over a wrap, too.
    const passed = (ticks - this.last) | 0;
    this.last = ticks;
    if (passed > 0) this.elapsed += passed;
    return this.elapsed;
  }

  after(delay: number, callback: () => void): unknown {
    return this.timers.set(callback, delay);
  }

  cancel(timer: unknown): void {
    this.timers.clear(timer);
  }
}
