import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** Ends a process that this one started, and waits until it is gone. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGKILL');
  await gone;
}

/**
 * Runs a program to its end.
 * @throws Error with all that it printed where its exit code is not 0.
 */
export async function run(program: string, options: string[], cwd: string): Promise<string> {
  const child = spawn(program, options, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (printed += text));
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) throw new Error(`${program} ${options.join(' ')} ended with ${code}:\n${printed}`);
  return printed;
}

/** The first line that a stream gives. @throws Error where it ends without one. */
export function firstLine(stream: Readable): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    stream.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
    stream.once('close', () => reject(new Error(`ended without a line: ${text}`)));
  });
}
