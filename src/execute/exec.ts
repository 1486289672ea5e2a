import { EXECUTE } from '../access/rights.js';
import type { Command } from '../commands/command.js';
import { DmError } from '../errors.js';
import type { Context } from './context.js';
import type { Outcome } from './outcome.js';
import { clientUri, storedServerUri } from './parameters.js';

/** `EXEC ClientURI [ServerURI]`: executes a node; with a ServerURI its result goes there later (PROTOCOL.md §3). */
export function exec(command: Command, context: Context): Outcome {
  const device = context.device;
  const uri = clientUri(command, 0, context);
  const node = device.matches.single(uri, context.gate);
  context.gate.check(device.tree.instanceOf(node), EXECUTE);
  device.definitions.checkExecute(node);
  const executions = context.tools.executions;
  const handler = executions.handlerOf(node);
  if (handler === undefined) throw new DmError('NOT_ALLOWED', 'no handler');
  const place = device.tree.uri(node);
  const srvId = context.gate.srvId;
  if (command.count < 2) return executions.run(handler, place, srvId);
  return executions.runLater(handler, place, srvId, storedServerUri(command, 1, context));
}
