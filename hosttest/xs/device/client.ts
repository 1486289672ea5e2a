import { DmClient, type HttpRequest, type Limits, NO_NODE, type NodeId } from 'dmlet';
import type { Host } from './host.js';
import { type Answer, ScriptedHttp } from './http.js';
import { InputResource, platform } from './platform.js';

export { DEVICE_LIMITS } from './limits.js';

declare const host: Host;

/** Inputs of the run, in this order. */
const BOOTSTRAP = 0;
const PACKAGE2 = 1;
const END = 2;
const DOCUMENT = 3;

const REQUEST_TYPE = 'application/vnd.oma.dm.request+json';
const MO_TYPE = 'application/vnd.oma.dm.mo+json';

/** Answers Package#1 with the package of the run, Package#3 with an END, and every GET with the document. */
function answers(): (request: HttpRequest) => Answer {
  let packages = 0;
  return ({ method }) => {
    if (method === 'GET') return { status: 200, headers: ['content-type', MO_TYPE], input: DOCUMENT };
    packages += 1;
    return { status: 200, headers: ['content-type', REQUEST_TYPE], input: packages === 1 ? PACKAGE2 : END };
  };
}

export function makeClient(limits: Partial<Limits>): DmClient {
  const client = new DmClient(platform(new ScriptedHttp(answers())), { limits });
  mark('made');
  return client;
}

/** Starts a client with the bootstrap of the run. */
export function startClient(limits: Partial<Limits>): DmClient {
  const client = makeClient(limits);
  client.start(new InputResource(BOOTSTRAP));
  mark('started');
  return client;
}

/**
 * Starts a client, and runs one session with the first account.
 * @param brought whether the session must have brought an instance of `moid`, or must not have.
 */
export function runSession(limits: Partial<Limits>, moid: string, brought: boolean): void {
  const client = startClient(limits);
  client.openSession('', (error) => {
    if (error !== undefined) throw error;
    mark('ended');
    if (client.local.instances(moid).length > 0 !== brought) throw new Error(moid);
  });
}

/** Starts a client, and prints how many nodes its tree has, MO roots and all below them. */
export function printNodes(limits: Partial<Limits>): void {
  const { tree } = startClient(limits).device;
  const count = (node: NodeId): number => {
    let nodes = tree.depth(node) > 0 ? 1 : 0;
    for (let child = tree.firstChild(node); child !== NO_NODE; child = tree.next(child)) nodes += count(child);
    return nodes;
  };
  host.print(String(count(tree.root)));
}

/** Memory that is in use, without garbage. */
function mark(label: string): void {
  host.gc();
  host.mark(label);
}
