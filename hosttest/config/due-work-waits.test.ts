import { type DmError, FlashResult } from 'dmlet';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DueField } from '../../src/config/due-work.js';
import { DmError as InnerError } from '../../src/errors.js';
import { CAP, only, started, status, untilDue } from '../support/due-work.js';
import { MemoryDevice } from '../support/memory-device.js';
import { MemoryFlash } from '../support/memory-flash.js';
import { code } from '../support/thrown.js';

// PROTOCOL.md PH-22, PH-23, JIT-27, JIT-28, HTTP-6: what work waits for, who may hurry it, and what a flash that refuses costs.

for (const name of ['NO_VALUE', 'NO_DEVICE_ID'] as const) {
  test(`${name} waits for the identity, and is tried at once when that changes [PH-22, PH-23]`, () => {
    const memory = started();
    const { due } = memory.device;
    due.settle(only(memory), new InnerError(name));
    memory.clock.advance(CAP - 1);
    assert.is(due.next(), undefined);
    due.valueCame();
    assert.equal([due.next(), memory.calls], [only(memory), 1]);
  });

  test(`${name}: a restart tries at once, since it costs no network; again and again it costs no write [PH-22]`, () => {
    let memory = started();
    memory.device.due.settle(only(memory), new InnerError(name));
    const { writes } = memory.flash;
    for (let i = 0; i < 3; i += 1) {
      memory = memory.restart();
      memory.clock.settle();
      assert.is(memory.device.due.next(), only(memory));
      memory.device.due.settle(only(memory), new InnerError(name));
      assert.is(memory.device.due.next(), undefined);
    }
    assert.is(memory.flash.writes, writes);
  });
}

test('a value that goes missing behind a failure of the network is waited for as any [PH-22, PH-23]', () => {
  const memory = started(1);
  const { due } = memory.device;
  due.settle(only(memory), status(500));
  memory.clock.advance(30000);
  due.settle(only(memory), new InnerError('NO_VALUE'));
  due.valueCame();
  assert.is(due.next(), only(memory));
});

test('a new identity does not hurry work that waits for a server', () => {
  const memory = started(1);
  memory.device.due.settle(only(memory), status(500));
  memory.device.due.valueCame();
  assert.is(memory.device.due.next(), undefined);
});

test('a request during a wait is refused with the seconds left; an urgent one is let through once [JIT-27, JIT-28, JIT-31]', () => {
  const memory = started(1);
  const { due } = memory.device;
  due.settle(only(memory), status(500));
  memory.clock.advance(10001);
  const refusal = (urgent: boolean): number => {
    try {
      due.hurry(only(memory), urgent);
    } catch (thrown) {
      assert.is((thrown as DmError).code, 'BACK_OFF');
      return (thrown as DmError).retryAfter;
    }
    return -1;
  };
  assert.is(refusal(false), 20);
  assert.is(refusal(true), -1);
  assert.is(refusal(true), 20);
  // The try that it brought failed: that is the same back-off, only longer.
  due.settle(only(memory), status(500));
  assert.is(refusal(true), 36);
  memory.clock.advance(36000);
  assert.is(refusal(false), -1);
  due.settle(only(memory), status(500));
  assert.equal([refusal(false), refusal(true), refusal(true)], [44, -1, 44]);
});

test('a request is not refused where only a value is missing [PH-22]', () => {
  const memory = started();
  memory.device.due.settle(only(memory), new InnerError('NO_VALUE'));
  memory.device.due.hurry(only(memory), false);
});

test('a flash that refuses: the wait holds and grows all the same [HTTP-6]', () => {
  const memory = started(1);
  const waits: number[] = [];
  for (let i = 0; i < 4; i += 1) {
    memory.flash.refusals.push(FlashResult.Failed);
    memory.device.due.settle(only(memory), status(500));
    waits.push(untilDue(memory) / 1000);
  }
  assert.equal(waits, [30, 36, 43.5, 52]);
  memory.device.due.settle(only(memory), status(500));
  assert.equal(only(memory.restart()).fields, ['session', 'srv', '', '3', '']);
});

test('a flash that will not forget what is done: it rests until the cap, and is done again after a restart', () => {
  const memory = started();
  memory.flash.refusals.push(FlashResult.Failed);
  memory.device.due.settle(only(memory), undefined);
  memory.clock.advance(CAP - 1);
  assert.is(memory.device.due.next(), undefined);
  assert.is(memory.restart().device.due.next()?.fields[DueField.First], 'srv');
});

test('work whose cancelling flash refuses still waits', () => {
  const memory = started(1);
  const { due, transaction } = memory.device;
  due.settle(only(memory), status(500));
  due.cancel(only(memory));
  memory.flash.refusals.push(FlashResult.Failed);
  assert.throws(() => transaction.commit(), code('FLASH_FAILED'));
  transaction.rollback();
  assert.equal([due.rows.length, due.next()], [1, undefined]);
  assert.is(untilDue(memory), 30000);
});

test('work that was cancelled while it was done is settled without a trace', () => {
  const memory = started();
  const row = only(memory);
  memory.device.due.cancel(row);
  memory.device.transaction.commit();
  memory.device.due.settle(row, status(500));
  assert.equal([memory.device.due.rows.length, memory.clock.pending], [0, 0]);
});

test('work as an earlier firmware stored it, without tries, is retried like any other', () => {
  const memory = new MemoryDevice({}, new MemoryFlash(), 1);
  memory.device.transaction.put(memory.device.due, undefined, ['session', 'srv', '']);
  memory.device.transaction.commit();
  const again = memory.restart();
  again.device.due.settle(only(again), status(500));
  assert.is(untilDue(again), 30000);
});

test('a wait that is stored as no number is a time that a clock takes', () => {
  for (const seconds of ['x', '=x', '=1e999', 'Infinity', '-5', '=-5']) {
    const memory = new MemoryDevice();
    memory.device.transaction.put(memory.device.due, undefined, ['session', 'srv', '', '1', seconds]);
    memory.device.transaction.commit();
    const again = memory.restart();
    const wait = again.clock.next;
    assert.ok(wait >= 0 && wait <= 0x7fffffff, `${seconds}: ${wait} ms`);
  }
});

test.run();
