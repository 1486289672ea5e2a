import type { Command } from '../commands/command.js';
import { MoList } from '../reply/mo-list.js';
import type { ClientUri } from '../tree/client-uri.js';
import type { Context } from './context.js';
import type { Outcome } from './outcome.js';

/** `HPUT ServerURI ClientURI+`: sends the addressed data to a Data Repository (PROTOCOL.md §3). */
export function hput(command: Command, context: Context): Outcome {
  return upload('PUT', command, context);
}

/** `HPOST ServerURI ClientURI+`: the same by HTTP POST. */
export function hpost(command: Command, context: Context): Outcome {
  return upload('POST', command, context);
}

function upload(method: string, command: Command, context: Context): Outcome {
  const uris = clientUris(command, 1, context);
  const body = new MoList(context.device, uris, context.gate, false);
  const status = body.find();
  if (status !== 200) return status;
  const serverUri = command.parameter(0);
  return {
    start(done) {
      const finish = {
        method,
        serverUri,
        body,
        adapts: false,
        done: (error: Parameters<typeof done>[0]) => done(error, undefined),
      };
      context.tools.uploader.start(finish, uris[0].moid);
    },
  };
}

/** The ClientURIs from parameter `from` on, all of MOIDs that the account may manage. @throws DmError `BAD_URI`, `TOO_LONG`, `FORBIDDEN`. */
export function clientUris(command: Command, from: number, context: Context): ClientUri[] {
  const uris: ClientUri[] = [];
  for (let i = from; i < command.count; i += 1) {
    const uri = context.device.clientUri(command.parameter(i));
    context.gate.checkMoid(uri.moid);
    uris.push(uri);
  }
  return uris;
}
