import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { jsonLog, loggedScanner, outcome, rebuilt } from '../support/json-log.js';
import { Lcg } from '../support/lcg.js';
import { utf8 } from '../support/utf8.js';

// Names are few and short: JSON.parse, unlike the scanner, makes property names of them, of which an engine may have a fixed store.
const NAMES = ['""', '"a"', '"b"', '"\\u0061"', '"é"'];
const TEXTS = [
  '""',
  '"x"',
  '"a b"',
  '"\\n"',
  '"\\"\\\\"',
  '"é€"',
  '"😀"',
  '"\\u20ac"',
  '"\\ud83d\\ude00"',
  '"\\u0000"',
];
const NUMBERS = ['0', '-1', '10', '0.5', '1e9', '-2.50E-3', '1e+0'];
const WORDS = ['null', 'true', 'false'];
const BLANKS = ['', '', '', '', ' ', '\n', '\t', '\r', ' \n '];

/** What mutations put in: bytes that mean something somewhere, and some that do not. */
const PIECES = [
  ...'{}[]:,"\\/-+.019eEuabdfnrt \n\x00\x1f\x7fé€😀',
  '\\u',
  '\\ud83d',
  '\\ude00',
  '00',
  'nul',
  '1.',
  '"",',
];

function blank(random: Lcg): string {
  return random.pick(BLANKS);
}

function randomValue(random: Lcg, depth: number): string {
  const kind = random.below(depth === 0 ? 3 : 5);
  if (kind < 3) return random.pick(kind === 0 ? TEXTS : kind === 1 ? NUMBERS : WORDS);
  const parts: string[] = [];
  for (let left = random.below(4); left > 0; left -= 1) {
    const name = kind === 3 ? `${random.pick(NAMES)}${blank(random)}:${blank(random)}` : '';
    parts.push(blank(random) + name + randomValue(random, depth - 1) + blank(random));
  }
  const inside = parts.length > 0 ? parts.join(',') : blank(random);
  return kind === 3 ? `{${inside}}` : `[${inside}]`;
}

function randomDocument(random: Lcg): string {
  return blank(random) + randomValue(random, 3) + blank(random);
}

/** One to three small changes: characters taken out, put in, replaced, doubled, swapped, or the end cut off. */
function mutate(text: string, random: Lcg): string {
  let characters = [...text];
  for (let left = 1 + random.below(3); left > 0; left -= 1) {
    const at = random.below(characters.length + 1);
    const count = 1 + random.below(3);
    const piece = [...random.pick(PIECES)];
    switch (random.below(6)) {
      case 0:
        characters.splice(at, count);
        break;
      case 1:
        characters.splice(at, 0, ...piece);
        break;
      case 2:
        characters.splice(at, 1, ...piece);
        break;
      case 3:
        characters.splice(at, 0, ...characters.slice(at, at + count));
        break;
      case 4:
        characters.splice(at, 2, ...characters.slice(at, at + 2).reverse());
        break;
      default:
        characters = characters.slice(0, at);
    }
  }
  return characters.join('');
}

/** Says whether a text that JSON.parse takes has an escape for half of a surrogate pair, which the scanner refuses. */
function hasLoneSurrogate(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    if (text[i] !== '\\') continue;
    i += 1;
    if (text[i] !== 'u') continue;
    const unit = Number.parseInt(text.slice(i + 1, i + 5), 16);
    i += 4;
    if (unit < 0xd800 || unit > 0xdfff) continue;
    if (unit >= 0xdc00) return true;
    const low = text.slice(i + 1, i + 3) === '\\u' ? Number.parseInt(text.slice(i + 3, i + 7), 16) : 0;
    if (low < 0xdc00 || low > 0xdfff) return true;
    i += 6;
  }
  return false;
}

/** What JSON.parse makes of it, with the one difference. */
function parsed(text: string): { value: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return hasLoneSurrogate(text) ? undefined : { value };
  } catch {
    return undefined;
  }
}

test('random documents give the values of JSON.parse', () => {
  const random = new Lcg(2016);
  let longest = 0;
  for (let left = 1000; left > 0; left -= 1) {
    const text = randomDocument(random);
    assert.equal(rebuilt(jsonLog(text)), JSON.parse(text), text);
    longest = Math.max(longest, text.length);
  }
  assert.ok(longest > 80, 'some documents are long');
});

test('mutated documents are taken and refused as by JSON.parse', () => {
  const random = new Lcg(209);
  let taken = 0;
  let refused = 0;
  let lone = 0;
  while (taken + refused < 4000) {
    const text = mutate(randomDocument(random), random);
    if (text.length > 120) continue;
    const log = jsonLog(text);
    const expected = parsed(text);
    if (expected !== undefined) {
      taken += 1;
      assert.is(outcome(log), 'end', text);
      assert.equal(rebuilt(log), expected.value, text);
      continue;
    }
    refused += 1;
    if (hasLoneSurrogate(text)) lone += 1;
    assert.is.not(outcome(log), 'end', text);
    assertFirstBadByte(text, outcome(log));
  }
  assert.ok(taken > 500 && refused > 1500 && lone > 10, `${taken} taken, ${refused} refused, ${lone} with half a pair`);
});

/** The scanner takes all bytes before the place of the error, and not the one there. */
function assertFirstBadByte(text: string, error: string): void {
  const bytes = utf8.encode(text);
  const [code, place] = error.split(' at ');
  const offset = Number(place);
  loggedScanner(32).take(bytes, 0, offset);
  if (code === 'CUT_SHORT') assert.is(offset, bytes.length, text);
  else assert.throws(() => loggedScanner(32).take(bytes, 0, offset + 1), undefined, text);
}

test.run();
