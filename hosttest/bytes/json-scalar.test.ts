import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { nextScalar, Scalar } from '../../src/bytes/json-scalar.js';

const WORDS = ['null', 'false', 'true'];

/** How many characters the grammar takes, and whether the scalar may end there. */
function read(text: string): [taken: number, whole: boolean] {
  let place: number = Scalar.Start;
  let taken = 0;
  for (; taken < text.length; taken += 1) {
    const next = nextScalar(place, text.charCodeAt(taken));
    if (next < 0) break;
    place = next;
  }
  return [taken, place >= Scalar.Zero];
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
    Scalar.Minus,
    Scalar.Point,
    Scalar.Exponent,
    Scalar.Sign,
    Scalar.Zero,
    Scalar.Integer,
    Scalar.Fraction,
    Scalar.Power,
  ];
  for (const place of places) {
    for (let c = 0; c < 0x100; c += 1) {
      if (c >= 0x80 || '-+.eE0123456789'.indexOf(String.fromCharCode(c)) < 0) assert.is(nextScalar(place, c), -1);
    }
  }
});

test('of all texts that begin as a literal only the three are whole', () => {
  const visit = (text: string): void => {
    for (let c = 0; c < 0x100; c += 1) {
      const longer = text + String.fromCharCode(c);
      const isBegun = WORDS.some((word) => word.startsWith(longer));
      assert.equal(read(longer), [isBegun ? longer.length : text.length, WORDS.includes(longer)], longer);
      if (isBegun && !WORDS.includes(longer)) visit(longer);
    }
  };
  for (const c of 'nft') visit(c);
});

test('a scalar begins with a digit, a minus or a letter of a literal', () => {
  for (let c = 0; c < 0x100; c += 1) {
    // Before a scalar white space is none of its business.
    if (c !== 0x20)
      assert.is(nextScalar(Scalar.Start, c) >= 0, '-0123456789nft'.includes(String.fromCharCode(c)), `${c}`);
  }
});

test.run();
