import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Loaded into the program before it starts: counts what it does to the folder `KILL_FOLDER`, and kills the process at step `KILL_STEP`, as a
 * power cut would. Steps lie before and after each file is made, filled, put in its place, and removed. At an ordinary end the number of steps
 * goes to stderr.
 */
const folder = process.env.KILL_FOLDER ?? '';
const last = Number(process.env.KILL_STEP);
let steps = 0;

function step(): void {
  steps += 1;
  if (steps === last) process.kill(process.pid, 'SIGKILL');
}

/** Puts a step before and after each call of a function that `concerns` the folder. */
function watch(name: string, concerns: (subject: unknown, how: unknown) => boolean, before: boolean): void {
  const functions = fs as unknown as Record<string, (...args: unknown[]) => unknown>;
  const original = functions[name];
  functions[name] = (...args) => {
    const counts = concerns(args[0], args[1]);
    if (counts && before) step();
    const result = original(...args);
    if (counts) step();
    return result;
  };
}

const isInside = (subject: unknown): boolean => String(subject).startsWith(`${folder}/`);

// A file is made and filled, then renamed: what is after one call is before the next.
watch('openSync', (file, flags) => isInside(file) && flags === 'w', true);
watch('renameSync', isInside, true);
watch('rmSync', isInside, true);
syncBuiltinESMExports();

process.on('exit', () => process.stderr.write(`${steps} steps\n`));
