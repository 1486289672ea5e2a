import type { BodySource } from '../bytes/body-writer.js';
import type { NodeId } from './arena.js';
import { NO_NODE } from './arena.js';
import { reference } from './large-leaves.js';
import { Format, type TreeStore } from './tree-store.js';

/** Says which nodes a reader may not see. */
export interface Visibility {
  hides(node: NodeId): boolean;
}

/** One who looks at the tree, and may not see all of it. */
export interface Viewer extends Visibility {
  /** Wildcards and x-names do not stand for such an instance. */
  hidesInstance(instance: NodeId): boolean;
}

/** Sees everything: the device itself. */
export const DEVICE_VIEWER: Viewer = { hides: () => false, hidesInstance: () => false };

/** True where the node, one above it, or its instance is hidden. */
export function isHidden(node: NodeId, viewer: Viewer, tree: TreeStore): boolean {
  const instance = tree.instanceOf(node);
  if (viewer.hidesInstance(instance)) return true;
  for (let at = node; at !== instance; at = tree.parent(at)) if (viewer.hides(at)) return true;
  return false;
}

/** Characters from which on a piece is long enough: each piece is encoded by one native call. */
const PIECE = 256;

/** How a large leaf's value is written. */
export const enum Large {
  Whole = 0,
  /** By its reference: for flash, and to see whether it has changed. */
  Reference,
  /** By the leaf's number between marks, for the reply that keeps it. */
  Mark,
}

/** JSON has no such character. */
export const MARK = '\u0001';

/** Bytes of a long value that are written at once; escaped they take up to six times as many. */
const SLICE = 128;

/**
 * A leaf's value from byte `from` to byte `to` as JSON, with its quotes where it begins or ends there.
 * @param isEnd whether it ends at `to`.
 * @throws DmError `FLASH_FAILED`
 */
export function quotedSlice(tree: TreeStore, leaf: NodeId, from: number, to: number, isEnd: boolean): string {
  const quoted = JSON.stringify(tree.valueSlice(leaf, from, to));
  return isEnd && from === 0 ? quoted : quoted.slice(from > 0 ? 1 : 0, isEnd ? quoted.length : -1);
}

/** The member `DDF` with a comma behind it, '' where nobody knows where it is. */
export function ddfMember(ddf: string | undefined): string {
  return ddf ? `"DDF":${JSON.stringify(ddf)},` : '';
}

/**
 * The members of an element before its MOData.
 * @param ddf where the MO's definition is, '' or undefined to leave it out.
 * @param validator the instance's cache validator, '' to leave it out.
 */
export function elementHead(clientUri: string, ddf: string | undefined, validator: string): string {
  return `{${ddfMember(ddf)}"ClientURI":${JSON.stringify(clientUri)}${validator && `,"CV":${JSON.stringify(validator)}`}`;
}

/**
 * Writes one element of an MO document, `{"ClientURI":…,"MOData":{…}}`, piece by piece. It keeps a place in the tree and no copy of it:
 * the tree must not change between `begin` and the last piece.
 *
 * Source: PROTOCOL.md §7.
 */
export class MoWriter implements BodySource {
  private readonly tree: TreeStore;
  private readonly large: Large;
  private visibility: Visibility | undefined;
  private top!: NodeId;
  private head!: string;
  /** The node that comes next, `NO_NODE` behind the last. */
  private node!: NodeId;
  /** What stands before it. */
  private before!: string;
  /** Bytes of its value that are written. */
  private from!: number;

  constructor(tree: TreeStore, large: Large) {
    this.tree = tree;
    this.large = large;
    this.begin(NO_NODE, '');
  }

  /**
   * @param node the subtree to write; `NO_NODE` writes nothing.
   * @param head the element's beginning, from `elementHead`.
   * @param visibility leaves out what it hides; nothing is hidden without one.
   */
  begin(node: NodeId, head: string, visibility?: Visibility): void {
    this.top = node;
    this.head = head;
    this.visibility = visibility;
    this.rewind();
  }

  rewind(): void {
    this.node = this.top;
    this.before = `${this.head},"MOData":{`;
    this.from = 0;
  }

  next(): string {
    let text = '';
    while (this.node !== NO_NODE && text.length < PIECE) text += this.step();
    return text;
  }

  /** The node that comes next, and what closes behind it; of a long value a slice. */
  private step(): string {
    const tree = this.tree;
    const node = this.node;
    const format = tree.format(node);
    const member = this.from > 0 ? '' : `${this.before + JSON.stringify(tree.name(node))}:`;
    if (format === Format.Interior) {
      const child = this.visible(tree.firstChild(node));
      if (child === NO_NODE) return `${member}{}${this.close()}`;
      this.node = child;
      this.before = '';
      return `${member}{`;
    }
    if (format === Format.Null) return `${member}null${this.close()}`;
    if (format !== Format.Chr && format < Format.Bin) return member + tree.valueText(node) + this.close();
    if (this.large === Large.Whole || !tree.isLarge(node)) return member + this.slice();
    return member + (this.large === Large.Mark ? MARK + node + MARK : reference(tree, node)) + this.close();
  }

  private slice(): string {
    const tree = this.tree;
    const from = this.from;
    const to = tree.sliceEnd(this.node, from, SLICE);
    const isEnd = to === tree.valueLength(this.node);
    const text = quotedSlice(tree, this.node, from, to, isEnd);
    this.from = isEnd ? 0 : to;
    return isEnd ? text + this.close() : text;
  }

  /** A node is written: goes on to what follows it, out of all objects that end here. */
  private close(): string {
    const tree = this.tree;
    let braces = '';
    for (let node = this.node; node !== this.top; node = tree.parent(node)) {
      this.node = this.visible(tree.next(node));
      this.before = ',';
      if (this.node !== NO_NODE) return braces;
      braces += '}';
    }
    this.node = NO_NODE;
    return `${braces}}}`;
  }

  private visible(node: NodeId): NodeId {
    let at = node;
    while (at !== NO_NODE && this.visibility !== undefined && this.visibility.hides(at)) at = this.tree.next(at);
    return at;
  }
}
