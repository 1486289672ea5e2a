import type { BodySource, BodyWriter } from '../bytes/body-writer.js';
import type { NodeId } from '../tree/arena.js';
import { MoWriter, type Visibility } from '../tree/mo-writer.js';
import type { TreeStore } from '../tree/tree-store.js';

/** Writes nodes as an MO document: an array of elements (PROTOCOL.md §7). */
export class MoList implements BodySource {
  private readonly tree: TreeStore;
  private readonly writer: MoWriter;
  private readonly nodes: readonly NodeId[];
  private readonly visibility: Visibility;
  private at: number;
  private open: boolean;

  constructor(tree: TreeStore, nodes: readonly NodeId[], visibility: Visibility) {
    this.tree = tree;
    this.writer = new MoWriter(tree);
    this.nodes = nodes;
    this.visibility = visibility;
    this.at = 0;
    this.open = false;
  }

  rewind(): void {
    this.at = 0;
    this.open = false;
  }

  step(out: BodyWriter): boolean {
    if (this.open && this.writer.step(out)) return true;
    this.open = false;
    if (this.at > this.nodes.length) return false;
    if (this.at < this.nodes.length) {
      const node = this.nodes[this.at];
      this.writer.begin(node, this.tree.uri(node), this.visibility);
      this.open = true;
    }
    const last = this.at === this.nodes.length;
    out.put(last ? (this.at === 0 ? '[]' : ']') : this.at === 0 ? '[' : ',');
    this.at += 1;
    return true;
  }
}
