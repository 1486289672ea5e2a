import { DmError } from '../errors.js';
import type { Text } from '../hal/text.js';
import type { Limits } from '../limits.js';
import { Arena, NO_NODE, type NodeId } from './arena.js';
import { encodeComponent } from './client-uri.js';
import { Names } from './names.js';

/** Formats of nodes (PROTOCOL.md §7). Stored nowhere: what is in flash is JSON. */
export const enum Format {
  Interior = 0,
  Chr,
  Int,
  Float,
  False,
  True,
  Null,
  Bin,
  Xml,
  Date,
  Time,
}

/** Indexed by `Format`. */
export const FORMAT_NAMES: readonly string[] = [
  'node',
  'chr',
  'int',
  'float',
  'bool',
  'bool',
  'null',
  'bin',
  'xml',
  'date',
  'time',
];

const FALSE_TEXT = 'false';
const TRUE_TEXT = 'true';

/** A leaf's value as an application sees it. */
export type LeafValue = string | number | boolean | null;

/**
 * The tree of management objects: below its root the MOIDs, below these the instances by MIID, each with one child, the MO root;
 * below that interior nodes and leaves. Nodes and values lie in an arena of fixed size; a full one is an ordinary error.
 */
export class TreeStore {
  /** The node above all MOIDs. */
  readonly root: NodeId;
  private readonly arena: Arena;
  private readonly names: Names;
  private readonly text: Text;
  private readonly limits: Limits;

  constructor(text: Text, limits: Limits) {
    this.text = text;
    this.limits = limits;
    this.arena = new Arena(limits.tree);
    this.names = new Names(limits, (used) => this.markNames(used));
    this.root = NO_NODE;
    this.names.add(' ');
  }

  /** Bytes of the arena in use. */
  get used(): number {
    return this.arena.used;
  }

  // Looking

  name(node: NodeId): string {
    return this.names.at(this.arena.name(node));
  }

  format(node: NodeId): Format {
    return this.arena.format(node);
  }

  /** `node`, `chr`, `int`, `float`, `bool`, `bin`, `null`, `xml`, `date` or `time`. */
  formatName(node: NodeId): string {
    return FORMAT_NAMES[this.arena.format(node)];
  }

  isLeaf(node: NodeId): boolean {
    return this.arena.format(node) !== Format.Interior;
  }

  /** The node above; of a detached one, `root`. */
  parent(node: NodeId): NodeId {
    return this.arena.parent(node);
  }

  /** The first child, `NO_NODE` where there is none. */
  firstChild(node: NodeId): NodeId {
    return this.isLeaf(node) ? NO_NODE : this.arena.firstChild(node);
  }

  /** The next sibling, `NO_NODE` behind the last. */
  next(node: NodeId): NodeId {
    return this.arena.next(node);
  }

  /** The child of that name, `NO_NODE` where there is none. */
  child(node: NodeId, name: string): NodeId {
    const arena = this.arena;
    const names = this.names;
    let child = this.firstChild(node);
    while (child !== NO_NODE && names.at(arena.name(child)) !== name) child = arena.next(child);
    return child;
  }

  /** The first child of a node below the root; `NO_NODE` has none. */
  firstBelow(node: NodeId): NodeId {
    return node === NO_NODE ? NO_NODE : this.firstChild(node);
  }

  /** The MO root of the first instance of `moid`, `NO_NODE` where there is none. */
  firstRoot(moid: string): NodeId {
    return this.firstBelow(this.firstBelow(this.child(this.root, moid)));
  }

  /** The value of a leaf below `node` as text, '' where there is no such leaf. */
  childText(node: NodeId, name: string): string {
    const leaf = this.child(node, name);
    return leaf === NO_NODE || !this.isLeaf(leaf) ? '' : this.valueText(leaf);
  }

  /** The instance of `moid` with `miid`, `NO_NODE` where there is none. */
  instance(moid: string, miid: string): NodeId {
    const type = this.child(this.root, moid);
    return type === NO_NODE ? NO_NODE : this.child(type, miid);
  }

  /** The instance with the ClientURI `MOID/MIID/`, `NO_NODE` where there is none. */
  instanceAt(clientUri: string): NodeId {
    for (let type = this.firstChild(this.root); type !== NO_NODE; type = this.next(type)) {
      for (let at = this.firstChild(type); at !== NO_NODE; at = this.next(at))
        if (this.uri(at) === clientUri) return at;
    }
    return NO_NODE;
  }

  /** The instance that `node` belongs to; `node` is one, or below one. */
  instanceOf(node: NodeId): NodeId {
    let instance = node;
    let above = this.parent(instance);
    while (this.parent(above) !== this.root) {
      instance = above;
      above = this.parent(above);
    }
    return instance;
  }

  /** The MOID of the instance that `node` belongs to; `node` is one, or below one. */
  moidOf(node: NodeId): string {
    return this.name(this.parent(this.instanceOf(node)));
  }

  /** True where the node is in the tree, or is above it. */
  isAttached(node: NodeId): boolean {
    let top = node;
    while (top !== this.root && this.parent(top) !== this.root) top = this.parent(top);
    let at = this.firstChild(this.root);
    while (at !== NO_NODE && at !== top) at = this.next(at);
    return at === top;
  }

  /** Levels of nodes in the subtree: 1 for a leaf. */
  height(node: NodeId): number {
    let below = 0;
    for (let child = this.firstChild(node); child !== NO_NODE; child = this.next(child)) {
      below = Math.max(below, this.height(child));
    }
    return below + 1;
  }

