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
  const entry = device.defaults.find(moid);
  const ownerIsGone = entry !== undefined && device.accounts.find(entry.owner) === undefined;
  device.defaults.set(moid, serverUri, context.gate.account.srvId, device.transaction, ownerIsGone);
  device.transaction.commit();
  return 200;
}
