import { DmError } from 'dmlet';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type LoggedReader, logHoweverCut, thrownBy } from '../support/cuts.js';
import { jsonLog, loggedScanner, outcome, type Steer } from '../support/json-log.js';
import { utf8 } from '../support/utf8.js';

const SKIP_X: Steer = (line, scanner) => {
  if (line === 'name:x') scanner.skip();
};

test('nesting up to the limit is taken, one level more is not', () => {
  for (const limit of [1, 2, 3, 8, 32, 255]) {
    const arrays = '['.repeat(limit) + ']'.repeat(limit);
    assert.is(outcome(jsonLog(arrays, undefined, limit)), 'end', `${limit}`);
    const deeper = jsonLog(`[${arrays}]`, undefined, limit);
    assert.is(outcome(deeper), `TOO_DEEP at ${limit}`);
    assert.is(deeper.length, limit + 1, 'all before it was delivered');
  }
});

test('objects and arrays count alike', () => {
  assert.is(outcome(jsonLog('{"a":[{"b":[]}]}', undefined, 4)), 'end');
  assert.is(outcome(jsonLog('{"a":[{"b":[{}]}]}', undefined, 4)), 'TOO_DEEP at 12');
  assert.is(outcome(jsonLog('{"a":[{"b":[[]]}]}', undefined, 4)), 'TOO_DEEP at 12');
});

test('only what is open counts', () => {
  assert.is(outcome(jsonLog('[[],[],{},{"a":[]},[[]],[]]', undefined, 3)), 'end');
});

test('the limit holds in skipped matter', () => {
  assert.equal(jsonLog('{"x":[[]],"y":1}', SKIP_X, 3), ['{', 'name:x', 'name:y', 'number:1', '}', 'end']);
  assert.equal(jsonLog('{"x":[[[]]],"y":1}', SKIP_X, 3), ['{', 'name:x', 'TOO_DEEP at 7']);
});

/** Numbers of every form, `length` bytes long. */
function numbersOf(length: number): string[] {
  return [
    '7'.repeat(length),
    `-${'7'.repeat(length - 1)}`,
    `0.${'7'.repeat(length - 2)}`,
    `1e${'7'.repeat(length - 2)}`,
    `${'7'.repeat(length - 4)}.5e7`,
    `-0.7E+${'0'.repeat(length - 6)}`,
  ];
}

test('a number of 64 bytes is reported', () => {
  for (const number of numbersOf(64)) {
    assert.is(number.length, 64);
    assert.equal(jsonLog(`[${number}]`), ['[', `number:${number}`, ']', 'end']);
    assert.equal(jsonLog(number), [`number:${number}`, 'end']);
  }
});

test('a number of more than 64 bytes comes without its digits, and is still checked', () => {
  for (const length of [65, 66, 200]) {
    for (const number of numbersOf(length)) {
      assert.equal(jsonLog(`[1,${number},2]`), ['[', 'number:1', 'number:', 'number:2', ']', 'end'], number);
      assert.equal(jsonLog(number), ['number:', 'end'], number);
      assert.equal(jsonLog(`[1,${number}x]`), ['[', 'number:1', 'number:', `BAD_JSON at ${3 + length}`], number);
      assert.match(outcome(jsonLog(`[${number}.e]`)), 'BAD_JSON at ');
    }
  }
});

test('a number that is skipped may have any length, and is still checked', () => {
  for (const number of numbersOf(300)) {
    assert.equal(jsonLog(`{"x":${number},"y":1}`, SKIP_X), ['{', 'name:x', 'name:y', 'number:1', '}', 'end']);
    assert.equal(jsonLog(`{"x":[${number}x]}`, SKIP_X), ['{', 'name:x', 'BAD_JSON at 306']);
  }
});

test('a string has no limit', () => {
  const long = 'é'.repeat(300);
  assert.equal(jsonLog(`{"${long}":"${long}"}`), ['{', `name:${long}`, `text:${long}`, '}', 'end']);
});

/** A scanner whose handler throws at one event. */
function throwing(event: string, error: unknown): LoggedReader {
  return loggedScanner(8, (line) => {
    if (line === event) throw error;
  });
}

test('what a handler throws leaves with its own code and cause', () => {
  const cause = new RangeError('x');
  for (const event of ['{', 'name:a', '[', 'number:12', 'text:b', 'true', ']', '}']) {
    const feed = (error: unknown): DmError =>
      thrownBy(() => {
        const bytes = utf8.encode('{"a":[12,"b",true]}');
        throwing(event, error).take(bytes, 0, bytes.length);
      });
    assert.is(feed(new DmError('TREE_FULL')).code, 'TREE_FULL', event);
    const foreign = feed(cause);
    assert.is(foreign.code, 'INTERNAL', event);
    assert.is(foreign.cause, cause, event);
  }
});

test('what a handler throws keeps its own place', () => {
  const error = thrownBy(() => throwing('{', new DmError('CONFLICT', '', 1234)).take(utf8.encode(' {'), 0, 2));
  assert.is(error.offset, 1234);
});

test('what a handler throws gets the place where the token under way begins, however the text is cut', () => {
  const text = ' {"name" : [ 12, "text", true ]}';
  const events: [event: string, place: number][] = [
    ['{', 1],
    ['name:name', 2],
    ['[', 11],
    ['number:12', 13],
    ['text:text', 17],
    ['true', 25],
    [']', 30],
    ['}', 31],
  ];
  for (const [event, place] of events) {
    // A new error for each reader: an error keeps the first place it gets.
    const log = logHoweverCut(text, () => throwing(event, new DmError('TREE_FULL')));
    assert.is(outcome(log), `TREE_FULL at ${place}`, event);
  }
});

test('what a handler throws at a number that only the end ends leaves like any other error', () => {
  const cause = new RangeError('x');
  const reader = throwing('number:12', cause);
  reader.take(utf8.encode('12'), 0, 2);
  const error = thrownBy(() => reader.end());
  assert.is(error.code, 'INTERNAL');
  assert.is(error.cause, cause);
  assert.is(error.offset, 0);
});

test.run();
