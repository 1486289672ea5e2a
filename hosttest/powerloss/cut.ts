/**
 * What the operation leaves behind at which the power goes: `before` nothing of it; `after` all of it; `gone` the key without a value; `torn`
 * its first `count` bytes; `flipped` all of it with bit 4 of byte `count` wrong; `late` nothing of it, nor of the `count` operations before it.
 */
export type Remains = 'before' | 'after' | 'gone' | 'torn' | 'flipped' | 'late';

/**
 * What a store does instead of the operation, while the power stays: `failed` refuses this one only; `full` has no room from here on; `worn`
 * changes nothing any more from here on.
 */
export type Refusal = 'failed' | 'full' | 'worn';

/** No cut: bit 4 of byte `count` of a stored record, the `at`-th in the order of keys, is wrong when the device is switched on. */
export type Rot = 'rotten';

/** One thing that goes wrong: at an operation, counted from 1 since the device was switched on. */
export interface Cut {
  readonly at: number;
  readonly how: Remains | Refusal | Rot;
  /** Bytes or operations, where `how` counts any; else 0. */
  readonly count: number;
}

const FORM = /^(\d+):(before|after|gone|torn|flipped|late|failed|full|worn|rotten)(\d*)$/;

const COUNTING: readonly Cut['how'][] = ['torn', 'flipped', 'late', 'rotten'];

export function isRefusal(cut: Cut): boolean {
  return cut.how === 'failed' || cut.how === 'full' || cut.how === 'worn';
}

/** As the command line takes it: `17:torn5`. */
export function showCut({ at, how, count }: Cut): string {
  return `${at}:${how}${COUNTING.includes(how) ? count : ''}`;
}

/** @throws Error where the text is no cut. */
export function parseCut(text: string): Cut {
  const [, at, how, count] = FORM.exec(text) ?? [];
  if (how === undefined) throw new Error(`no cut: ${text}; one looks like 17:torn5`);
  return { at: Number(at), how: how as Cut['how'], count: Number(count) };
}
