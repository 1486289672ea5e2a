import { type DmClient, ROOT } from 'dmlet';
import { childrenOf } from './leaves.js';

/** One object in flash: one or more records that change together. */
export interface ObjectUse {
  /** Its ClientURI, or what it is and of whom. */
  object: string;
  /** The transaction that wrote it last, counted in the life of the store. */
  transaction: number;
  /** Records written for it since the start. */
  writes: number;
}

/** How much a device writes, for whoever watches the wear of its flash. */
export interface FlashUse {
  /** In the life of the store. Each writes one commit record, and one record or more for each object that it changes. */
  transactions: number;
  /** Since the start. */
  writes: number;
  /** Since the start. */
  removals: number;
  objects: ObjectUse[];
}

/** In the order of their numbers; one that is gone counts in the sums only. */
export function flashUse(client: DmClient): FlashUse {
  const { records, limits } = client.device;
  const names = namesOf(client);
  const objects: ObjectUse[] = [];
  for (let id = 1; id <= limits.objects; id += 1) {
    const transaction = records.generationOf(id);
    if (transaction > 0)
      objects.push({ object: names.get(id) ?? 'unknown', transaction, writes: records.writesOf(id) });
  }
  const { generation: transactions, writes, removals } = records;
  return { transactions, writes, removals, objects };
}

/** What each object is. */
function namesOf(client: DmClient): Map<number, string> {
  const { tree, defaults, due, applied, fetched, subscriptions, alerts, replay, executions, validators } =
    client.device;
  const tables = {
    DEFAULT: defaults,
    due,
    bootstrap: applied,
    fetch: fetched,
    SUB: subscriptions,
    alert: alerts,
    notifications: replay,
    EXEC: executions,
    validator: validators,
  };
  const names = new Map<number, string>();
  for (const moid of childrenOf(client, ROOT)) {
    for (const instance of childrenOf(client, moid)) names.set(tree.objectOf(instance), tree.uri(instance));
  }
  for (const [name, { rows }] of Object.entries(tables)) {
    for (const { object, fields } of rows) names.set(object, [name, ...fields.slice(0, 2)].filter(Boolean).join(' '));
  }
  return names;
}
