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
    const value = uri.split('/').some((name) => SECRET.test(name)) ? REDACTED : tree.value(node);
    return [{ uri, format: tree.formatName(node), value }];
  }
  return childrenOf(client, node).flatMap((child) => leavesOf(client, child));
}

/** The children of `node`, in tree order. */
export function childrenOf(client: DmClient, node: NodeId): NodeId[] {
  const { tree } = client.device;
  const children: NodeId[] = [];
  for (let child = tree.firstChild(node); child !== NO_NODE; child = tree.next(child)) children.push(child);
  return children;
}
