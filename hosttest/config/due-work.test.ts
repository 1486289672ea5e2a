import { type DmError, FlashResult } from 'dmlet';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DueField } from '../../src/config/due-work.js';
import { DmError as InnerError } from '../../src/errors.js';
import type { Row } from '../../src/tree/table.js';
import { MemoryDevice } from '../support/memory-device.js';
import { MemoryFlash } from '../support/memory-flash.js';
import { code } from '../support/thrown.js';

// PROTOCOL.md HTTP-5 to HTTP-12, HTTP-34, HTTP-42: what is due, and when it is tried again.

const HOUR = 3600000;
const CAP = 6 * HOUR;

function status(value: number, retryAfter = -1): InnerError {
  const error = new InnerError('HTTP_STATUS', '', -1, undefined, value);
  error.retryAfter = retryAfter;
  return error;
}

/** A device with one piece of work that is durable. */
function started(random = 0.5): MemoryDevice {
  const memory = new MemoryDevice({}, new MemoryFlash(), random);
  memory.device.due.add('session', 'srv', '');
  memory.device.transaction.commit();
  return memory;
}

function only(memory: MemoryDevice): Row {
  const { rows } = memory.device.due;
  assert.is(rows.length, 1);
  return rows[0];
}

/** Milliseconds until the work is due. */
function untilDue(memory: MemoryDevice): number {
  let low = 0;
  const step = 500;
  while (memory.device.due.next() === undefined) {
    memory.clock.advance(step);
    low += step;
    assert.ok(low < 100 * CAP);
  }
  return low;
}

/** Fails the work as often as that, each time when it is due. Returns the writes to flash of each time. */
function fail(memory: MemoryDevice, times: number, error: () => InnerError): number[] {
  const writes: number[] = [];
  for (let i = 0; i < times; i += 1) {
    memory.clock.advance(100 * CAP);
    const before = memory.flash.writes;
    memory.device.due.settle(only(memory), error());
    writes.push(memory.flash.writes - before);
  }
  return writes;
}

test('work that is added is due at once, durable, and there once', () => {
  const memory = started();
  memory.device.due.add('session', 'srv', '');
  memory.device.transaction.commit();
  assert.equal(only(memory).fields, ['session', 'srv', '', '0', '']);
  assert.is(memory.device.due.next(), only(memory));
  assert.equal(only(memory.restart()).fields, ['session', 'srv', '', '0', '']);
});

test('work that is asked for is durable from the moment on when it is added', () => {
  const memory = new MemoryDevice();
  const { due, transaction } = memory.device;
  due.ask('session', 'srv', '');
  assert.is(memory.restart().device.due.rows.length, 0);
  due.add('session', 'srv', '');
  transaction.commit();
  assert.is(only(memory.restart()).fields[DueField.First], 'srv');
  assert.is(due.rows.length, 1);
});

test('work that succeeds, or fails for good, is off the list and off flash [HTTP-10]', () => {
  for (const error of [undefined, status(404), new InnerError('FORBIDDEN')]) {
    const memory = started();
    memory.device.due.settle(only(memory), error);
    assert.is(memory.device.due.rows.length, 0);
    assert.is(memory.restart().device.due.rows.length, 0);
  }
});

test('work that was never stored leaves without a write', () => {
  const memory = new MemoryDevice();
  const { writes } = memory.flash;
  memory.device.due.settle(memory.device.due.ask('report', 'srv', 'uri'), undefined);
  assert.equal([memory.device.due.rows.length, memory.flash.writes], [0, writes]);
});

test('what fails for now waits under a bound that doubles up to its cap [HTTP-6, HTTP-7, HTTP-11]', () => {
  const memory = started(0.5);
  const waits: number[] = [];
  for (let i = 0; i < 13; i += 1) {
    memory.device.due.settle(only(memory), status(500));
    waits.push(untilDue(memory) / 1000);
  }
  assert.equal(waits, [15, 30, 60, 120, 240, 480, 960, 1920, 3840, 7680, 10800, 10800, 10800]);
});

test('what was asked for and fails for now is durable from then on [JIT-25]', () => {
  const memory = new MemoryDevice();
  memory.device.due.settle(memory.device.due.ask('jit', 'moid', ''), status(500));
  assert.equal(only(memory.restart()).fields.slice(0, 4), ['jit', 'moid', '', '1']);
});

