import { ObjectKind } from '../flash/record-store.js';
import type { NodeId } from '../tree/arena.js';
import { Table } from '../tree/table.js';
import type { Transaction } from '../tree/transaction.js';
import type { TreeStore } from '../tree/tree-store.js';

/** Fields of a row. */
const enum Field {
  /** The instance's ClientURI. */
  Uri = 0,
  Validator,
  /** The generation in which the instance was stored with it. */
  Generation,
  Count,
}

/** What validators are of. */
interface Owner {
  readonly tree: TreeStore;
  readonly transaction: Transaction;
}

/**
 * Cache validators of MO instances (PROTOCOL.md §11): what an instance's document brought, until it changes; else the generation in which it was
 * last written, which changes with it.
 */
export class Validators extends Table {
  private readonly owner: Owner;

  constructor(owner: Owner) {
    super(ObjectKind.Validator, Field.Count);
    this.owner = owner;
  }

  /** An instance's validator, '' where it has none: it is not stored. */
  get(instance: NodeId): string {
    const tree = this.owner.tree;
    const row = this.find(tree.uri(instance));
    const generation = this.owner.transaction.generationOf(instance);
    if (row !== undefined && row.fields[Field.Generation] === String(generation)) return row.fields[Field.Validator];
    return generation === 0 ? '' : `g${tree.objectOf(instance)}.${generation}`;
  }

  /** Takes the validator that came with an instance, as a part of the transaction. */
  set(instance: NodeId, validator: string): void {
    const transaction = this.owner.transaction;
    const uri = this.owner.tree.uri(instance);
    transaction.put(this, this.find(uri), [uri, validator, String(transaction.generationOf(instance))]);
  }

  /** Drops the validator of an instance, as a part of the transaction. */
  forget(instance: NodeId): void {
    const row = this.find(this.owner.tree.uri(instance));
    if (row !== undefined) this.owner.transaction.drop(this, row);
  }
}
