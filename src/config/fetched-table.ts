import type { Row, Table } from '../tree/table.js';
import type { Transaction } from '../tree/transaction.js';

/** Validators of what a just-in-time fetch stored: an instance's ClientURI and its generation then. */
export interface StoredInstance {
  readonly uri: string;
  readonly generation: number;
}

/** Fields of a row of `device.fetched`; behind them ClientURI and generation of each instance. Only the first stays in memory. */
export const enum FetchedField {
  Moid = 0,
  Url,
  ETag,
  Instances,
}

/** What fetches are remembered in. */
interface Owner {
  readonly fetched: Table;
  readonly transaction: Transaction;
  whole(row: Row | undefined): Row | undefined;
}

/**
 * Remembers the last fetch for a MOID as a part of the transaction: as long as URL and instances are the same, its ETag makes the next request
 * conditional (PROTOCOL.md §10). One without an ETag only forgets the one before.
 */
export function rememberFetch(
  device: Owner,
  moid: string,
  url: string,
  etag: string,
  instances: readonly StoredInstance[],
): void {
  const old = device.fetched.find(moid);
  const known = device.whole(old);
  const fields = [moid, url, etag];
  for (let i = 0; i < instances.length; i += 1) fields.push(instances[i].uri, String(instances[i].generation));
  if (etag !== '') {
    if (known === undefined || known.fields.join(' ') !== fields.join(' '))
      device.transaction.put(device.fetched, old, fields);
  } else if (old !== undefined) device.transaction.drop(device.fetched, old);
}

/** The instances that a row with all of its fields names. */
export function instancesOf(row: Row): StoredInstance[] {
  const instances: StoredInstance[] = [];
  for (let i = FetchedField.Instances; i + 1 < row.fields.length; i += 2) {
    instances.push({ uri: row.fields[i], generation: Number(row.fields[i + 1]) });
  }
  return instances;
}