test('an outage costs two writes a try while the bound grows, then none [HTTP-42]', () => {
  const memory = started();
  const writes = fail(memory, 30, () => status(503));
  assert.equal(writes.slice(0, 11), Array(11).fill(2));
  assert.equal(writes.slice(11), Array(19).fill(0));
});

test('a peer that asks for the same time again costs no write at the cap, one that asks for more does [HTTP-42]', () => {
  const memory = started();
  fail(memory, 11, () => status(500));
  assert.equal(
    fail(memory, 3, () => status(503, 600)),
    [2, 0, 0],
  );
  assert.equal(
    fail(memory, 2, () => status(503, 60)),
    [0, 0],
  );
  assert.equal(
    fail(memory, 2, () => status(503, 601)),
    [2, 0],
  );
});

test('the number of tries survives a restart [HTTP-12]', () => {
  let memory = started();
  for (let i = 0; i < 6; i += 1) {
    fail(memory, 1, () => status(500));
    memory = memory.restart();
  }
  assert.is(only(memory).fields[DueField.Attempts], '6');
  memory.clock.advance(CAP);
  memory.device.due.settle(only(memory), status(500));
  assert.is(untilDue(memory), 960000);
});

test('a wait begins anew after a restart, as a random part of what it was [HTTP-34]', () => {
  const memory = started(0.5);
  fail(memory, 3, () => status(500));
  const again = memory.restart();
  assert.is(again.device.due.next(), undefined);
  assert.is(untilDue(again), 30000);
});

test('what the peer asked for is not shortened, neither at once nor by a restart [HTTP-8]', () => {
  for (const random of [0, 0.5, 0.999]) {
    const memory = started(random);
    memory.device.due.settle(only(memory), status(503, 7200));
    const again = memory.restart();
    for (const device of [memory, again]) {
      device.clock.advance(7200000 - 1);
      assert.is(device.device.due.next(), undefined);
      device.clock.advance(30001);
      assert.is(device.device.due.next(), only(device));
    }
  }
});

test('after a restart devices that were asked for the same time are still apart [HTTP-14]', () => {
  const waits = [0, 0.25, 0.5].map((random) => {
    const memory = started(random);
    memory.device.due.settle(only(memory), status(429, 60));
    return untilDue(memory.restart());
  });
  assert.equal(waits, [60000, 67500, 75000]);
});

test('a wait that the peer asked for is longer than a clock takes', () => {
  const memory = started(0);
  const seconds = 0x7fffffff;
  memory.device.due.settle(only(memory), status(503, seconds));
  memory.clock.advance(seconds * 1000 - 1);
  assert.is(memory.device.due.next(), undefined);
  memory.clock.advance(1);
  assert.is(memory.device.due.next(), only(memory));
});

test('two pieces of work wait each for itself, on one timer', () => {
  const memory = started(1);
  const { due, transaction } = memory.device;
  due.add('hget', 'uri', '');
  transaction.commit();
  const [session, hget] = due.rows;
  due.settle(session, status(500));
  assert.is(due.next()?.fields[DueField.Kind], 'hget');
  due.settle(hget, status(503, 100));
  assert.is(due.next(), undefined);
  assert.is(memory.clock.pending, 1);
  memory.clock.advance(30000);
  assert.equal([due.next()?.fields[DueField.Kind], memory.calls, memory.clock.pending], ['session', 1, 1]);
  due.settle(due.rows[0], undefined);
  assert.is(due.next(), undefined);
  memory.clock.advance(100000);
  assert.equal([due.next()?.fields[DueField.Kind], memory.calls, memory.clock.pending], ['hget', 2, 0]);
});

test('closed, it waits for nothing', () => {
  const memory = started(1);
  memory.device.due.settle(only(memory), status(500));
  memory.device.due.close();
  assert.is(memory.clock.pending, 0);
});

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
  assert.is(refusal(true), 60);
  memory.clock.advance(60000);
  assert.is(refusal(false), -1);
  due.settle(only(memory), status(500));
  assert.equal([refusal(false), refusal(true), refusal(true)], [120, -1, 120]);
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
  assert.equal(waits, [30, 60, 120, 240]);
  memory.device.due.settle(only(memory), status(500));
  assert.equal(only(memory.restart()).fields, ['session', 'srv', '', '5', '480']);
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

test.run();
