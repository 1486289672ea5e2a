import type { Command } from '../commands/command.js';
import { checkServerUri } from '../config/server-uri.js';
import type { Context } from './context.js';
import type { Outcome } from './outcome.js';

/** `SUB ServerURI ClientURI`: from now on reports changes in that part of the tree (PROTOCOL.md §3). */
export function sub(command: Command, context: Context): Outcome {
  const device = context.device;
  const serverUri = command.parameter(0);
  checkServerUri(serverUri, device.allowPersonal, device.limits);
  const clientUri = command.parameter(1);
  context.gate.checkMoid(device.clientUri(clientUri).moid);
  context.tools.reports.subscribe(context.gate, clientUri, serverUri);
  return 200;
}

/** `UNSUB ClientURI`: ends the subscription with exactly that ClientURI. */
export function unsub(command: Command, context: Context): Outcome {
  context.tools.reports.unsubscribe(context.gate.srvId, command.parameter(0));
  return 200;
}
