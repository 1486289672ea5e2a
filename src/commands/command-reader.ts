import { Envelope, type EnvelopeUser } from '../bytes/envelope.js';
import { type JsonHandler, JsonScanner } from '../bytes/json-scanner.js';
import { DmError } from '../errors.js';
import type { Text } from '../hal/text.js';
import type { Limits } from '../limits.js';
import { Command } from './command.js';
import { CommandList } from './command-list.js';

const MEMBERS = ['CMD'];

/**
 * Reads Package#2, `{"CMD":[[NAME, parameter, …], …]}`, in chunks of any size; any number of CMD members, their commands in order.
 * Memory does not grow with the package. Source: PROTOCOL.md §4.
 */
export class CommandReader implements EnvelopeUser {
  private readonly scanner: JsonScanner;
  private readonly envelope: Envelope;
  private readonly list: CommandList;
  private lists!: number;

  /**
   * @param onCommand gets each command when its last byte was read, and returns false to pause. The record is reused: it is
   *   valid until `read` is called again or goes on.
   */
  constructor(text: Text, limits: Limits, onCommand: (command: Command) => boolean) {
    this.scanner = new JsonScanner(limits.jsonDepth);
    this.envelope = new Envelope(this.scanner, text, MEMBERS, this);
    this.list = new CommandList(this.scanner, new Command(text, limits), onCommand);
    this.reset();
  }

  /** Makes ready for another package. */
  reset(): void {
    this.scanner.reset(this.envelope);
    this.list.reset();
    this.lists = 0;
  }

  openMember(): JsonHandler {
    this.lists += 1;
    return this.list;
  }

  /**
   * Takes bytes `from` (inclusive) to `to` (exclusive).
   * @returns the place after the last byte taken: `to`, or less where `onCommand` paused.
   * @throws DmError `BAD_JSON`, `BAD_UTF8`, `TOO_DEEP` with the offset; the commands before it were delivered.
   */
  read(bytes: Uint8Array, from: number, to: number): number {
    return this.scanner.scan(bytes, from, to);
  }

  /**
   * Says that the package is whole.
   * @throws DmError `CUT_SHORT`; `BAD_JSON` where it has no CMD.
   */
  end(): void {
    this.scanner.end();
    if (this.lists === 0) throw new DmError('BAD_JSON', 'no CMD');
  }
}
