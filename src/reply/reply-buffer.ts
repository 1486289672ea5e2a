import type { BodySource } from '../bytes/body-writer.js';
import type { Text } from '../hal/text.js';
import type { Limits } from '../limits.js';
import type { NodeId } from '../tree/arena.js';
import { MARK, quotedSlice } from '../tree/mo-writer.js';
import type { TreeStore } from '../tree/tree-store.js';

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
  private readonly tree: TreeStore;
  /** Runs, pieces of JSON, and below 0 detached leaves that share large values: these stay as long as the reply. */
  private entries: (number | string)[];
  private used!: number;
  /** Entries of commands that are wholly answered. */
  private whole!: number;
  /** The entry that comes next, and what of a run or of a value is written. */
  private at!: number;
  private written!: number;

  constructor(text: Text, limits: Limits, tree: TreeStore) {
    this.text = text;
    this.size = limits.reply;
    this.tree = tree;
    this.entries = [];
    this.reset();
  }

  /** Makes ready for another package. */
  reset(): void {
    this.whole = 0;
    this.cut();
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
    this.cut();
    const last = this.entries.length - 1;
    const run = last < 0 ? '' : this.entries[last];
    if (typeof run === 'number' && run % ONCE === status) this.entries[last] = run + ONCE;
    else if (this.used + ENTRY <= this.size) {
      this.whole = this.entries.push(ONCE + status);
      this.used += ENTRY;
    }
  }

  /**
   * Adds the status of a command and what stands behind it.
   * @param tail writes JSON members, each with a comma before it; large values as `Large.Mark` says.
   * @returns false where it does not fit; then nothing was added.
   * @throws DmError `TREE_FULL`, and `FLASH_FAILED` where a large value cannot be read; then `status` must come next.
   */
  result(status: number, tail: BodySource): boolean {
    const entries = this.entries;
    tail.rewind();
    let piece = `${entries.length > 0 ? ',' : ''}{"sc":${status}${tail.next()}`;
    let text = '';
    let length = ENTRY + 1;
    for (; piece !== ''; piece = tail.next()) {
      // Text and leaves by turns.
      const parts = piece.split(MARK);
      for (let i = 0; i < parts.length; i += 1) {
        const part = parts[i];
        const isLeaf = (i & 1) !== 0;
        if (isLeaf || text.length > LONG) {
          entries.push(text);
          text = '';
          length += ENTRY;
        }
        if (isLeaf) entries.push(-this.keep(Number(part)));
        else text += part;
        length += isLeaf ? ENTRY : this.text.encode(part).length;
      }
      if (length > this.free) {
        this.cut();
        return false;
      }
    }
    this.whole = entries.push(`${text}}`);
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
    if (entry < 0) return this.slice(-entry);
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

  private slice(leaf: NodeId): string {
    const from = this.written;
    const to = this.tree.sliceEnd(leaf, from, LONG);
    const isEnd = to === this.tree.valueLength(leaf);
    this.written = isEnd ? 0 : to;
    if (isEnd) this.at += 1;
    return quotedSlice(this.tree, leaf, from, to, isEnd);
  }

  /** Whatever becomes of a large leaf, its value stays as it is now, and can be read. */
  private keep(leaf: NodeId): NodeId {
    const tree = this.tree;
    for (let at = 0; at < tree.valueLength(leaf); ) at = tree.sliceEnd(leaf, at, tree.valueLength(leaf));
    return tree.copy(leaf);
  }

  /** Takes off what was begun and not finished. */
  private cut(): void {
    while (this.entries.length > this.whole) {
      const entry = this.entries.pop();
      if (typeof entry === 'number' && entry < 0) this.tree.free(-entry);
    }
  }
}
