import type { Command } from '../commands/command.js';
import type { Context } from './context.js';
import type { Outcome } from './outcome.js';
import { clientUri, storedServerUri } from './parameters.js';

/** `SUB ServerURI ClientURI`: from now on reports changes in that part of the tree (PROTOCOL.md §3). */
export function sub(command: Command, context: Context): Outcome {
  const serverUri = storedServerUri(command, 0, context);
  clientUri(command, 1, context);
  context.tools.reports.subscribe(context.gate, command.parameter(1), serverUri);
  return 200;
}

/** `UNSUB ClientURI`: ends the subscription with exactly that ClientURI. */
export function unsub(command: Command, context: Context): Outcome {
  context.tools.reports.unsubscribe(context.gate.srvId, command.parameter(0));
  return 200;
}
