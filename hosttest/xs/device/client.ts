import { DmClient, type HttpRequest, type Limits } from 'dmlet';
import type { Host } from './host.js';
import { type Answer, MO_TYPE, REQUEST_TYPE, ScriptedHttp } from './http.js';
import { ANY_ROOM, InputResource, platform } from './platform.js';

export { PLATFORM_LIMITS as DEVICE_LIMITS } from '../../../src/platform/moddable/limits-32k.js';

declare const host: Host;

/** Inputs of the run, in this order. */
const BOOTSTRAP = 0;
const PACKAGE2 = 1;
const END = 2;
const DOCUMENT = 3;

/** Answers Package#1 with the package of the run, Package#3 with an END, and every GET with the document. */
export function answers(): (method: string) => Answer {
  let packages = 0;
  return (method) => {
    if (method === 'GET') return { status: 200, headers: ['content-type', MO_TYPE], input: DOCUMENT };
    if (method === 'PUT') return { status: 204, headers: [], input: -1 };
    packages += 1;
    return { status: 200, headers: ['content-type', REQUEST_TYPE], input: packages === 1 ? PACKAGE2 : END };
  };
}

function scriptedHttp(): ScriptedHttp {
  const answer = answers();
  return new ScriptedHttp(({ method }: HttpRequest) => answer(method));
}

export function makeClient(limits: Partial<Limits>, room = ANY_ROOM): DmClient {
  const client = new DmClient(platform(scriptedHttp(), room), { limits });
  mark('made');
  return client;
}

/** Starts a client with the bootstrap of the run. */
export function startClient(limits: Partial<Limits>, room = ANY_ROOM): DmClient {
  const client = makeClient(limits, room);
  client.start(new InputResource(BOOTSTRAP));
  mark('started');
  return client;
}

/**
 * Starts a client, and runs one session with the first account.
 * @param brought whether the session must have brought an instance of `moid`, or must not have.
 * @param room of flash, in records.
 */
export function runSession(limits: Partial<Limits>, moid: string, brought: boolean, room = ANY_ROOM): void {
  endSession(startClient(limits, room), moid, brought);
}

/** The same for a client that is started. */
export function endSession(client: DmClient, moid: string, brought: boolean): void {
  client.openSession('', (error) => {
    if (error !== undefined) throw error;
    mark('ended');
    if (client.local.instances(moid).length > 0 !== brought) throw new Error(moid);
  });
}

/** Runs a session, and prints its microseconds of processor time. */
export function timeSession(limits: Partial<Limits>): void {
  const client = new DmClient(platform(scriptedHttp()), { limits });
  client.start(new InputResource(BOOTSTRAP));
  client.whenIdle(() => {
    const start = host.now();
    client.openSession('', (error) => {
      if (error !== undefined) throw error;
      host.print(String(host.now() - start));
    });
  });
}

/** Starts a client, and prints how many nodes the instances of some MOIDs have: MO roots and all below them. */
export function printNodes(limits: Partial<Limits>, moids: readonly string[]): void {
  const { local } = startClient(limits);
  const count = (uri: string, above: string): number =>
    local.list(uri).reduce((sum, name) => sum + count(above + name, `${above}${name}/`), 1);
  let nodes = 0;
  for (const moid of moids) {
    for (const miid of local.instances(moid)) nodes += count(`${moid}/${miid}/`, `${moid}/${miid}/`);
  }
  host.print(String(nodes));
}

/** Memory that is in use, without garbage. */
function mark(label: string): void {
  host.gc();
  host.mark(label);
}
