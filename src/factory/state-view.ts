import type { DmClient } from 'dmlet';
import type { NodeFlash } from 'dmlet/node';
import { childrenOf, type Leaf, leavesOf } from './leaves.js';
import { colors, printable } from './terminal.js';

/** What a device holds, as `dmlet inspect --json` prints it. */
export interface State {
  tree: Leaf[];
  defaults: { moid: string; serverUri: string }[];
  accounts: { srvId: string; srvUri: string; perm: string[] }[];
  flash: { records: number; bytes: number; capacity: number };
}

export function stateOf(client: DmClient, flash: NodeFlash): State {
  const { accounts, defaults, tree } = client.device;
  return {
    tree: childrenOf(client, tree.root).flatMap((moid) => leavesOf(client, moid)),
    defaults: defaults.rows.map(({ fields: [moid, serverUri] }) => ({ moid, serverUri })),
    accounts: accounts.all().map((account) => ({
      srvId: account.srvId,
      srvUri: account.srvUri,
      perm: accounts.permitted(account),
    })),
    flash: { records: flash.records, bytes: flash.bytes, capacity: flash.capacity },
  };
}

/** The state as text: the tree drawn as one, then the tables. */
export function drawState(client: DmClient, flash: NodeFlash): string {
  const state = stateOf(client, flash);
  const lines = [colors.bold('Tree'), ...drawChildren(client, client.device.tree.root, '')];
  if (lines.length === 1) lines.push('  (empty)');
  lines.push('', colors.bold('DEFAULT table'));
  for (const { moid, serverUri } of state.defaults)
    lines.push(`  ${printable(moid)}  ${colors.cyan(printable(serverUri))}`);
  if (state.defaults.length === 0) lines.push('  (empty)');
  lines.push('', colors.bold('Accounts'));
  for (const { srvId, srvUri, perm } of state.accounts) {
    lines.push(`  ${printable(srvId)}  ${colors.cyan(printable(srvUri))}`);
    lines.push(...perm.map((moid) => `    may manage ${printable(moid)}`));
  }
  if (state.accounts.length === 0) lines.push('  (none)');
  const { records, bytes, capacity } = state.flash;
  lines.push('', `${colors.bold('Flash')}  ${records} records, ${bytes} of ${capacity} bytes`);
  return lines.join('\n');
}

function drawChildren(client: DmClient, node: number, indent: string): string[] {
  const { tree } = client.device;
  const children = childrenOf(client, node);
  return children.flatMap((child, index) => {
    const last = index === children.length - 1;
    const line = `${indent}${last ? '└─ ' : '├─ '}`;
    const name = printable(tree.name(child));
    if (tree.isLeaf(child)) {
      const [leaf] = leavesOf(client, child);
      const value = printable(JSON.stringify(leaf.value));
      return [`${line}${name} ${colors.dim(leaf.format)} ${colors.green(value)}`];
    }
    return [line + colors.bold(name), ...drawChildren(client, child, indent + (last ? '   ' : '│  '))];
  });
}
