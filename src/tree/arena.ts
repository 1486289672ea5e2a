import { copyBytes } from '../bytes/text-buffer.js';
import { DmError } from '../errors.js';

/** A record's place in the arena. 0 is the tree's own root, and stands for "no node" wherever a root cannot be. */
export type NodeId = number;

export const NO_NODE: NodeId = 0;

/**
 * A record is four 16-bit words, counted from the arena's end downwards:
 * - `Next`: the next sibling; of the last sibling, the parent (the `Last` flag of `Meta` tells which); of a free record, the next free one.
 * - `Content`: an interior node's first child, or a leaf's block in 2-byte units; 0 is none.
 * - `Name`: index into the table of names.
 * - `Meta`: format (bits 0-3), last sibling (bit 4), 11 bits for the owner (bits 5-15).
 */
const enum Word {
  Next = 0,
  Content = 1,
  Name = 2,
  Meta = 3,
}

const FORMAT_MASK = 0x0f;
const LAST = 0x10;
const TAG_SHIFT = 5;

/** Most that `setTag` takes. */
export const MAX_TAG = 0x7ff;

const RECORD_BYTES = 8;

/**
 * Blocks of bytes lie from the arena's start upwards, each behind two words: the record that owns it (0: free) and its length in bytes.
 * Unit 0 is not used, so that 0 can stand for "no block".
 */
const BLOCK_WORDS = 2;
const FIRST_BLOCK = 1;

/** A block's length is a 16-bit word. */
const MAX_BLOCK = 0xffff;

/** Links are 16 bits wide. */
const MAX_ARENA = 0x20000;

/**
 * Node records and their bytes in one buffer of fixed size (design: 8 bytes a node, 4 and the bytes themselves a value). Records
 * keep their place for life, so a `NodeId` is a valid handle until its node is freed; blocks move when the arena is compacted.
 */
export class Arena {
  private readonly words: Uint16Array;
  private readonly bytes: Uint8Array;
  private readonly end: number;
  private records: number;
  private freeRecord: number;
  /** First unit behind the last block. */
  private top: number;
  /** Units in blocks that are free. */
  private garbage: number;

  /**
   * @param size bytes, 64 to 131,072.
   * @throws DmError `BAD_ARGUMENT`
   */
  constructor(size: number) {
    if (!(size >= 64 && size <= MAX_ARENA)) throw new DmError('BAD_ARGUMENT', `tree of ${size} bytes`);
    const buffer = new ArrayBuffer(size & ~1);
    this.words = new Uint16Array(buffer);
    this.bytes = new Uint8Array(buffer);
    this.end = this.words.length;
    this.records = 0;
    this.freeRecord = NO_NODE;
    this.top = FIRST_BLOCK;
    this.garbage = 0;
    this.allocate();
  }

  /** Bytes in use, records and blocks. */
  get used(): number {
    let free = 0;
    for (let id = this.freeRecord; id !== NO_NODE; id = this.words[this.at(id)]) free += 1;
    return (this.records - free) * RECORD_BYTES + (this.top - FIRST_BLOCK - this.garbage) * 2;
  }

  /** Records that exist or did; every `NodeId` is below it. */
  get bound(): number {
    return this.records;
  }

  /**
   * A new record, unlinked, with no content.
   * @throws DmError `TREE_FULL`
   */
  allocate(): NodeId {
    const words = this.words;
    let id = this.freeRecord;
    if (id !== NO_NODE) this.freeRecord = words[this.at(id)];
    else {
      if (!this.hasRoom(RECORD_BYTES / 2) && this.garbage > 0) this.compact();
      if (!this.hasRoom(RECORD_BYTES / 2)) throw new DmError('TREE_FULL', 'arena');
      id = this.records;
      this.records += 1;
    }
    const at = this.at(id);
    words[at + Word.Next] = NO_NODE;
    words[at + Word.Content] = 0;
    words[at + Word.Name] = 0;
    words[at + Word.Meta] = LAST;
    return id;
  }

  /** Gives one record and its block back. */
  free(id: NodeId, hasBlock: boolean): void {
    if (hasBlock) this.dropBlock(id);
    const at = this.at(id);
    this.words[at + Word.Next] = this.freeRecord;
    this.words[at + Word.Meta] = FORMAT_MASK;
    this.freeRecord = id;
  }

  /** False for a record that was freed. */
  isUsed(id: NodeId): boolean {
    return (this.words[this.at(id) + Word.Meta] & FORMAT_MASK) !== FORMAT_MASK;
  }

  format(id: NodeId): number {
    return this.words[this.at(id) + Word.Meta] & FORMAT_MASK;
  }

  /** @param format 0 to 14. */
  setFormat(id: NodeId, format: number): void {
    const at = this.at(id) + Word.Meta;
    this.words[at] = (this.words[at] & ~FORMAT_MASK) | format;
  }

  /** A number that the tree's owner keeps with a record, 0 at first. */
  tag(id: NodeId): number {
    return this.words[this.at(id) + Word.Meta] >> TAG_SHIFT;
  }

  /** @param tag 0 to `MAX_TAG`. */
  setTag(id: NodeId, tag: number): void {
    const at = this.at(id) + Word.Meta;
    this.words[at] = (this.words[at] & (FORMAT_MASK | LAST)) | (tag << TAG_SHIFT);
  }

