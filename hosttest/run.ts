import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

/** What one test file came to. */
interface Outcome {
  passed: number;
  failed: number;
  output: string;
}

const FOLDER = import.meta.dirname;

/** A file that takes longer hangs: the slowest takes a sixth of it. */
const MOST_MILLISECONDS = 90000;

/** Files whose path contains one of the arguments; all where there are none. */
function testFiles(filters: string[]): string[] {
  const files = fs
    .readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.js'));
  return files.filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter))).sort();
}

/** Each file runs in a process of its own: one that dies, or never ends its tests, counts as a failure. */
function runFile(file: string): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--expose-gc', '--enable-source-maps', path.join(FOLDER, file)], {
      timeout: MOST_MILLISECONDS,
      killSignal: 'SIGKILL',
    });
    let output = '';
    child.stdout.on('data', (data: Buffer) => {
      output += data.toString();
    });
    child.stderr.on('data', (data: Buffer) => {
      output += data.toString();
    });
    child.on('close', (code) => {
      const count = (label: string): number =>
        Number(new RegExp(`${label}:\\s+(\\d+)`).exec(output)?.[1] ?? Number.NaN);
      const total = count('Total');
      const passed = count('Passed');
      const complete = total > 0 && passed >= 0;
      const failed = complete ? total - passed - count('Skipped') : 1;
      resolve({ passed: complete ? passed : 0, failed: failed === 0 && code !== 0 ? 1 : failed, output });
    });
  });
}

const files = testFiles(process.argv.slice(2));
const sum = { passed: 0, failed: 0 };

async function worker(): Promise<void> {
  for (let file = files.shift(); file !== undefined; file = files.shift()) {
    const { passed, failed, output } = await runFile(file);
    sum.passed += passed;
    sum.failed += failed;
    console.log(`${failed === 0 ? 'ok  ' : 'FAIL'} ${file.replace(/\.js$/, '')}  ${passed}`);
    if (failed > 0) console.log(output);
  }
}

await Promise.all(Array.from({ length: Math.max(2, os.availableParallelism()) }, worker));
console.log(`${sum.passed} passed, ${sum.failed} failed`);
process.exitCode = sum.failed === 0 && sum.passed > 0 ? 0 : 1;
