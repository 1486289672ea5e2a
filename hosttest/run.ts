import { runFiles, testFiles } from './test-files.js';

const sum = { passed: 0, failed: 0 };

await runFiles(testFiles(process.argv.slice(2)), (file, { passed, failed, output }) => {
  sum.passed += passed;
  sum.failed += failed;
  console.log(`${failed === 0 ? 'ok  ' : 'FAIL'} ${file.replace(/\.js$/, '')}  ${passed}`);
  if (failed > 0) console.log(output);
});

console.log(`${sum.passed} passed, ${sum.failed} failed`);
process.exitCode = sum.failed === 0 && sum.passed > 0 ? 0 : 1;
