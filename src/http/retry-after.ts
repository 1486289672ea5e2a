import type { Clock } from '../hal/clock.js';

/**
 * Seconds that a `Retry-After` asks to wait, at most `most`; -1 where it says nothing usable: it is absent, or neither a number nor a date,
 * or a date while the clock is not set (PROTOCOL.md §12).
 */
export function retryAfterSeconds(header: string, clock: Clock, most: number): number {
  let seconds = -1;
  if (isDigits(header)) seconds = Number(header || -1);
  // A date begins with a day's name; engines take more for a date than HTTP does.
  else if (clock.isSet() && header.charAt(0) > '9') seconds = Math.max(0, Date.parse(header) / 1000 - clock.now());
  return seconds >= 0 ? Math.min(Math.ceil(seconds), most) : -1;
}

function isDigits(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (text.charAt(i) < '0' || text.charAt(i) > '9') return false;
  return true;
}