  name(id: NodeId): number {
    return this.words[this.at(id) + Word.Name];
  }

  setName(id: NodeId, name: number): void {
    this.words[this.at(id) + Word.Name] = name;
  }

  isLast(id: NodeId): boolean {
    return (this.words[this.at(id) + Word.Meta] & LAST) !== 0;
  }

  /** The next sibling, `NO_NODE` behind the last. */
  next(id: NodeId): NodeId {
    const at = this.at(id);
    return (this.words[at + Word.Meta] & LAST) !== 0 ? NO_NODE : this.words[at + Word.Next];
  }

  /** What the last of the siblings links to. */
  parent(id: NodeId): NodeId {
    let at = this.at(id);
    while ((this.words[at + Word.Meta] & LAST) === 0) at = this.at(this.words[at + Word.Next]);
    return this.words[at + Word.Next];
  }

  /** First child of an interior node. */
  firstChild(id: NodeId): NodeId {
    return this.words[this.at(id) + Word.Content];
  }

  setFirstChild(id: NodeId, child: NodeId): void {
    this.words[this.at(id) + Word.Content] = child;
  }

  /** Links `id` to what follows: a sibling, or as the last of the siblings the parent. */
  link(id: NodeId, next: NodeId, last: boolean): void {
    const at = this.at(id);
    this.words[at + Word.Next] = next;
    if (last) this.words[at + Word.Meta] |= LAST;
    else this.words[at + Word.Meta] &= ~LAST;
  }

  /** The raw link of `id`: the next sibling, or the parent where `isLast`. */
  linked(id: NodeId): NodeId {
    return this.words[this.at(id) + Word.Next];
  }

  /** Buffer in which all blocks lie; `blockStart` and `blockLength` tell where. Valid until the arena changes. */
  get buffer(): Uint8Array {
    return this.bytes;
  }

  blockStart(id: NodeId): number {
    return (this.words[this.at(id) + Word.Content] + BLOCK_WORDS) * 2;
  }

  blockLength(id: NodeId): number {
    const block = this.words[this.at(id) + Word.Content];
    return block === 0 ? 0 : this.words[block + 1];
  }

  /**
   * Adds bytes to the end of a leaf's block, which is made where there is none. `bytes` is not the arena's own buffer.
   * @throws DmError `TREE_FULL`; the block is then as it was.
   */
  append(id: NodeId, bytes: Uint8Array, from: number, to: number): void {
    const words = this.words;
    const at = this.at(id) + Word.Content;
    const old = this.blockLength(id);
    const length = old + (to - from);
    if (length > MAX_BLOCK) throw new DmError('TREE_FULL', 'value');
    if (!this.hasRoom(this.growth(at, old, length)) && this.garbage > 0) this.compact();
    const growth = this.growth(at, old, length);
    if (!this.hasRoom(growth)) throw new DmError('TREE_FULL', 'arena');
    let block = words[at];
    if (growth === blockUnits(length)) {
      const moved = block;
      block = this.top;
      this.top += blockUnits(length);
      words[block] = id;
      words[at] = block;
      if (moved !== 0) {
        this.bytes.copyWithin((block + BLOCK_WORDS) * 2, (moved + BLOCK_WORDS) * 2, (moved + BLOCK_WORDS) * 2 + old);
        words[moved] = NO_NODE;
        this.garbage += blockUnits(old);
      }
    } else this.top = block + blockUnits(length);
    words[block + 1] = length;
    copyBytes(bytes, from, to, this.bytes, (block + BLOCK_WORDS) * 2 + old);
  }

  /** Frees a leaf's block. */
  dropBlock(id: NodeId): void {
    const at = this.at(id) + Word.Content;
    const block = this.words[at];
    if (block === 0) return;
    const units = blockUnits(this.words[block + 1]);
    this.words[at] = 0;
    if (block + units === this.top) this.top = block;
    else {
      this.words[block] = NO_NODE;
      this.garbage += units;
    }
  }

  private at(id: NodeId): number {
    return this.end - ((id + 1) << 2);
  }

  /** True where `units` are free between the blocks and the records. */
  private hasRoom(units: number): boolean {
    return this.top + units <= this.at(this.records - 1);
  }

  /** Units that a block takes more when it grows from `old` to `length` bytes: only the topmost can grow where it is. */
  private growth(at: number, old: number, length: number): number {
    const block = this.words[at];
    const isTop = block !== 0 && block + blockUnits(old) === this.top;
    return isTop ? blockUnits(length) - blockUnits(old) : blockUnits(length);
  }

  /** Slides all blocks down over the free ones. */
  private compact(): void {
    const words = this.words;
    let to = FIRST_BLOCK;
    for (let from = FIRST_BLOCK; from < this.top; ) {
      const owner = words[from];
      const units = blockUnits(words[from + 1]);
      if (owner !== NO_NODE) {
        words.copyWithin(to, from, from + units);
        words[this.at(owner) + Word.Content] = to;
        to += units;
      }
      from += units;
    }
    this.top = to;
    this.garbage = 0;
  }
}

function blockUnits(length: number): number {
  return BLOCK_WORDS + ((length + 1) >> 1);
}
