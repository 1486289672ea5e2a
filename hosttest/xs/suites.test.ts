import * as assert from 'uvu/assert';
import { runSuites, type SuiteResult, suiteFiles } from './suites.js';
import { machine, xsSuite } from './xs-suite.js';

// The same test files as on Node. Those that take long are run by main.ts.
const suites = xsSuite('test files on the machine');
const results = new Map<string, SuiteResult>();

const files = suiteFiles(false);
if (machine !== undefined) await runSuites(machine, files, (result) => results.set(result.file, result));

for (const file of files) {
  suites(`${file.replace(/\.test\.js$/, '')} passes on XS`, async () => {
    assert.is(results.get(file)?.failure, '');
  });
}

suites.run();
