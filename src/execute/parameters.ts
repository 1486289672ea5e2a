import type { Command } from '../commands/command.js';
import { checkServerUri } from '../config/server-uri.js';
import type { ClientUri } from '../tree/client-uri.js';
import type { Context } from './context.js';

/** A parameter as a ClientURI of a MOID that the account may manage. @throws DmError `BAD_URI`, `TOO_LONG`, `FORBIDDEN`. */
export function clientUri(command: Command, index: number, context: Context): ClientUri {
  const uri = context.device.clientUri(command.parameter(index));
  context.gate.checkMoid(uri.moid);
  return uri;
}

/** The ClientURIs from parameter `from` on. @throws DmError as `clientUri`. */
export function clientUris(command: Command, from: number, context: Context): ClientUri[] {
  const uris: ClientUri[] = [];
  for (let i = from; i < command.count; i += 1) uris.push(clientUri(command, i, context));
  return uris;
}

/** A parameter as a ServerURI that may be stored. @throws DmError `BAD_URI`, `UNKNOWN_PLACEHOLDER`, `TOO_LONG`. */
export function storedServerUri(command: Command, index: number, context: Context): string {
  const uri = command.parameter(index);
  checkServerUri(uri, context.device.allowPersonal, context.device.limits);
  return uri;
}
