import * as fs from 'node:fs';
import * as tty from 'node:tty';
import picocolors from 'picocolors';

const { FORCE_COLOR, NO_COLOR, TERM } = process.env;

/** Between two tries to write to a reader that is slow. */
const RETRY_MILLISECONDS = 5;

/** Colours where a person looks: on a terminal that has them, unless NO_COLOR says no; elsewhere where FORCE_COLOR asks for them. */
function wantsColors(): boolean {
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0';
  return tty.isatty(1) && TERM !== 'dumb';
}

export const colors = picocolors.createColors(wantsColors());

/** Foreign text as it may go to a terminal: control characters, with which it could move the cursor or more, as escapes. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Prints a line for whoever reads what the program says. */
export function printLine(line: string): void {
  write(1, `${line}\n`);
}

/** Prints a line about the program itself. */
export function printError(line: string): void {
  write(2, `${line}\n`);
}

/**
 * Writes at once, and waits for a slow reader: lines that nobody takes yet must not gather in memory. Where nobody reads any more, as
 * behind `| head`, it does nothing.
 */
function write(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += fs.writeSync(descriptor, bytes, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') return;
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MILLISECONDS);
    }
  }
}
