import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DmClient, Execution } from 'dmlet';
import { BytesResource } from 'dmlet/node';
import type { ReferenceServer } from 'dmlet/server';
import { type HostDevice, hostDevice } from './host-device.js';
import { NotificationSocket } from './notification-socket.js';
import { Reporter } from './reporter.js';
import { stateOf } from './state.js';
import { drawBrief } from './state-view.js';
import { colors, printable, printLine } from './terminal.js';

// The built CLI lies in dist/, beside src/.
const FOLDER = new URL('../src/factory/demo/', import.meta.url);

export const DEMO_SCRIPT = fileURLToPath(new URL('script.json', FOLDER));
const DEMO_BOOTSTRAP = fileURLToPath(new URL('bootstrap.json', FOLDER));

/** Where the bootstrap believes the server to be. */
const BOOTSTRAP_ORIGIN = 'http://127.0.0.1:8462';

const MMS = 'urn:oma:mo:oma-mms:1.3';
const FIRMWARE = 'urn:oma:mo:oma-fumo:1.0';

const IDENTITY = { MCC: '262', MNC: '01', CMCC: '262', CMNC: '01', Bearer: '1', Roaming: '0' };

/** What the server signs its notification with: the account's `Auth/Noti`. */
const NOTIFICATION = {
  serverId: 'dm.operator.example',
  secret: Buffer.from('open-sesame'),
  data: Buffer.from('nonce'),
};

/** Nobody waits a second to see a report. */
const SETTLE_TIME = 100;

/**
 * `dmlet demo`: server, device and its applications on one machine, from factory bootstrap to just-in-time configuration.
 * @returns the exit code.
 */
export async function demo(options: { json?: boolean }): Promise<number> {
  // Loaded where it is needed: its schemas cost every other command a quarter of a second.
  const { loadScript, startReferenceServer } = await import('dmlet/server');
  const reporter = new Reporter({ json: options.json === true, brief: true }, printLine);
  const server = await startReferenceServer({ script: loadScript(DEMO_SCRIPT) });
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dmlet-demo-'));
  try {
    const device = hostDevice(folder, IDENTITY, reporter, { limits: { settleTime: SETTLE_TIME } });
    try {
      await show(device, server, reporter);
    } finally {
      device.close();
    }
    return summarize(reporter, server.violations);
  } finally {
    await server.close();
    fs.rmSync(folder, { recursive: true });
  }
}

async function show({ client, flash }: HostDevice, server: ReferenceServer, reporter: Reporter): Promise<void> {
  const title = (text: string): void => {
    reporter.endChapter();
    reporter.report({ event: 'title', text }, `\n${colors.bold(colors.yellow(text))}`);
  };
  const updates: Execution[] = [];
  client.onExecute(FIRMWARE, 'Update', (execution) => {
    updates.push(execution);
    return undefined;
  });

  title('1. First start: the factory bootstrap');
  const bootstrap = fs.readFileSync(DEMO_BOOTSTRAP, 'utf8').replaceAll(BOOTSTRAP_ORIGIN, server.origin);
  client.start(new BytesResource(Buffer.from(bootstrap)));

  title('2. The session after a bootstrap, and a report of what it changed');
  await idle(client);
  const [report] = server.requests.filter(({ path }) => path.startsWith('/reports/'));
  const { document } = report;
  reporter.report({ event: 'reported', document }, `  the report says ${printable(JSON.stringify(document))}`);

  title('3. The server asks for a session by a notification, and wants the firmware updated');
  await notify(client, server, reporter);
  await idle(client);

  title('4. Some time later the update is done: its result goes to the server');
  for (const update of updates) {
    reporter.executed(update.clientUri);
    update.finish(200);
  }
  await idle(client);

  title('5. The MMS client starts without settings, and asks for them');
  await configure(client, server, reporter);

  title('6. What the device holds now');
  reporter.report({ event: 'state', ...stateOf(client, flash) }, drawBrief(client, flash));
}

function idle(client: DmClient): Promise<void> {
  return new Promise((resolve) => client.whenIdle(resolve));
}

/** The server sends a notification, the device hears it. */
async function notify(client: DmClient, server: ReferenceServer, reporter: Reporter): Promise<void> {
  let heard = (): void => {};
  const arrival = new Promise<void>((resolve) => {
    heard = resolve;
  });
  const socket = await NotificationSocket.open(0, (bytes, from) => {
    reporter.notified(from, bytes.length, client.notify(bytes));
    heard();
  });
  try {
    await server.notify('127.0.0.1', socket.port, { ...NOTIFICATION, id: 1, wantsMos: true });
    await arrival;
  } finally {
    socket.close();
  }
}

async function configure(client: DmClient, server: ReferenceServer, reporter: Reporter): Promise<void> {
  const packagesBefore = server.packages.length;
  await new Promise<void>((resolve) => client.requestConfiguration(MMS, () => resolve()));
  const packages = server.packages.length - packagesBefore;
  reporter.report(
    { event: 'told', packages },
    `  told the DM Server: ${packages === 0 ? 'nothing' : `${packages} packages`}`,
  );
  if (reporter.failures.size > 0) return;
  const address = client.local.read(`${MMS}//Addr`);
  reporter.report(
    { event: 'application', value: address },
    `  the MMS client sends its messages to ${colors.green(printable(String(address)))}`,
  );
}

function summarize(reporter: Reporter, violations: string[]): number {
  const { counts, failures } = reporter;
  const ok = failures.size === 0 && violations.length === 0;
  const summary = {
    packages: counts.package ?? 0,
    commands: counts.command ?? 0,
    requests: counts.exchange ?? 0,
    nodes: counts.stored ?? 0,
    flash: counts.flash ?? 0,
    violations: violations.length,
    failures: Object.fromEntries(failures),
  };
  const text =
    `${summary.packages} packages, ${summary.commands} commands, ${summary.requests} requests, ` +
    `${summary.nodes} nodes stored, ${summary.flash} flash operations, ${summary.violations} protocol violations`;
  reporter.report({ event: 'summary', ...summary }, `\n${ok ? colors.green('✔') : colors.red('✘')} ${text}`);
  return ok ? 0 : 1;
}
