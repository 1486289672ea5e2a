import type { Command } from '../commands/command.js';
import type { Context } from './context.js';
import type { Outcome } from './outcome.js';

/** `CONT ServerURI`: later packages of this session go to ServerURI (PROTOCOL.md §3). */
export function cont(command: Command, context: Context): Outcome {
  context.continueAt(context.device.expand(command.parameter(0), ''));
  return 200;
}
