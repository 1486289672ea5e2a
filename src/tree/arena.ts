import { copyBytes } from '../bytes/text-buffer.js';
import { DmError } from '../errors.js';

/** A node: the place of its record among the arena's words. It stays the same until the node is freed. */
export type NodeId = number;

/** No node. It has a record all the same, so that nothing is found below it or beside it. */
export const NO_NODE: NodeId = 0;

/** The node above all MOIDs. */
export const ROOT: NodeId = 4;

/** A record is four 16-bit words. */
export const enum Word {
  /** The next sibling; of the last sibling the parent, plus `Link.Last`; of a free record the next free one. */
  Next = 0,
  /** The first child, or a leaf's block; 0 is none. Every record lies above every block, which tells one from the other. */
  Content = 1,
  /** Index into the table of names; 0 of a free record, of `NO_NODE` and of `ROOT`. */
  Name = 2,
  /** Bits 0-3: the format; bits 4-15: of an instance its flash object, of a large leaf the number of its value. */
  Meta = 3,
  Count = 4,
}

/** What of the word `Meta` is what. */
export const enum Meta {
  Format = 0x0f,
  ObjectShift = 4,
}

/** Records lie at multiples of four words, which leaves the low bits of a link free. */
export const enum Link {
  Last = 1,
}

/** The records of `NO_NODE` and `ROOT` come before the blocks. */
const FIRST_BLOCK = 8;

/** Most bytes of a block: in a free one, twice the words of its size and one must fit a word. */
export const MAX_BLOCK = 0xfffc;

/**
 * Node records and their values in one buffer of fixed size: 8 bytes a node, 2 and the bytes themselves a value. Records lie from the
 * end downwards, and keep their place. Blocks lie from the start upwards, each behind a word with its length in bytes, and move when
 * the arena is compacted.
 */
export class Arena {
  readonly words: Uint16Array;
  /** The lowest record. */
  low: number;
  /** Buffer in which the values lie. */
  readonly bytes: Uint8Array;
  private freed: NodeId;
  /** First word behind the last block. */
  private top: number;

  /** @param size bytes, 64 to 131,072: a place is 16 bits wide. */
  constructor(size: number) {
    const words = new Uint16Array((size >> 3) * Word.Count);
    this.words = words;
    this.low = words.length;
    this.bytes = new Uint8Array(words.buffer);
    this.freed = NO_NODE;
    this.top = FIRST_BLOCK;
    words[NO_NODE] = Link.Last;
    words[ROOT] = Link.Last;
  }

  /** Bytes in use. */
  get used(): number {
    let words = FIRST_BLOCK;
    for (let id = this.low; id < this.words.length; id += Word.Count) {
      const length = this.blockLength(id);
      if (this.words[id + Word.Name] !== 0) words += Word.Count + (length === 0 ? 0 : blockWords(length));
    }
    return words * 2;
  }

  /** Bytes of a leaf's block; 0 for null, bool and an interior node. */
  blockLength(leaf: NodeId): number {
    const block = this.words[leaf + Word.Content];
    return block === 0 || block >= this.low ? 0 : this.words[block];
  }

  /** Where in `bytes` a leaf's value begins; valid until the arena changes. */
  valueStart(leaf: NodeId): number {
    return this.words[leaf + Word.Content] * 2 + 2;
  }

  /**
   * A new record, unlinked, with no content.
   * @throws DmError `TREE_FULL`
   */
  protected allocate(name: number, meta: number): NodeId {
    const words = this.words;
    let id = this.freed;
    if (id !== NO_NODE) this.freed = words[id];
    else {
      if (this.low - this.top < Word.Count) this.compact();
      if (this.low - this.top < Word.Count) throw new DmError('TREE_FULL', 'arena');
      this.low -= Word.Count;
      id = this.low;
    }
    words[id] = Link.Last;
    words[id + Word.Content] = 0;
    words[id + Word.Name] = name;
    words[id + Word.Meta] = meta;
    return id;
  }

  /** Gives a record and its block back. */
  protected release(id: NodeId): void {
    this.dropValue(id);
    this.words[id + Word.Content] = 0;
    this.words[id + Word.Name] = 0;
    this.words[id] = this.freed;
    this.freed = id;
  }

  /**
   * Adds bytes to the end of a leaf's value. `bytes` is not the arena's own buffer.
   * @throws DmError `TREE_FULL`; the value is then as it was.
   */
  append(leaf: NodeId, bytes: Uint8Array, from: number, to: number): void {
    if (from === to) return;
    const words = this.words;
    const old = this.blockLength(leaf);
    const length = old + to - from;
    if (!this.fits(leaf, length)) this.compact();
    if (!this.fits(leaf, length) || length > MAX_BLOCK) throw new DmError('TREE_FULL', 'arena');
    let block = words[leaf + Word.Content];
    if (!this.isTop(leaf)) {
      words.copyWithin(this.top, block, block + blockWords(old));
      this.dropValue(leaf);
      block = this.top;
      words[leaf + Word.Content] = block;
    }
    words[block] = length;
    this.top = block + blockWords(length);
    copyBytes(bytes, from, to, this.bytes, block * 2 + 2 + old);
  }

  /** Makes a leaf's value empty. */
  dropValue(leaf: NodeId): void {
    const words = this.words;
    const block = words[leaf + Word.Content];
    if (block === 0 || block >= this.low) return;
    const size = blockWords(words[block]);
    if (this.isTop(leaf)) this.top = block;
    else words[block] = size * 2 + 1;
    words[leaf + Word.Content] = 0;
  }

  /** True where the leaf's block is the last one, which alone can grow where it is. */
  private isTop(leaf: NodeId): boolean {
    return this.words[leaf + Word.Content] + blockWords(this.blockLength(leaf)) === this.top;
  }

  private fits(leaf: NodeId, length: number): boolean {
    const from = this.isTop(leaf) ? this.words[leaf + Word.Content] : this.top;
    return from + blockWords(length) <= this.low;
  }

  /** Slides all blocks down over the free ones. */
  private compact(): void {
    const words = this.words;
    // The length goes to the leaf and the leaf to the block, so that one walk over the blocks, in their order, knows whose they are.
    for (let id = this.low; id < words.length; id += Word.Count) {
      const block = words[id + Word.Content];
      if (block !== 0 && block < this.low) {
        words[id + Word.Content] = words[block];
        words[block] = id;
      }
    }
    let to = FIRST_BLOCK;
    let from = FIRST_BLOCK;
    while (from < this.top) {
      const leaf = words[from];
      // Odd in a free block, and no leaf's place.
      let size = leaf >> 1;
      if ((leaf & 1) === 0) {
        const length = words[leaf + Word.Content];
        size = blockWords(length);
        words.copyWithin(to, from, from + size);
        words[to] = length;
        words[leaf + Word.Content] = to;
        to += size;
      }
      from += size;
    }
    this.top = to;
  }
}

/** Words of a block with a value of so many bytes. */
function blockWords(length: number): number {
  return 1 + ((length + 1) >> 1);
}
