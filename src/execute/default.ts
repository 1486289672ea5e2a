import type { Command } from '../commands/command.js';
import { DefaultField } from '../config/default-table.js';
import { CONFIGURATION_WORK } from '../config/due-work.js';
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
  const old = device.defaults.find(moid);
  const ownerIsGone = old !== undefined && device.accounts.find(old.fields[DefaultField.Owner]) === undefined;
  device.defaults.set(moid, serverUri, context.gate.srvId, device.transaction, ownerIsGone);
  // What failed at the old place is not tried again at the new one before somebody asks.
  const retry = device.due.item(CONFIGURATION_WORK, moid, '');
  if (retry !== undefined && device.defaults.find(moid) !== old) device.due.cancel(retry);
  device.transaction.commit();
  return 200;
}
