import type { FlashResult } from 'dmlet';
import * as assert from 'uvu/assert';
import { CUTS, type Cut, CutFlash } from './device-cut-flash.js';
import type { Stage, TestDevice } from './device-fixture.js';
import { storedState } from './device-state.js';
import type { MemoryFlash } from './memory-flash.js';

/** What a device does while its power may go. */
export interface CutScenario {
  /** What it has in flash at first. */
  before: MemoryFlash;
  /** Sets the servers up, anew for each run. */
  servers?: () => void;
  /** Does it all; calls `acknowledged` whenever somebody was told that something is done. */
  act: (device: TestDevice, acknowledged: () => void) => Promise<void>;
  /** Checks a device that has power again and has done all that was due. @param steps acknowledgements before the cut. */
  after?: (device: TestDevice, steps: number) => Promise<void> | void;
}

/** A flash that keeps a copy of itself as it was at first, and behind each commit. */
class SnapshotFlash extends CutFlash {
  readonly copies: MemoryFlash[] = [];

  override write(key: string, bytes: Uint8Array, from: number, to: number): FlashResult {
    const result = super.write(key, bytes, from, to);
    if (key === 'c0' || key === 'c1') this.copies.push(CutFlash.copyOf(this));
    return result;
  }
}

/** All that a flash holds for a device: the tree, and every row of every table. */
function contentOf(stage: Stage, flash: MemoryFlash): string {
  const device = stage.device({ flash: CutFlash.copyOf(flash), bootstrap: null, random: 0.99 });
  device.start();
  const content = storedState(device.client);
  device.close();
  return content;
}

/** Runs a scenario once. @returns how many acknowledgements came while there was power. */
async function run(
  stage: Stage,
  scenario: CutScenario,
  flash: CutFlash,
  told: (steps: number) => void,
): Promise<number> {
  scenario.servers?.();
  const device = await stage.start({ flash, bootstrap: null, random: 0.99, limits: { settleTime: 0 } });
  let steps = 0;
  await scenario.act(device, () => {
    if (flash.isOff) return;
    steps += 1;
    told(steps);
  });
  device.close();
  return steps;
}

/**
 * Runs a scenario, and then again and again with the power going at each of its operations on flash, in every way in which it can go. What
 * is found afterwards must be what was there behind one of its transactions, and none before the last that was acknowledged.
 * @returns how many operations there are.
 */
export async function cutEverywhere(stage: Stage, scenario: CutScenario): Promise<number> {
  const whole = new SnapshotFlash();
  for (const [key, value] of scenario.before.values) whole.values.set(key, value);
  whole.copies.push(CutFlash.copyOf(whole));
  const committed = [0];
  await run(stage, scenario, whole, (steps) => {
    committed[steps] = whole.copies.length - 1;
  });
  const states = whole.copies.map((copy) => contentOf(stage, copy));
  for (const cut of CUTS) {
    for (let at = 1; at <= whole.operations; at += 1) await cutOnce(stage, scenario, { cut, at, committed, states });
  }
  return whole.operations;
}

interface OneCut {
  readonly cut: Cut;
  readonly at: number;
  readonly committed: readonly number[];
  readonly states: readonly string[];
}

async function cutOnce(stage: Stage, scenario: CutScenario, { cut, at, committed, states }: OneCut): Promise<void> {
  const flash = CutFlash.copyOf(scenario.before);
  flash.cutAt = at;
  flash.cut = cut;
  const steps = await run(stage, scenario, flash, () => {});
  assert.ok(flash.isOff, `${cut} at ${at}: the power went`);
  const found = contentOf(stage, flash);
  const place = states.lastIndexOf(found);
  assert.ok(place >= committed[steps], `${cut} at ${at}, after ${steps} steps, state ${place}: ${found}`);
  const again = stage.device({ flash: CutFlash.copyOf(flash), bootstrap: null, limits: { settleTime: 0 } });
  again.start();
  await again.idle();
  await scenario.after?.(again, steps);
  again.close();
}
