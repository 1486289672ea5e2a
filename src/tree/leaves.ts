import { DmError } from '../errors.js';
import type { Text } from '../hal/text.js';
import type { Limits } from '../limits.js';
import { NO_NODE, type NodeId } from './arena.js';
import { Format } from './format.js';
import { Nodes } from './nodes.js';

/** A leaf's value as an application sees it. */
export type LeafValue = string | number | boolean | null;

/** Nodes of which some are leaves, with a value. */
export class Leaves extends Nodes {
  private readonly text: Text;
  private readonly limits: Limits;

  constructor(text: Text, limits: Limits) {
    super(limits);
    this.text = text;
    this.limits = limits;
  }

  /** A leaf's value as text; numbers as they were written. */
  valueText(leaf: NodeId): string {
    switch (this.format(leaf)) {
      case Format.True:
        return 'true';
      case Format.False:
        return 'false';
      default: {
        const length = this.arena.blockLength(leaf);
        return length === 0 ? '' : this.valueSlice(leaf, 0, length);
      }
    }
  }

  /** A leaf's value. */
  value(leaf: NodeId): LeafValue {
    switch (this.format(leaf)) {
      case Format.Null:
        return null;
      case Format.False:
      case Format.True:
        return this.format(leaf) === Format.True;
      case Format.Int:
      case Format.Float:
        return Number(this.valueText(leaf));
      default:
        return this.valueText(leaf);
    }
  }

  /** Bytes of a leaf's value, 0 for null and bool. */
  valueLength(leaf: NodeId): number {
    return this.arena.blockLength(leaf);
  }

  /** The end of a part of a leaf's value that begins at byte `from`, is at most `length` bytes long (at least 4) and splits no character. */
  sliceEnd(leaf: NodeId, from: number, length: number): number {
    const start = this.arena.blockStart(leaf);
    const end = this.arena.blockLength(leaf);
    let to = Math.min(from + length, end);
    while (to < end && (this.arena.buffer[start + to] & 0xc0) === 0x80) to -= 1;
    return to;
  }

  /** A leaf's value from byte `from` to byte `to`, both between characters. */
  valueSlice(leaf: NodeId, from: number, to: number): string {
    const start = this.arena.blockStart(leaf);
    return this.text.decode(this.arena.buffer, start + from, start + to);
  }

  /** True where the leaf's value, as text, is `value` in UTF-8. */
  valueEquals(leaf: NodeId, value: Uint8Array): boolean {
    const format = this.format(leaf);
    if (format === Format.Interior || format === Format.Null) return false;
    if (format === Format.True || format === Format.False) {
      const text = this.text.encode(this.valueText(leaf));
      return text.length === value.length && sameBytes(text, 0, value, 0, value.length);
    }
    if (this.arena.blockLength(leaf) !== value.length) return false;
    return sameBytes(this.arena.buffer, this.arena.blockStart(leaf), value, 0, value.length);
  }

  /** The value of a leaf below `node` as text, '' where there is no such leaf. */
  childText(node: NodeId, name: string): string {
    const leaf = this.child(node, name);
    return leaf === NO_NODE || !this.isLeaf(leaf) ? '' : this.valueText(leaf);
  }

  /** True where both subtrees have the same names, formats and values, in the same order. */
  equals(a: NodeId, b: NodeId): boolean {
    const arena = this.arena;
    if (arena.name(a) !== arena.name(b) || arena.format(a) !== arena.format(b)) return false;
    if (this.isLeaf(a)) {
      const length = arena.blockLength(a);
      return (
        length === arena.blockLength(b) &&
        sameBytes(arena.buffer, arena.blockStart(a), arena.buffer, arena.blockStart(b), length)
      );
    }
    let x = this.firstChild(a);
    let y = this.firstChild(b);
    while (x !== NO_NODE && y !== NO_NODE && this.equals(x, y)) {
      x = this.next(x);
      y = this.next(y);
    }
    return x === NO_NODE && y === NO_NODE;
  }

  /**
   * A new leaf that is not linked to the tree.
   * @param value at most `limits.value` bytes; is not kept.
   * @throws DmError `TREE_FULL`, `TOO_LONG`
   */
  createLeaf(name: string, format: Format, value: Uint8Array): NodeId {
    const leaf = this.create(name, format);
    try {
      if (value.length > 0) this.appendValue(leaf, value, 0, value.length);
    } catch (thrown) {
      this.free(leaf);
      throw thrown;
    }
    return leaf;
  }

  /** Gives a leaf another value in its place. @throws DmError as `appendValue`; the leaf is then empty. */
  setValue(leaf: NodeId, value: Uint8Array): void {
    this.arena.dropBlock(leaf);
    this.appendValue(leaf, value, 0, value.length);
  }

  /** Adds bytes to a leaf's value. @throws DmError `TREE_FULL`; `TOO_LONG` beyond `limits.value`. */
  appendValue(leaf: NodeId, bytes: Uint8Array, from: number, to: number): void {
    if (this.arena.blockLength(leaf) + (to - from) > this.limits.value) throw new DmError('TOO_LONG', 'value');
    this.arena.append(leaf, bytes, from, to);
  }

  /** A detached copy of a node and all below it. @throws DmError `TREE_FULL`; then nothing is changed. */
  copy(node: NodeId): NodeId {
    const arena = this.arena;
    const copy = this.create(this.name(node), this.format(node));
    try {
      for (let child = this.firstChild(node); child !== NO_NODE; child = this.next(child)) {
        this.attach(copy, this.copy(child));
      }
      if (this.isLeaf(node) && arena.blockLength(node) > 0) {
        const from = arena.blockStart(node);
        const bytes = arena.buffer.slice(from, from + arena.blockLength(node));
        arena.append(copy, bytes, 0, bytes.length);
      }
    } catch (thrown) {
      this.free(copy);
      throw thrown;
    }
    return copy;
  }
}

function sameBytes(a: Uint8Array, aFrom: number, b: Uint8Array, bFrom: number, length: number): boolean {
  for (let i = 0; i < length; i += 1) if (a[aFrom + i] !== b[bFrom + i]) return false;
  return true;
}
