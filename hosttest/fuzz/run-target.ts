import * as fs from 'node:fs';
import * as path from 'node:path';
import * as fc from 'fast-check';
import { crc32 } from '../../src/flash/crc32.js';
import { describe, type Target } from './target.js';

/** The cases that were found and kept, a folder a target. */
const CORPUS = path.resolve(import.meta.dirname, '../../../../hosttest/fuzz/corpus');

/** What makes a run the same again. */
export interface FuzzOptions {
  readonly seed: number;
  readonly runs: number;
  /** The one case of a run, as fast-check numbers them. */
  readonly path?: string;
}

/** What came of a run. */
export interface FuzzResult {
  readonly cases: number;
  /** What is wrong with the smallest case that fails; empty where none does. */
  readonly wrong: readonly string[];
  /** The smallest case that fails. */
  readonly input?: Uint8Array;
  /** Its place in the run. */
  readonly path?: string;
}

async function checked(target: Target, input: Uint8Array): Promise<readonly string[]> {
  try {
    return await target.check(input);
  } catch (thrown) {
    return [`thrown: ${thrown instanceof Error ? thrown.stack : thrown}`];
  }
}

/** Makes cases up until one fails, and then makes that one as small as it can. */
export async function fuzz(target: Target, { seed, runs, path: only }: FuzzOptions): Promise<FuzzResult> {
  let wrong: readonly string[] = [];
  const property = fc.asyncProperty(target.cases, async (input) => {
    const found = await checked(target, input);
    if (found.length > 0) wrong = found;
    return found.length === 0;
  });
  const { numRuns, counterexample, counterexamplePath } = await fc.check(property, {
    seed,
    numRuns: runs,
    path: only,
    // With a path the case is the smallest already.
    endOnFailure: only !== undefined,
  });
  if (counterexample === null) return { cases: numRuns, wrong: [] };
  const [input] = counterexample;
  return {
    cases: numRuns,
    wrong: await checked(target, input).then((again) => (again.length > 0 ? again : wrong)),
    input,
    path: counterexamplePath ?? '',
  };
}

/** Keeps a case. @returns its file. */
export function keep(target: Target, input: Uint8Array): string {
  const folder = path.join(CORPUS, target.name);
  fs.mkdirSync(folder, { recursive: true });
  const file = path.join(folder, (crc32(input, 0, input.length, 0) >>> 0).toString(16).padStart(8, '0'));
  fs.writeFileSync(file, input);
  return path.relative(process.cwd(), file);
}

/** The cases that were kept of a target: name and bytes. */
export function kept(target: Target): (readonly [string, Uint8Array])[] {
  const folder = path.join(CORPUS, target.name);
  const names = fs.existsSync(folder) ? fs.readdirSync(folder).sort() : [];
  return names.map((name) => [name, new Uint8Array(fs.readFileSync(path.join(folder, name)))] as const);
}

/** Fuzzes a target, and says what to do about a case that fails. @returns whether none does. */
export async function fuzzAloud(target: Target, options: FuzzOptions): Promise<FuzzResult> {
  const result = await fuzz(target, options);
  if (result.input !== undefined) {
    console.log(`FAIL ${target.name}: ${describe(result.input)}`);
    for (const line of result.wrong.slice(0, 8)) console.log(`  ${line.slice(0, 600)}`);
    console.log(`  again: npm run fuzz -- --target ${target.name} --seed ${options.seed} --path ${result.path}`);
    console.log(`  kept as ${keep(target, result.input)}`);
  }
  return result;
}
