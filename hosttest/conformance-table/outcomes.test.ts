import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { runFile } from '../test-files.js';
import { REPORT_TESTS } from './report-option.js';

// What a test file reports of its tests, for the table.

const SAMPLE = 'conformance-table/sample-tests.js';

const TITLES = ['passes [SES-1]', 'fails [SES-2 SES-3]', 'passes in a suite [SES-5]'];

test('each test that ran is told, with what it came to', async () => {
  const { passed, failed, results } = await runFile(SAMPLE, REPORT_TESTS);
  assert.equal(
    results,
    TITLES.map((title) => ({ title, passed: !title.startsWith('fails') })),
  );
  assert.equal([passed, failed], [2, 1], 'what the file itself says');
});

test('in a file that ends early no test has passed', async () => {
  process.env.SAMPLE_ENDS_EARLY = '1';
  const { passed, failed, results } = await runFile(SAMPLE, REPORT_TESTS);
  delete process.env.SAMPLE_ENDS_EARLY;
  assert.equal(
    results,
    TITLES.slice(0, 2).map((title) => ({ title, passed: false })),
  );
  assert.equal([passed, failed], [0, 1]);
});

test('without the option nothing is told, and the file runs the same', async () => {
  const { passed, failed, results } = await runFile(SAMPLE);
  assert.equal([passed, failed, results], [2, 1, []]);
});

test.run();
