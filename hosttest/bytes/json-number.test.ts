import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Digits, nextDigits } from '../../src/bytes/json-number.js';

/** How many characters the grammar takes, and whether the number may end there. */
function read(text: string): [taken: number, whole: boolean] {
  let digits: number = Digits.Start;
  let taken = 0;
  for (; taken < text.length; taken += 1) {
    const next = nextDigits(digits, text.charCodeAt(taken));
    if (next < 0) break;
    digits = next;
  }
  return [taken, digits >= Digits.Zero];
}

test('of all texts of up to five characters those are numbers that JSON.parse takes', () => {
  const visit = (text: string): void => {
    let wanted = true;
    try {
      JSON.parse(text);
    } catch {
      wanted = false;
    }
    const [taken, whole] = read(text);
    assert.is(taken === text.length && whole, wanted, text);
    if (text.length < 5) for (const c of '-+.eE01') visit(text + c);
  };
  for (const c of '-+.eE0159') visit(c);
});

test('no other byte belongs to a number', () => {
  const places = [
    Digits.Start,
    Digits.Minus,
    Digits.Point,
    Digits.Exponent,
    Digits.Sign,
    Digits.Zero,
    Digits.Integer,
    Digits.Fraction,
    Digits.Power,
  ];
  for (const digits of places) {
    for (let c = 0; c < 0x100; c += 1) {
      if (c >= 0x80 || '-+.eE0123456789'.indexOf(String.fromCharCode(c)) < 0) assert.is(nextDigits(digits, c), -1);
    }
  }
});

test.run();
