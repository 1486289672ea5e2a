import { copyBytes } from '../bytes/text-buffer.js';
import { DmError } from '../errors.js';
import { type LargeValues, MOST_PARTS, MOST_VALUES, OVERLAP } from '../flash/large-values.js';
import type { Text } from '../hal/text.js';
import type { Limits } from '../limits.js';
import { Arena, Meta, type NodeId, Word } from './arena.js';
import { Format } from './format.js';

/** What the block of a large leaf holds, each in two words. */
const enum Handle {
  Generation = 1,
  /** Bytes of the value. */
  Length = 3,
  /** Bytes from the beginning of one part to that of the next. */
  Stride = 5,
  /** All of it in bytes. While the value arrives, what no record holds yet is behind it. */
  Size = 12,
}

/**
 * Leaves, of which the large ones have their values in flash: their `Meta` holds the value's number, their block the rest of what is to
 * be known of it. Two leaves may share a value; it goes with the last of them.
 */
export abstract class LargeLeaves extends Arena {
  /** Where large values go; without, as while the tree is loaded, none arrive and none are removed. */
  values?: LargeValues;
  protected abstract readonly text: Text;
  protected abstract readonly limits: Limits;

  format(node: NodeId): Format {
    return this.words[node + Word.Meta] & Meta.Format;
  }

  /** The flash object of an instance, or the number of a large leaf's value; 0 where it has none. */
  objectOf(node: NodeId): number {
    return this.words[node + Word.Meta] >> Meta.ObjectShift;
  }

  /** True for a leaf whose value lies in flash. */
  isLarge(node: NodeId): boolean {
    const meta = this.words[node + Word.Meta];
    return meta > Meta.Format && (meta & Meta.Format) !== Format.Interior;
  }

  /** Bytes of a leaf's value; 0 for null, bool and an interior node. */
  valueLength(node: NodeId): number {
    return this.isLarge(node) ? this.field(node, Handle.Length) : this.blockLength(node);
  }

  /** Adds bytes to the value of a leaf that is large, or is now. @throws DmError as `receive`. */
  protected receiveLarge(leaf: NodeId, bytes: Uint8Array, from: number, to: number): void {
    const length = this.valueLength(leaf) + to - from;
    if (length > this.limits.largeValue || this.values === undefined) throw new DmError('TOO_LONG', 'value');
    if (!this.isLarge(leaf)) this.spill(leaf);
    const room = this.field(leaf, Handle.Stride) + OVERLAP;
    for (let at = from; at < to; ) {
      let held = this.held(leaf);
      if (held === room) {
        this.flush(leaf, false);
        held = OVERLAP;
      }
      const end = Math.min(to, at + room - held);
      copyBytes(bytes, at, end, this.bytes, this.valueStart(leaf) + Handle.Size + held);
      this.setField(leaf, Handle.Length, this.field(leaf, Handle.Length) + end - at);
      at = end;
    }
  }

  /** The value of a large leaf is whole. @throws DmError `FLASH_FULL`, `FLASH_FAILED`. */
  completeValue(leaf: NodeId): void {
    this.flush(leaf, true);
    const start = this.valueStart(leaf);
    const handle = this.bytes.slice(start, start + Handle.Size);
    this.dropValue(leaf);
    this.append(leaf, handle, 0, Handle.Size);
  }

