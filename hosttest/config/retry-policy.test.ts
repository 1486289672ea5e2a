import { DEFAULT_LIMITS, type Limits } from 'dmlet';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { countedTries, retryDelay } from '../../src/config/retry-policy.js';
import { limitsWith } from '../support/memory-device.js';

// PROTOCOL.md HTTP-6 to HTTP-8.

const NONE = -1;

/** The delay where the source of randomness says `value`. */
function delay(attempt: number, value: number, retryAfter = NONE, limits = DEFAULT_LIMITS): number {
  return retryDelay(attempt, retryAfter, { next: () => value }, limits);
}

/** The number at which it stays. */
function lastCounted(limits: Limits): number {
  let last = 0;
  for (let i = 0; i < 40; i += 1) last = countedTries(last + 1, limits);
  return last;
}

test('a time beyond what a clock takes is cut to that', () => {
  assert.is(delay(1, 0, 2147484), 0x7fffffff);
});

test('the bound begins at 30 s and doubles up to 6 h [HTTP-6, HTTP-7]', () => {
  const bounds = Array.from({ length: 13 }, (_, index) => delay(index + 1, 1) / 1000);
  assert.equal(bounds, [30, 60, 120, 240, 480, 960, 1920, 3840, 7680, 15360, 21600, 21600, 21600]);
});

test('the jitter is full: from nothing to the bound, in proportion [HTTP-6] [HTTP-14]', () => {
  for (const attempt of [1, 2, 11, 40]) {
    assert.is(delay(attempt, 0), 0);
    assert.is(delay(attempt, 0.5), delay(attempt, 1) / 2);
  }
});

test('a peer that asks to wait is given all of that time, and the jitter behind it [HTTP-8]', () => {
  assert.is(delay(1, 0, 120), 120000);
  assert.is(delay(1, 0.5, 120), 135000);
  assert.is(delay(20, 1, 86400), 86400000 + 21600000);
});

test('a wait of 0 s that the peer asks for is as none', () => {
  assert.is(delay(2, 0.5, 0), delay(2, 0.5));
});

test('tries are counted up to the first whose bound is the cap [HTTP-42]', () => {
  for (const [retryFirst, retryCap] of [
    [30000, 21600000],
    [30000, 30000],
    [60000, 30000],
    [1, 1024],
    [1, 1025],
    [0, 10],
  ]) {
    const limits = limitsWith({ retryFirst, retryCap });
    const last = lastCounted(limits);
    assert.is(delay(last, 1, NONE, limits), delay(last + 1, 1, NONE, limits), `${retryFirst} to ${retryCap}`);
    if (last > 1) assert.ok(delay(last - 1, 1, NONE, limits) < delay(last, 1, NONE, limits));
  }
  assert.is(lastCounted(DEFAULT_LIMITS), 11);
});

test.run();
