import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { printable } from '../support/cuts.js';
import { jsonEscapes } from '../support/json-escapes.js';
import { jsonLog, outcome } from '../support/json-log.js';
import { utf8 } from '../support/utf8.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** A JSON string of these raw bytes. */
function inString(...bytes: number[]): Uint8Array {
  return Uint8Array.from([QUOTE, ...bytes, QUOTE]);
}

test('control characters 0x00 to 0x1f are refused in values, names and skipped matter', () => {
  for (let c = 0; c < 0x20; c += 1) {
    assert.equal(jsonLog(inString(0x61, c, 0x62)), ['BAD_JSON at 2'], `0x${c.toString(16)}`);
    const name = Uint8Array.from([0x7b, ...inString(0x61, c)]);
    assert.equal(jsonLog(name), ['{', 'BAD_JSON at 3'], `0x${c.toString(16)}`);
    const skipped = Uint8Array.from([...utf8.encode('{"a":'), ...inString(c)]);
    assert.equal(
      jsonLog(skipped, (_line, scanner) => scanner.skipRest()),
      ['{', 'BAD_JSON at 6'],
      `0x${c.toString(16)}`,
    );
  }
});

test('every other ASCII character stands for itself', () => {
  for (let c = 0x20; c < 0x80; c += 1) {
    if (c === QUOTE || c === BACKSLASH) continue;
    assert.equal(jsonLog(inString(c)), [`text:${String.fromCharCode(c)}`, 'end']);
  }
});

test('the one-letter escapes are the eight of JSON', () => {
  const meanings = '""\\\\//b\bf\fn\nr\rt\t';
  for (let c = 0; c < 0x100; c += 1) {
    const at = c < 0x80 ? meanings.indexOf(String.fromCharCode(c)) : -1;
    const log = jsonLog(inString(0x61, BACKSLASH, c, 0x62));
    if (c === 0x75) assert.equal(log, ['BAD_JSON at 5'], 'u needs four digits');
    else if (at >= 0 && at % 2 === 0) assert.equal(log, [`text:a${meanings[at + 1]}b`, 'end']);
    else assert.equal(log, ['BAD_JSON at 3'], `0x${c.toString(16)}`);
  }
});

test('\\u takes four hexadecimal digits of either case, and nothing else in any of the four places', () => {
  const hex = '0123456789abcdefABCDEF';
  for (let place = 0; place < 4; place += 1) {
    for (let c = 0; c < 0x100; c += 1) {
      const bytes = utf8.encode('"\\u0000"');
      bytes[3 + place] = c;
      const isHex = c < 0x80 && hex.indexOf(String.fromCharCode(c)) >= 0;
      const log = jsonLog(bytes);
      if (isHex) assert.equal(log, [`text:${JSON.parse(utf8.decode(bytes, 0, bytes.length))}`, 'end']);
      else assert.equal(log, [`BAD_JSON at ${3 + place}`], printable(bytes));
    }
  }
});

test('\\u gives the UTF-8 of its code point, at every edge of its length', () => {
  for (const unit of [
    0, 1, 0x1f, 0x41, 0x7f, 0x80, 0xff, 0x7ff, 0x800, 0xfff, 0xd7ff, 0xe000, 0xfeff, 0xfffd, 0xffff,
  ]) {
    const digits = (unit + 0x10000).toString(16).slice(1);
    const expected = [`text:<${String.fromCharCode(unit)}>`, 'end'];
    assert.equal(jsonLog(`"<\\u${digits}>"`), expected);
    assert.equal(jsonLog(`"<\\u${digits.toUpperCase()}>"`), expected);
  }
});

test('a pair of surrogate escapes is one code point', () => {
  for (const point of [0x10000, 0x10001, 0x103ff, 0x10400, 0x1f600, 0xfffff, 0x100000, 0x10fc00, 0x10ffff]) {
    const text = String.fromCodePoint(point);
    const escapes = jsonEscapes(text);
    assert.equal(jsonLog(`"${escapes}"`), [`text:${text}`, 'end']);
    assert.equal(jsonLog(`{"a${escapes}b":"${escapes}${escapes}"}`), [
      '{',
      `name:a${text}b`,
      `text:${text}${text}`,
      '}',
      'end',
    ]);
  }
});

test('half a pair of surrogate escapes is refused, whatever follows', () => {
  const cases: [string, number][] = [
    ['"\\ud800"', 7],
    ['"\\udbff"', 7],
    ['"\\ud800x"', 7],
    ['"\\ud800é"', 7],
    ['"\\ud800\x01"', 7],
    ['"\\ud800\\n"', 8],
    ['"\\ud800\\\\udc00"', 8],
    ['"\\ud800\\u0041"', 12],
    ['"\\ud800\\ud800"', 12],
    ['"\\ud800\\ue000"', 12],
    ['"\\ud800\\udbff\\udc00"', 12],
    ['"\\udc00"', 6],
    ['"\\udfff"', 6],
    ['"\\udc00\\ud800"', 6],
    ['"\\ud800\\udc00\\udc00"', 18],
    ['{"\\ud800":1}', 8],
  ];
  for (const [text, offset] of cases) {
    assert.is(outcome(jsonLog(text)), `BAD_JSON at ${offset}`, text);
  }
});

