import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { trialOnNode } from './node-trial.js';
import { fuzz, kept } from './run-target.js';
import { paceOf, type Target } from './target.js';
import { TARGETS } from './targets.js';

// What `npm run fuzz` does for minutes, in a moment; and that it can find something.

const SEED = 20221;
const RUNS = 12;

for (const target of TARGETS) {
  test(`${target.name}: cases that were found once, and some that are new`, async () => {
    for (const [name, input] of kept(target)) assert.equal(await target.check(input), [], `kept as ${name}`);
    const { wrong } = await fuzz(target, { seed: SEED, runs: RUNS });
    assert.equal(wrong, []);
    await target.close?.();
  });
}

test('a seed makes the same cases, and a case comes to the same, always', () => {
  for (const { name, cases } of TARGETS) {
    const [first, second] = [1, 2].map(() => fc.sample(cases, { seed: SEED, numRuns: 5 }));
    assert.equal(first, second, name);
    if (name === 'http') continue;
    for (const input of first) {
      const [once, again] = [1, 2].map(() => trialOnNode(name as 'package', input, paceOf(input)));
      assert.equal(once, again, name);
    }
  }
});

/** A target that takes a line end for a fault, and throws at a NUL. */
const FAULTY: Target = {
  name: 'faulty',
  cases: fc.uint8Array({ maxLength: 40 }),
  check: (input) => {
    if (input.includes(0)) throw new RangeError('NUL');
    return input.includes(10) ? ['a line end'] : [];
  },
};

test('what is wrong is found, made as small as it can be, and found again by its seed and path', async () => {
  const found = await fuzz(FAULTY, { seed: SEED, runs: 1000 });
  assert.is(found.input?.length, 1);
  assert.is(found.wrong.length, 1);
  const again = await fuzz(FAULTY, { seed: SEED, runs: 1, path: found.path });
  assert.equal([again.input, again.wrong[0].slice(0, 20)], [found.input, found.wrong[0].slice(0, 20)]);
});

test.run();
