import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { JsonScanner } from '../../src/bytes/json-scanner.js';
import { JsonLog } from '../support/json-log.js';

const scanner = new JsonScanner(1);

/** The code point that an escape stands for, the text being what follows the backslash; undefined where a byte is refused or missing. */
function read(text: string): number | undefined {
  const log = new JsonLog();
  const bytes = Uint8Array.from(`"\\${text}"`, (character) => character.charCodeAt(0));
  scanner.reset(log);
  try {
    scanner.scan(bytes, 0, bytes.length);
    scanner.end();
  } catch {
    return undefined;
  }
  const [character, ...others] = log.lines[0].slice('text:'.length);
  return others.length === 0 ? character.codePointAt(0) : undefined;
}

/** The same by the platform; it takes lone surrogates. */
function parsed(text: string): string | undefined {
  try {
    return JSON.parse(`"\\${text}"`) as string;
  } catch {
    return undefined;
  }
}

function unit(value: number): string {
  return `u${value.toString(16).padStart(4, '0')}`;
}

test('one-letter escapes stand for what JSON.parse says', () => {
  for (let c = 0; c < 0x80; c += 1) {
    const letter = String.fromCharCode(c);
    assert.is(read(letter), parsed(letter)?.codePointAt(0), letter);
  }
});

test('every unit that is no surrogate stands for itself, in either case', () => {
  for (let value = 0; value < 0x10000; value += 1) {
    const isSurrogate = value >= 0xd800 && value < 0xe000;
    assert.is(read(unit(value)), isSurrogate ? undefined : value);
    if (!isSurrogate) assert.is(read(`u${unit(value).slice(1).toUpperCase()}`), value);
  }
});

test('a high surrogate and a low one are one character, anything else behind a high one is refused', () => {
  const seconds = [0, 0x41, 0xd7ff, 0xd800, 0xdbff, 0xdc00, 0xdc01, 0xdd55, 0xdfff, 0xe000, 0xffff];
  for (let high = 0xd800; high < 0xdc00; high += 1) {
    for (const second of seconds) {
      const isLow = second >= 0xdc00 && second < 0xe000;
      const text = `${unit(high)}\\${unit(second)}`;
      assert.is(read(text), isLow ? String.fromCharCode(high, second).codePointAt(0) : undefined, text);
    }
  }
  for (const text of ['ud800n', 'ud800\\n', 'ud800udc00', 'ud800\\\\udc00', 'ud800"']) assert.is(read(text), undefined);
});

test('where a hexadecimal digit must stand nothing else may', () => {
  for (const whole of ['u0041', 'ud83d\\ude00']) {
    for (let at = 1; at < whole.length; at += 1) {
      for (let c = 0; c < 0x100; c += 1) {
        const text = whole.slice(0, at) + String.fromCharCode(c) + whole.slice(at + 1);
        if (c >= 0x80 || parsed(text) === undefined) assert.is(read(text), undefined, text);
      }
    }
  }
});

test.run();
