import { type DmClient, ROOT } from 'dmlet';
import type { NodeFlash } from 'dmlet/node';
import { childrenOf, leavesOf } from './leaves.js';
import { values } from './reporter.js';
import { type DueItem, type State, stateOf } from './state.js';
import { colors, printable } from './terminal.js';

/** What a device holds, as text: the tree drawn as one, then the tables. Of those that a plain device need not have, empty ones are left out. */
export function drawState(client: DmClient, flash: NodeFlash): string {
  const state = stateOf(client, flash);
  const accounts = state.accounts.flatMap(({ srvId, srvUri, perm }) => [
    row([srvId], srvUri),
    ...perm.map((moid) => `  ${row([`may manage ${moid}`])}`),
  ]);
  return [
    ...section('Tree', drawNodes(client, childrenOf(client, ROOT), ''), '(empty)'),
    ...drawDefaults(state),
    ...section('Accounts', accounts, '(none)'),
    ...section(
      'Rights',
      state.rights.map(({ instance, srvId, rights }) => row([instance, srvId, rights])),
    ),
    ...section(
      'Subscriptions',
      state.subscriptions.map(({ srvId, clientUri, serverUri }) => row([clientUri, srvId], serverUri)),
    ),
    ...section(
      'Alerts that wait',
      state.alerts.map(({ srvId, serverUri, alert }) => row([srvId, JSON.stringify(alert)], serverUri)),
    ),
    ...section(
      'Executions under way',
      state.executions.map(({ clientUri, srvId, serverUri }) => row([clientUri, srvId], serverUri)),
    ),
    ...section('Due work', state.due.map(drawDue)),
    drawFlash(state),
  ].join('\n');
}

/** What a device holds in a few lines: its MO instances, and where it gets others. */
export function drawBrief(client: DmClient, flash: NodeFlash): string {
  const { tree } = client.device;
  const state = stateOf(client, flash);
  const instances = childrenOf(client, ROOT).flatMap((moid) => childrenOf(client, moid));
  const lines = instances.map((instance) => row([tree.uri(instance), values(leavesOf(client, instance).length)]));
  return [...section('Management objects', lines, '(none)'), ...drawDefaults(state), drawFlash(state)].join('\n');
}

function drawDefaults({ defaults }: State): string[] {
  const lines = defaults.map(({ moid, serverUri }) => row([moid], serverUri));
  return section('DEFAULT table', lines, '(empty)');
}

function drawFlash({ flash: { records, bytes, capacity, transactions } }: State): string {
  return `${colors.bold('Flash')}  ${records} records, ${bytes} of ${capacity} bytes; ${transactions} transactions so far`;
}

/** A title and what belongs to it; nothing where nothing does, unless there is a word for that. */
function section(title: string, lines: string[], empty?: string): string[] {
  if (lines.length > 0) return [colors.bold(title), ...lines, ''];
  return empty === undefined ? [] : [colors.bold(title), `  ${empty}`, ''];
}

function row(texts: string[], uri = ''): string {
  const place = uri === '' ? '' : `  ${colors.cyan(printable(uri))}`;
  return `  ${texts.map(printable).join('  ')}${place}`;
}

function drawDue({ work, subject, reason, within, asked }: DueItem): string {
  const why = reason === '' ? '' : ` (${reason})`;
  const next = within === 0 ? '' : `, failed, next try within ${within} s`;
  const wait = asked === 0 ? '' : ` after ${asked} s that the server asked for`;
  return `  ${work}${why} ${printable(subject)}${next}${wait}`;
}

function drawNodes(client: DmClient, nodes: number[], indent: string): string[] {
  const { tree } = client.device;
  return nodes.flatMap((node, index) => {
    const last = index === nodes.length - 1;
    const line = `${indent}${last ? '└─ ' : '├─ '}`;
    const name = printable(tree.name(node));
    if (tree.isLeaf(node)) {
      const [leaf] = leavesOf(client, node);
      const value = printable(JSON.stringify(leaf.value));
      return [`${line}${name} ${colors.dim(leaf.format)} ${colors.green(value)}`];
    }
    return [line + colors.bold(name), ...drawNodes(client, childrenOf(client, node), indent + (last ? '   ' : '│  '))];
  });
}
