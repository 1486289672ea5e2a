/** Where in a number the last byte was. From `Zero` on the number may end there. */
export const enum Digits {
  Start = 0,
  Minus,
  Point,
  Exponent,
  Sign,
  Zero,
  Integer,
  Fraction,
  Power,
}

/**
 * Moves on in the grammar of a JSON number (RFC 8259 §6).
 * @param digits `Digits.Start`, or what this function returned for the byte before.
 * @returns the next place, a `Digits`; -1 where `c` does not belong to the number.
 */
export function nextDigits(digits: number, c: number): number {
  if (c >= 0x30 && c <= 0x39) {
    if (digits <= Digits.Minus) return c === 0x30 ? Digits.Zero : Digits.Integer;
    if (digits === Digits.Point) return Digits.Fraction;
    if (digits <= Digits.Sign) return Digits.Power;
    return digits === Digits.Zero ? -1 : digits;
  }
  switch (c) {
    case 0x2d:
      if (digits === Digits.Start) return Digits.Minus;
      return digits === Digits.Exponent ? Digits.Sign : -1;
    case 0x2b:
      return digits === Digits.Exponent ? Digits.Sign : -1;
    case 0x2e:
      return digits === Digits.Zero || digits === Digits.Integer ? Digits.Point : -1;
    case 0x65:
    case 0x45:
      return digits >= Digits.Zero && digits <= Digits.Fraction ? Digits.Exponent : -1;
    default:
      return -1;
  }
}
