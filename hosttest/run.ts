import { runFiles, testFiles } from './test-files.js';
import { buildMachine } from './xs/machine.js';

/** Those that take long beside what they find. They run when they are named, and all of them with `--long`, which is for a change that is to land. */
const LONG = [
  'bytes/utf8',
  'cli/killed',
  'cli/large',
  'cli/listen',
  'cli/notify',
  'cli/run-failures',
  'commands/command-reader-memory',
  'commands/notification-mutations',
  'platform/moddable-http.',
  'platform/moddable-http-fire',
  'powerloss/',
  'support/host-program',
];

const sum = { passed: 0, failed: 0 };
const filters = process.argv.slice(2).filter((argument) => argument !== '--long');
const wantsLong = process.argv.includes('--long');
const isLong = (file: string): boolean => LONG.some((start) => file.startsWith(start));
const files = testFiles(filters).filter((file) => filters.length > 0 || isLong(file) === wantsLong);
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
