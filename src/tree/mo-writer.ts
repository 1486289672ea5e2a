import type { BodySource, PieceTaker } from '../bytes/body-writer.js';
import type { NodeId } from './arena.js';
import { NO_NODE } from './arena.js';
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

const enum Phase {
  Start,
  Open,
  Text,
  TextEnd,
  Close,
  End,
  Done,
}

/** Bytes of a value that become one piece; escaped they take up to six times as many. */
const SLICE = 128;

/**
 * The members of an element before its MOData.
 * @param ddf where the MO's definition is, '' to leave it out.
 * @param validator the instance's cache validator, '' to leave it out.
 */
export function elementHead(clientUri: string, ddf?: string, validator?: string): string {
  const before = ddf ? `"DDF":${JSON.stringify(ddf)},` : '';
  const behind = validator ? `,"CV":${JSON.stringify(validator)}` : '';
  return `{${before}"ClientURI":${JSON.stringify(clientUri)}${behind}`;
}

/**
 * Writes one element of an MO document, `{"ClientURI":…,"MOData":{…}}`, piece by piece. It keeps a place in the tree and no copy of it:
 * the tree must not change between `begin` and the last piece.
 *
 * Source: PROTOCOL.md §7.
 */
export class MoWriter implements BodySource {
  private readonly tree: TreeStore;
  private visibility: Visibility | undefined;
  private top!: NodeId;
  private head!: string;
  private node!: NodeId;
  private phase!: Phase;
  private first!: boolean;
  private from!: number;

  constructor(tree: TreeStore) {
    this.tree = tree;
    this.begin(NO_NODE, '');
  }

  /**
   * @param node the subtree to write.
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
    this.phase = Phase.Start;
    this.first = true;
  }

  step(out: PieceTaker): boolean {
    switch (this.phase) {
      case Phase.Start:
        out.put(`${this.head},"MOData":{`);
        this.phase = Phase.Open;
        return true;
      case Phase.Open:
        out.put(this.openNode());
        return true;
      case Phase.Text:
        out.put(this.slice());
        return true;
      case Phase.TextEnd:
        out.put('"');
        this.goOn(this.node);
        return true;
      case Phase.Close:
        out.put('}');
        this.goOn(this.node);
        return true;
      case Phase.End:
        out.put('}}');
        this.phase = Phase.Done;
        return true;
      default:
        return false;
    }
  }

  private openNode(): string {
    const tree = this.tree;
    const node = this.node;
    const name = (this.first ? '' : ',') + JSON.stringify(tree.name(node));
    this.first = false;
    switch (tree.format(node)) {
      case Format.Interior:
        this.enter(node);
        return `${name}:{`;
      case Format.Null:
        this.goOn(node);
        return `${name}:null`;
      case Format.Int:
      case Format.Float:
      case Format.True:
      case Format.False:
        this.goOn(node);
        return `${name}:${tree.valueText(node)}`;
      default:
        this.from = 0;
        this.phase = tree.valueLength(node) === 0 ? Phase.TextEnd : Phase.Text;
        return `${name}:"`;
    }
  }

  private slice(): string {
    const to = this.tree.sliceEnd(this.node, this.from, SLICE);
    const quoted = JSON.stringify(this.tree.valueSlice(this.node, this.from, to));
    this.from = to;
    if (to === this.tree.valueLength(this.node)) this.phase = Phase.TextEnd;
    return quoted.slice(1, -1);
  }

  private enter(node: NodeId): void {
    const child = this.visible(this.tree.firstChild(node));
    if (child === NO_NODE) {
      this.phase = Phase.Close;
      return;
    }
    this.node = child;
    this.first = true;
    this.phase = Phase.Open;
  }

  /** `node` is written: on to its next sibling, or back to its parent. */
  private goOn(node: NodeId): void {
    if (node === this.top) {
      this.phase = Phase.End;
      return;
    }
    const next = this.visible(this.tree.next(node));
    this.first = false;
    this.phase = next === NO_NODE ? Phase.Close : Phase.Open;
    this.node = next === NO_NODE ? this.tree.parent(node) : next;
  }

  private visible(node: NodeId): NodeId {
    let at = node;
    while (at !== NO_NODE && this.visibility !== undefined && this.visibility.hides(at)) at = this.tree.next(at);
    return at;
  }
}
