import { type DmClient, ROOT } from 'dmlet';
import { findAccount } from '../../src/access/accounts.js';
import { fromBase36 } from '../../src/flash/record.js';
import { ObjectKind } from '../../src/flash/record-store.js';
import { MOID_ACCESS, MOID_SESSION } from '../../src/tree/standard-mos.js';
import { isCommitKey, isLargeKey } from './cut-store.js';
import type { CutDevice } from './device.js';

/** What no device may ever hold, '' where all is well. The device has loaded, and nothing is under way. */
export function broken(client: DmClient, notes: readonly string[]): string {
  const unreadable = notes.find(
    (note) => note.startsWith('note FLASH_FAILED object') || note.startsWith('note INTERNAL'),
  );
  return unreadable ?? (objects(client) || references(client));
}

/** Every object in flash belongs to one thing that the device holds, and the other way round. */
function objects(client: DmClient): string {
  const { tree, records, limits, ...device } = client.device;
  const { defaults, due, applied, fetched, subscriptions, alerts, replay, executions, validators } = device;
  const kinds = new Map<number, number>();
  const claim = (object: number, kind: number): string => {
    if (records.kind(object) !== kind) return `object ${object} has kind ${records.kind(object)}, not ${kind}`;
    if (kinds.has(object)) return `object ${object} belongs to two things`;
    kinds.set(object, kind);
    return '';
  };
  for (const { kind, rows } of [
    defaults,
    due,
    applied,
    fetched,
    subscriptions,
    alerts,
    replay,
    executions,
    validators,
  ]) {
    for (const { object } of rows) {
      const wrong = object === 0 ? '' : claim(object, kind);
      if (wrong !== '') return wrong;
    }
  }
  for (let type = tree.firstChild(ROOT); type !== 0; type = tree.next(type)) {
    for (let at = tree.firstChild(type); at !== 0; at = tree.next(at)) {
      if (tree.name(type) === MOID_SESSION) continue;
      const wrong =
        tree.firstChild(at) === 0 ? 'without an MO root' : claim(tree.objectOf(at), ObjectKind.ManagementObject);
      if (wrong !== '') return `${tree.uri(at)}: ${wrong}`;
    }
  }
  for (let id = 1; id <= limits.objects; id += 1) {
    if (records.kind(id) !== ObjectKind.Removed && !kinds.has(id)) return `object ${id} belongs to nothing`;
  }
  return '';
}

/** What one thing says of another is so. */
function references(client: DmClient): string {
  const { tree, defaults, subscriptions, executions, validators } = client.device;
  const hasAccount = (srvId: string): boolean => srvId === '' || findAccount(client.device, srvId) !== undefined;
  for (const { fields } of defaults.rows) if (!hasAccount(fields[2])) return `a DEFAULT of nobody: ${fields}`;
  for (const { fields } of subscriptions.rows) if (!hasAccount(fields[0])) return `a SUB of nobody: ${fields}`;
  for (const { fields } of executions.rows) if (!hasAccount(fields[1])) return `an EXEC of nobody: ${fields}`;
  for (const { fields } of validators.rows)
    if (tree.instanceAt(fields[0]) === 0) return `a validator of nothing: ${fields}`;
  const access = tree.firstRoot(MOID_ACCESS);
  for (let entry = access === 0 ? 0 : tree.firstChild(access); entry !== 0; entry = tree.next(entry)) {
    if (tree.instanceAt(tree.childText(entry, 'MO')) === 0) return `rights on nothing: ${tree.childText(entry, 'MO')}`;
  }
  return '';
}

/** Records that stay although nobody needs them, '' for none. */
export function garbage({ client, store }: CutDevice): string {
  const { records, limits, tree } = client.device;
  // What an interrupted transaction left goes with the next one.
  records.begin();
  records.rollback();
  const stale: string[] = [];
  store.keys((text) => {
    if (isCommitKey(text)) return;
    const object = fromBase36(text, 0, 3);
    if (isLargeKey(text) && tree.refersTo(object - 0x1000, fromBase36(text, 3, 9))) return;
    if (object > limits.objects || fromBase36(text, 3, 9) !== records.generationOf(object)) stale.push(text);
  });
  return stale.length === 0 ? '' : `left over: ${stale.join(' ')}`;
}
