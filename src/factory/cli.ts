import * as fs from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { DmError } from 'dmlet';
import { demo } from './demo.js';
import { device } from './device.js';
import { parseIdentity } from './identity-option.js';
import { inspect } from './inspect.js';
import { type NotifyOptions, notify } from './notify.js';
import { type ExecutableNode, type RunOptions, run } from './run.js';
import { DEFAULT_PORT, serve } from './serve.js';
import { printable, printError } from './terminal.js';
import { UsageError } from './usage-error.js';

const USAGE = 2;

/** Of the package; the built program lies in dist/. */
const { version } = JSON.parse(fs.readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** @returns a parser of whole numbers up to `most`. */
function upTo(most: number): (text: string) => number {
  return (text) => {
    if (!/^\d{1,15}$/.test(text) || Number(text) > most)
      throw new InvalidArgumentError(`It must be a number from 0 to ${most}.`);
    return Number(text);
  };
}

const port = upTo(65535);

function destination(text: string): NotifyOptions['to'] {
  const colon = text.lastIndexOf(':');
  if (colon < 1) throw new InvalidArgumentError('It must be HOST:PORT.');
  return { host: text.slice(0, colon), port: port(text.slice(colon + 1)) };
}

function executable(text: string, before: ExecutableNode[] = []): ExecutableNode[] {
  const slash = text.indexOf('/');
  if (text === '' || slash === 0) throw new InvalidArgumentError('It must be MOID/PATH.');
  const node = slash < 0 ? { moid: text, path: '' } : { moid: text.slice(0, slash), path: text.slice(slash + 1) };
  return [...before, node];
}

function timestamp(text: string): number {
  return text === 'now' ? Math.floor(Date.now() / 1000) : upTo(Number.MAX_SAFE_INTEGER)(text);
}

const program = new Command('dmlet')
  .description('OMA DM 2.0 device-management client, on this machine')
  .version(version)
  .helpCommand(false)
  .showHelpAfterError(false)
  .exitOverride();

const json = (): Option => new Option('--json', 'print one JSON object a line instead of text');

program
  .command('demo')
  .description('a device and a server on loopback, from factory bootstrap to just-in-time configuration')
  .addOption(json())
  .action(async (options: { json?: boolean }) => {
    process.exitCode = await demo(options);
  });

program
  .command('serve')
  .description('the reference DM Server (at /dm) and Data Repository (at every other path) alone')
  .addOption(
    new Option('--port <number>', 'TCP port on 127.0.0.1; 0 takes any free one').default(DEFAULT_PORT).argParser(port),
  )
  .option('--script <file>', 'JSON file that says what devices get; without one, the demonstration’s')
  .action(serve);

program
  .command('run')
  .description('a device whose flash is a folder: it starts, does what is due, and ends when it is idle')
  .requiredOption(
    '--bootstrap <file>',
    'the factory bootstrap: JSON, or commands as text; applied unless it was before',
  )
  .requiredOption('--state <folder>', 'the device’s flash; made where it does not exist')
  .option(
    '--identity <name=value,...>',
    'what the device knows: MCC, MNC, CMCC, CMNC, DevID, Man, Mod, FwV, Bearer, …; may be given several times',
    parseIdentity,
  )
  .option('--request <moid>', 'ask for just-in-time configuration, as an application would')
  .option('--session', 'open one session with the first account; the one after a bootstrap counts')
  .option('--wait', 'stay until everything due has succeeded, and retry; else every try is made once')
  .addOption(
    new Option(
      '--listen <port>',
      'stay, and hear notifications at this UDP port of 127.0.0.1; 0 takes any free one',
    ).argParser(port),
  )
  .addOption(
    new Option(
      '--handle <moid/path>',
      'let servers execute this node, and answer 200; * stands for any name; may be given several times',
    ).argParser(executable),
  )
  .option('--cert <file>', 'PEM certificate that the device shows to servers that want one')
  .option('--key <file>', 'its PEM key')
  .option('--ca <file>', 'PEM certificates of the authorities to trust, instead of the system’s')
  .addOption(json())
  .action(async (options: RunOptions) => {
    process.exitCode = await run(options);
  });

program
  .command('notify')
  .description('sends a device one notification, Package#0, which asks it for a session')
  .addOption(new Option('--to <host:port>', 'where the device listens').argParser(destination).makeOptionMandatory())
  .requiredOption('--server-id <id>', 'SrvID of the account whose server asks')
  .option('--secret <text>', 'Auth/Noti/Secret of the account; without it the notification is not signed')
  .option('--data <text>', 'Auth/Noti/Data of the account')
  .addOption(new Option('--id <number>', 'tells repeats: 0 to 65535').argParser(port))
  .addOption(new Option('--timestamp <seconds>', 'since 1970, or “now”').argParser(timestamp))
  .option('--mos', 'ask for the list of management objects')
  .addOption(new Option('--connection <number>', '0 any, 1 cellular, 2 WLAN, 3 wireline').argParser(upTo(3)))
  .action(notify);

program
  .command('inspect')
  .description('what a device holds: tree, DEFAULT table, accounts, flash use; secrets are redacted')
  .requiredOption('--state <folder>', 'the device’s flash')
  .option('--json', 'print one JSON object instead of text')
  .action(inspect);

program
  .command('device')
  .description('builds the firmware with the Moddable SDK, and flashes it or starts it in the simulator')
  .argument('[options...]', 'of mcconfig, such as -p esp32; they are passed on as they are')
  .allowUnknownOption()
  .action(async (options: string[]) => {
    process.exitCode = await device(options);
  });

program.parseAsync().catch((error: unknown) => {
  if (error instanceof UsageError) {
    printError(`dmlet: ${printable(error.message)}`);
    process.exitCode = USAGE;
  } else if (error instanceof DmError) {
    printError(`dmlet: ${printable(error.message)}`);
    process.exitCode = 1;
  } else if (error instanceof Error && 'exitCode' in error) {
    // Commander has printed its one line, or the help text that was asked for.
    process.exitCode = error.exitCode === 0 ? 0 : USAGE;
  } else throw error;
});
