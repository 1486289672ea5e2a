import * as fs from 'node:fs';
import { ClientUri, type ConfigurationCallback, type DmClient, type DmError, type Limits, type Resource } from 'dmlet';
import { NodeResource } from 'dmlet/node';
import { flashUse } from './flash-use.js';
import { type HostDevice, hostDevice } from './host-device.js';
import { NotificationSocket } from './notification-socket.js';
import { Reporter } from './reporter.js';
import { printable, printError, printLine } from './terminal.js';
import { readTlsFiles, type TlsFiles } from './tls-options.js';
import { UsageError } from './usage-error.js';

export interface RunOptions extends TlsFiles {
  bootstrap: string;
  state: string;
  identity?: Record<string, string>;
  request?: string;
  session?: boolean;
  wait?: boolean;
  listen?: number;
  handle?: ExecutableNode[];
  json?: boolean;
}

/** Nodes that EXEC may execute: a MOID, and a path below the MO root. */
export interface ExecutableNode {
  moid: string;
  path: string;
}

/** @throws UsageError */
function openBootstrap(file: string): Resource {
  if (!fs.existsSync(file)) throw new UsageError(`--bootstrap ${file}: no such file`);
  if (!fs.statSync(file).isFile()) throw new UsageError(`--bootstrap ${file}: not a file`);
  return new NodeResource(file);
}

/**
 * `dmlet run`: starts a device, does what is due and what was asked for, and ends when nothing runs any more; a device that listens ends when
 * it is told to.
 * @returns the exit code.
 * @throws UsageError; DmError where the device cannot start.
 */
export async function run(options: RunOptions): Promise<number> {
  const bootstrap = openBootstrap(options.bootstrap);
  const http = readTlsFiles(options);
  const reporter = new Reporter({ json: options.json === true }, printLine);
  const device = hostDevice(options.state, options.identity ?? {}, reporter, { http });
  try {
    await live(device, bootstrap, reporter, options);
    reporter.wear(flashUse(device.client));
  } finally {
    device.close();
  }
  for (const [work, why] of reporter.failures) printError(`dmlet: ${printable(work)}: ${why}`);
  return reporter.failures.size > 0 || device.client.dueCount > 0 ? 1 : 0;
}

async function live(
  { client }: HostDevice,
  bootstrap: Resource,
  reporter: Reporter,
  options: RunOptions,
): Promise<void> {
  for (const { moid, path } of options.handle ?? []) {
    client.onExecute(moid, path, ({ clientUri }) => {
      reporter.executed(clientUri);
      return 200;
    });
  }
  const socket = options.listen === undefined ? undefined : await listen(client, options.listen, reporter);
  try {
    const applied = client.start(bootstrap);
    reporter.report(
      { event: 'bootstrap', applied },
      applied ? 'bootstrap applied' : 'bootstrap already applied: not applied again',
    );
    // Who starts it again wants every try made now: a wait that an earlier run left is over.
    client.device.due.close();
    finishExecutions(client, options.handle ?? [], reporter);
    const told = socket === undefined ? undefined : toldToEnd();
    if (socket !== undefined) {
      const text = `listens for notifications at UDP port ${socket.port}; Ctrl-C ends it`;
      reporter.report({ event: 'listening', port: socket.port }, text);
    }
    const sessionIsDue = client.device.due.find('session') !== undefined;
    const asked: Promise<void>[] = [];
    if (options.session === true && !sessionIsDue) asked.push(openSession(client));
    if (options.request !== undefined) asked.push(request(client, options.request));
    await (told ?? Promise.all(asked).then(() => settled(client, options.wait === true)));
  } finally {
    socket?.close();
  }
}

/** What EXEC began in an earlier run, which was killed, is done now: its server waits for the result. */
function finishExecutions(client: DmClient, handled: ExecutableNode[], reporter: Reporter): void {
  for (const execution of client.executions()) {
    if (!handled.some((node) => isAt(execution.clientUri, client.device.limits, node))) continue;
    reporter.executed(execution.clientUri);
    execution.finish(200);
  }
}

function isAt(clientUri: string, limits: Limits, { moid, path }: ExecutableNode): boolean {
  const [of, , ...names] = new ClientUri(clientUri, limits).names;
  const wanted = path === '' ? [] : path.split('/');
  return of === moid && names.length === wanted.length && wanted.every((name, i) => name === '*' || name === names[i]);
}

function listen(client: DmClient, port: number, reporter: Reporter): Promise<NotificationSocket> {
  return NotificationSocket.open(port, (bytes, from) => reporter.notified(from, bytes.length, client.notify(bytes)));
}

/** Waits for a signal that ends the program. */
function toldToEnd(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
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
    // Whoever types it wants it now.
    client.requestConfiguration(moid, done, true);
  });
}
