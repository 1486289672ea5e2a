import { ObjectKind } from '../flash/record-store.js';
import { type Row, Table } from '../tree/table.js';
import type { Transaction } from '../tree/transaction.js';

/** Validators of what a just-in-time fetch stored: an instance's ClientURI and its generation then. */
export interface StoredInstance {
  readonly uri: string;
  readonly generation: number;
}

/** Fields of a row; behind them ClientURI and generation of each instance. */
export const enum FetchedField {
  Moid = 0,
  Url,
  ETag,
  Instances,
}

/**
 * The last fetch for each MOID, where its answer had an ETag: as long as URL and instances are the same, it makes the next request
 * conditional (PROTOCOL.md §10).
 */
export class FetchedTable extends Table {
  constructor() {
    super(ObjectKind.Fetched, Infinity);
  }

  /** Remembers a fetch as a part of `transaction`; one without an ETag only forgets the one before. */
  set(moid: string, url: string, etag: string, instances: readonly StoredInstance[], transaction: Transaction): void {
    const old = this.find(moid);
    if (etag === '') {
      if (old !== undefined) transaction.drop(this, old);
      return;
    }
    const fields = [moid, url, etag];
    for (let i = 0; i < instances.length; i += 1) fields.push(instances[i].uri, String(instances[i].generation));
    transaction.put(this, old, fields);
  }
}

/** The instances that a row names. */
export function instancesOf(row: Row): StoredInstance[] {
  const instances: StoredInstance[] = [];
  for (let i = FetchedField.Instances; i + 1 < row.fields.length; i += 2) {
    instances.push({ uri: row.fields[i], generation: Number(row.fields[i + 1]) });
  }
  return instances;
}
