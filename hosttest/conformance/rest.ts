import type { Hosts } from './hosts.js';
import type { StepClock } from './step-clock.js';

/** Turns of the event loop, of a millisecond at least, after which a device that waits for an answer has done all that it does meanwhile. */
const QUIET_TURNS = 25;
/** Turns after which a device is taken to be stuck. */
const MOST_TURNS = 4000;

/** Tells when a device has done all that it does by itself. */
export class Rest {
  /** @param waits whether the device has a request under way that is not answered. */
  constructor(
    private readonly clock: StepClock,
    private readonly hosts: Hosts,
    private readonly waits: () => boolean,
  ) {}

  /** Waits until something happened that the transcript has not named, or nothing happens any more. */
  async reached(): Promise<void> {
    let quiet = 0;
    for (let turns = 0; this.hosts.queue.length === 0; turns += 1) {
      if (turns === MOST_TURNS) throw new Error('the device neither rests nor sends anything');
      // Behind these only time is left, which stands still.
      if (this.hosts.underWay === 0 && !this.clock.isBusy) return;
      quiet = this.waits() ? quiet + 1 : 0;
      if (quiet === QUIET_TURNS) return;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
}
