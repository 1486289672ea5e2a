import type { Command } from '../commands/command.js';
import { Upload } from '../config/upload.js';
import { MoList } from '../reply/mo-list.js';
import { Large } from '../tree/mo-writer.js';
import type { Context } from './context.js';
import type { Outcome } from './outcome.js';
import { clientUris } from './parameters.js';

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
  const body = new MoList(context.device, uris, context.gate, false, Large.Whole);
  const status = body.find();
  if (status !== 200) return status;
  const serverUri = command.parameter(0);
  const transfer = new Upload(context.device, context.tools.repository, method, body, false, (error) =>
    context.finished(error, undefined),
  );
  return () => transfer.begin(serverUri, uris[0].moid);
}
