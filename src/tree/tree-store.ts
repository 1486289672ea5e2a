import { DmError } from '../errors.js';
import type { LargeValues } from '../flash/large-values.js';
import type { Text } from '../hal/text.js';
import type { Limits } from '../limits.js';
import { Link, Meta, NO_NODE, type NodeId, ROOT, Word } from './arena.js';
import { Component, encodeComponent } from './client-uri.js';
import { FORMAT_NAMES, Format } from './format.js';
import { largeLength, receiveLarge, refersTo, releaseValue, sameValue, seek } from './large-leaves.js';
import { Nodes } from './nodes.js';

export { Format };

/** A leaf's value as an application sees it. */
export type LeafValue = string | number | boolean | null;

/**
 * The tree of management objects: below its root the MOIDs, below these the instances by MIID, each with one child, the MO root;
 * below that interior nodes and leaves with a value.
 */
export class TreeStore extends Nodes {
  /** Where large values go; without, as while the tree is loaded, none arrive and none are removed. */
  largeValues?: LargeValues;
  /** Without it, Espruino would call that of Nodes twice. */
  constructor(text: Text, limits: Limits) {
    super(text, limits);
  }

  /**
   * The node at the end of a path of names: MOID, MIID, then the names below the MO root; `NO_NODE` where there is none. It is what most
   * commands do first, so it is one loop: on XS a method for each sibling would take five times as long.
   * @param count how many of the names to follow, at least 2.
   */
  find(path: readonly string[], count: number): NodeId {
    const words = this.words;
    const names = this.names;
    const low = this.low;
    let at = ROOT;
    for (let i = 0; i < count; i += 1) {
      const name = path[i];
      at = words[at + Word.Content];
      if (at < low) return NO_NODE;
      while (names[words[at + Word.Name]] !== name) {
        at = words[at];
        if ((at & Link.Last) !== 0) return NO_NODE;
      }
      if (i === Component.Miid) at = words[at + Word.Content];
    }
    return at;
  }

  /** `node`, `chr`, `int`, `float`, `bool`, `bin`, `null`, `xml`, `date` or `time`. */
  formatName(node: NodeId): string {
    return FORMAT_NAMES[this.format(node)];
  }

  /** A leaf's value as text; numbers as they were written; '' for a large leaf, whose text may be more than the machine holds. */
  valueText(leaf: NodeId): string {
    const format = this.format(leaf);
    if (format === Format.True) return 'true';
    if (this.isLarge(leaf)) return '';
    return format === Format.False ? 'false' : this.valueSlice(leaf, 0, this.valueLength(leaf));
  }

