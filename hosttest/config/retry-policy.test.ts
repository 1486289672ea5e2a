import { DEFAULT_LIMITS, type Limits } from 'dmlet';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { boundOf, retryDelay, stepsTo, type Waiting } from '../../src/config/retry-policy.js';
import { limitsWith } from '../support/memory-device.js';

// PROTOCOL.md HTTP-6 to HTTP-8, HTTP-42.

const NONE = -1;

/** The delay where the source of randomness says `value`. */
function delay(waiting: Waiting, value: number, retryAfter = NONE, limits = DEFAULT_LIMITS): number {
  return retryDelay(waiting, retryAfter, { next: () => value }, limits);
}

/** Seconds of so many waits, one after the other. */
function waits(count: number, value: number, limits = DEFAULT_LIMITS): number[] {
  const waiting: Waiting = {};
  return Array.from({ length: count }, () => delay(waiting, value, NONE, limits) / 1000);
}

test('a time beyond what a clock takes is cut to that', () => {
  assert.is(delay({}, 0, 2147484), 0x7fffffff);
});

test('the bound begins at 30 s and grows by a fifth of each wait, up to 6 h [HTTP-6, HTTP-7]', () => {
  assert.equal(waits(4, 1), [30, 36, 43.2, 51.84]);
  assert.equal(waits(4, 0.5), [15, 16.5, 18.15, 19.965]);
  assert.equal(
    waits(40, 1).slice(36),
    [30 * 1.2 ** 36, 21600, 21600, 21600].map((s) => Math.floor(s * 1000) / 1000),
  );
});

test('luck does not count: who drew short waits has tried more often, and has the same bound at the same time [HTTP-14]', () => {
  const bounds = [0.01, 0.1, 0.5, 0.9].map((value) => {
    const waiting: Waiting = {};
    let time = 0;
    while (time < 3600000) time += delay(waiting, value);
    return (waiting.bound as number) - (time - 3600000) / 5;
  });
  for (const bound of bounds) assert.ok(Math.abs(bound - 750000) < 1000, `${bound} ms`);
});

test('the jitter is full: from nothing to the bound, in proportion [HTTP-6] [HTTP-14]', () => {
  for (const bound of [undefined, 30000, 77777, 21600000]) {
    assert.is(delay({ bound }, 0), 0);
    assert.is(delay({ bound }, 0.5), Math.floor((bound ?? 30000) / 2));
    assert.is(delay({ bound }, 1), bound ?? 30000);
  }
});

test('a peer that asks to wait is given all of that time, and the jitter behind it [HTTP-8]', () => {
  assert.is(delay({}, 0, 120), 120000);
  assert.is(delay({}, 0.5, 120), 135000);
  assert.is(delay({ bound: 21600000 }, 1, 86400), 86400000 + 21600000);
});

test('the bound grows by what chance drew, not by what the peer asked for', () => {
  const waiting: Waiting = {};
  delay(waiting, 0.5, 86400);
  assert.is(waiting.bound, 33000);
});

test('a wait of 0 s that the peer asks for is as none', () => {
  assert.is(delay({}, 0.5, 0), delay({}, 0.5));
});

test('what is stored of a bound grows once while that doubles, and stands for no lower one [HTTP-12, HTTP-42]', () => {
  const steps = (bound: number): number => stepsTo({ bound }, DEFAULT_LIMITS);
  assert.is(stepsTo({}, DEFAULT_LIMITS), 1);
  assert.equal(
    [30000, 30001, 60000, 60001, 120000, 15360000, 15360001, 21600000].map(steps),
    [1, 2, 2, 3, 3, 10, 11, 11],
  );
  for (let bound = 30000; bound <= 21600000; bound *= 1.07) {
    const stored = boundOf(steps(bound), DEFAULT_LIMITS);
    assert.ok(stored >= bound && (stored < 2 * bound || bound === 30000), `${bound}`);
  }
});

test('whatever the limits, the steps end and the bound is within them', () => {
  for (const [retryFirst, retryCap] of [
    [30000, 30000],
    [60000, 30000],
    [1, 1024],
    [0, 10],
    [0, 0],
  ]) {
    const limits: Limits = limitsWith({ retryFirst, retryCap });
    const waiting: Waiting = {};
    for (let i = 0; i < 200; i += 1) {
      const wait = delay(waiting, 1, NONE, limits);
      assert.ok(wait >= Math.min(retryFirst, retryCap) && wait <= retryCap, `${retryFirst} to ${retryCap}: ${wait}`);
    }
    const steps = stepsTo(waiting, limits);
    assert.ok(steps >= 1 && steps <= 11);
    assert.is(boundOf(steps, limits), retryFirst === 0 ? 0 : retryCap);
  }
});

test.run();
