import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { JsonSyntaxError, lineAndColumn, outlineJson } from './json-outline.js';

const VALID = [
  '1',
  '"a"',
  'null',
  '[]',
  '{}',
  ' [ ] ',
  ' { } ',
  '[{}]',
  '[1,[2,[3]],{"a":[]}]',
  '{"a":1,"b":{"c":[true,false,null]},"d":"\\u00e9\\n\\""}',
  '-0.5e+10',
  '1.05E-0',
  '[\n\t\r -1 ]',
];

const INVALID: [text: string, offset: number][] = [
  ['', 0],
  [' ', 1],
  ['{', 1],
  ['[', 1],
  ['[1', 2],
  ['[1,]', 3],
  ['{"a":1,}', 7],
  ['{"a" 1}', 5],
  ['{"a":}', 5],
  ['{a:1}', 1],
  ['[1}', 2],
  ['{"a":1]', 6],
  ['01', 1],
  ['-', 0],
  ['1.', 1],
  ['nul', 0],
  ['"a', 2],
  ['"a\nb"', 2],
  ['"\\x"', 1],
  ['"\\u12"', 1],
  ['1 2', 2],
  ['\ufeff1', 0],
  ['[,1]', 1],
];

test('takes what JSON.parse takes', () => {
  for (const text of VALID) {
    JSON.parse(text);
    outlineJson(text);
  }
});

test('refuses what JSON.parse refuses, at the right place', () => {
  for (const [text, offset] of INVALID) {
    assert.throws(() => JSON.parse(text));
    assert.throws(
      () => outlineJson(text),
      (error: unknown) => error instanceof JsonSyntaxError && error.offset === offset,
      JSON.stringify(text),
    );
  }
});

test('lists the outermost members, those of one name too', () => {
  const text = '{ "CMD" : [["A"]], "x":{"CMD":0}, "\\u0043MD":[ ] }';
  const members = outlineJson(text).members.map(({ key, from, to }) => [key, JSON.parse(text.slice(from, to))]);
  assert.equal(members, [
    ['CMD', [['A']]],
    ['x', { CMD: 0 }],
    ['CMD', []],
  ]);
  assert.equal(outlineJson('[{"a":1}]').members, []);
});

test('finds the first repeated name, within one object only', () => {
  assert.is(outlineJson('{"a":{"b":1},"b":{"a":1}}').duplicate, undefined);
  assert.equal(outlineJson('[{"a":1},{"x":{"b":1,"c":1,"b":2}}]').duplicate, { key: 'b', offset: 27 });
});

test('counts levels, and as many as there are', () => {
  assert.is(outlineJson('1').depth, 0);
  assert.is(outlineJson('[{"a":[]},[]]').depth, 3);
  assert.is(outlineJson('['.repeat(100_000) + ']'.repeat(100_000)).depth, 100_000);
});

test('tells places as editors do', () => {
  assert.is(lineAndColumn('ab\ncd', 0), 'line 1, column 1');
  assert.is(lineAndColumn('ab\ncd', 4), 'line 2, column 2');
});

test.run();
