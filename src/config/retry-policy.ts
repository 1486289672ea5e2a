import type { Random } from '../hal/random.js';
import type { Limits } from '../limits.js';

/** Longest time that a clock takes. */
const LONGEST = 0x7fffffff;

/** What waits for its next try. */
export interface Waiting {
  /** Milliseconds under which the jitter of the next wait stays; undefined before the first. */
  bound?: number;
}

/**
 * Milliseconds to wait before the next try: full jitter under a bound that begins at `limits.retryFirst` and grows by a fifth of each
 * wait up to `limits.retryCap`, and not before the peer's `Retry-After` (PROTOCOL.md §12). So the bound follows the time since the first
 * failure, not the luck of the draws: devices that lost a server together have much the same bound when it is back, and come evenly.
 * @param retryAfter seconds that the peer asked for, 0 or less where it asked for none.
 */
export function retryDelay(waiting: Waiting, retryAfter: number, random: Random, limits: Limits): number {
  const bound = waiting.bound || boundOf(1, limits);
  const jitter = random.next() * bound;
  waiting.bound = Math.min(bound + jitter / 5, limits.retryCap);
  return Math.min(Math.floor(Math.max(0, retryAfter) * 1000 + jitter), LONGEST);
}

/** What is stored of a bound, so that flash is written only when it has doubled: 1 for the first, one more for each doubling begun. */
export function stepsTo(waiting: Waiting, limits: Limits): number {
  let steps = 1;
  for (let bound = waiting.bound; bound !== undefined && bound > limits.retryFirst; bound /= 2) steps += 1;
  return steps;
}

/** The bound after as many steps, at least 1. */
export function boundOf(steps: number, limits: Limits): number {
  return Math.min(limits.retryFirst * 2 ** (steps - 1), limits.retryCap);
}