/** Sequences that are no UTF-8, and which byte of each is the first that cannot stand there. */
const BROKEN: [what: string, bytes: number[], at: number][] = [
  ['continuation without a first byte', [0x80], 0],
  ['continuation without a first byte, the last', [0xbf], 0],
  ['continuation after a whole character', [0xc3, 0xa9, 0xa9], 2],
  ['overlong in two bytes', [0xc0, 0x80], 0],
  ['overlong in two bytes, the last', [0xc1, 0xbf], 0],
  ['overlong in three bytes', [0xe0, 0x80, 0x80], 1],
  ['overlong in three bytes, the last', [0xe0, 0x9f, 0xbf], 1],
  ['overlong in four bytes', [0xf0, 0x80, 0x80, 0x80], 1],
  ['overlong in four bytes, the last', [0xf0, 0x8f, 0xbf, 0xbf], 1],
  ['first high surrogate', [0xed, 0xa0, 0x80], 1],
  ['last low surrogate', [0xed, 0xbf, 0xbf], 1],
  ['surrogate pair', [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80], 1],
  ['U+110000', [0xf4, 0x90, 0x80, 0x80], 1],
  ['above U+10FFFF', [0xf5, 0x80, 0x80, 0x80], 0],
  ['five bytes', [0xf8, 0x88, 0x80, 0x80, 0x80], 0],
  ['six bytes', [0xfc, 0x84, 0x80, 0x80, 0x80, 0x80], 0],
  ['0xfe', [0xfe], 0],
  ['0xff', [0xff], 0],
  ['two bytes, one there', [0xc3], 1],
  ['three bytes, one there', [0xe2], 1],
  ['three bytes, two there', [0xe2, 0x82], 2],
  ['four bytes, one there', [0xf0], 1],
  ['four bytes, two there', [0xf0, 0x9f], 2],
  ['four bytes, three there', [0xf0, 0x9f, 0x98], 3],
  ['cut off by a character', [0xe2, 0x82, 0x61], 2],
  ['cut off by another first byte', [0xc3, 0xc3, 0xa9], 1],
  ['cut off by an escape', [0xe2, BACKSLASH, 0x6e], 1],
  ['cut off by a control character', [0xc3, 0x0a], 1],
];

test('bytes that are no UTF-8 are refused in values, names and skipped matter [PKG-4]', () => {
  for (const [what, bytes, at] of BROKEN) {
    assert.equal(jsonLog(inString(...bytes)), [`BAD_UTF8 at ${1 + at}`], what);
    assert.equal(jsonLog(inString(0x61, 0xc3, 0xa9, ...bytes)), [`BAD_UTF8 at ${4 + at}`], what);
    const member = Uint8Array.from([0x7b, ...inString(...bytes), 0x3a, 0x31, 0x7d]);
    assert.equal(jsonLog(member), ['{', `BAD_UTF8 at ${2 + at}`], what);
    assert.equal(
      jsonLog(member, (_line, scanner) => scanner.skipRest()),
      ['{', `BAD_UTF8 at ${2 + at}`],
      what,
    );
  }
});

test('a sequence that the end of the input cuts is cut short', () => {
  for (const bytes of [[0xc3], [0xe2], [0xe2, 0x82], [0xf0], [0xf0, 0x9f], [0xf0, 0x9f, 0x98]]) {
    assert.equal(jsonLog(Uint8Array.from([QUOTE, ...bytes])), [`CUT_SHORT at ${1 + bytes.length}`]);
  }
});

test('bytes above 0x7f have no place outside of strings', () => {
  for (let c = 0x80; c < 0x100; c += 1) {
    assert.equal(jsonLog(Uint8Array.from([c])), ['BAD_JSON at 0']);
    assert.equal(jsonLog(Uint8Array.from([0x5b, c])), ['[', 'BAD_JSON at 1']);
  }
});

test('UTF-8 is taken exactly where the platform takes it, at all edges of all four bytes', () => {
  const edges = [0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0];
  const outer = [0x7f, 0x80, 0xbf, 0xc0];
  let taken = 0;
  for (let first = 0x80; first < 0x100; first += 1) {
    for (const second of edges) {
      for (const third of first < 0xe0 ? [0x7f] : outer) {
        for (const fourth of first < 0xe0 ? [0x7f] : outer) {
          const bytes = inString(first, second, third, fourth);
          const log = jsonLog(bytes);
          if (isUtf8(bytes)) {
            taken += 1;
            assert.equal(log, [`text:${utf8.decode(bytes, 1, 5)}`, 'end']);
          } else assert.match(outcome(log), 'BAD_UTF8 at ');
        }
      }
    }
  }
  assert.ok(taken > 300, `${taken} are whole`);
});

function isUtf8(bytes: Uint8Array): boolean {
  try {
    utf8.decode(bytes, 0, bytes.length);
    return true;
  } catch {
    return false;
  }
}

test('texts keep NUL and U+FEFF', () => {
  assert.equal(jsonLog('["\\u0000a\\u0000","\ufeffa\ufeff"]'), ['[', 'text:\0a\0', 'text:\ufeffa\ufeff', ']', 'end']);
});

test.run();
