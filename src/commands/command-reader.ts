import { Envelope, type EnvelopeUser } from '../bytes/envelope.js';
import type { JsonHandler } from '../bytes/json-handler.js';
import { JsonScanner, State } from '../bytes/json-scanner.js';
import { DmError } from '../errors.js';
import type { Text } from '../hal/text.js';
import type { Limits } from '../limits.js';
import { Command } from './command.js';
import { CommandList } from './command-list.js';

const MEMBERS = ['CMD'];

/** A segment of 536 bytes and what was left of the one before: more at once takes more memory and little less time. */
const WINDOW = 640;

/** Levels of nesting that `JSON.parse` never sees: each takes some of the machine's stack, and where that is full the machine ends. */
const BRACKETS = 18;

/** How most packages begin. */
const START = '{"CMD":[';
const START_DEPTH = 2;

const NOTHING: readonly unknown[] = [];

/**
 * Reads Package#2, `{"CMD":[[NAME, parameter, …], …]}`, in chunks of any size; any number of CMD members, their commands in order.
 * Memory does not grow with the package. Source: PROTOCOL.md §4.
 *
 * A script's loop over bytes is the slow way on a device's engine. Commands that are whole in the chunk, and nothing but arrays of
 * strings in ASCII, are therefore parsed natively, several at once. Everything else, errors too, is the scanner's: so what is
 * read, and where an error is, does not depend on the chunks.
 */
export class CommandReader extends JsonScanner implements EnvelopeUser {
  private readonly text: Text;
  /** Bytes that are read natively at once: what is whole in them is no longer than a command may be. */
  private readonly window: number;
  /** Pieces between brackets that are looked at. */
  private readonly pieces: number;
  private readonly command: Command;
  private readonly onCommand: (command: Command) => boolean;
  private readonly envelope: Envelope;
  private readonly list: CommandList;
  private lists!: number;
  private more: boolean | undefined;
  /** Commands that were read natively, of which that at `at` is to be delivered next; the last element is none. */
  private batch!: readonly unknown[];
  private at!: number;
  /** Bytes of the batch, and whether the list ends with it. */
  private size!: number;
  private atEnd!: boolean;
  /** How many bytes, where no more are there, are known to hold no whole command. */
  private tail!: number;

  /**
   * @param onCommand gets each command when its last byte was read, and returns false to pause. The record is reused: it is
   *   valid until `read` is called again or goes on.
   */
  constructor(text: Text, limits: Limits, onCommand: (command: Command) => boolean) {
    super(limits.jsonDepth);
    this.text = text;
    this.window = Math.min(WINDOW, limits.command, limits.readAhead);
    this.pieces = Math.min(BRACKETS, limits.jsonDepth);
    this.command = new Command(text, limits);
    this.onCommand = onCommand;
    this.envelope = new Envelope(this, text, MEMBERS, this);
    this.list = new CommandList(this, this.command, onCommand);
    this.reset();
  }

  /** Makes ready for another package. */
  override reset(): void {
    super.reset(this.envelope);
    this.list.reset();
    this.lists = 0;
    this.batch = NOTHING;
    this.tail = 0;
  }

  openMember(): JsonHandler {
    this.lists += 1;
    return this.list;
  }

  /**
   * Takes bytes `from` (inclusive) to `to` (exclusive).
   * @param more true where bytes that are not taken come again, with others behind them.
   * @returns the place after the last byte taken: `to`, or less where `onCommand` paused, which may then be within that command, or where
   *   there is `more` and no command is whole in the last bytes, fewer than 640. What is not taken is to come again.
   * @throws DmError `BAD_JSON`, `BAD_UTF8`, `TOO_DEEP` with the offset; the commands before it were delivered.
   */
  read(bytes: Uint8Array, from: number, to: number, more?: boolean): number {
    this.more = more;
    return this.scan(bytes, from, to);
  }

  /**
   * Says that the package is whole.
   * @throws DmError `CUT_SHORT`; `BAD_JSON` where it has no CMD.
   */
  override end(): void {
    super.end();
    if (this.lists === 0) throw new DmError('BAD_JSON', 'no CMD');
  }

  protected override step(bytes: Uint8Array, from: number, to: number): number {
    const c = bytes[from];
    if (this.batch.length > 0) return this.deliver(from);
    if (c === 0x7b && this.offset === 0) {
      if (beginsAs(START, bytes, from, to)) {
        this.open(true);
        this.delegate(this.openMember());
        this.open(false);
        return from + START.length;
      }
    } else if (c === 0x5b && this.depth === START_DEPTH && this.state <= State.Next && this.list.isOpen) {
      if (to - from !== this.tail) this.parse(bytes, from, to);
      if (this.batch.length > 0) return this.deliver(from);
      if (this.more && to - from === this.tail) {
        this.pause();
        return from;
      }
    }
    return super.step(bytes, from, to);
  }

  /** Delivers commands of the batch, until there are no more or a pause is made; all its bytes are taken with the last. */
  private deliver(from: number): number {
    const command = this.command;
    const batch = this.batch;
    const count = batch.length - 1;
    let at = this.at;
    while (at < count) {
      command.parsed = batch[at];
      at += 1;
      if (!this.onCommand(command)) {
        this.pause();
        break;
      }
    }
    this.at = at;
    if (at < count) {
      // Where a command ends only a scan would tell: but every pause shows that something was taken.
      this.size -= 1;
      return from + 1;
    }
    this.batch = NOTHING;
    this.state = this.atEnd ? State.After : State.Next;
    return from + this.size;
  }

  /** Reads the commands at `from` natively that are whole before `to`: the batch, empty where there are none, or only the scanner may judge. */
  private parse(bytes: Uint8Array, from: number, to: number): void {
    this.tail = 0;
    this.command.clear();
    try {
      // What that took beside the text is free when this is parsed.
      const json = this.wholeCommands(bytes, from, Math.min(to, from + this.window), to);
      if (json === '') return;
      this.batch = JSON.parse(json);
      this.at = 0;
    } catch (_) {
      // The scanner tells what is wrong.
    }
  }

  /** The commands from `from` that are whole before `end`, as an array, and an empty one behind them; '' where there are none. */
  private wholeCommands(bytes: Uint8Array, from: number, end: number, to: number): string {
    const length = end - from;
    const text = this.text.decode(bytes, from, end);
    // An object would make property names for good, half a surrogate pair is no text, and what is not ASCII has other lengths.
    if (text.length !== length || text.indexOf('{') >= 0 || text.indexOf('\\u') >= 0) return '';
    const pieces = text.split('[', this.pieces);
    const last = pieces.length - 1;
    const rest = pieces[last];
    const isCut = last === this.pieces - 1;
    // Behind the last bracket a command may not be whole, unless the usual end of a package is there.
    this.atEnd = !isCut && bytes[end - 1] === 0x7d && rest.endsWith(']}');
    if (!this.atEnd && !isCut && end === to && rest.indexOf(']') < 0) this.tail = rest.length + 1;
    if (last < (this.atEnd ? 1 : 2)) return '';
    pieces[0] = '[';
    pieces[last] = this.atEnd ? `${rest.slice(0, -2)},[]]` : ']]';
    const json = pieces.join('[');
    if (this.atEnd) this.size = length - 2;
    else this.size = isCut ? json.length - 4 : length - rest.length - 1;
    return json;
  }
}

/** @param start in ASCII. */
function beginsAs(start: string, bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from < start.length) return false;
  for (let i = 0; i < start.length; i += 1) if (bytes[from + i] !== start.charCodeAt(i)) return false;
  return true;
}
