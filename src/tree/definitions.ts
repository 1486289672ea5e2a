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
  lineBelow,
  pathBelow,
} from './definition.js';
import { FORMAT_NAMES, Format } from './format.js';
import type { Visibility } from './mo-writer.js';
import { MOID_ACCOUNT, STANDARD_DEFINITIONS } from './standard-mos.js';
import type { Target } from './target.js';
import type { TreeStore } from './tree-store.js';

/** Bytes of a value that are looked at at once. */
const SLICE = 64;

/** The MO definitions of this device: the standard MOs' and the application's (PROTOCOL.md §14). */
export class Definitions implements Visibility {
  private readonly tree: TreeStore;
  private readonly all: readonly Definition[];
  /** Names of the topmost nodes without R, of all definitions: a node with another name need not be looked up. */
  private readonly hidden: string[];

  /** @param definitions the application's; of two for one MOID, or one for a standard MO, the later has no effect. */
  constructor(tree: TreeStore, definitions: readonly Definition[]) {
    this.tree = tree;
    this.all = STANDARD_DEFINITIONS.concat(definitions);
    this.hidden = [];
    for (let i = 0; i < this.all.length; i += 1) this.addHidden(this.all[i].nodes);
  }

  /** Where the DDF of a MOID is, '' where nobody knows. */
  ddf(moid: string): string {
    const definition = this.find(moid);
    return definition === undefined ? '' : definition.ddf;
  }

  /** True where nobody reads the node: it has no R, or is a secret of a DM Account. Judges this one node, not those above it. */
  hides(node: NodeId): boolean {
    const name = this.tree.name(node);
    const isSecret = name.endsWith('Secret') || name.endsWith('SecretKey');
    if (!isSecret && this.hidden.indexOf(name) < 0 && this.hidden.indexOf('*') < 0) return false;
    const moid = this.tree.moidOf(node);
    return (isSecret && moid === MOID_ACCOUNT) || !grants(this.lineOf(this.find(moid), node), 'R');
  }

  /** @throws DmError `NOT_ALLOWED` where the node has no X. */
  checkExecute(node: NodeId): void {
    if (!grants(this.lineOf(this.find(this.tree.moidOf(node)), node), 'X')) throw new DmError('NOT_ALLOWED', 'no X');
  }

  /** Judged before the data is there. @throws DmError `NOT_ALLOWED` where no server writes the target. */
  checkWrite(target: Target): void {
    const definition = this.find(target.moid);
    if (definition === undefined) return;
    const place = target.node === NO_NODE ? target.parent : target.node;
    let line = place === NO_NODE ? definition.nodes[0] : this.lineOf(definition, place);
    if (target.node === NO_NODE && place !== NO_NODE) line = lineBelow(definition, line, target.name);
    if (!grants(line, 'W')) throw new DmError('NOT_ALLOWED', line);
  }

  /** Judges a server's DELETE. @throws DmError `NOT_ALLOWED` for a node that is permanent, has no W, or is the last that is required. */
  checkDelete(node: NodeId): void {
    const definition = this.find(this.tree.moidOf(node));
    const line = this.lineOf(definition, node);
    if (definition === undefined || line === '') return;
    const parent = this.tree.parent(node);
    const count = this.count(definition, this.lineOf(definition, parent), line, parent);
    if (isKept(line) || (isRequired(line) && count === 1)) throw new DmError('NOT_ALLOWED', 'the node stays');
  }

  /**
   * Judges the detached `fresh`, which is about to be stored at `target`, and gives its leaves their formats. What no server removes and
   * `fresh` leaves out is copied into it.
   * @param trusted for a bootstrap, or an application on the device: they write everything, and what they leave out goes.
   * @throws DmError `NOT_ALLOWED` for a node without W; `CONFLICT` for one that is not defined, has another format, is missing, or is one too
   *   many; `TREE_FULL`. `fresh` still belongs to the caller.
   */
  admit(target: Target, fresh: NodeId, trusted: boolean): void {
    const tree = this.tree;
    const definition = this.find(target.moid);
    if (definition === undefined) return;
    let line = definition.nodes[0];
    let count = tree.firstInstance(target.moid) === NO_NODE ? 0 : 1;
    if (target.node !== NO_NODE) {
      line = this.lineOf(definition, target.node);
      count = 0;
    } else if (target.parent !== NO_NODE) {
      const above = this.lineOf(definition, target.parent);
      line = lineBelow(definition, above, target.name);
      count = this.count(definition, above, line, target.parent);
    }
    this.admitNode(definition, line, target.node, fresh, trusted);
    if (isBeyond(line, count + 1)) conflict('too many', line);
  }

