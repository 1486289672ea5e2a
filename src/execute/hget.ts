import type { Command } from '../commands/command.js';
import { Retrieval } from '../config/retrieval.js';
import { DmError } from '../errors.js';
import type { ClientUri } from '../tree/client-uri.js';
import { SERVER_NAMING } from '../tree/mo-intake.js';
import type { Context } from './context.js';
import { JsonTail } from './json-tail.js';
import type { Outcome } from './outcome.js';

/** `HGET ServerURI [ClientURI]`: fetches MO data and stores it (PROTOCOL.md §3). */
export function hget(command: Command, context: Context): Outcome {
  const device = context.device;
  const serverUri = command.parameter(0);
  const target = command.count > 1 ? device.clientUri(command.parameter(1)) : undefined;
  const fetch = new Fetch(context, target);
  return () => fetch.begin(serverUri, '');
}

/** A fetch that tells where each element went, unless one place was named. */
class Fetch extends Retrieval {
  private tail: JsonTail | undefined;
  /** Bytes that it may add to Package#3; less than none where nothing is told. */
  private readonly room: number;

  constructor(context: Context, target: ClientUri | undefined) {
    super(context.device, context.tools.repository, target, context.gate, SERVER_NAMING, (error) =>
      context.finished(error, this.tail),
    );
    this.room = target === undefined ? context.room() : -1;
  }

  protected override stored(uris: readonly string[]): void {
    if (this.room < 0) return;
    const member = `,"URI":${JSON.stringify(uris)}`;
    // Refused while nothing is durable yet: a server that cannot be told the places must not have made them.
    if (member.length >= this.room) throw new DmError('REPLY_FULL');
    this.tail = new JsonTail(member, undefined);
  }
}
