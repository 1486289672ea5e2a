import { suite, test } from 'uvu';
import * as assert from 'uvu/assert';

// Not a test file: what `outcomes.test.ts` runs to see what is reported of each test.

const named = suite('named');

test('passes [SES-1]', () => {});

test('fails [SES-2 SES-3]', async () => {
  await Promise.resolve();
  assert.unreachable();
});

test.skip('is left out [SES-4]', () => {});

named.before.each(({ __test__ }) => {
  if (__test__.startsWith('never')) throw new Error('its hook fails');
});

named('passes in a suite [SES-5]', () => {
  if (process.env.SAMPLE_ENDS_EARLY !== undefined) process.exit();
});

named('never begins [SES-6]', () => {});

test.run();
named.run();
