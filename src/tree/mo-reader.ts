import type { JsonHandler, JsonScanner } from '../bytes/json-scanner.js';
import { TextBuffer } from '../bytes/text-buffer.js';
import { DmError } from '../errors.js';
import type { Text } from '../hal/text.js';
import type { Limits } from '../limits.js';
import { NO_NODE, type NodeId } from './arena.js';
import { Format, type TreeStore } from './tree-store.js';

/** Gets the elements of an MO document. */
export interface MoUser {
  /**
   * The top member of an element's MOData comes, named `name`.
   * @param clientUri the element's own, '' where it did not come yet.
   * @returns the path below the top member to the only part that is wanted; empty for all of it; undefined to pass over the element.
   */
  select(clientUri: string, name: string): readonly string[] | undefined;
  /**
   * An element is whole. `node`, detached, now belongs to the callee; `NO_NODE` where it has not what `select` wanted.
   * @param clientUri the element's own, '' where it has none.
   * @param validator the element's `CV`, '' where it has none.
   */
  element(clientUri: string, validator: string, node: NodeId): void;
}

const enum Place {
  Document,
  List,
  Element,
  ClientUri,
  Validator,
  Data,
  /** Above the part that is wanted. */
  Above,
  /** In the data that is kept. */
  Kept,
}

const INT_LIMIT = 0x80000000;

/**
 * Reads an MO document, `[{"ClientURI":…,"MOData":{…}}, …]` or one bare object of this form, into detached nodes of the tree, in chunks
 * of any size. Of an element whose wanted part is known in time, only that part ever takes memory.
 *
 * Errors, thrown through the scanner: `BAD_MO`, `TOO_DEEP`, `TOO_LONG`, `TREE_FULL`.
 * Source: PROTOCOL.md §7.
 */
export class MoReader implements JsonHandler {
  private readonly tree: TreeStore;
  private readonly limits: Limits;
  private readonly scanner: JsonScanner;
  private readonly user: MoUser;
  private readonly token: TextBuffer;
  /** Interior nodes that are open, from the kept root down. */
  private readonly open: Uint16Array;
  private place!: Place;
  private inList!: boolean;
  private clientUri!: string;
  private validator!: string;
  private name!: string;
  private hasData!: boolean;
  private members!: number;
  /** Open objects below MOData, itself counted. */
  private depth!: number;
  private wanted: readonly string[] | undefined;
  private kept!: NodeId;
  private keptDepth!: number;
  private leaf!: NodeId;

  constructor(scanner: JsonScanner, tree: TreeStore, text: Text, limits: Limits, user: MoUser) {
    this.scanner = scanner;
    this.tree = tree;
    this.limits = limits;
    this.user = user;
    this.token = new TextBuffer(text);
    this.open = new Uint16Array(limits.depth + 1);
    this.reset();
  }

  /** Makes ready for another document. */
  reset(): void {
    this.place = Place.Document;
    this.inList = false;
    this.leaf = NO_NODE;
    this.kept = NO_NODE;
  }

  /** Gives up the document under way, and frees what was read of the element under way. */
  abort(): void {
    if (this.kept !== NO_NODE) this.tree.free(this.kept);
    this.reset();
  }

  begin(isObject: boolean): void {
    if (this.passValidator()) this.scanner.skipRest();
    else if (isObject) this.beginObject();
    else {
      if (this.place !== Place.Document) this.refuse('an array');
      this.place = Place.List;
      this.inList = true;
    }
  }

  private beginObject(): void {
    switch (this.place) {
      case Place.Document:
      case Place.List:
        this.place = Place.Element;
        this.clientUri = '';
        this.validator = '';
        this.kept = NO_NODE;
        this.hasData = false;
        this.members = 0;
        break;
      case Place.Data:
        this.place = Place.Above;
        this.depth = 1;
        break;
      case Place.Above:
        this.depth += 1;
        break;
      case Place.Kept:
        this.openNode();
        break;
      default:
        this.refuse('an object');
    }
  }

  end(): void {
    switch (this.place) {
      case Place.List:
        this.place = Place.Document;
        break;
      case Place.Element:
        this.endElement();
        break;
      case Place.Kept:
        this.depth -= 1;
        if (this.depth === this.keptDepth) this.place = Place.Above;
        break;
      default:
        this.depth -= 1;
        if (this.depth === 0) this.place = Place.Element;
    }
  }