  private addHidden(nodes: readonly string[]): void {
    let covered = ' ';
    for (let i = 0; i < nodes.length; i += 1) {
      const path = field(nodes[i], Field.Path);
      if (grants(nodes[i], 'R') || path.startsWith(covered)) continue;
      this.hidden.push(path.slice(path.lastIndexOf('/') + 1));
      covered = `${path}/`;
    }
  }

  private find(moid: string): Definition | undefined {
    for (let i = 0; i < this.all.length; i += 1) if (this.all[i].moid === moid) return this.all[i];
    return undefined;
  }

  /** The line of a node in the tree, '' where it has none; of an instance the MO root's. */
  private lineOf(definition: Definition | undefined, node: NodeId): string {
    if (definition === undefined) return '';
    if (this.tree.depth(node) < 2) return definition.nodes[0];
    return lineBelow(definition, this.lineOf(definition, this.tree.parent(node)), this.tree.name(node));
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

  private admitNode(definition: Definition, line: string, old: NodeId, fresh: NodeId, trusted: boolean): void {
    const tree = this.tree;
    if (line === '') conflict('not defined', tree.name(fresh));
    if (!trusted && !grants(line, 'W')) throw new DmError('NOT_ALLOWED', line);
    const format = field(line, Field.Format);
    if (format === ANY) return;
    this.setFormat(fresh, format);
    if (tree.isLeaf(fresh)) return;
    for (let child = tree.firstChild(fresh); child !== NO_NODE; child = tree.next(child)) {
      const name = tree.name(child);
      const before = old === NO_NODE ? NO_NODE : tree.child(old, name);
      this.admitNode(definition, lineBelow(definition, line, name), before, child, trusted);
    }
    if (!trusted && old !== NO_NODE) this.keep(definition, line, old, fresh);
    this.checkBelow(definition, line, fresh);
  }

  /** Gives a node the format that its definition names. */
  private setFormat(node: NodeId, name: string): void {
    const given = this.tree.formatName(node);
    if (given === name) return;
    const format = name === 'b64' ? Format.Bin : FORMAT_NAMES.indexOf(name);
    const isText = given === 'chr' && (format > Format.Bin || (format === Format.Bin && isBase64(this.tree, node)));
    if (!isText && !(given === 'int' && name === 'float')) conflict(`no ${name}`, this.tree.name(node));
    this.tree.setFormat(node, format);
  }

  /** Copies the children of `old` that no server removes, and that `fresh` has not, into it. */
  private keep(definition: Definition, line: string, old: NodeId, fresh: NodeId): void {
    const tree = this.tree;
    for (let child = tree.firstChild(old); child !== NO_NODE; child = tree.next(child)) {
      const name = tree.name(child);
      const isMissing = tree.child(fresh, name) === NO_NODE;
      if (isMissing && isKept(lineBelow(definition, line, name))) tree.attach(fresh, tree.copy(child));
    }
  }

  /** Checks how many children of each kind `node` has. */
  private checkBelow(definition: Definition, above: string, node: NodeId): void {
    const path = pathBelow(above);
    for (let i = 1; i < definition.nodes.length; i += 1) {
      const line = definition.nodes[i];
      if (!line.startsWith(path) || line.indexOf('/', path.length) >= 0) continue;
      const count = this.count(definition, above, line, node);
      if (isBeyond(line, count) || (count === 0 && isRequired(line))) conflict(`${count} of`, line);
    }
  }
}

function conflict(what: string, where: string): never {
  throw new DmError('CONFLICT', `${what} ${where}`);
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
