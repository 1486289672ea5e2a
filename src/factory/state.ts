import { AccountGate, accountsOf, type DmClient, permitted, ROOT } from 'dmlet';
import type { NodeFlash } from 'dmlet/node';
import { flashUse, type ObjectUse } from './flash-use.js';
import { childrenOf, type Leaf, leavesOf } from './leaves.js';

/** What a device holds, as `dmlet inspect --json` prints it. */
export interface State {
  tree: Leaf[];
  defaults: { moid: string; serverUri: string }[];
  accounts: { srvId: string; srvUri: string; perm: string[] }[];
  /** What each server may do with each instance, as letters; Perm list and delegated rights together. */
  rights: { instance: string; srvId: string; rights: string }[];
  subscriptions: { srvId: string; clientUri: string; serverUri: string }[];
  /** Alerts that wait for their server; those of a result with a ServerURI of their own have it. */
  alerts: { srvId: string; serverUri: string; alert: object }[];
  /** What EXEC began and nobody has finished. */
  executions: { clientUri: string; srvId: string; serverUri: string }[];
  due: DueItem[];
  flash: { records: number; bytes: number; capacity: number; transactions: number; objects: Written[] };
}

/** An object in flash, and which transaction wrote it last. */
export type Written = Pick<ObjectUse, 'object' | 'transaction'>;

/** Work that is to be done. */
export interface DueItem {
  /** As the log names it when it is finished. */
  work: string;
  subject: string;
  /** Why there is a session. */
  reason: string;
  /** Seconds within which it is tried again; 0 where no try has failed. */
  within: number;
  /** Seconds that the peer asked to wait before that; 0 where it asked for none. */
  asked: number;
}

const ACCESS_CONTROL = 'urn:oma:mo:oma-dm-dacmo:1.0';

const RIGHTS = ['R', 'W', 'X', 'D'];

/** Sessions by the kind of their row. */
const REASONS: Record<string, string> = { session: 'bootstrap', notified: 'notification', alert: 'alert' };

export function stateOf(client: DmClient, flash: NodeFlash): State {
  const { defaults, tree, subscriptions, alerts, executions } = client.device;
  const use = flashUse(client);
  return {
    tree: childrenOf(client, ROOT).flatMap((moid) => leavesOf(client, moid)),
    defaults: defaults.rows.map(({ fields: [moid, serverUri] }) => ({ moid, serverUri })),
    accounts: accountsOf(client.device).map((account) => ({
      srvId: account.srvId,
      srvUri: account.srvUri,
      perm: permitted(tree, account),
    })),
    rights: childrenOf(client, ROOT)
      .filter((moid) => tree.name(moid) !== ACCESS_CONTROL)
      .flatMap((moid) => childrenOf(client, moid).flatMap((instance) => rightsOn(client, instance))),
    subscriptions: subscriptions.rows.map(({ fields: [srvId, clientUri, serverUri] }) => ({
      srvId,
      clientUri,
      serverUri,
    })),
    alerts: alerts.rows.map((row) => {
      const [srvId, serverUri] = row.fields;
      return { srvId, serverUri, alert: JSON.parse(alerts.json(row)) as object };
    }),
    executions: executions.rows.map(({ fields: [clientUri, srvId, serverUri] }) => ({ clientUri, srvId, serverUri })),
    due: dueItems(client),
    flash: {
      records: flash.records,
      bytes: flash.bytes,
      capacity: flash.capacity,
      transactions: use.transactions,
      objects: use.objects.map(({ object, transaction }) => ({ object, transaction })),
    },
  };
}

/** What is to be done, oldest first. */
function dueItems(client: DmClient): DueItem[] {
  const { due, limits } = client.device;
  return due.rows.map(({ fields: [kind, first, second, steps, asked] }) => ({
    work: REASONS[kind] ? 'session' : kind === 'jit' ? 'configuration' : kind,
    subject: kind === 'report' ? second : first,
    reason: REASONS[kind] ?? '',
    within: Math.min(Math.floor(2 ** (Number(steps) - 1)) * limits.retryFirst, limits.retryCap) / 1000,
    asked: Number(asked),
  }));
}

function rightsOn({ device }: DmClient, instance: number): State['rights'] {
  return accountsOf(device).flatMap(({ srvId }) => {
    const gate = new AccountGate(device, srvId);
    const rights = RIGHTS.filter((right) => gate.has(instance, right)).join('');
    return rights === '' ? [] : [{ instance: device.tree.uri(instance), srvId, rights }];
  });
}
