import type { Command } from '../commands/command.js';
import { expandServerUri } from '../config/server-uri.js';
import type { Context } from './context.js';
import type { Outcome } from './outcome.js';

/** `CONT ServerURI`: later packages of this session go to ServerURI (PROTOCOL.md §3). */
export function cont(command: Command, context: Context): Outcome {
  const device = context.device;
  context.continueAt(expandServerUri(command.parameter(0), device.info, device.allowPersonal, device.limits));
  return 200;
}
