import { TestClock } from './test-clock.js';

/**
 * A clock for a whole device: what is to happen at once comes from the event loop as ever, all else when the test moves time on. No
 * exchange with a server may be under way then, since its time limits would be over too.
 */
export class DeviceClock extends TestClock {
  private readonly immediates = new Set<NodeJS.Immediate>();

  override after(delay: number, callback: () => void): unknown {
    if (delay > 0) return super.after(delay, callback);
    const immediate = setImmediate(() => {
      this.immediates.delete(immediate);
      callback();
    });
    this.immediates.add(immediate);
    return immediate;
  }

  override cancel(timer: unknown): void {
    if (this.immediates.delete(timer as NodeJS.Immediate)) clearImmediate(timer as NodeJS.Immediate);
    else super.cancel(timer);
  }
}
