import type { Command } from '../commands/command.js';
import { DmError } from '../errors.js';
import type { Context } from './context.js';
import type { Outcome } from './outcome.js';

/** `SHOW ServerURI`: opens a page for the user, and goes on at once (PROTOCOL.md §3). */
export function show(command: Command, context: Context): Outcome {
  const device = context.device;
  const ui = device.platform.ui;
  if (ui === undefined) throw new DmError('UNKNOWN_COMMAND', 'no browser');
  ui.show(device.expand(command.parameter(0), ''));
  return 200;
}