  /**
   * The end of a part of a leaf's value that begins at byte `from`, is at most `length` bytes long (at least 4) and splits no character.
   * @throws DmError `FLASH_FAILED` where a record of a large value is missing or damaged.
   */
  sliceEnd(leaf: NodeId, from: number, length: number): number {
    const end = this.valueLength(leaf);
    let bytes = this.bytes;
    let start = this.valueStart(leaf);
    let to = Math.min(from + length, end);
    if (this.isLarge(leaf)) {
      const values = this.seek(leaf, from);
      bytes = values.found;
      start = values.start;
      to = Math.min(to, values.reach);
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
      const values = this.seek(leaf, from);
      bytes = values.found;
      start = values.start;
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
        const values = this.seek(leaf, at);
        bytes = values.found;
        start = values.start;
        to = Math.min(to, values.reach);
      }
      copyBytes(bytes, start + at, start + to, into, at - from);
      at = to;
    }
    return at - from;
  }

  /** What stands for a large leaf's value in flash: JSON that no MO document may hold. FORMAT.md §6 defines it. */
  reference(leaf: NodeId): string {
    const fields = [this.objectOf(leaf), this.format(leaf) === Format.Bin ? 1 : 0];
    for (let field = Handle.Generation; field <= Handle.Stride; field += 2) fields.push(this.field(leaf, field));
    return `["${fields.join(' ')}"]`;
  }

  /** Makes a leaf that is empty a large one. @param text of a `reference`, without what is around it. @throws DmError `BAD_MO` for anything else. */
  refer(leaf: NodeId, text: string): void {
    const fields = text.split(' ').map(Number);
    const isSound = fields[0] > 0 && fields[0] <= MOST_VALUES && fields[4] >= 1 && fields[3] / fields[4] < MOST_PARTS;
    if (!isSound) throw new DmError('BAD_MO', text);
    this.makeLarge(leaf, fields[0], fields[2], fields[3], fields[4], Handle.Size);
    if (fields[1] > 0) this.words[leaf + Word.Meta] += Format.Bin - Format.Chr;
  }

  /** True where a leaf has this value. */
  refersTo(number: number, generation: number): boolean {
    for (let id = this.low; id < this.words.length; id += Word.Count) {
      if (this.objectOf(id) === number && this.isLarge(id) && this.field(id, Handle.Generation) === generation)
        return true;
    }
    return false;
  }

  /** True where the values of two leaves of one length are the same. One that cannot be read is like no other. */
  protected sameValue(a: NodeId, b: NodeId): boolean {
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
    const number = this.isLarge(id) ? this.objectOf(id) : 0;
    const generation = this.field(id, Handle.Generation);
    const parts = this.lastPart(id) + 1;
    this.words[id + Word.Meta] = 0;
    super.release(id);
    if (number !== 0 && this.values !== undefined && !this.refersTo(number, generation))
      this.values.removeValue(number, generation, parts);
  }

  /** What has arrived of a leaf is too long for memory: it goes on in flash. */
  private spill(leaf: NodeId): void {
    const values = this.values as LargeValues;
    const stride = values.stride;
    const start = this.valueStart(leaf);
    const arrived = this.bytes.slice(start, start + this.blockLength(leaf));
    const generation = values.beginValue();
    let number = 1;
    while (this.refersTo(number, generation)) number += 1;
    if (number > MOST_VALUES) throw new DmError('TREE_FULL', 'large values');
    this.dropValue(leaf);
    this.makeLarge(leaf, number, generation, 0, stride, Handle.Size + stride + OVERLAP);
    this.receiveLarge(leaf, arrived, 0, arrived.length);
  }

  /** @param size of the leaf's block. */
  private makeLarge(
    leaf: NodeId,
    number: number,
    generation: number,
    length: number,
    stride: number,
    size: number,
  ): void {
    this.append(leaf, new Uint8Array(size), 0, size);
    this.words[leaf + Word.Meta] |= number << Meta.ObjectShift;
    this.setField(leaf, Handle.Generation, generation);
    this.setField(leaf, Handle.Length, length);
    this.setField(leaf, Handle.Stride, stride);
  }

  /** Writes the part that is under way. */
  private flush(leaf: NodeId, last: boolean): void {
    const from = this.valueStart(leaf) + Handle.Size;
    const to = from + this.held(leaf);
    const generation = this.field(leaf, Handle.Generation);
    const part = this.lastPart(leaf);
    (this.values as LargeValues).writePart(this.objectOf(leaf), generation, part, last, this.bytes, from, to);
    this.bytes.copyWithin(from, to - OVERLAP, to);
  }

  /** Finds byte `from` of a large leaf's value. */
  private seek(leaf: NodeId, from: number): LargeValues {
    const values = this.values as LargeValues;
    const generation = this.field(leaf, Handle.Generation);
    const stride = this.field(leaf, Handle.Stride);
    const last = this.lastPart(leaf);
    const part = Math.min(Math.floor(from / stride), last);
    values.readPart(this.objectOf(leaf), generation, part, stride);
    if (part === last) values.reach = this.field(leaf, Handle.Length);
    return values;
  }

  /** The last part that a large leaf's value has so far; it may be longer than others by what these have in common with the next. */
  private lastPart(leaf: NodeId): number {
    return Math.max(1, Math.ceil((this.field(leaf, Handle.Length) - OVERLAP) / this.field(leaf, Handle.Stride))) - 1;
  }

  /** Bytes of the part under way. */
  private held(leaf: NodeId): number {
    return this.field(leaf, Handle.Length) - this.lastPart(leaf) * this.field(leaf, Handle.Stride);
  }

  private field(leaf: NodeId, field: number): number {
    const at = this.words[leaf + Word.Content] + field;
    return this.words[at] + this.words[at + 1] * 0x10000;
  }

  private setField(leaf: NodeId, field: number, value: number): void {
    const at = this.words[leaf + Word.Content] + field;
    this.words[at] = value;
    this.words[at + 1] = value >>> 16;
  }
}