  /** A leaf's value; '' for a large leaf. */
  value(leaf: NodeId): LeafValue {
    const text = this.valueText(leaf);
    switch (this.format(leaf)) {
      case Format.Null:
        return null;
      case Format.False:
      case Format.True:
        return text === 'true';
      case Format.Int:
      case Format.Float:
        return Number(text);
      default:
        return text;
    }
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
    if (this.words[leaf + Word.Meta] > Meta.Format) {
      const values = seek(this, leaf, from);
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
    if (this.words[leaf + Word.Meta] > Meta.Format) {
      const values = seek(this, leaf, from);
      bytes = values.found;
      start = values.start;
    }
    return this.text.decode(bytes, start + from, start + to);
  }

  /** The value of a leaf below `node` as text, '' where there is no such leaf. */
  childText(node: NodeId, name: string): string {
    return this.valueText(this.child(node, name));
  }

  /** True where both subtrees have the same names, formats and values, in the same order. */
  equals(a: NodeId, b: NodeId): boolean {
    const words = this.words;
    if (words[a + Word.Name] !== words[b + Word.Name] || this.format(a) !== this.format(b)) return false;
    if (this.valueLength(a) !== this.valueLength(b) || !sameValue(this, a, b)) return false;
    let x = this.firstChild(a);
    let y = this.firstChild(b);
    while (x !== NO_NODE && y !== NO_NODE && this.equals(x, y)) {
      x = this.next(x);
      y = this.next(y);
    }
    return x === y;
  }

  /**
   * A new leaf that is not linked to the tree.
   * @param value at most `limits.value` bytes; is not kept.
   * @throws DmError `TREE_FULL`, `TOO_LONG`
   */
  createLeaf(name: string, format: Format, value: Uint8Array): NodeId {
    const leaf = this.create(name, format);
    try {
      this.appendValue(leaf, value, 0, value.length);
    } catch (thrown) {
      this.free(leaf);
      throw thrown;
    }
    return leaf;
  }

  /** Gives a leaf another value in its place. @throws DmError as `appendValue`; the leaf is then empty. */
  setValue(leaf: NodeId, value: Uint8Array): void {
    this.dropValue(leaf);
    this.appendValue(leaf, value, 0, value.length);
  }

  /**
   * Adds bytes, whole characters, to the value of a leaf that arrives; beyond `limits.value` it goes to flash.
   * @returns true where it does, and `completeValue` must end it.
   * @throws DmError `TREE_FULL`, `FLASH_FULL`, `FLASH_FAILED`; `TOO_LONG` beyond `limits.largeValue`. Then the leaf is of no use.
   */
  receive(leaf: NodeId, bytes: Uint8Array, from: number, to: number): boolean {
    if (this.words[leaf + Word.Meta] > Meta.Format || this.blockLength(leaf) + to - from > this.limits.value) {
      receiveLarge(this, leaf, bytes, from, to);
      return true;
    }
    this.append(leaf, bytes, from, to);
    return false;
  }

  /** Adds bytes to a leaf's value. @throws DmError `TREE_FULL`; `TOO_LONG` beyond `limits.value`. */
  appendValue(leaf: NodeId, bytes: Uint8Array, from: number, to: number): void {
    if (this.blockLength(leaf) + to - from > this.limits.value) throw new DmError('TOO_LONG', 'value');
    this.append(leaf, bytes, from, to);
  }

  /** A detached copy of a node and all below it, of a node below an MO root. A large value is shared. @throws DmError `TREE_FULL`; then nothing is changed. */
  copy(node: NodeId): NodeId {
    const start = this.valueStart(node);
    const block = this.bytes.slice(start, start + this.blockLength(node));
    const copy = this.create(this.name(node), this.format(node));
    try {
      this.append(copy, block, 0, block.length);
      this.words[copy + Word.Meta] = this.words[node + Word.Meta];
      for (let child = this.firstChild(node); child !== NO_NODE; child = this.next(child)) {
        this.attach(copy, this.copy(child));
      }
    } catch (thrown) {
      this.free(copy);
      throw thrown;
    }
    return copy;
  }

  /** The first instance of `moid`, `NO_NODE` where there is none. */
  firstInstance(moid: string): NodeId {
    return this.firstChild(this.child(ROOT, moid));
  }

  /** The MO root of the first instance of `moid`, `NO_NODE` where there is none. */
  firstRoot(moid: string): NodeId {
    return this.firstChild(this.firstInstance(moid));
  }

  /** The instance of `moid` with `miid`, `NO_NODE` where there is none. */
  instance(moid: string, miid: string): NodeId {
    return this.child(this.child(ROOT, moid), miid);
  }

  /** The instance with the ClientURI `MOID/MIID/`, `NO_NODE` where there is none. */
  instanceAt(clientUri: string): NodeId {
    for (let type = this.firstChild(ROOT); type !== NO_NODE; type = this.next(type)) {
      for (let at = this.firstChild(type); at !== NO_NODE; at = this.next(at))
        if (this.uri(at) === clientUri) return at;
    }
    return NO_NODE;
  }

  /** The instance that `node` belongs to; `node` is one, or below one. `NO_NODE` belongs to none. */
  instanceOf(node: NodeId): NodeId {
    let instance = node;
    let above = this.parent(instance);
    while (above !== NO_NODE && this.parent(above) !== ROOT) {
      instance = above;
      above = this.parent(above);
    }
    return instance;
  }

  /** The MOID of the instance that `node` belongs to; `node` is one, or below one. */
  moidOf(node: NodeId): string {
    return this.name(this.parent(this.instanceOf(node)));
  }

  /** Levels from the MO root, which is at 1, down to `node`; less than 0 where the node is not in the tree. */
  depth(node: NodeId): number {
    let depth = -2;
    let at = node;
    for (; at !== ROOT && at !== NO_NODE; at = this.parent(at)) depth += 1;
    return at === ROOT ? depth : -2;
  }

  /** The ClientURI of an instance or its MO root, as `MOID/MIID/`, or of a node below; the node is in the tree. */
  uri(node: NodeId): string {
    const instance = this.instanceOf(node);
    let path = '';
    for (let at = node; at !== instance && this.parent(at) !== instance; at = this.parent(at)) {
      path = encodeComponent(this.name(at)) + (path === '' ? '' : `/${path}`);
    }
    return `${encodeComponent(this.moidOf(node))}/${encodeComponent(this.name(instance))}/${path}`;
  }

  /**
   * Adds an instance whose MO root is the detached `moRoot`.
   * @returns the instance.
   * @throws DmError `TREE_FULL`; then nothing is changed.
   */
  addInstance(moid: string, miid: string, moRoot: NodeId): NodeId {
    let type = this.child(ROOT, moid);
    const instance = this.create(miid, Format.Interior);
    if (type === NO_NODE) {
      try {
        type = this.create(moid, Format.Interior);
      } catch (thrown) {
        this.free(instance);
        throw thrown;
      }
      this.attach(ROOT, type);
    }
    this.attach(type, instance);
    this.attach(instance, moRoot);
    return instance;
  }

  /** A MIID for a new instance of `moid`: the first of m1, m2, m3 … that is neither in use nor `taken`. */
  unusedMiid(moid: string, taken: readonly string[]): string {
    let n = 1;
    while (this.instance(moid, `m${n}`) !== NO_NODE || taken.indexOf(`m${n}`) >= 0) n += 1;
    return `m${n}`;
  }

  /** The flash object of an instance, or the number of a large leaf's value; 0 where it has none. */
  objectOf(node: NodeId): number {
    return this.words[node + Word.Meta] >> Meta.ObjectShift;
  }

  /** @param object 0 to 4095. */
  setObject(instance: NodeId, object: number): void {
    this.words[instance + Word.Meta] = object << Meta.ObjectShift;
  }

  /** True for a leaf whose value lies in flash. */
  isLarge(node: NodeId): boolean {
    const meta = this.words[node + Word.Meta];
    return meta > Meta.Format && (meta & Meta.Format) !== Format.Interior;
  }

  /** Bytes of a leaf's value; 0 for null, bool and an interior node. */
  valueLength(node: NodeId): number {
    const mayBe = this.words[node + Word.Meta] > Meta.Format;
    return mayBe && this.isLarge(node) ? largeLength(this, node) : this.blockLength(node);
  }

  /** True where a leaf has this large value. */
  refersTo(number: number, generation: number): boolean {
    return refersTo(this, number, generation);
  }

  protected override release(id: NodeId): void {
    if (this.isLarge(id)) releaseValue(this, id);
    super.release(id);
  }
}
