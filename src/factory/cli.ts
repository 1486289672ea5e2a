import { Command, InvalidArgumentError, Option } from 'commander';
import { DmError } from 'dmlet';
import { demo } from './demo.js';
import { parseIdentity } from './identity-option.js';
import { inspect } from './inspect.js';
import { type RunOptions, run } from './run.js';
import { DEFAULT_PORT, serve } from './serve.js';
import { printable, printError } from './terminal.js';
import { UsageError } from './usage-error.js';

const USAGE = 2;

function port(text: string): number {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value <= 65535)) throw new InvalidArgumentError('It must be a number from 0 to 65535.');
  return value;
}

const program = new Command('dmlet')
  .description('OMA DM 2.0 device-management client, on this machine')
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
    'what the device knows: MCC, MNC, CMCC, CMNC, DevID, Man, Mod, FwV, …',
    parseIdentity,
    {},
  )
  .option('--request <moid>', 'ask for just-in-time configuration, as an application would')
  .option('--session', 'open one session with the first account; the one after a bootstrap counts')
  .option('--wait', 'stay until everything due has succeeded, and retry; else every try is made once')
  .addOption(json())
  .action(async (options: RunOptions) => {
    process.exitCode = await run(options);
  });

program
  .command('inspect')
  .description('what a device holds: tree, DEFAULT table, accounts, flash use; secrets are redacted')
  .requiredOption('--state <folder>', 'the device’s flash')
  .option('--json', 'print one JSON object instead of text')
  .action(inspect);

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
