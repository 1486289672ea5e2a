import type { JsonHandler } from '../bytes/json-handler.js';
import type { JsonScanner } from '../bytes/json-scanner.js';
import { TextBuffer } from '../bytes/text-buffer.js';
import { DmError } from '../errors.js';
import type { Text } from '../hal/text.js';
import type { Limits } from '../limits.js';
import { NO_NODE, type NodeId } from './arena.js';
import { completeValue, refer } from './large-leaves.js';
import { Format, type TreeStore } from './tree-store.js';

/** Objects that are open around an element, and around its MOData. */
const enum Depth {
  Outside = 0,
  Element,
  Data,
}

/** Members of an element that matter. */
const CLIENT_URI = 'ClientURI';
const VALIDATOR = 'CV';
const DATA = 'MOData';

const INT_LIMIT = 0x80000000;

/**
 * Reads an MO document, `[{"ClientURI":…,"MOData":{…}}, …]` or one bare object of this form, into detached nodes of the tree, in chunks
 * of any size. Of an element whose wanted part is known in time, only that part ever takes memory.
 *
 * Errors, thrown through the scanner: `BAD_MO`, `TOO_DEEP`, `TOO_LONG`, `TREE_FULL`; where a large value arrives `FLASH_FULL`, `FLASH_FAILED`.
 * Source: PROTOCOL.md §7.
 */
export abstract class MoReader implements JsonHandler {
  protected readonly tree: TreeStore;
  protected readonly limits: Limits;
  private readonly scanner: JsonScanner;
  private readonly token: TextBuffer;
  private inList!: boolean;
  private depth!: number;
  /** The element's member whose value comes. */
  private member!: string;
  private clientUri!: string;
  private validator!: string;
  private hasTop!: boolean;
  private wanted!: readonly string[] | undefined;
  /** The wanted part, `NO_NODE` before it came. */
  private kept!: NodeId;
  /** True inside of the wanted part: what comes is kept, named `name`, below `parent` and behind `last`. */
  private keeps!: boolean;
  private name!: string;
  private parent!: NodeId;
  private last!: NodeId;
  /** The leaf whose text comes. */
  private leaf!: NodeId;
  /** What has come of it is too long for memory. */
  private isLarge!: boolean;
  /** The document comes from flash: it may refer to large values. */
  protected isStored: boolean;
  /** Inside of what stands for a large value. */
  private refers!: boolean;

  constructor(scanner: JsonScanner, tree: TreeStore, text: Text, limits: Limits) {
    this.scanner = scanner;
    this.tree = tree;
    this.limits = limits;
    this.token = new TextBuffer(text);
    this.isStored = false;
    this.reset();
  }

  /**
   * The top member of an element's MOData comes, named `name`.
   * @param clientUri the element's own, '' where it did not come yet.
   * @returns the path below the top member to the only part that is wanted; empty for all of it; undefined to pass over the element.
   */
  protected abstract select(clientUri: string, name: string): readonly string[] | undefined;

  /**
   * An element is whole. `node`, detached, now belongs to the callee; `NO_NODE` where it has not what `select` wanted.
   * @param clientUri the element's own, '' where it has none.
   * @param validator the element's `CV`, '' where it has none.
   */
  protected abstract element(clientUri: string, validator: string, node: NodeId): void;

  /** Makes ready for another document. */
  reset(): void {
    this.inList = false;
    this.beginElement();
  }

  /** Gives up the document under way, and frees what was read of the element under way. */
  abort(): void {
    if (this.kept !== NO_NODE) this.tree.free(this.kept);
    this.reset();
  }

  begin(isObject: boolean): void {
    if (!isObject) {
      this.refers = this.isStored && this.keeps;
      if (this.refers) return;
      if (this.inList || this.depth > Depth.Outside) refuse();
      this.inList = true;
      return;
    }
    if (this.keeps) {
      if (this.depth - this.keptDepth() > this.limits.depth) throw new DmError('TOO_DEEP');
      this.parent = this.add(Format.Interior);
      this.last = NO_NODE;
    } else if (this.depth === Depth.Element && this.member !== DATA) refuse();
    this.depth += 1;
  }

  end(isObject: boolean): void {
    if (!isObject) {
      if (this.refers) refer(this.tree, this.add(Format.Chr), this.token.toString());
      else this.inList = false;
      this.refers = false;
      return;
    }
    this.depth -= 1;
    if (this.keeps) {
      this.last = this.parent;
      this.parent = this.tree.parent(this.parent);
      this.endKept();
    } else if (this.depth === Depth.Outside) this.endElement();
  }

  beginText(isName: boolean): void {
    this.leaf = isName || this.refers ? NO_NODE : this.addLeaf(Format.Chr);
    this.isLarge = false;
    this.token.begin(isName ? this.limits.name : this.limits.uri);
  }

