import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DueField } from '../../src/config/due-work.js';
import { DmError as InnerError } from '../../src/errors.js';
import { CAP, fail, only, started, status, untilDue } from '../support/due-work.js';
import { MemoryDevice } from '../support/memory-device.js';

// PROTOCOL.md HTTP-5 to HTTP-12, HTTP-34, HTTP-42: what is due, and when it is tried again.

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
  for (const error of [undefined, status(404), new InnerError('FORBIDDEN'), new InnerError('INTERNAL')]) {
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

test('what fails for now waits under a bound that grows up to its cap [HTTP-6, HTTP-7, HTTP-11]', () => {
  const memory = started(1);
  const waits: number[] = [];
  for (let i = 0; i < 40; i += 1) {
    memory.device.due.settle(only(memory), status(500));
    waits.push(untilDue(memory) / 1000);
  }
  assert.equal(waits.slice(0, 4), [30, 36, 43.5, 52]);
  assert.equal(waits.slice(36), [21264.5, 21600, 21600, 21600]);
});

test('what was asked for and fails for now is durable from then on [JIT-25]', () => {
  const memory = new MemoryDevice();
  memory.device.due.settle(memory.device.due.ask('jit', 'moid', ''), status(500));
  assert.equal(only(memory.restart()).fields.slice(0, 4), ['jit', 'moid', '', '1']);
});

test('an outage costs two writes whenever the bound has doubled, then none [HTTP-42]', () => {
  const memory = started();
  const writes = fail(memory, 90, () => status(503));
  assert.equal(writes.slice(0, 11), [2, 2, 0, 0, 0, 0, 0, 0, 2, 0, 0]);
  assert.equal(
    writes.filter((count) => count > 0),
    Array(11).fill(2),
  );
  assert.ok(writes.lastIndexOf(2) < 70);
});

test('a peer that asks for the same time again costs no write at the cap, one that asks for more does [HTTP-42]', () => {
  const memory = started();
  fail(memory, 80, () => status(500));
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

test('what was tried survives a restart, each of which begins the next doubling [HTTP-12]', () => {
  let memory = started();
  for (let i = 0; i < 6; i += 1) {
    fail(memory, 1, () => status(500));
    memory = memory.restart();
  }
  assert.is(only(memory).fields[DueField.Steps], '6');
  memory.clock.advance(CAP);
  memory.device.due.settle(only(memory), status(500));
  // Under 32 times 30 s, and a fifth of the half that was waited.
  assert.is(untilDue(memory), 528000);
});

test('a wait begins anew after a restart, under the bound that it had or twice that at most [HTTP-34]', () => {
  const memory = started(0.5);
  // The bound is 86 s.
  fail(memory, 12, () => status(500));
  const again = memory.restart();
  assert.is(again.device.due.next(), undefined);
  assert.is(untilDue(again), 60000);
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

test('what is being done now does not wait: the same once more is work of its own', () => {
  const memory = started();
  const { due, transaction } = memory.device;
  const row = only(memory);
  assert.is(due.waiting('session', 'srv'), row);
  due.running = row;
  assert.is(due.waiting('session', 'srv'), undefined);
  due.add('session', 'srv', '');
  transaction.commit();
  assert.is(due.rows.length, 2);
  assert.is(due.waiting('session', 'srv'), due.rows[1]);
  due.settle(row, undefined);
  assert.equal(due.next()?.fields, ['session', 'srv', '', '0', '']);
});

test('closed, it waits for nothing', () => {
  const memory = started(1);
  memory.device.due.settle(only(memory), status(500));
  memory.device.due.close();
  assert.is(memory.clock.pending, 0);
});

test.run();
