import { testFiles } from '../test-files.js';
import type { Creation, Machine } from './machine.js';
import { type TestModules, testModules } from './test-modules.js';

/** Test files that run on the machine, too: scanner and reader, tree, DEFAULT table, retries, session, notification, adapters of the SDK. */
const FILES = [
  /^bytes\//,
  /^commands\//,
  /^tree\//,
  /^config\/(default-table|retry-)/,
  /^device\/(session|notify)/,
  /^platform\/moddable-(flash|system|http(-traps|-fire)?)\./,
];

/**
 * Those of them that do not: the heap of Node is measured there; TLS, which the machine has not; packages of some 100 KB, which the
 * reference server reads character by character, on this engine in quadratic time; one that replaces `JSON.parse`, which is in flash there.
 */
const NODE_ONLY = ['commands/command-reader-native', 'commands/command-reader-memory', 'device/session-http'];

/** Those that take seconds here, and are run for a change that is to land only. */
const LONG = [
  'bytes/json-escape',
  'bytes/json-scanner-bounds',
  'bytes/json-scanner-mutations',
  'bytes/utf8',
  'commands/command-reader-damage',
  'commands/command-reader-defects',
  'commands/command-reader-mutations',
  'commands/notification-mutations',
  'commands/notification.',
  'platform/moddable-http',
  'tree/arena-model',
  'tree/large-leaves',
  'tree/tree-model',
];

/** Room for tests and their runner; what the core needs is measured elsewhere. */
const CREATION: Creation = {
  pool: 1 << 28,
  chunks: [1 << 24, 1 << 20],
  slots: [1 << 18, 1 << 16],
  stack: 1 << 14,
  keys: [1 << 14, 1 << 10],
};

/** What a test file came to on the machine. */
export interface SuiteResult {
  readonly file: string;
  readonly passed: number;
  readonly total: number;
  /** '' where all passed; else what the runner of tests printed, and how the run ended. */
  readonly failure: string;
}

/** Test files that run on the machine. @param long whether those that take long are among them. */
export function suiteFiles(long: boolean): string[] {
  const isIn = (list: readonly string[], file: string): boolean => list.some((start) => file.startsWith(start));
  return testFiles([]).filter(
    (file) => FILES.some((pattern) => pattern.test(file)) && !isIn(NODE_ONLY, file) && (long || !isIn(LONG, file)),
  );
}

async function runSuite(machine: Machine, file: string, modules: TestModules): Promise<SuiteResult> {
  const program = `import 'hosttest/${file}';`;
  const { exit, detail, printed } = await machine.run({ ...modules, program, creation: CREATION });
  const output = printed.join('\n');
  const count = (label: string): number => Number(new RegExp(`${label}:\\s+(\\d+)`).exec(output)?.[1] ?? 0);
  const total = count('Total');
  const passed = count('Passed');
  const isGood = exit === 'ok' && total > 0 && passed === total;
  return { file, passed, total, failure: isGood ? '' : `${output}\n${exit} ${detail}` };
}

/** Runs test files on the machine, two at a time. @param ran called for each as it ends. */
export async function runSuites(
  machine: Machine,
  files: readonly string[],
  ran: (result: SuiteResult) => void,
): Promise<void> {
  const all = await testModules(files);
  const left = [...all];
  const worker = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) ran(await runSuite(machine, ...next));
  };
  await Promise.all([worker(), worker()]);
}
