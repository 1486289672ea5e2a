/** Behind the backslash. */
export const ESCAPE_START = 0;

/** Set in the state behind the last byte; the other bits are the code point then. */
export const ESCAPED = 0x4000000;

/** Places of the state behind which something else than a hexadecimal digit stands. */
const enum Place {
  Letter = 0,
  LastDigit = 4,
  LowBackslash = 5,
  LowU = 6,
  LastLowDigit = 10,
}

/** The letter of each short escape, and what it stands for. */
const SHORT = '""\\\\//b\bf\fn\nr\rt\t';

/**
 * Reads one byte more of an escape in a JSON string (RFC 8259 §7), both halves of a surrogate pair being one escape.
 *
 * The state is one number: the place (bits 0-3: bytes read), and the digits read so far (bits 4-25); of a high
 * surrogate the lower ten bits stay.
 * @param state `ESCAPE_START`, or what this function returned for the byte before.
 * @returns the next state; from `ESCAPED` on, that and the code point; -1 where the byte is not allowed, or ends a lone surrogate.
 */
export function nextEscape(state: number, c: number): number {
  const place = state & 0xf;
  switch (place) {
    case Place.Letter:
      return c === 0x75 ? state + 1 : short(c);
    case Place.LowBackslash:
      return c === 0x5c ? state + 1 : -1;
    case Place.LowU:
      return c === 0x75 ? state + 1 : -1;
    default: {
      const digit = hexDigit(c);
      return digit < 0 ? -1 : nextDigit(place, (state & ~0xf) | digit);
    }
  }
}

/** @param digits all that were read, with the last. */
function nextDigit(place: Place, digits: number): number {
  const surrogate = digits & 0xfc00;
  if (place === Place.LastDigit) {
    if (surrogate === 0xd800) return ((digits & 0x3ff) << 4) | Place.LowBackslash;
    return surrogate === 0xdc00 ? -1 : ESCAPED | digits;
  }
  if (place < Place.LastLowDigit) return (digits << 4) | (place + 1);
  return surrogate === 0xdc00 ? ESCAPED | (0x10000 + ((digits >> 16) << 10) + (digits & 0x3ff)) : -1;
}

function short(c: number): number {
  for (let i = 0; i < SHORT.length; i += 2) if (SHORT.charCodeAt(i) === c) return ESCAPED | SHORT.charCodeAt(i + 1);
  return -1;
}

function hexDigit(c: number): number {
  if (c >= 0x30 && c <= 0x39) return c - 0x30;
  const letter = c | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
