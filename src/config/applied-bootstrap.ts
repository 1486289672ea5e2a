import { type ObjectId, ObjectKind } from '../flash/record-store.js';
import type { Transaction } from '../tree/transaction.js';

/** Remembers the bootstrap that was applied last, by its SHA-256 in hexadecimal. */
export class AppliedBootstrap {
  private hash: string;
  private object: ObjectId;

  constructor() {
    this.hash = '';
    this.object = 0;
  }

  /** True where the bootstrap applied last had this digest. */
  is(hash: string): boolean {
    return this.hash === hash;
  }

  /** Takes the hash as it was stored. */
  load(object: ObjectId, fields: readonly string[]): void {
    this.object = object;
    this.hash = fields[0];
  }

  /** Remembers another bootstrap, as a part of `transaction`. */
  set(hash: string, transaction: Transaction): void {
    const fields = [hash];
    transaction.put(this.object, ObjectKind.Bootstrap, fields, (object) => this.load(object, fields));
  }
}
