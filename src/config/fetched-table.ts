import { type ObjectId, ObjectKind } from '../flash/record-store.js';
import type { Transaction } from '../tree/transaction.js';

/** Validators of what a just-in-time fetch stored: an instance's ClientURI and its generation then. */
export interface StoredInstance {
  readonly uri: string;
  readonly generation: number;
}

/** What a just-in-time fetch brought: as long as URL and instances are the same, its ETag makes the next request conditional. */
export interface Fetched {
  readonly moid: string;
  readonly url: string;
  readonly etag: string;
  readonly instances: readonly StoredInstance[];
  readonly object: ObjectId;
}

/** Fields before the instances, which take two each. */
const HEAD = 3;

/** The last fetch for each MOID, where its answer had an ETag (PROTOCOL.md §10). */
export class FetchedTable {
  private list: Fetched[];

  constructor() {
    this.list = [];
  }

  find(moid: string): Fetched | undefined {
    for (let i = 0; i < this.list.length; i += 1) if (this.list[i].moid === moid) return this.list[i];
    return undefined;
  }

  /** Takes an entry as it was stored. */
  load(object: ObjectId, fields: readonly string[]): void {
    const instances: StoredInstance[] = [];
    for (let i = HEAD; i + 1 < fields.length; i += 2) {
      instances.push({ uri: fields[i], generation: Number(fields[i + 1]) });
    }
    this.forget(fields[0]);
    this.list.push({ moid: fields[0], url: fields[1], etag: fields[2], instances, object });
  }

  /** Remembers a fetch as a part of `transaction`; one without an ETag only forgets the one before. */
  set(moid: string, url: string, etag: string, instances: readonly StoredInstance[], transaction: Transaction): void {
    const old = this.find(moid);
    if (etag === '') {
      if (old !== undefined) transaction.drop(old.object, () => this.forget(moid));
      return;
    }
    const fields = [moid, url, etag];
    for (let i = 0; i < instances.length; i += 1) fields.push(instances[i].uri, String(instances[i].generation));
    if (old !== undefined && isSame(old, fields)) return;
    const object = old === undefined ? 0 : old.object;
    transaction.put(object, ObjectKind.Fetched, fields, (id) => this.load(id, fields));
  }

  private forget(moid: string): void {
    this.list = this.list.filter((entry) => entry.moid !== moid);
  }
}

function isSame(entry: Fetched, fields: readonly string[]): boolean {
  if (entry.url !== fields[1] || entry.etag !== fields[2]) return false;
  if (entry.instances.length * 2 + HEAD !== fields.length) return false;
  for (let i = 0; i < entry.instances.length; i += 1) {
    const at = HEAD + 2 * i;
    if (entry.instances[i].uri !== fields[at] || String(entry.instances[i].generation) !== fields[at + 1]) return false;
  }
  return true;
}
