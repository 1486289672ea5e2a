import { ObjectKind } from '../flash/record-store.js';
import { NO_NODE, type NodeId } from '../tree/arena.js';
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

/**
 * Cache validators of MO instances (PROTOCOL.md §11): what an instance's document brought, until it changes; else the generation in which it was
 * last written, which changes with it.
 */
export class Validators extends Table {
  private readonly tree: TreeStore;
  private readonly transaction: Transaction;

  constructor(tree: TreeStore, transaction: Transaction) {
    super(ObjectKind.Validator, Field.Count);
    this.tree = tree;
    this.transaction = transaction;
  }

  /** An instance's validator, '' where it has none: it is not stored. */
  of(instance: NodeId): string {
    const row = this.find(this.tree.uri(instance));
    const generation = this.transaction.generationOf(instance);
    if (row !== undefined && row.fields[Field.Generation] === String(generation)) return row.fields[Field.Validator];
    return generation === 0 ? '' : `g${this.tree.objectOf(instance)}.${generation}`;
  }

  /** Takes the validator that came with an instance, as a part of the transaction, and drops those that no longer hold. */
  set(instance: NodeId, validator: string): void {
    const uri = this.tree.uri(instance);
    const fields = [uri, validator, String(this.transaction.generationOf(instance))];
    this.transaction.put(this, this.find(uri), fields);
    const rows = this.rows;
    for (let i = 0; i < rows.length; i += 1) {
      const other = this.tree.instanceAt(rows[i].fields[Field.Uri]);
      const holds =
        other !== NO_NODE && this.transaction.generationOf(other) === Number(rows[i].fields[Field.Generation]);
      if (!holds) this.transaction.drop(this, rows[i]);
    }
  }
}
