import type { Random } from '../hal/random.js';
import type { Limits } from '../limits.js';

/** Longest time that a clock takes. */
const LONGEST = 0x7fffffff;

/**
 * Milliseconds to wait before try `attempt` + 1: full jitter under a bound that doubles from `limits.retryFirst` up to `limits.retryCap`,
 * and not before the peer's `Retry-After` (PROTOCOL.md §12).
 * @param attempt tries so far, at least 1.
 * @param retryAfter seconds that the peer asked for, 0 or less where it asked for none.
 */
export function retryDelay(attempt: number, retryAfter: number, random: Random, limits: Limits): number {
  return Math.min(Math.floor(Math.max(0, retryAfter) * 1000 + random.next() * bound(attempt, limits)), LONGEST);
}

/** The number of tries to remember: those that do not move the bound any more make no difference. */
export function countedTries(tries: number, limits: Limits): number {
  return tries > 1 && bound(tries, limits) === bound(tries - 1, limits) ? tries - 1 : tries;
}

function bound(attempt: number, limits: Limits): number {
  return Math.min(limits.retryFirst * 2 ** (attempt - 1), limits.retryCap);
}
