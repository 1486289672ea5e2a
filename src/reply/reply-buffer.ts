import { type BodySource, BodyWriter } from '../bytes/body-writer.js';
import type { Text } from '../hal/text.js';
import type { Limits } from '../limits.js';

/**
 * An entry: tag (1 byte), status (2), count or length (4), little-endian; then for `Tag.Result` that many bytes of JSON, which stand
 * behind the status in its object.
 */
const enum Tag {
  Run = 1,
  Result = 2,
}

const ENTRY = 7;

/**
 * What Package#3 will say, in a buffer of fixed size: runs of equal statuses counted, results as they were at their command. Status 413
 * for all commands that no longer fit takes no room beyond a last run (PROTOCOL.md §2).
 */
export class ReplyBuffer implements BodySource {
  private readonly bytes: Uint8Array;
  private readonly body: BodyWriter;
  private used!: number;
  /** The last run, not yet in the buffer. */
  private runStatus!: number;
  private runCount!: number;
  /** Where writing out is: an entry's place, and within a run the count, or within a result the phase. */
  private at!: number;
  private within!: number;

  constructor(text: Text, limits: Limits) {
    this.bytes = new Uint8Array(limits.reply);
    this.body = new BodyWriter(text);
    this.reset();
  }

  /** Makes ready for another package. */
  reset(): void {
    this.used = 0;
    this.runStatus = 0;
    this.runCount = 0;
    this.rewind();
  }

  /** True where a further command could not be answered: it must not be executed. */
  get isFull(): boolean {
    return this.room <= 0;
  }

  /** Bytes that the result of the next command may have. */
  get room(): number {
    // Kept free: the run that is counted, the result's own entry, a run of 413 for all that no longer fits, and one 400.
    return this.bytes.length - this.used - (this.runCount > 0 ? 4 : 3) * ENTRY;
  }

  /** Adds the status of a command. */
  status(status: number): void {
    if (this.runStatus !== status) this.endRun();
    this.runStatus = status;
    this.runCount += 1;
  }

  /**
   * Adds the status of a command and what stands behind it.
   * @param tail writes JSON members, each with a comma before it.
   * @returns false where it does not fit; then nothing was added.
   */
  result(status: number, tail: BodySource): boolean {
    const mark = this.used;
    const count = this.runCount;
    this.endRun();
    const from = this.used + ENTRY;
    const end = this.used + ENTRY + this.room;
    this.body.begin(tail);
    const to = this.body.fill(this.bytes, from, end);
    if (to >= end) {
      this.used = mark;
      this.runCount = count;
      return false;
    }
    this.entry(Tag.Result, status, to - from);
    this.used = to;
    return true;
  }

  /** Goes back to the first status, to be written out; nothing is added afterwards. */
  rewind(): void {
    this.endRun();
    this.at = 0;
    this.within = 0;
  }

  /** As a source it is the elements of `Status`, parted by commas. */
  step(out: BodyWriter): boolean {
    if (this.at === this.used) return false;
    const length = this.length();
    if (this.bytes[this.at] === Tag.Run) {
      out.put(`${this.head()}}`);
      this.within += 1;
      if (this.within === length) this.leave(0);
    } else if (this.within === 0) {
      out.put(this.head());
      this.within = 1;
    } else if (this.within === 1) {
      out.putBytes(this.bytes, this.at + ENTRY, this.at + ENTRY + length);
      this.within = 2;
    } else {
      out.put('}');
      this.leave(length);
    }
    return true;
  }

  private head(): string {
    return `${this.at > 0 || this.within > 0 ? ',' : ''}{"sc":${this.bytes[this.at + 1] | (this.bytes[this.at + 2] << 8)}`;
  }

  private leave(length: number): void {
    this.at += ENTRY + length;
    this.within = 0;
  }

  private endRun(): void {
    if (this.runCount === 0) return;
    this.entry(Tag.Run, this.runStatus, this.runCount);
    this.used += ENTRY;
    this.runCount = 0;
  }

  private entry(tag: Tag, status: number, length: number): void {
    const bytes = this.bytes;
    bytes[this.used] = tag;
    bytes[this.used + 1] = status & 0xff;
    bytes[this.used + 2] = status >> 8;
    for (let i = 0; i < 4; i += 1) bytes[this.used + 3 + i] = length >>> (8 * i);
  }

  private length(): number {
    let length = 0;
    for (let i = 3; i >= 0; i -= 1) length = length * 256 + this.bytes[this.at + 3 + i];
    return length;
  }
}
