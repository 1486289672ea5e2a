import type { Clock } from 'dmlet';
import { NodeClock } from 'dmlet/node';

/** The system's clock, which knows the timers that wait. */
export class CountingClock extends NodeClock implements Clock {
  private readonly waiting = new Set<unknown>();

  override after(delay: number, callback: () => void): unknown {
    const timer = super.after(delay, () => {
      this.waiting.delete(timer);
      callback();
    });
    this.waiting.add(timer);
    return timer;
  }

  override cancel(timer: unknown): void {
    this.waiting.delete(timer);
    super.cancel(timer);
  }

  /** Timers that were neither fired nor cancelled. */
  get pending(): number {
    return this.waiting.size;
  }
}
