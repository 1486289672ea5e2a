import { Envelope, type EnvelopeUser } from '../bytes/envelope.js';
import { type JsonHandler, JsonScanner, State } from '../bytes/json-scanner.js';
import { DmError } from '../errors.js';
import type { Text } from '../hal/text.js';
import type { Limits } from '../limits.js';
import { Command } from './command.js';
import { CommandList } from './command-list.js';

const MEMBERS = ['CMD'];

/** More bytes at once take more memory and little less time. */
const WINDOW = 512;

/** Levels of nesting that `JSON.parse` never sees: each takes some of the machine's stack, and where that is full the machine ends. */
const BRACKETS = 18;

/** How most packages begin. */
const START = '{"CMD":[';
const START_DEPTH = 2;

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
  /** Elements that a command may have. */
  private readonly most: number;
  private readonly command: Command;
  private readonly onCommand: (command: Command) => boolean;
  private readonly envelope: Envelope;
  private readonly list: CommandList;
  private lists!: number;
  private more: boolean | undefined;

  /**
   * @param onCommand gets each command when its last byte was read, and returns false to pause. The record is reused: it is
   *   valid until `read` is called again or goes on.
   */
  constructor(text: Text, limits: Limits, onCommand: (command: Command) => boolean) {
    super(limits.jsonDepth);
    this.text = text;
    this.window = Math.min(WINDOW, limits.command, limits.readAhead);
    this.pieces = Math.min(BRACKETS, limits.jsonDepth);
    this.most = limits.parameters + 1;
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
  }

  openMember(): JsonHandler {
    this.lists += 1;
    return this.list;
  }

  /**
   * Takes bytes `from` (inclusive) to `to` (exclusive).
   * @param more true where bytes that are not taken can come again, with others behind them.
   * @returns the place after the last byte taken: `to`, or less where `onCommand` paused, or where there is `more` and a command may not be
   *   whole in the last bytes, fewer than 512.
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
    const list = this.list;
    const c = bytes[from];
    if (c === 0x7b && this.offset === 0) {
      if (this.ascii(bytes, from, Math.min(to, from + START.length)) === START) {
        this.open(true);
        this.delegate(this.openMember());
        this.open(false);
        return from + START.length;
      }
    } else if (
      c === 0x5b &&
      this.depth === START_DEPTH &&
      this.state <= State.Next &&
      list.isOpen &&
      list.known === 0
    ) {
      if (this.more && to - from < this.window) {
        this.pause();
        return from;
      }
      const next = this.batch(bytes, from, Math.min(to, from + this.window));
      if (next > from) return next;
    }
    return super.step(bytes, from, to);
  }

  /** Bytes as a string; '' where they are not ASCII. */
  private ascii(bytes: Uint8Array, from: number, to: number): string {
    try {
      const text = this.text.decode(bytes, from, to);
      return text.length === to - from ? text : '';
    } catch (_) {
      return '';
    }
  }

  /**
   * Reads the commands at `from` natively that are whole before `to`.
   * @returns the place behind them; `from` where there are none, or something that only the scanner may judge.
   */
  private batch(bytes: Uint8Array, from: number, to: number): number {
    let batch: unknown[][];
    let next = to - 2;
    let atEnd = bytes[to - 1] === 0x7d;
    let text = this.ascii(bytes, from, to);
    // An object would make property names for good, and half a surrogate pair is no text.
    if (text.indexOf('{') >= 0 || text.indexOf('\\u') >= 0) return from;
    const pieces = text.split('[', this.pieces);
    const last = pieces.length - 1;
    if (last === this.pieces - 1) atEnd = false;
    if (last < (atEnd ? 1 : 2)) return from;
    try {
      // Behind the last bracket a command may not be whole, unless the usual end of a package is there. An empty one stands for it.
      pieces[last] = atEnd ? `${pieces[last].slice(0, -2)},[]]` : ']]';
      pieces[0] = '[';
      text = pieces.join('[');
      if (!atEnd) next = from + text.length - 4;
      batch = JSON.parse(text);
      for (let i = batch.length - 2; i >= 0; i -= 1) {
        if (typeof batch[i] === 'string' || !(batch[i].length <= this.most)) return from;
      }
    } catch (_) {
      return from;
    }
    const command = this.command;
    const count = batch.length - 1;
    for (let i = 0; i < count; i += 1) {
      command.elements = batch[i];
      command.fault = '';
      if (!this.onCommand(command)) {
        // Where the command ends only the scanner can tell.
        this.list.known = i + 1;
        return from;
      }
    }
    this.state = atEnd ? State.After : State.Next;
    return next;
  }
}
