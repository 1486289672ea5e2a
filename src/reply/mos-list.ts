import { permitted } from '../access/accounts.js';
import type { AccountGate } from '../access/gates.js';
import type { BodySource } from '../bytes/body-writer.js';
import { NO_NODE } from '../tree/arena.js';
import { ddfMember } from '../tree/mo-writer.js';
import type { TreeStore } from '../tree/tree-store.js';

/** What Package#1 says of the device's MOs. */
export interface MosSource {
  readonly tree: TreeStore;
  readonly definitions: { ddf(moid: string): string | undefined };
}

/** The elements of `MOS`: the MOIDs on the account's Perm list, with those instances that it has rights on (PROTOCOL.md §4). */
export class MosList implements BodySource {
  private readonly source: MosSource;
  private readonly gate: AccountGate;
  private moids: string[];
  private at: number;

  constructor(source: MosSource, gate: AccountGate) {
    this.source = source;
    this.gate = gate;
    this.moids = [];
    this.at = 0;
  }

  rewind(): void {
    this.moids = permitted(this.source.tree, this.gate.account());
    this.at = 0;
  }

  next(): string {
    const at = this.at;
    if (at === this.moids.length) return '';
    this.at += 1;
    return (at > 0 ? ',' : '') + this.element(this.moids[at]);
  }

  private element(moid: string): string {
    const tree = this.source.tree;
    const miids: string[] = [];
    for (let at = tree.firstInstance(moid); at !== NO_NODE; at = tree.next(at)) {
      if (this.gate.has(at, '')) miids.push(tree.name(at));
    }
    const ddf = ddfMember(this.source.definitions.ddf(moid));
    return `{${ddf}"MOID":${JSON.stringify(moid)},"MIID":${JSON.stringify(miids)}}`;
  }
}
