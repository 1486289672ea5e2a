import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { retryAfterSeconds } from '../../src/http/retry-after.js';
import { TestClock } from '../support/test-clock.js';

// PROTOCOL.md HTTP-8, HTTP-9, HTTP-33: how long a server asks to wait.

/** 2016-02-09 12:00:00 UTC, a Tuesday. */
const NOW = 1455019200;

/** Most that is waited for: 30 days. */
const MOST = 2592000;

function seconds(header: string, epoch: number | undefined = NOW): number {
  const clock = new TestClock();
  clock.epoch = epoch;
  return retryAfterSeconds(header, clock, MOST);
}

function unsetClock(header: string): number {
  const clock = new TestClock();
  clock.epoch = undefined;
  return retryAfterSeconds(header, clock, MOST);
}

test('a number of seconds, whether the clock is set or not [HTTP-9]', () => {
  for (const [header, expected] of [
    ['0', 0],
    ['1', 1],
    ['120', 120],
    ['007', 7],
    ['86400', 86400],
  ] as const) {
    assert.is(seconds(header), expected);
    assert.is(unsetClock(header), expected);
  }
});

test('a date in each of the forms of HTTP [HTTP-9]', () => {
  assert.is(seconds('Tue, 09 Feb 2016 12:02:00 GMT'), 120);
  assert.is(seconds('Tuesday, 09-Feb-16 12:02:00 GMT'), 120);
  assert.is(seconds('Tue Feb  9 12:02:00 2016'), 120);
  assert.is(seconds('Sun Feb 14 12:00:00 2016'), 432000);
  assert.is(seconds('Tue, 09 Feb 2016 12:00:00 GMT'), 0);
  assert.is(seconds('Wed, 10 Feb 2016 12:00:00 GMT'), 86400);
});

test('a date that is over asks for no wait', () => {
  assert.is(seconds('Tue, 09 Feb 2016 11:59:59 GMT'), 0);
  assert.is(seconds('Thu, 01 Jan 1970 00:00:00 GMT'), 0);
});

test('a date counts as absent while the clock is not set [HTTP-31 HTTP-33]', () => {
  for (const header of ['Tue, 09 Feb 2016 12:02:00 GMT', 'Tue, 09 Feb 2100 12:02:00 GMT']) {
    assert.is(unsetClock(header), -1, header);
  }
});

test('nothing usable is nothing', () => {
  for (const header of ['', 'soon', '-', 'GMT', 'Tue, 99 Foo 2016 12:00:00 GMT', 'Tue, 09 Feb', '{}', 'null']) {
    assert.is(seconds(header), -1, header);
    assert.is(unsetClock(header), -1, header);
  }
});

test('a number that is no count of seconds is nothing', () => {
  for (const header of ['-1', '-120', '1e3', '0x10', 'Infinity', '1e400', '1_000', '1,5']) {
    assert.is(seconds(header), -1, header);
    assert.is(unsetClock(header), -1, header);
  }
});

test('what is longer than the most counts as that [HTTP-50]', () => {
  for (const header of ['2592001', '9'.repeat(15), '9'.repeat(400), 'Tue, 09 Feb 2100 12:02:00 GMT']) {
    assert.is(seconds(header), MOST, header);
  }
  assert.is(seconds('2592000'), MOST);
  assert.is(seconds('2591999'), MOST - 1);
});

test.run();
