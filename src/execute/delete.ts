import type { Command } from '../commands/command.js';
import type { Context } from './context.js';
import type { Outcome } from './outcome.js';

/** `DELETE ClientURI`: deletes the node and all below it (PROTOCOL.md §3). */
export function deleteNode(command: Command, context: Context): Outcome {
  const device = context.device;
  const uri = device.clientUri(command.parameter(0));
  context.gate.checkMoid(uri.moid);
  const node = device.matches.single(uri);
  context.gate.checkWrite(uri.moid, device.tree.instanceOf(node));
  device.transaction.remove(node);
  device.transaction.commit();
  return 200;
}
