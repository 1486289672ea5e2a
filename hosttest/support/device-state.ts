import { type DmClient, type NodeId, ROOT } from 'dmlet';
import { SESSION_INFORMATION, wholeText } from './tree-text.js';

/** MOIDs and their instances stand in no order of their own; nodes below an MO root do. */
const ORDERED_FROM = 2;

/** The children of a node, as text. */
function children(client: DmClient, node: NodeId, depth: number): unknown[] {
  const { tree } = client.device;
  const all: [string, unknown][] = [];
  for (let at = tree.firstChild(node); at !== 0; at = tree.next(at))
    if (tree.name(at) !== SESSION_INFORMATION) all.push([tree.name(at), describe(client, at, depth)]);
  return depth < ORDERED_FROM ? all.sort(([a], [b]) => (a < b ? -1 : 1)) : all;
}

/** A node as text: format, and value or children. */
function describe(client: DmClient, node: NodeId, depth: number): unknown {
  const { tree } = client.device;
  if (tree.isLarge(node)) return `${tree.formatName(node)} ${largeText(client, node)}`;
  if (tree.isLeaf(node)) return `${tree.formatName(node)} ${JSON.stringify(tree.value(node))}`;
  return children(client, node, depth + 1);
}

function largeText({ device: { tree } }: DmClient, node: NodeId): string {
  try {
    return JSON.stringify(wholeText(tree, node));
  } catch {
    return 'damaged';
  }
}

/** What a device holds that survives a restart: tree, DEFAULT table, due work. */
export function durableState(client: DmClient): string {
  const { defaults, due } = client.device;
  const lines = [
    ...children(client, ROOT, 0),
    ...defaults.rows.map(({ fields: [moid, serverUri, owner] }) => ['DEFAULT', moid, serverUri, owner]).sort(),
    ...due.rows
      .filter(({ object }) => object !== 0)
      .map(({ fields: [kind, first, second] }) => ['due', kind, first, second])
      .sort(),
  ];
  return lines.map((line) => JSON.stringify(line)).join('\n');
}

/** The durable state, how much of the arena it takes, and how much work is due: what is read and given up again must leave nothing behind. */
export function wholeState(client: DmClient): string {
  const { tree, due } = client.device;
  return `${durableState(client)}\nin use: ${tree.used}\ndue: ${due.rows.length}`;
}

/** All that a device has from its flash, one line a thing: the tree, and every row of every table. */
export function storedState(client: DmClient): string {
  const { alerts, applied, subscriptions, replay, executions, fetched, validators, due } = client.device;
  const tables = [applied, subscriptions, replay, executions, fetched, validators, due].map(({ kind, rows }) =>
    rows.filter(({ object }) => object > 0).map(({ fields }) => JSON.stringify([kind, ...fields])),
  );
  return [
    durableState(client),
    ...tables.flatMap((rows) => rows.sort()),
    ...alerts.rows.map((row) => alerts.json(row)),
  ].join('\n');
}
