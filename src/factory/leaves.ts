import { type DmClient, NO_NODE, type NodeId } from 'dmlet';

/** A leaf as it is shown. */
export interface Leaf {
  uri: string;
  format: string;
  value: string | number | boolean | null;
}

const REDACTED = '(secret)';

/** Names of nodes whose values, and those below, are not for a screen: a DM Account's, an access point's. */
const SECRET = /Secret(Key)?$/;

/** The leaves at and below `node`, in tree order, secrets redacted. */
export function leavesOf(client: DmClient, node: NodeId): Leaf[] {
  const { tree } = client.device;
  if (tree.isLeaf(node)) {
    const uri = tree.uri(node);
    const value = uri.split('/').some((name) => SECRET.test(name)) ? REDACTED : shown(client, node);
    return [{ uri, format: tree.formatName(node), value }];
  }
  return childrenOf(client, node).flatMap((child) => leavesOf(client, child));
}

/** A value, of a large leaf what there is of it: its text may be longer than anyone reads. */
function shown({ device: { tree } }: DmClient, leaf: NodeId): Leaf['value'] {
  return tree.isLarge(leaf) ? `(${tree.valueLength(leaf)} bytes)` : tree.value(leaf);
}

/** MO that says what is so now. It is not stored, and so no part of what a device holds. */
const SESSION_INFORMATION = 'urn:oma:mo:oma-sessioninfomo:1.0';

/** The children of `node`, in tree order, without Session Information. */
export function childrenOf(client: DmClient, node: NodeId): NodeId[] {
  const { tree } = client.device;
  const children: NodeId[] = [];
  for (let child = tree.firstChild(node); child !== NO_NODE; child = tree.next(child)) {
    if (tree.name(child) !== SESSION_INFORMATION) children.push(child);
  }
  return children;
}
