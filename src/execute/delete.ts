import type { Command } from '../commands/command.js';
import { DmError } from '../errors.js';
import type { Context } from './context.js';
import type { Outcome } from './outcome.js';
import { clientUri } from './parameters.js';

/** `DELETE ClientURI`: deletes the node and all below it (PROTOCOL.md §3). */
export function deleteNode(command: Command, context: Context): Outcome {
  const device = context.device;
  const uri = clientUri(command, 0, context);
  const node = device.matches.single(uri, context.gate);
  context.gate.checkWrite({ moid: uri.moid, node, parent: node, name: '' });
  device.definitions.checkDelete(node);
  // A server that deleted its own account could not be told so, nor undo it.
  if (node === context.gate.account().root) throw new DmError('NOT_ALLOWED', 'its own account');
  device.remove(node);
  device.transaction.commit();
  return 200;
}
