import { type ObjectId, ObjectKind } from '../flash/record-store.js';
import type { Transaction } from '../tree/transaction.js';

/** What kinds of work are due; stored, so never change. */
export const SESSION_WORK = 'session';
export const HGET_WORK = 'hget';

/** Work that a bootstrap left to be done, kept in flash until it is. */
export interface WorkItem {
  /** `SESSION_WORK`: with `first`, a SrvID. `HGET_WORK`: `first`, a ServerURI, to `second`, a ClientURI or ''. */
  readonly kind: string;
  readonly first: string;
  readonly second: string;
  readonly object: ObjectId;
}

/** The list of due work, in the order in which it came. */
export class DueWork {
  private list: WorkItem[];

  constructor() {
    this.list = [];
  }

  /** Not to be changed. */
  get items(): readonly WorkItem[] {
    return this.list;
  }

  /** Takes an item as it was stored. */
  load(object: ObjectId, fields: readonly string[]): void {
    this.list.push({ kind: fields[0], first: fields[1], second: fields[2], object });
  }

  /** Adds an item as a part of `transaction`, unless it is on the list. */
  add(kind: string, first: string, second: string, transaction: Transaction): void {
    for (let i = 0; i < this.list.length; i += 1) {
      const item = this.list[i];
      if (item.kind === kind && item.first === first && item.second === second) return;
    }
    const fields = [kind, first, second];
    transaction.put(0, ObjectKind.DueWork, fields, (object) => this.load(object, fields));
  }

  /** Takes an item off the list, as a part of `transaction`. */
  remove(item: WorkItem, transaction: Transaction): void {
    transaction.drop(item.object, () => {
      this.list = this.list.filter((other) => other !== item);
    });
  }
}
