import type { Command } from '../commands/command.js';
import { checkServerUri } from '../config/server-uri.js';
import type { Context } from './context.js';
import type { Outcome } from './outcome.js';

/** `DEFAULT ServerURI MOID`: where the device gets configuration for MOID when it needs it (PROTOCOL.md §10). */
export function setDefault(command: Command, context: Context): Outcome {
  const device = context.device;
  const serverUri = command.parameter(0);
  const moid = command.parameter(1);
  checkServerUri(serverUri, device.allowPersonal, device.limits);
  context.gate.checkMoid(moid);
  device.setDefault(moid, serverUri, context.gate.srvId);
  device.transaction.commit();
  return 200;
}
