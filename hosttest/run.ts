import { runFiles, testFiles } from './test-files.js';
import { buildMachine } from './xs/machine.js';

const sum = { passed: 0, failed: 0 };
const files = testFiles(process.argv.slice(2));
// Built once, before the tests that all want it.
const leftOut = files.some((file) => file.startsWith('xs/')) ? (await buildMachine()).reason : '';

await runFiles(files, (file, { passed, failed, output }) => {
  sum.passed += passed;
  sum.failed += failed;
  console.log(`${failed === 0 ? 'ok  ' : 'FAIL'} ${file.replace(/\.js$/, '')}  ${passed}`);
  if (failed > 0) console.log(output);
});

if (leftOut !== '') console.log(`The tests on XS are LEFT OUT: ${leftOut}.`);
console.log(`${sum.passed} passed, ${sum.failed} failed`);
process.exitCode = sum.failed === 0 && sum.passed > 0 ? 0 : 1;
