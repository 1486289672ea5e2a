import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { BytesResource } from 'dmlet/node';
import { hostDevice } from './host-device.js';
import { Reporter } from './reporter.js';
import { stateOf } from './state.js';
import { drawState } from './state-view.js';
import { colors, printable, printLine } from './terminal.js';

// The built CLI lies in dist/, beside src/.
const FOLDER = new URL('../src/factory/demo/', import.meta.url);

export const DEMO_SCRIPT = fileURLToPath(new URL('script.json', FOLDER));
const DEMO_BOOTSTRAP = fileURLToPath(new URL('bootstrap.json', FOLDER));

/** Where the bootstrap believes the server to be. */
const BOOTSTRAP_ORIGIN = 'http://127.0.0.1:8462';

const MMS = 'urn:oma:mo:oma-mms:1.3';

/**
 * `dmlet demo`: server, device and an application on one machine, from factory bootstrap to just-in-time configuration.
 * @returns the exit code.
 */
export async function demo(options: { json?: boolean }): Promise<number> {
  // Loaded where it is needed: its schemas cost every other command a quarter of a second.
  const { loadScript, startReferenceServer } = await import('dmlet/server');
  const json = options.json === true;
  const reporter = new Reporter(json, printLine);
  const title = (text: string): void =>
    reporter.report({ event: 'title', text }, `\n${colors.bold(colors.yellow(text))}`);
  const server = await startReferenceServer({ script: loadScript(DEMO_SCRIPT) });
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dmlet-demo-'));
  try {
    title('1. First start: the factory bootstrap');
    const identity = { MCC: '262', MNC: '01', CMCC: '262', CMNC: '01' };
    const device = hostDevice(folder, identity, reporter);
    const { client, flash } = device;
    const bootstrap = fs.readFileSync(DEMO_BOOTSTRAP, 'utf8').replaceAll(BOOTSTRAP_ORIGIN, server.origin);
    client.start(new BytesResource(Buffer.from(bootstrap)));

    title('2. The session after a bootstrap');
    await new Promise<void>((resolve) => client.whenIdle(resolve));

    title('3. The MMS client starts without settings, and asks for them');
    const packagesBefore = server.packages.length;
    await new Promise<void>((resolve) => client.requestConfiguration(MMS, () => resolve()));
    const packagesSent = server.packages.length - packagesBefore;
    const sentText = packagesSent === 0 ? 'nothing' : `${packagesSent} packages`;
    reporter.report({ event: 'told', packages: packagesSent }, `  told the DM Server: ${sentText}`);
    if (reporter.failures.size === 0) {
      const address = client.local.read(`${MMS}//Addr`);
      reporter.report(
        { event: 'application', value: address },
        `  the MMS client sends its messages to ${colors.green(printable(String(address)))}`,
      );
    }

    title('4. What the device holds now');
    reporter.report({ event: 'state', ...stateOf(client, flash) }, drawState(client, flash));
    device.close();
    return summarize(reporter, server.violations);
  } finally {
    await server.close();
    fs.rmSync(folder, { recursive: true });
  }
}

function summarize(reporter: Reporter, violations: string[]): number {
  const { counts, failures } = reporter;
  const ok = failures.size === 0 && violations.length === 0;
  const summary = {
    packages: counts.package ?? 0,
    commands: counts.command ?? 0,
    fetches: counts.exchange ?? 0,
    nodes: counts.stored ?? 0,
    flash: counts.flash ?? 0,
    violations: violations.length,
    failures: Object.fromEntries(failures),
  };
  const text =
    `${summary.packages} packages, ${summary.commands} commands, ${summary.fetches} fetches, ` +
    `${summary.nodes} nodes stored, ${summary.flash} flash operations, ${summary.violations} protocol violations`;
  reporter.report({ event: 'summary', ...summary }, `\n${ok ? colors.green('✔') : colors.red('✘')} ${text}`);
  return ok ? 0 : 1;
}