  /** Levels from the MO root, which is at 1, down to `node`. */
  depth(node: NodeId): number {
    let depth = -2;
    for (let at = node; at !== this.root; at = this.parent(at)) depth += 1;
    return depth;
  }

  /** The ClientURI of an instance or its MO root, as `MOID/MIID/`, or of a node below; the node is in the tree. */
  uri(node: NodeId): string {
    const instance = this.instanceOf(node);
    const head = `${encodeComponent(this.name(this.parent(instance)))}/${encodeComponent(this.name(instance))}/`;
    let path = '';
    for (let at = node; at !== instance && this.parent(at) !== instance; at = this.parent(at)) {
      path = encodeComponent(this.name(at)) + (path === '' ? '' : `/${path}`);
    }
    return head + path;
  }

  // Values

  /** A leaf's value as text; numbers as they were written. */
  valueText(leaf: NodeId): string {
    switch (this.format(leaf)) {
      case Format.True:
        return TRUE_TEXT;
      case Format.False:
        return FALSE_TEXT;
      default: {
        const from = this.arena.blockStart(leaf);
        const length = this.arena.blockLength(leaf);
        return length === 0 ? '' : this.text.decode(this.arena.buffer, from, from + length);
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
    if (format === Format.True || format === Format.False) return asciiEquals(value, this.valueText(leaf));
    if (this.arena.blockLength(leaf) !== value.length) return false;
    return sameBytes(this.arena.buffer, this.arena.blockStart(leaf), value, 0, value.length);
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

  // Building

  /**
   * A new node that is not linked to the tree.
   * @param name 1 to `limits.name` bytes.
   * @throws DmError `TREE_FULL`
   */
  create(name: string, format: Format): NodeId {
    const index = this.names.add(name);
    const node = this.arena.allocate();
    this.arena.setName(node, index);
    this.arena.setFormat(node, format);
    return node;
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

  setFormat(leaf: NodeId, format: Format): void {
    this.arena.setFormat(leaf, format);
  }

  /** Links a detached node below `parent`, behind its other children. */
  attach(parent: NodeId, node: NodeId): void {
    const arena = this.arena;
    let last = arena.firstChild(parent);
    if (last === NO_NODE) arena.setFirstChild(parent, node);
    else {
      while (!arena.isLast(last)) last = arena.linked(last);
      arena.link(last, node, false);
    }
    arena.link(node, parent, true);
  }

  /**
   * Adds an instance whose MO root is the detached `moRoot`.
   * @returns the instance.
   * @throws DmError `TREE_FULL`; then nothing is changed.
   */
  addInstance(moid: string, miid: string, moRoot: NodeId): NodeId {
    let type = this.child(this.root, moid);
    const instance = this.create(miid, Format.Interior);
    if (type === NO_NODE) {
      try {
        type = this.create(moid, Format.Interior);
      } catch (thrown) {
        this.free(instance);
        throw thrown;
      }
      this.attach(this.root, type);
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

  /** Unlinks a node from its parent; it keeps what is below it. */
  detach(node: NodeId): void {
    const arena = this.arena;
    const parent = arena.parent(node);
    const before = this.before(parent, node);
    if (before === NO_NODE) arena.setFirstChild(parent, arena.next(node));
    else arena.link(before, arena.linked(node), arena.isLast(node));
    arena.link(node, NO_NODE, true);
  }

  /** Puts the detached node `fresh` in the place of `old`, which becomes detached. */
  replace(old: NodeId, fresh: NodeId): void {
    const arena = this.arena;
    const parent = arena.parent(old);
    const before = this.before(parent, old);
    if (before === NO_NODE) arena.setFirstChild(parent, fresh);
    else arena.link(before, fresh, false);
    arena.link(fresh, arena.linked(old), arena.isLast(old));
    arena.link(old, NO_NODE, true);
  }

  /** Frees a detached node and all below it. */
  free(node: NodeId): void {
    let child = this.firstChild(node);
    while (child !== NO_NODE) {
      const next = this.next(child);
      this.free(child);
      child = next;
    }
    this.arena.free(node, this.isLeaf(node));
  }

  /** The flash object of an instance, 0 where it has none. */
  objectOf(instance: NodeId): number {
    return this.arena.tag(instance);
  }

  setObject(instance: NodeId, object: number): void {
    this.arena.setTag(instance, object);
  }

  private before(parent: NodeId, node: NodeId): NodeId {
    let before = NO_NODE;
    for (let at = this.arena.firstChild(parent); at !== node; at = this.arena.linked(at)) before = at;
    return before;
  }

  private markNames(used: Uint8Array): void {
    for (let id = 0; id < this.arena.bound; id += 1) if (this.arena.isUsed(id)) used[this.arena.name(id)] = 1;
  }
}

function asciiEquals(bytes: Uint8Array, text: string): boolean {
  if (bytes.length !== text.length) return false;
  for (let i = 0; i < text.length; i += 1) if (bytes[i] !== text.charCodeAt(i)) return false;
  return true;
}

function sameBytes(a: Uint8Array, aFrom: number, b: Uint8Array, bFrom: number, length: number): boolean {
  for (let i = 0; i < length; i += 1) if (a[aFrom + i] !== b[bFrom + i]) return false;
  return true;
}
