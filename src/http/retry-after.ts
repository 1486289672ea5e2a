import type { Clock } from '../hal/clock.js';

/**
 * Seconds that a `Retry-After` asks to wait, at most `most`; -1 where it says nothing usable: it is absent, or neither a number nor a date,
 * or a date while the clock is not set (PROTOCOL.md §12).
 */
export function retryAfterSeconds(header: string, clock: Clock, most: number): number {
  let seconds = -1;
  if (isDigits(header)) seconds = Number(header || -1);
  else if (clock.isSet()) seconds = Math.max(0, httpDate(header) - clock.now());
  return seconds >= 0 ? Math.min(Math.ceil(seconds), most) : -1;
}

function isDigits(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (text.charAt(i) < '0' || text.charAt(i) > '9') return false;
  return true;
}

/**
 * POSIX seconds of a date in one of the three forms of HTTP (RFC 9110 §5.6.7), else NaN. An engine is asked for the first one only: of the
 * older ones XS does not know `Sunday, 06-Nov-94 08:49:37 GMT`, and `Sun Nov  6 08:49:37 1994` is local time to all.
 */
function httpDate(text: string): number {
  const words = text
    .split('-')
    .join(' ')
    .split(' ')
    .filter((word) => word !== '');
  if (words.length < 5) return NaN;
  const date = words.length === 5 ? [words[2], words[1], words[4], words[3]] : words.slice(1, 5);
  if (date[2].length === 2) date[2] = `20${date[2]}`;
  return Date.parse(date.concat('GMT').join(' ')) / 1000;
}
