/** Between two characters: where a text begins and where it may end. */
export const UTF8_START = 0;

/**
 * Checks one byte more of a character that is not ASCII, in UTF-8 (Unicode standard, table 3-7).
 *
 * The state is one number: how many continuation bytes are still to come (bits 16-17), and the least (bits 8-15) and the greatest
 * (bits 0-7) that the next byte may be.
 * @param state `UTF8_START`, or what this function returned for the byte before.
 * @returns the next state, `UTF8_START` behind the last byte; -1 where the sequence is not well formed.
 */
export function nextUtf8(state: number, c: number): number {
  if (state !== UTF8_START) {
    if (c < ((state >> 8) & 0xff) || c > (state & 0xff)) return -1;
    return state < 0x20000 ? UTF8_START : ((state & 0x30000) - 0x10000) | 0x80bf;
  }
  // After four of them the next byte is bounded: no overlong form, no surrogate, nothing beyond U+10FFFF.
  switch (c) {
    case 0xe0:
      return 0x2a0bf;
    case 0xed:
      return 0x2809f;
    case 0xf0:
      return 0x390bf;
    case 0xf4:
      return 0x3808f;
  }
  if (c < 0xc2 || c > 0xf4) return -1;
  return c < 0xe0 ? 0x180bf : c < 0xf0 ? 0x280bf : 0x380bf;
}

/**
 * Puts a code point at the start of `into`, in UTF-8.
 * @param point 0 to 0x10ffff.
 * @returns its length in bytes, 1 to 4.
 */
export function putUtf8(point: number, into: Uint8Array): number {
  into[0] = point;
  if (point < 0x80) return 1;
  const length = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  let rest = point;
  for (let i = length - 1; i > 0; i -= 1) {
    into[i] = 0x80 | (rest & 0x3f);
    rest >>= 6;
  }
  // As many leading ones as bytes; the array keeps the lower eight bits.
  into[0] = (0xf00 >> length) | rest;
  return length;
}
