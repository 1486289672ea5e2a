import type { DmError } from '../errors.js';
import type { Random } from '../hal/random.js';
import type { Limits } from '../limits.js';

/**
 * Milliseconds to wait before try `attempt` + 1: full jitter under a bound that doubles from `limits.retryFirst` up to `limits.retryCap`,
 * and not before the peer's `Retry-After` (PROTOCOL.md §12).
 * @param attempt tries so far, at least 1.
 */
export function retryDelay(attempt: number, error: DmError, random: Random, limits: Limits): number {
  let bound = limits.retryFirst;
  for (let i = 1; i < attempt && bound < limits.retryCap; i += 1) bound *= 2;
  const jitter = random.next() * Math.min(bound, limits.retryCap);
  return Math.floor(error.retryAfter > 0 ? error.retryAfter * 1000 + jitter : jitter);
}
