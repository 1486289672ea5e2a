import type { Command } from '../commands/command.js';
import type { Context } from './context.js';
import type { Outcome } from './outcome.js';

/** `END`: all commands of this package run, then the session ends without a Package#3 (PROTOCOL.md §2). */
export function end(_command: Command, context: Context): Outcome {
  context.end();
  return 200;
}
