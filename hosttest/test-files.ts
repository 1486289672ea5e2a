import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { Readable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';

/** What one test came to. Told only where `conformance-table/report-tests.ts` runs with the file. */
export interface TestResult {
  readonly title: string;
  readonly passed: boolean;
}

/** What one test file came to. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly output: string;
  readonly results: readonly TestResult[];
}

/** The folder that test files are told from. */
export const FOLDER = import.meta.dirname;

/** Where a file writes what its tests came to. */
export const RESULTS = 3;

/** A file that takes longer hangs: the slowest takes a sixth of it. */
const MOST_MILLISECONDS = 90000;

/** The sources of what is compiled here. */
const SOURCES = path.resolve(FOLDER, '../../../hosttest');

/** Files whose path contains one of the arguments; all where there are none. What has no source any more is left of an earlier build. */
export function testFiles(filters: string[]): string[] {
  const files = fs
    .readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.js') && fs.existsSync(path.join(SOURCES, file.replace(/\.js$/, '.ts'))));
  return files.filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter))).sort();
}

function collect(stream: Readable, take: (text: string) => void): void {
  stream.setEncoding('utf8').on('data', take);
}

/** In a file that did not come to its end, no test has passed. */
function resultsOf(lines: string, isComplete: boolean): TestResult[] {
  const results = lines
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as TestResult);
  return results.map(({ title, passed }) => ({ title, passed: passed && isComplete }));
}

/**
 * Each file runs in a process of its own: one that dies, or never ends its tests, counts as a failure.
 * @param options further options for Node.
 */
export function runFile(file: string, options: readonly string[] = []): Promise<Outcome> {
  return new Promise((resolve) => {
    const args = ['--expose-gc', '--enable-source-maps', ...options, path.join(FOLDER, file)];
    const child = spawn(process.execPath, args, {
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      timeout: MOST_MILLISECONDS,
      killSignal: 'SIGKILL',
    });
    let output = '';
    let lines = '';
    for (const stream of [child.stdout, child.stderr]) {
      collect(stream, (text) => {
        output += text;
      });
    }
    collect(child.stdio[RESULTS] as Readable, (text) => {
      lines += text;
    });
    child.on('close', (code) => {
      const text = stripVTControlCharacters(output);
      const count = (label: string): number => Number(new RegExp(`${label}:\\s+(\\d+)`).exec(text)?.[1] ?? Number.NaN);
      const total = count('Total');
      const passed = count('Passed');
      const isComplete = total > 0 && passed >= 0;
      const failed = isComplete ? total - passed - count('Skipped') : 1;
      resolve({
        passed: isComplete ? passed : 0,
        failed: failed === 0 && code !== 0 ? 1 : failed,
        output,
        results: resultsOf(lines, isComplete),
      });
    });
  });
}

/**
 * Runs files, as many at a time as the machine takes.
 * @param ran called for each as it ends.
 */
export async function runFiles(
  files: readonly string[],
  ran: (file: string, outcome: Outcome) => void,
  options: readonly string[] = [],
): Promise<void> {
  const left = files.slice();
  const worker = async (): Promise<void> => {
    for (let file = left.shift(); file !== undefined; file = left.shift()) ran(file, await runFile(file, options));
  };
  // One more than there are processors: some files wait for processes and timers most of the time.
  await Promise.all(Array.from({ length: os.availableParallelism() + 1 }, worker));
}
