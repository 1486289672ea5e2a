import * as fs from 'node:fs';
import * as uvu from 'uvu';
import { RESULTS, type TestResult } from '../test-files.js';

function report(result: TestResult): void {
  fs.writeSync(RESULTS, `${JSON.stringify(result)}\n`);
}

/** A suite whose tests tell what they came to. */
function reported<T>(tests: uvu.Test<T>): uvu.Test<T> {
  const add = (title: string, act: uvu.Callback<T>): void =>
    tests(title, async (context) => {
      try {
        await act(context);
      } catch (error) {
        report({ title, passed: false });
        throw error;
      }
      report({ title, passed: true });
    });
  return Object.assign(add, {
    only: tests.only,
    skip: tests.skip,
    before: tests.before,
    after: tests.after,
    run: tests.run,
  });
}

export const test = reported(uvu.test);

export function suite<T>(title?: string, context?: T): uvu.Test<T> {
  return reported(uvu.suite(title, context));
}
