import { copyBytes } from '../bytes/text-buffer.js';
import { DmError } from '../errors.js';
import { type LargeValues, MOST_PARTS, MOST_VALUES, OVERLAP } from '../flash/large-values.js';
import { HEADER } from '../flash/record.js';
import type { Text } from '../hal/text.js';
import type { Limits } from '../limits.js';
import { type NodeId, Word } from './arena.js';
import { Format } from './format.js';
import { FORMAT_MASK, Nodes, OBJECT_SHIFT } from './nodes.js';

/** What the block of a large leaf holds, in words behind the one with its length. */
const enum Handle {
  /** Two words, as the next. */
  Generation = 1,
  /** Bytes of the value. */
  Length = 3,
  /** Bytes from the beginning of one part to that of the next. */
  Stride = 5,
  /** All of it. While the value arrives, what no record holds yet is behind it. */
  Bytes = 10,
}

/**
 * Leaves, of which the large ones have their values in flash: their `Meta` holds the value's number, their block the rest of what is to
 * be known of it. Two leaves may share a value; it goes with the last of them.
 */
export class LargeLeaves extends Nodes {
  private readonly values: LargeValues | undefined;

  /** @param values where large values go; without, there are none. */
  constructor(text: Text, limits: Limits, values?: LargeValues) {
    super(text, limits);
    this.values = values;
    if (values !== undefined) values.user = this;
  }

  /** True for a leaf whose value lies in flash. */
  isLarge(node: NodeId): boolean {
    const meta = this.words[node + Word.Meta];
    return meta > FORMAT_MASK && (meta & FORMAT_MASK) !== Format.Interior;
  }

  /** Bytes of a leaf's value; 0 for null, bool and an interior node. */
  valueLength(node: NodeId): number {
    return this.isLarge(node) ? this.wide(node, Handle.Length) : this.blockLength(node);
  }

  /**
   * Adds bytes, whole characters, to the value of a leaf that arrives; beyond `limits.value` it goes to flash. `completeValue` ends it.
   * @throws DmError `TREE_FULL`, `FLASH_FULL`, `FLASH_FAILED`; `TOO_LONG` beyond `limits.largeValue`. Then the leaf is of no use.
   */
  receive(leaf: NodeId, bytes: Uint8Array, from: number, to: number): void {
    const length = this.valueLength(leaf) + to - from;
    if (length > this.limits.value) {
      if (length > this.limits.largeValue || this.values === undefined) throw new DmError('TOO_LONG', 'value');
      if (!this.isLarge(leaf)) this.spill(leaf);
    }
    if (!this.isLarge(leaf)) {
      this.append(leaf, bytes, from, to);
      return;
    }
    for (let at = from; at < to; ) {
      const room = this.words[this.words[leaf + Word.Content] + Handle.Stride] + OVERLAP;
      const before = this.wide(leaf, Handle.Length);
      let held = before - this.firstByte(leaf, this.lastPart(leaf));
      if (held === room) {
        this.flush(leaf, false);
        held = OVERLAP;
      }
      const end = Math.min(to, at + room - held);
      copyBytes(bytes, at, end, this.bytes, this.valueStart(leaf) + Handle.Bytes + held);
      this.setWide(leaf, Handle.Length, before + end - at);
      at = end;
    }
  }

  /** The value of a leaf is whole. @throws DmError `FLASH_FULL`, `FLASH_FAILED`. */
  completeValue(leaf: NodeId): void {
    if (!this.isLarge(leaf)) return;
    this.flush(leaf, true);
    const start = this.valueStart(leaf);
    const handle = this.bytes.slice(start, start + Handle.Bytes);
    this.dropValue(leaf);
    this.append(leaf, handle, 0, Handle.Bytes);
  }

