import type { Command } from '../commands/command.js';
import type { Context } from './context.js';
import type { Outcome } from './outcome.js';
import { storedServerUri } from './parameters.js';

/** `DEFAULT ServerURI MOID`: where the device gets configuration for MOID when it needs it (PROTOCOL.md §10). */
export function setDefault(command: Command, context: Context): Outcome {
  const device = context.device;
  const serverUri = storedServerUri(command, 0, context);
  const moid = command.parameter(1);
  context.gate.checkMoid(moid);
  device.setDefault(moid, serverUri, context.gate.srvId);
  device.transaction.commit();
  return 200;
}
