import { Arena, type NodeId } from '../../src/tree/arena.js';
import { utf8 } from '../support/utf8.js';

/** An arena whose doors are open to tests. All names are 1. */
export class OpenArena extends Arena {
  record(): NodeId {
    return this.allocate(1, 1);
  }

  give(id: NodeId): void {
    this.release(id);
  }

  add(leaf: NodeId, text: string): void {
    const bytes = utf8.encode(text);
    this.addBytes(leaf, bytes, 0, bytes.length);
  }

  addBytes(leaf: NodeId, bytes: Uint8Array, from: number, to: number): void {
    this.append(leaf, bytes, from, to);
  }

  drop(leaf: NodeId): void {
    this.dropValue(leaf);
  }

  value(leaf: NodeId): Uint8Array {
    const start = this.valueStart(leaf);
    return this.bytes.slice(start, start + this.blockLength(leaf));
  }

  content(leaf: NodeId): string {
    const value = this.value(leaf);
    return utf8.decode(value, 0, value.length);
  }
}
