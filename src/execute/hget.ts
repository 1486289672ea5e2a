import type { Command } from '../commands/command.js';
import { DmError } from '../errors.js';
import { SERVER_NAMING } from '../tree/mo-intake.js';
import type { Context } from './context.js';
import { JsonTail } from './json-tail.js';
import type { Outcome } from './outcome.js';

/** `HGET ServerURI [ClientURI]`: fetches MO data and stores it (PROTOCOL.md §3). */
export function hget(command: Command, context: Context): Outcome {
  const serverUri = command.parameter(0);
  const target = command.count > 1 ? context.device.clientUri(command.parameter(1)) : undefined;
  return {
    start(done) {
      let tail: JsonTail | undefined;
      context.tools.retriever.start({
        serverUri,
        moid: target === undefined ? '' : target.moid,
        target,
        gate: context.gate,
        naming: SERVER_NAMING,
        etag: () => '',
        stored: (_url, _etag, uris) => {
          if (target !== undefined) return;
          const list = JSON.stringify(uris);
          // Refused while nothing is durable yet: a server that cannot be told the places must not have made them.
          if (list.length + URI_MEMBER > context.room()) throw new DmError('REPLY_FULL');
          tail = new JsonTail('URI', list);
        },
        done: (error) => done(error, tail),
      });
    },
  };
}

/** Length of `,"URI":`, and one byte since a result must leave room. */
const URI_MEMBER = 8;
