import { suite, type Test } from 'uvu';
import { buildMachine, type Machine } from './machine.js';

type Act = (machine: Machine) => Promise<void>;

/** Tests that need the machine. */
export interface XsSuite {
  (name: string, act: Act): void;
  run(): void;
}

const { machine, reason } = await buildMachine();

export { machine };

// A workflow that tests every change has a compiler: there a machine that is missing is a fault.
if (machine === undefined && process.env.CI) throw new Error(`no XS machine: ${reason}`);

/** A suite whose tests get the machine; without one it has a single test, named after that. */
export function xsSuite(name: string): XsSuite {
  const tests: Test = suite(name);
  if (machine === undefined) tests('left out', () => {});
  const define = (title: string, act: Act): void => {
    if (machine !== undefined) tests(title, () => act(machine));
  };
  return Object.assign(define, { run: tests.run });
}

/** Runs a program, and returns how it ended with its reason. */
export async function endOf(on: Machine, program: string, preload: Record<string, string> = {}): Promise<string> {
  const { exit, detail } = await on.run({ program, preload });
  return `${exit} ${detail}`.trim();
}