  text(bytes: Uint8Array, from: number, to: number): void {
    if (this.leaf !== NO_NODE) this.isLarge = this.tree.receive(this.leaf, bytes, from, to);
    else this.token.append(bytes, from, to);
  }

  endText(isName: boolean): void {
    if (isName) this.endName(this.token.toString());
    else if (this.leaf !== NO_NODE) {
      if (this.isLarge) completeValue(this.tree, this.leaf);
      this.endKept();
    } else if (this.depth === Depth.Element) this.endMember();
  }

  scalar(bytes: Uint8Array, from: number, to: number): void {
    if (from === to) throw new DmError('TOO_LONG', 'number');
    const format = scalarFormat(bytes, from, to);
    const leaf = this.addLeaf(format);
    if (leaf === NO_NODE) return;
    if (format === Format.Int || format === Format.Float) this.tree.appendValue(leaf, bytes, from, to);
    this.endKept();
  }

  private endName(name: string): void {
    if (this.keeps) this.nameNode(name);
    else if (this.depth > Depth.Element) this.enter(name);
    else {
      this.member = name;
      if (name !== CLIENT_URI && name !== VALIDATOR && name !== DATA) this.scanner.skip();
    }
  }

  private endMember(): void {
    if (this.member === VALIDATOR) this.validator = this.token.toString();
    else if (this.token.overflow) throw new DmError('TOO_LONG', CLIENT_URI);
    else this.clientUri = this.token.toString();
  }

  /** A member above the wanted part: it is on the way there, or the part itself, or passed over. */
  private enter(name: string): void {
    const level = this.depth - Depth.Data;
    if (level === 0) {
      if (this.hasTop) refuse();
      this.hasTop = true;
      this.wanted = this.select(this.clientUri, name);
    }
    const wanted = this.wanted;
    if (wanted === undefined || (level > 0 && name !== wanted[level - 1])) this.scanner.skip();
    else if (level === wanted.length) {
      if (this.kept !== NO_NODE) refuse();
      this.nameNode(name);
      this.keeps = true;
    }
  }

  private nameNode(name: string): void {
    if (this.token.overflow) throw new DmError('TOO_LONG', 'node name');
    if (name === '') refuse();
    this.name = name;
  }

  /** Objects that are open around the wanted part. */
  private keptDepth(): number {
    return Depth.Data + (this.wanted as readonly string[]).length;
  }

  /** Adds a leaf; `NO_NODE` where the value lies above the wanted part, which then is not in the document. */
  private addLeaf(format: Format): NodeId {
    if (this.keeps) return this.add(format);
    // A validator that is no string is none.
    const isMember = this.depth === Depth.Element && this.member !== DATA;
    if (this.depth < Depth.Data && !(isMember && (format === Format.Chr || this.member === VALIDATOR))) refuse();
    return NO_NODE;
  }

  private add(format: Format): NodeId {
    const tree = this.tree;
    const parent = this.parent;
    if (parent !== NO_NODE && tree.child(parent, this.name) !== NO_NODE) refuse();
    const node = tree.create(this.name, format);
    if (parent === NO_NODE) this.kept = node;
    else tree.attachBehind(this.last, parent, node);
    this.last = node;
    return node;
  }

  /** A value inside of the wanted part is whole, or the part itself. */
  private endKept(): void {
    if (this.depth === this.keptDepth()) this.keeps = false;
  }

  private beginElement(): void {
    this.depth = Depth.Outside;
    this.member = '';
    this.clientUri = '';
    this.validator = '';
    this.hasTop = false;
    this.kept = NO_NODE;
    this.keeps = false;
    this.parent = NO_NODE;
    this.last = NO_NODE;
    this.leaf = NO_NODE;
    this.refers = false;
  }

  private endElement(): void {
    if (!this.hasTop) refuse();
    // Taken over when this returns: until then it is freed with the document.
    this.element(this.clientUri, this.validator, this.kept);
    this.beginElement();
  }
}

/** What comes has no place here, or comes twice. */
function refuse(): never {
  throw new DmError('BAD_MO');
}

/** A number without fraction or exponent in ±2^31 is `int` (PROTOCOL.md §7). A literal is told by its first letter. */
function scalarFormat(bytes: Uint8Array, from: number, to: number): Format {
  const first = bytes[from];
  if (first === 0x6e) return Format.Null;
  if (first === 0x74) return Format.True;
  if (first === 0x66) return Format.False;
  let value = 0;
  for (let i = from; i < to; i += 1) {
    const c = bytes[i];
    if (c === 0x2e || (c | 0x20) === 0x65) return Format.Float;
    if (c !== 0x2d) value = value * 10 + (c - 0x30);
  }
  return value < INT_LIMIT || (value === INT_LIMIT && first === 0x2d) ? Format.Int : Format.Float;
}