  /**
   * The end of a part of a leaf's value that begins at byte `from`, is at most `length` bytes long (at least 4) and splits no character.
   * @throws DmError `FLASH_FAILED` where the record is missing or damaged.
   */
  sliceEnd(leaf: NodeId, from: number, length: number): number {
    const end = this.valueLength(leaf);
    let bytes = this.bytes;
    let start = this.valueStart(leaf);
    let to = Math.min(from + length, end);
    if (this.isLarge(leaf)) {
      const part = this.partAt(leaf, from);
      bytes = this.load(leaf, part);
      start = HEADER - this.firstByte(leaf, part);
      to = Math.min(to, this.reach(leaf, part));
    }
    while (to < end && (bytes[start + to] & 0xc0) === 0x80) to -= 1;
    return to;
  }

  /**
   * A leaf's value from byte `from` to byte `to`, both between characters; of a large one at most as far as `sliceEnd` goes.
   * @throws DmError `FLASH_FAILED`
   */
  valueSlice(leaf: NodeId, from: number, to: number): string {
    let bytes = this.bytes;
    let start = this.valueStart(leaf);
    if (this.isLarge(leaf)) {
      const part = this.partAt(leaf, from);
      bytes = this.load(leaf, part);
      start = HEADER - this.firstByte(leaf, part);
    }
    return this.text.decode(bytes, start + from, start + to);
  }

  /**
   * Copies a leaf's value from byte `from` on to the start of `into`.
   * @returns the count of bytes copied; 0 at or after the end.
   * @throws DmError `FLASH_FAILED`
   */
  readValue(leaf: NodeId, from: number, into: Uint8Array): number {
    const end = Math.min(this.valueLength(leaf), from + into.length);
    let at = from;
    while (at < end) {
      let bytes = this.bytes;
      let start = this.valueStart(leaf);
      let to = end;
      if (this.isLarge(leaf)) {
        const part = this.partAt(leaf, at);
        bytes = this.load(leaf, part);
        start = HEADER - this.firstByte(leaf, part);
        to = Math.min(to, this.reach(leaf, part));
      }
      copyBytes(bytes, start + at, start + to, into, at - from);
      at = to;
    }
    return at - from;
  }

  /** What stands for a large leaf's value in flash: JSON that no MO document may hold. FORMAT.md §6 defines it. */
  reference(leaf: NodeId): string {
    const number = this.words[leaf + Word.Meta] >> OBJECT_SHIFT;
    const isBin = this.format(leaf) === Format.Bin ? 1 : 0;
    return `["${number} ${this.wide(leaf, Handle.Generation)} ${this.wide(leaf, Handle.Length)} ${this.stride(leaf)} ${isBin}"]`;
  }

  /** Makes a leaf that is empty a large one. @param text of a `reference`, without what is around it. @throws DmError `BAD_MO` for anything else. */
  refer(leaf: NodeId, text: string): void {
    const fields = text.split(' ').map(Number);
    const parts = fields[2] / fields[3];
    if (!(fields[0] > 0 && fields[0] <= MOST_VALUES && fields[3] >= 1 && parts > 0 && parts < MOST_PARTS))
      throw new DmError('BAD_MO', text);
    this.makeLarge(leaf, fields[0], fields[1], fields[3], 0);
    this.setWide(leaf, Handle.Length, fields[2]);
    if (fields[4] > 0) this.setFormat(leaf, Format.Bin);
  }

  /** True where a leaf has this value. */
  refersTo(number: number, generation: number): boolean {
    for (let id = this.low; id < this.words.length; id += Word.Count) {
      const isIt = this.isLarge(id) && this.words[id + Word.Meta] >> OBJECT_SHIFT === number;
      if (isIt && this.wide(id, Handle.Generation) === generation) return true;
    }
    return false;
  }

  /** True where the values of two leaves are the same, of which one at least is large. One that cannot be read is like no other. */
  protected sameValue(a: NodeId, b: NodeId): boolean {
    const words = this.words;
    const isOne = words[a + Word.Meta] === words[b + Word.Meta];
    if (isOne && this.wide(a, Handle.Generation) === this.wide(b, Handle.Generation)) return true;
    const length = this.valueLength(a);
    try {
      for (let from = 0; from < length; ) {
        const to = Math.min(this.sliceEnd(a, from, length), this.sliceEnd(b, from, length));
        if (this.valueSlice(a, from, to) !== this.valueSlice(b, from, to)) return false;
        from = to;
      }
    } catch (_thrown) {
      return false;
    }
    return true;
  }