  beginText(isName: boolean): void {
    if (isName) this.token.begin(this.limits.name);
    else if (this.place === Place.ClientUri || this.place === Place.Validator) this.token.begin(this.limits.uri);
    else this.leaf = this.addLeaf(Format.Chr);
  }

  text(bytes: Uint8Array, from: number, to: number): void {
    if (this.leaf !== NO_NODE) this.tree.appendValue(this.leaf, bytes, from, to);
    else this.token.append(bytes, from, to);
  }

  endText(isName: boolean): void {
    if (isName) this.endName();
    else if (this.place === Place.ClientUri) {
      if (this.token.overflow) throw new DmError('TOO_LONG', 'ClientURI');
      this.clientUri = this.token.toString();
      this.place = Place.Element;
    } else if (this.place === Place.Validator) {
      this.validator = this.token.toString();
      this.place = Place.Element;
    } else this.endLeaf();
  }

  scalar(bytes: Uint8Array, from: number, to: number): void {
    if (this.passValidator()) return;
    if (from === to) throw new DmError('TOO_LONG', 'number');
    const format = scalarFormat(bytes, from, to);
    const leaf = this.addLeaf(format);
    if (leaf !== NO_NODE && (format === Format.Int || format === Format.Float)) {
      this.tree.appendValue(leaf, bytes, from, to);
    }
    this.endLeaf();
  }

  /** A `CV` that is no string is none. */
  private passValidator(): boolean {
    if (this.place !== Place.Validator) return false;
    this.place = Place.Element;
    return true;
  }

  private refuse(what: string): never {
    throw new DmError('BAD_MO', `${what} has no place here`);
  }

  private endName(): void {
    const name = this.token.toString();
    switch (this.place) {
      case Place.Element:
        if (name === 'ClientURI') this.place = Place.ClientUri;
        else if (name === 'CV') this.place = Place.Validator;
        else if (name === 'MOData') this.beginData();
        else this.scanner.skip();
        break;
      case Place.Above:
        this.enter(name);
        break;
      default:
        this.nameNode(name);
    }
  }

  private beginData(): void {
    if (this.hasData) this.refuse('a second MOData');
    this.hasData = true;
    this.place = Place.Data;
  }

  /** A member above the wanted part: it is on the way there, or the part itself, or passed over. */
  private enter(name: string): void {
    if (this.depth === 1) {
      this.members += 1;
      if (this.members > 1) this.refuse('a second top member');
      this.wanted = this.user.select(this.clientUri, name);
    }
    const wanted = this.wanted;
    if (wanted === undefined || (this.depth > 1 && name !== wanted[this.depth - 2])) {
      this.scanner.skip();
      return;
    }
    if (this.depth <= wanted.length) return;
    if (this.kept !== NO_NODE) this.refuse('a name that comes twice');
    this.nameNode(name);
    this.place = Place.Kept;
    this.keptDepth = this.depth;
  }

  private nameNode(name: string): void {
    if (this.token.overflow) throw new DmError('TOO_LONG', 'node name');
    if (name === '') this.refuse('an empty name');
    this.name = name;
  }

  private openNode(): void {
    const level = this.depth - this.keptDepth;
    if (level > this.limits.depth) throw new DmError('TOO_DEEP', 'nodes');
    const node = this.add(Format.Interior, level);
    this.open[level] = node;
    this.depth += 1;
  }

  /** Adds a leaf; `NO_NODE` where the value lies above the wanted part, which then is not in the document. */
  private addLeaf(format: Format): NodeId {
    if (this.place === Place.Above) return NO_NODE;
    if (this.place !== Place.Kept) this.refuse('a value');
    return this.add(format, this.depth - this.keptDepth);
  }

  private endLeaf(): void {
    this.leaf = NO_NODE;
    if (this.place === Place.Kept && this.depth === this.keptDepth) this.place = Place.Above;
  }

  private add(format: Format, level: number): NodeId {
    const parent = level === 0 ? NO_NODE : this.open[level - 1];
    if (level > 0 && this.tree.child(parent, this.name) !== NO_NODE) this.refuse('a name that comes twice');
    const node = this.tree.create(this.name, format);
    if (level === 0) this.kept = node;
    else this.tree.attach(parent, node);
    return node;
  }

  private endElement(): void {
    this.place = this.inList ? Place.List : Place.Document;
    if (this.members === 0) throw new DmError('BAD_MO', 'no MOData');
    const node = this.kept;
    this.kept = NO_NODE;
    this.user.element(this.clientUri, this.validator, node);
  }
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
