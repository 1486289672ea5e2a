import * as fs from 'node:fs';
import { type ConfigurationCallback, DmClient, type DmError, type Limits, type Resource } from 'dmlet';
import { NodeFlash, type NodePlatform, NodeResource, nodePlatform } from 'dmlet/node';
import { Reporter } from './reporter.js';
import { printable, printError, printLine } from './terminal.js';
import { UsageError } from './usage-error.js';

/** A laptop has more room than a module. */
export const HOST_LIMITS: Partial<Limits> = {
  tree: 131072,
  names: 2048,
  nameBytes: 65536,
  value: 32768,
  defaults: 64,
  objects: 512,
  record: 4000,
  reply: 65536,
};

export interface RunOptions {
  bootstrap: string;
  state: string;
  identity: Record<string, string>;
  request?: string;
  session?: boolean;
  wait?: boolean;
  json?: boolean;
}

/** A device on this machine: a client, its flash and its platform. */
export interface HostDevice {
  client: DmClient;
  flash: NodeFlash;
  platform: NodePlatform;
}

/** @throws UsageError where the folder cannot be used. */
export function hostDevice(state: string, identity: Record<string, string>, reporter: Reporter): HostDevice {
  const flash = openFlash(state, (operation, key, bytes) => reporter.flash(operation, key, bytes));
  const platform = nodePlatform(flash, identity, { log: reporter });
  const client = new DmClient(platform, { limits: HOST_LIMITS });
  reporter.attach(client);
  return { client, flash, platform };
}

function openFlash(
  state: string,
  onChange: (operation: 'write' | 'remove', key: string, bytes: number) => void,
): NodeFlash {
  try {
    return new NodeFlash(state, { onChange });
  } catch (error) {
    throw new UsageError(`--state ${state}: ${(error as Error).message}`);
  }
}

/** @throws UsageError */
export function openBootstrap(file: string): Resource {
  if (!fs.existsSync(file)) throw new UsageError(`--bootstrap ${file}: no such file`);
  if (!fs.statSync(file).isFile()) throw new UsageError(`--bootstrap ${file}: not a file`);
  return new NodeResource(file);
}

/**
 * `dmlet run`: starts a device, does what is due and what was asked for, and ends when nothing runs any more.
 * @returns the exit code.
 * @throws UsageError; DmError where the device cannot start.
 */
export async function run(options: RunOptions): Promise<number> {
  const bootstrap = openBootstrap(options.bootstrap);
  const reporter = new Reporter(options.json === true, printLine);
  const { client, platform } = hostDevice(options.state, options.identity, reporter);
  const applied = client.start(bootstrap);
  reporter.report(
    { event: 'bootstrap', applied },
    applied ? 'bootstrap applied' : 'bootstrap already applied: not applied again',
  );
  // Who starts it again wants every try made now: a wait that an earlier run left is over.
  client.device.due.close();
  const sessionIsDue = client.device.due.find('session') !== undefined;
  const asked: Promise<void>[] = [];
  if (options.session === true && !sessionIsDue) asked.push(openSession(client));
  if (options.request !== undefined) asked.push(request(client, options.request));
  await Promise.all(asked);
  await settled(client, options.wait === true);
  client.close();
  platform.http.close();
  for (const [work, code] of reporter.failures) printError(`dmlet: ${printable(work)}: ${code}`);
  return reporter.failures.size > 0 || client.dueCount > 0 ? 1 : 0;
}

/** Waits until the client is idle; with `wait`, until nothing waits for its next try either. */
async function settled(client: DmClient, wait: boolean): Promise<void> {
  do {
    await new Promise<void>((resolve) => client.whenIdle(resolve));
    if (wait && client.dueCount > 0) await new Promise((resolve) => setTimeout(resolve, 200));
  } while (wait && client.dueCount > 0);
}

/** A failure is in the reporter's list already. */
function openSession(client: DmClient): Promise<void> {
  return new Promise((resolve) => client.openSession('', () => resolve()));
}

function request(client: DmClient, moid: string): Promise<void> {
  return new Promise((resolve) => {
    const done: ConfigurationCallback = (_error: DmError | undefined) => resolve();
    client.requestConfiguration(moid, done);
  });
}
