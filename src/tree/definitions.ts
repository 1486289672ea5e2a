import { DmError } from '../errors.js';
import { NO_NODE, type NodeId } from './arena.js';
import {
  ANY,
  type Definition,
  Field,
  field,
  grants,
  isBeyond,
  isKept,
  isRequired,
  lineAt,
  lineBelow,
  pathBelow,
} from './definition.js';
import { FORMAT_NAMES, Format } from './format.js';
import type { Visibility } from './mo-writer.js';
import { MOID_ACCOUNT, STANDARD_DEFINITIONS } from './standard-mos.js';
import { type Target, targetPath } from './target.js';
import type { TreeStore } from './tree-store.js';

/** Bytes of a value that are looked at at once. */
const SLICE = 64;

/** The MO definitions of this device: the standard MOs' and the application's (PROTOCOL.md §14). */
export class Definitions implements Visibility {
  private readonly tree: TreeStore;
  private readonly all: readonly Definition[];

  /** @param definitions the application's; of two for one MOID, or one for a standard MO, the later has no effect. */
  constructor(tree: TreeStore, definitions: readonly Definition[]) {
    this.tree = tree;
    this.all = definitions.length === 0 ? STANDARD_DEFINITIONS : STANDARD_DEFINITIONS.concat(definitions);
  }

  /** Where the DDF of a MOID is, '' where nobody knows; undefined where it has no definition, and so nothing that is hidden. */
  ddf(moid: string): string | undefined {
    const definition = this.find(moid);
    return definition && (definition.ddf || '');
  }

  /** True where nobody reads the node: it has no R, or is a secret of a DM Account. Judges this one node, not those above it. */
  hides(node: NodeId): boolean {
    const name = this.tree.name(node);
    const isSecret = name.endsWith('Secret') || name.endsWith('SecretKey');
    return (isSecret && this.tree.moidOf(node) === MOID_ACCOUNT) || !grants(this.lineOf(node), 'R');
  }

  /** @throws DmError `NOT_ALLOWED` where the node has no X. */
  checkExecute(node: NodeId): void {
    if (!grants(this.lineOf(node), 'X')) throw new DmError('NOT_ALLOWED', 'no X');
  }

  /** Judged before the data is there. @throws DmError `NOT_ALLOWED` where no server writes the target. */
  checkWrite(target: Target): void {
    const line = lineAt(this.find(target.moid), targetPath(target, this.tree));
    if (!grants(line, 'W')) throw new DmError('NOT_ALLOWED', line);
  }

  /** What the client itself reads lies in memory. @throws DmError `TOO_LONG` for a large leaf in a standard MO. */
  checkLarge(moid: string, leaf: NodeId): void {
    if (this.tree.isLarge(leaf) && STANDARD_DEFINITIONS.indexOf(this.find(moid) as Definition) >= 0)
      throw new DmError('TOO_LONG', moid);
  }

  /** Judges a server's DELETE. @throws DmError `NOT_ALLOWED` for a node that is permanent, has no W, or is the last that is required. */
  checkDelete(node: NodeId): void {
    const definition = this.find(this.tree.moidOf(node));
    const path = this.pathOf(node);
    const line = lineAt(definition, path);
    const isLast = isRequired(line) && this.siblings(definition, path, this.tree.parent(node)) === 1;
    if (isKept(line) || isLast) throw new DmError('NOT_ALLOWED', 'the node stays');
  }

  /**
   * Judges the detached `fresh`, which is about to be stored at `target`, and gives its leaves their formats. What no server removes and
   * `fresh` leaves out is copied into it.
   * @param trusted for a bootstrap, or an application on the device: they write everything, and what they leave out goes.
   * @throws DmError `NOT_ALLOWED` for a node without W; `CONFLICT` for one that is not defined, has another format, is missing, or is one too
   *   many; `TOO_LONG` for a large leaf where the client itself reads; `TREE_FULL`. `fresh` still belongs to the caller.
   */
  admit(target: Target, fresh: NodeId, trusted: boolean): void {
    const definition = this.find(target.moid);
    if (definition === undefined) return;
    const path = targetPath(target, this.tree);
    const line = lineAt(definition, path);
    this.admitAll(definition, line, trusted ? NO_NODE : target.node, fresh, trusted);
    if (target.node !== NO_NODE) return;
    const others =
      target.parent !== NO_NODE
        ? this.siblings(definition, path, target.parent)
        : this.tree.firstRoot(target.moid) === NO_NODE
          ? 0
          : 1;
    if (isBeyond(line, others + 1)) conflict(line);
  }

  private find(moid: string): Definition | undefined {
    for (let i = 0; i < this.all.length; i += 1) if (this.all[i].moid === moid) return this.all[i];
    return undefined;
  }

  private pathOf(node: NodeId): string[] {
    return targetPath({ moid: '', node, parent: NO_NODE, name: '' }, this.tree);
  }

