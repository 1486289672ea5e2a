import { buildMachine } from './machine.js';
import { runSuites, suiteFiles } from './suites.js';

// All test files that run on the machine, those that take long among them.

const { machine, reason } = await buildMachine();
if (machine === undefined) throw new Error(reason);
const sum = { passed: 0, failed: 0 };
await runSuites(machine, suiteFiles(true), ({ file, passed, total, failure }) => {
  sum.passed += passed;
  sum.failed += failure === '' ? 0 : Math.max(1, total - passed);
  console.log(`${failure === '' ? 'ok  ' : 'FAIL'} ${file.replace(/\.js$/, '')}  ${passed}`);
  if (failure !== '') console.log(failure);
});
console.log(`${sum.passed} passed, ${sum.failed} failed`);
process.exitCode = sum.failed === 0 && sum.passed > 0 ? 0 : 1;
