import * as assert from 'uvu/assert';
import { DmError } from '../../src/errors.js';
import type { Row } from '../../src/tree/table.js';
import { MemoryDevice } from './memory-device.js';
import { MemoryFlash } from './memory-flash.js';

// What the tests of due work share.

export const HOUR = 3600000;
export const CAP = 6 * HOUR;

export function status(value: number, retryAfter = -1): DmError {
  const error = new DmError('HTTP_STATUS', '', -1, undefined, value);
  error.retryAfter = retryAfter;
  return error;
}

/** A device with one piece of work that is durable. */
export function started(random = 0.5): MemoryDevice {
  const memory = new MemoryDevice({}, new MemoryFlash(), random);
  memory.device.due.add('session', 'srv', '');
  memory.device.transaction.commit();
  return memory;
}

export function only(memory: MemoryDevice): Row {
  const { rows } = memory.device.due;
  assert.is(rows.length, 1);
  return rows[0];
}

/** Milliseconds until the work is due. */
export function untilDue(memory: MemoryDevice): number {
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
export function fail(memory: MemoryDevice, times: number, error: () => DmError): number[] {
  const writes: number[] = [];
  for (let i = 0; i < times; i += 1) {
    memory.clock.advance(100 * CAP);
    const before = memory.flash.writes;
    memory.device.due.settle(only(memory), error());
    writes.push(memory.flash.writes - before);
  }
  return writes;
}
