import { DmError } from '../errors.js';
import type { Limits } from '../limits.js';

/**
 * The node names in use, each once. Two nodes have the same name when their indices are equal, and a search compares a string
 * with a string, which engines do natively. Names are never property names: on XS each of these would take a key for good.
 */
export class Names {
  private readonly names: string[];
  private readonly limits: Limits;
  private readonly markUsed: (used: Uint8Array) => void;
  private length: number;

  /** @param markUsed sets the byte of every index that the tree uses; called when the table is full, to find names that are no longer used. */
  constructor(limits: Limits, markUsed: (used: Uint8Array) => void) {
    this.names = [];
    this.limits = limits;
    this.markUsed = markUsed;
    this.length = 0;
  }

  /** The name at an index. */
  at(index: number): string {
    return this.names[index];
  }

  /**
   * The index of a name, which is added where it is new.
   * @throws DmError `TREE_FULL` where the table is.
   */
  add(name: string): number {
    let index = this.names.indexOf(name);
    if (index >= 0) return index;
    if (!this.fits(name)) this.sweep();
    if (!this.fits(name)) throw new DmError('TREE_FULL', 'names');
    index = this.names.indexOf('');
    if (index < 0) index = this.names.length;
    this.names[index] = name;
    this.length += utf8Length(name);
    return index;
  }

  private fits(name: string): boolean {
    if (this.length + utf8Length(name) > this.limits.nameBytes) return false;
    return this.names.length < this.limits.names || this.names.indexOf('') >= 0;
  }

  private sweep(): void {
    const used = new Uint8Array(this.names.length);
    this.markUsed(used);
    this.length = 0;
    for (let i = 0; i < used.length; i += 1) {
      if (!used[i]) this.names[i] = '';
      this.length += utf8Length(this.names[i]);
    }
  }
}

/** Bytes of a name in UTF-8; a half of a surrogate pair counts as half of four. */
function utf8Length(name: string): number {
  let length = name.length;
  for (let i = 0; i < name.length; i += 1) {
    const c = name.charCodeAt(i);
    if (c >= 0x80) length += c < 0x800 || (c >= 0xd800 && c <= 0xdfff) ? 1 : 2;
  }
  return length;
}
