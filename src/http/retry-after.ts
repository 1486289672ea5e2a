import type { Clock } from '../hal/clock.js';

const NOT_SAID = -1;

/**
 * Seconds that a `Retry-After` asks to wait, -1 where it says nothing usable: it is absent, or neither a number nor a date, or a date
 * while the clock is not set (PROTOCOL.md §12).
 */
export function retryAfterSeconds(header: string, clock: Clock): number {
  if (header === '') return NOT_SAID;
  const seconds = Number(header);
  if (seconds >= 0) return Math.floor(seconds);
  const date = Date.parse(header);
  if (!clock.isSet() || !(date >= 0)) return NOT_SAID;
  return Math.max(0, Math.ceil(date / 1000 - clock.now()));
}
