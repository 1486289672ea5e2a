import type { Random } from '../hal/random.js';
import type { Limits } from '../limits.js';

/**
 * Milliseconds to wait before try `attempt` + 1: full jitter under a bound that doubles from `limits.retryFirst` up to `limits.retryCap`,
 * and not before the peer's `Retry-After` (PROTOCOL.md §12).
 * @param attempt tries so far, at least 1.
 * @param retryAfter seconds that the peer asked for, 0 or less where it asked for none.
 */
export function retryDelay(attempt: number, retryAfter: number, random: Random, limits: Limits): number {
  const jitter = random.next() * Math.min(limits.retryFirst * 2 ** (attempt - 1), limits.retryCap);
  return Math.floor(Math.max(0, retryAfter) * 1000 + jitter);
}

/** The number of tries from which on the bound is at its cap: more of them make no difference. */
export function lastAttempt(limits: Limits): number {
  let attempt = 1;
  for (let bound = limits.retryFirst; bound > 0 && bound < limits.retryCap; bound *= 2) attempt += 1;
  return attempt;
}
