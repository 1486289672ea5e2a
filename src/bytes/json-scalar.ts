/** Where in a number or a literal the last byte was. From `Zero` on it may end there. */
export const enum Scalar {
  Start = 0,
  Minus,
  Point,
  Exponent,
  Sign,
  /** From here on a place in `WORDS`, less `Word`. */
  Word,
  Zero = 32,
  Integer,
  Fraction,
  Power,
  /** A literal is whole: there is no byte behind it to ask for. */
  Literal,
}

const WORDS = ' null false true ';

/**
 * Moves on in the grammar of a JSON number (RFC 8259 §6) or literal (§3).
 * @param place `Scalar.Start`, or what this function returned for the byte before.
 * @returns the next place, a `Scalar`; -1 where `c` does not belong to it.
 */
export function nextScalar(place: number, c: number): number {
  if (place === Scalar.Start) {
    const at = WORDS.indexOf(` ${String.fromCharCode(c)}`);
    if (at >= 0) return Scalar.Word + at + 2;
  } else if (place >= Scalar.Word && place < Scalar.Zero) {
    if (c !== WORDS.charCodeAt(place - Scalar.Word)) return -1;
    return WORDS.charCodeAt(place + 1 - Scalar.Word) === 0x20 ? Scalar.Literal : place + 1;
  }
  if (c >= 0x30 && c <= 0x39) {
    if (place <= Scalar.Minus) return c === 0x30 ? Scalar.Zero : Scalar.Integer;
    if (place === Scalar.Point) return Scalar.Fraction;
    if (place <= Scalar.Sign) return Scalar.Power;
    return place === Scalar.Zero ? -1 : place;
  }
  if (c === 0x2e) return place === Scalar.Zero || place === Scalar.Integer ? Scalar.Point : -1;
  if ((c | 0x20) === 0x65) return place >= Scalar.Zero && place <= Scalar.Fraction ? Scalar.Exponent : -1;
  if (place === Scalar.Exponent && (c === 0x2b || c === 0x2d)) return Scalar.Sign;
  return place === Scalar.Start && c === 0x2d ? Scalar.Minus : -1;
}