  /** A large value goes with the last leaf that has it. */
  protected override release(id: NodeId): void {
    const number = this.isLarge(id) ? this.words[id + Word.Meta] >> OBJECT_SHIFT : 0;
    const generation = number && this.wide(id, Handle.Generation);
    const parts = number && this.lastPart(id) + 1;
    this.words[id + Word.Meta] = 0;
    super.release(id);
    if (number !== 0 && !this.refersTo(number, generation))
      (this.values as LargeValues).removeValue(number, generation, parts);
  }

  /** What has arrived of a leaf is too long for memory: it goes on in flash. */
  private spill(leaf: NodeId): void {
    const values = this.values as LargeValues;
    const start = this.valueStart(leaf);
    const arrived = this.bytes.slice(start, start + this.blockLength(leaf));
    const generation = values.beginValue();
    let number = 1;
    while (this.refersTo(number, generation)) number += 1;
    if (number > MOST_VALUES) throw new DmError('TREE_FULL', 'large values');
    this.dropValue(leaf);
    this.makeLarge(leaf, number, generation, values.stride, values.stride + OVERLAP);
    this.receive(leaf, arrived, 0, arrived.length);
  }

  /** @param room bytes behind the handle. */
  private makeLarge(leaf: NodeId, number: number, generation: number, stride: number, room: number): void {
    this.append(leaf, new Uint8Array(Handle.Bytes + room), 0, Handle.Bytes + room);
    this.words[leaf + Word.Meta] |= number << OBJECT_SHIFT;
    this.setWide(leaf, Handle.Generation, generation);
    this.words[this.words[leaf + Word.Content] + Handle.Stride] = stride;
  }

  /** Writes the part that is under way. */
  private flush(leaf: NodeId, last: boolean): void {
    const part = this.lastPart(leaf);
    const number = this.words[leaf + Word.Meta] >> OBJECT_SHIFT;
    const from = this.valueStart(leaf) + Handle.Bytes;
    const to = from + this.wide(leaf, Handle.Length) - this.firstByte(leaf, part);
    (this.values as LargeValues).writePart(
      number,
      this.wide(leaf, Handle.Generation),
      part,
      last,
      this.bytes,
      from,
      to,
    );
    this.bytes.copyWithin(from, to - OVERLAP, to);
  }

  private load(leaf: NodeId, part: number): Uint8Array {
    const number = this.words[leaf + Word.Meta] >> OBJECT_SHIFT;
    return (this.values as LargeValues).readPart(number, this.wide(leaf, Handle.Generation), part);
  }

  private stride(leaf: NodeId): number {
    return this.words[this.words[leaf + Word.Content] + Handle.Stride];
  }

  /** The last part that a large leaf's value has so far; it may be longer than others by what these have in common with the next. */
  private lastPart(leaf: NodeId): number {
    const length = this.wide(leaf, Handle.Length) - OVERLAP;
    return Math.max(0, Math.ceil(length / this.stride(leaf)) - 1);
  }

  private partAt(leaf: NodeId, from: number): number {
    return Math.min(Math.floor(from / this.stride(leaf)), this.lastPart(leaf));
  }

  /** The place in the value at which a part begins. */
  private firstByte(leaf: NodeId, part: number): number {
    return part * this.stride(leaf);
  }

  /** How far a slice goes that begins in a part. */
  private reach(leaf: NodeId, part: number): number {
    const isLast = part === this.lastPart(leaf);
    // One byte less than there is: by it is told whether a character ends there.
    return isLast ? this.wide(leaf, Handle.Length) : this.firstByte(leaf, part + 1) + OVERLAP - 1;
  }

  private wide(leaf: NodeId, word: number): number {
    const at = this.words[leaf + Word.Content] + word;
    return this.words[at] + this.words[at + 1] * 0x10000;
  }

  private setWide(leaf: NodeId, word: number, value: number): void {
    const at = this.words[leaf + Word.Content] + word;
    this.words[at] = value;
    this.words[at + 1] = value >>> 16;
  }
}
