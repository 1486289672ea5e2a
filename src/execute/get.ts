import type { Command } from '../commands/command.js';
import { MoList } from '../reply/mo-list.js';
import { Large } from '../tree/mo-writer.js';
import type { Context } from './context.js';
import { JsonTail } from './json-tail.js';
import type { Outcome } from './outcome.js';
import { clientUris } from './parameters.js';

/** `GET ClientURI+`: sends the addressed data in Package#3 (PROTOCOL.md §3). */
export function get(command: Command, context: Context): Outcome {
  const list = new MoList(context.device, clientUris(command, 0, context), context.gate, false, Large.Mark);
  const status = list.find();
  return status === 200 ? { status, tail: new JsonTail(',"Data":', list) } : status;
}
