import type { BodySource } from '../bytes/body-writer.js';
import type { Text } from '../hal/text.js';
import type { Limits } from '../limits.js';

/** A run of equal statuses is one number: the status, and so many times this how often it comes. */
const ONCE = 0x10000;

/** What an entry takes beside its text: a slot, and a header. */
const ENTRY = 24;

/** What a result takes beside its members: `,{"sc":200` and `}`. */
const FRAME = 11;

/** A piece of a result that is longer takes no more: joining strings copies them. */
const LONG = 128;

/** Statuses of a run that are written at once. */
const MOST = 32;

/**
 * What Package#3 will say, at most `limits.reply` bytes: runs of equal statuses counted, results as they were at their command. Status 413
 * for all commands that no longer fit takes no room beyond a last run (PROTOCOL.md §2).
 */
export class ReplyBuffer implements BodySource {
  private readonly text: Text;
  private readonly size: number;
  /** Runs, and pieces of JSON. */
  private entries!: (number | string)[];
  private used!: number;
  /** The entry that comes next, and what of a run is written. */
  private at!: number;
  private written!: number;

  constructor(text: Text, limits: Limits) {
    this.text = text;
    this.size = limits.reply;
    this.reset();
  }

  /** Makes ready for another package. */
  reset(): void {
    this.entries = [];
    this.used = 0;
    this.rewind();
  }

  /** True where a further command could not be answered: it must not be executed. */
  get isFull(): boolean {
    return this.free < ENTRY;
  }

  /** Bytes that the members of the next command's result may have. */
  get room(): number {
    return this.free - ENTRY - FRAME;
  }

  /** Bytes for entries; beside them fit a run of 413 for all that no longer fits, and one 400. */
  private get free(): number {
    return this.size - this.used - 2 * ENTRY;
  }

  /** Adds the status of a command. */
  status(status: number): void {
    const last = this.entries.length - 1;
    const run = last < 0 ? '' : this.entries[last];
    if (typeof run === 'number' && run % ONCE === status) this.entries[last] = run + ONCE;
    else if (this.used + ENTRY <= this.size) {
      this.entries.push(ONCE + status);
      this.used += ENTRY;
    }
  }

  /**
   * Adds the status of a command and what stands behind it.
   * @param tail writes JSON members, each with a comma before it.
   * @returns false where it does not fit; then nothing was added.
   */
  result(status: number, tail: BodySource): boolean {
    tail.rewind();
    let piece = `${this.entries.length > 0 ? ',' : ''}{"sc":${status}${tail.next()}`;
    const pieces = [''];
    let last = 0;
    let length = ENTRY + 1;
    while (piece !== '') {
      if (pieces[last].length > LONG) {
        last = pieces.push('') - 1;
        length += ENTRY;
      }
      pieces[last] += piece;
      length += this.text.encode(piece).length;
      if (length > this.free) return false;
      piece = tail.next();
    }
    pieces[last] += '}';
    this.entries = this.entries.concat(pieces);
    this.used += length;
    return true;
  }

  /** Goes back to the first status. */
  rewind(): void {
    this.at = 0;
    this.written = 0;
  }

  /** As a source it is the elements of `Status`, parted by commas. */
  next(): string {
    const entry = this.at < this.entries.length ? this.entries[this.at] : '';
    if (typeof entry === 'string') {
      this.at += 1;
      return entry;
    }
    const isFirst = this.at + this.written === 0;
    const left = Math.floor(entry / ONCE) - this.written;
    const text = `,{"sc":${entry % ONCE}}`.repeat(Math.min(left, MOST));
    this.written += MOST;
    if (left <= MOST) {
      this.at += 1;
      this.written = 0;
    }
    return isFirst ? text.slice(1) : text;
  }
}
