import type { Clock } from '../hal/clock.js';

const NOT_SAID = -1;

/** No server means to wait for longer than this: 68 years. */
const MOST = 0x7fffffff;

/**
 * Seconds that a `Retry-After` asks to wait, -1 where it says nothing usable: it is absent, or neither a number nor a date, or a date
 * while the clock is not set (PROTOCOL.md §12).
 */
export function retryAfterSeconds(header: string, clock: Clock): number {
  if (header === '') return NOT_SAID;
  if (isDigits(header)) return Math.min(Number(header), MOST);
  // A date begins with a day's name; engines take more for a date than HTTP does.
  const date = isDigits(header.charAt(0)) || header.charAt(0) === '-' ? Number.NaN : Date.parse(header);
  if (!clock.isSet() || !(date >= 0)) return NOT_SAID;
  return Math.min(Math.max(0, Math.ceil(date / 1000 - clock.now())), MOST);
}

function isDigits(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (text.charAt(i) < '0' || text.charAt(i) > '9') return false;
  return true;
}
