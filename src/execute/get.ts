import type { Command } from '../commands/command.js';
import { DmError } from '../errors.js';
import { MoList } from '../reply/mo-list.js';
import { NO_NODE, type NodeId } from '../tree/arena.js';
import type { ClientUri } from '../tree/client-uri.js';
import { Format } from '../tree/tree-store.js';
import type { Context } from './context.js';
import { JsonTail } from './json-tail.js';
import type { Outcome } from './outcome.js';

/** `GET ClientURI+`: sends the addressed data in Package#3 (PROTOCOL.md §3). */
export function get(command: Command, context: Context): Outcome {
  const device = context.device;
  const nodes: NodeId[] = [];
  for (let i = 0; i < command.count; i += 1) {
    const uri = device.clientUri(command.parameter(i));
    context.gate.checkMoid(uri.moid);
    addMatches(uri, context, nodes);
  }
  if (!nodes.some((node) => hasData(node, context))) return 204;
  return { status: 200, tail: new JsonTail('Data', new MoList(device.tree, nodes, device.secrets)) };
}

/** Adds what `uri` addresses. Wildcards leave out what may not be read; an exact address of it is refused. */
function addMatches(uri: ClientUri, context: Context, nodes: NodeId[]): void {
  const device = context.device;
  const before = nodes.length;
  device.matches.start(uri, uri.names.length);
  for (let node = device.matches.next(); node !== NO_NODE; node = device.matches.next()) {
    if (!device.secrets.covers(node)) nodes.push(node);
    else if (uri.isPlain) throw new DmError('FORBIDDEN', 'a secret');
  }
  if (nodes.length === before) throw new DmError('NOT_FOUND');
}

/** An interior node without children and a null leaf hold no data. */
function hasData(node: NodeId, context: Context): boolean {
  const tree = context.device.tree;
  return tree.isLeaf(node) ? tree.format(node) !== Format.Null : tree.firstChild(node) !== NO_NODE;
}
