import { EXECUTE } from '../access/rights.js';
import type { Command } from '../commands/command.js';
import { checkServerUri } from '../config/server-uri.js';
import { DmError } from '../errors.js';
import type { Context } from './context.js';
import type { Outcome } from './outcome.js';

/** `EXEC ClientURI [ServerURI]`: executes a node; with a ServerURI its result goes there later (PROTOCOL.md §3). */
export function exec(command: Command, context: Context): Outcome {
  const device = context.device;
  const uri = device.clientUri(command.parameter(0));
  context.gate.checkMoid(uri.moid);
  const node = device.matches.single(uri, context.gate);
  context.gate.check(device.tree.instanceOf(node), EXECUTE);
  device.definitions.checkExecute(node);
  const handler = context.tools.executions.handlerOf(node);
  if (handler === undefined) throw new DmError('NOT_ALLOWED', 'no handler');
  const place = device.tree.uri(node);
  const srvId = context.gate.srvId;
  if (command.count < 2) return context.tools.executions.run(handler, place, srvId);
  const serverUri = command.parameter(1);
  checkServerUri(serverUri, device.allowPersonal, device.limits);
  return context.tools.executions.runLater(handler, place, srvId, serverUri);
}