  private lineOf(node: NodeId): string {
    return lineAt(this.find(this.tree.moidOf(node)), this.pathOf(node));
  }

  /** How many children of `parent` have the line of `path`, which leads to one of them. */
  private siblings(definition: Definition | undefined, path: readonly string[], parent: NodeId): number {
    if (definition === undefined || path.length === 0) return 0;
    return this.count(definition, lineAt(definition, path.slice(0, -1)), lineAt(definition, path), parent);
  }

  /** How many children of `parent`, whose own line is `above`, have `line`; below a node of any format they do not count. */
  private count(definition: Definition, above: string, line: string, parent: NodeId): number {
    let count = 0;
    if (line === above) return count;
    for (let child = this.tree.firstChild(parent); child !== NO_NODE; child = this.tree.next(child)) {
      if (lineBelow(definition, above, this.tree.name(child)) === line) count += 1;
    }
    return count;
  }

  /** Goes over `fresh`, each node before those below it, without recursion: a device's stack is small. */
  private admitAll(definition: Definition, top: string, old: NodeId, fresh: NodeId, trusted: boolean): void {
    const tree = this.tree;
    // Of `node` and each node above it, its line, and what was there before.
    const lines: string[] = [];
    const olds: NodeId[] = [];
    let node = fresh;
    let line = top;
    let before = old;
    for (;;) {
      this.checkLarge(definition.moid, node);
      this.admitNode(line, node, trusted);
      lines.push(line);
      olds.push(before);
      let next: NodeId = field(line, Field.Format) === ANY ? NO_NODE : tree.firstChild(node);
      while (next === NO_NODE) {
        this.complete(definition, lines.pop() as string, olds.pop() as NodeId, node);
        if (node === fresh) return;
        next = tree.next(node);
        if (next === NO_NODE) node = tree.parent(node);
      }
      node = next;
      const name = tree.name(node);
      line = lineBelow(definition, lines[lines.length - 1], name);
      before = olds[olds.length - 1];
      if (before !== NO_NODE) before = tree.child(before, name);
    }
  }

  private admitNode(line: string, node: NodeId, trusted: boolean): void {
    if (line === '') conflict(`not defined ${this.tree.name(node)}`);
    if (!trusted && !grants(line, 'W')) throw new DmError('NOT_ALLOWED', line);
    const format = field(line, Field.Format);
    if (format !== ANY) this.setFormat(node, format);
  }

  /** Gives a node the format that its definition names. */
  private setFormat(node: NodeId, name: string): void {
    const given = FORMAT_NAMES[this.tree.format(node)];
    if (given === name) return;
    const format = name === 'b64' ? Format.Bin : FORMAT_NAMES.indexOf(name);
    const isText = given === 'chr' && (format > Format.Bin || (format === Format.Bin && isBase64(this.tree, node)));
    if (!isText && !(given === 'int' && name === 'float')) conflict(name);
    this.tree.setFormat(node, format);
  }

  /** Copies what no server removes, and `node` has not, from `old` into it; then counts how many children of each kind it has. */
  private complete(definition: Definition, line: string, old: NodeId, node: NodeId): void {
    const tree = this.tree;
    if (tree.isLeaf(node) || field(line, Field.Format) === ANY) return;
    for (let child = old && tree.firstChild(old); child !== NO_NODE; child = tree.next(child)) {
      const name = tree.name(child);
      const isMissing = tree.child(node, name) === NO_NODE;
      if (isMissing && isKept(lineBelow(definition, line, name))) tree.attach(node, tree.copy(child));
    }
    const path = pathBelow(line);
    for (let i = 1; i < definition.nodes.length; i += 1) {
      const below = definition.nodes[i];
      if (!below.startsWith(path) || below.indexOf('/', path.length) >= 0) continue;
      const count = this.count(definition, line, below, node);
      if (isBeyond(below, count) || (count === 0 && isRequired(below))) conflict(below);
    }
  }
}

function conflict(where: string): never {
  throw new DmError('CONFLICT', where);
}

/** Base64 as of RFC 4648: padded, nothing between. */
function isBase64(tree: TreeStore, leaf: NodeId): boolean {
  const length = tree.valueLength(leaf);
  let isPadded = false;
  for (let from = 0; from < length; ) {
    const to = tree.sliceEnd(leaf, from, SLICE);
    const slice = tree.valueSlice(leaf, from, to);
    for (let i = 0; i < slice.length; i += 1) {
      const c = slice.charCodeAt(i);
      const letter = c | 0x20;
      const isDigit = (letter >= 0x61 && letter <= 0x7a) || (c >= 0x2f && c <= 0x39) || c === 0x2b;
      if (c === 0x3d && from + i >= length - 2) isPadded = true;
      else if (isPadded || !isDigit) return false;
    }
    from = to;
  }
  return length % 4 === 0;
}
