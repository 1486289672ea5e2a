import * as fs from 'node:fs';
import { parseArgs } from 'node:util';
import { textReport } from './report.js';
import { jsonReport, measureAll } from './results.js';

const USAGE = 2;
const HELP = `npm run bench [-- --json FILE]

Measures dmlet on this machine and prints how it stands to its budgets.

  --json FILE  write the figures to FILE as JSON, too
  --help       print this text`;

interface Options {
  json?: string;
  help?: boolean;
}

/** @throws Error what is wrong, in one line. */
function options(): Options {
  const { values } = parseArgs({ options: { json: { type: 'string' }, help: { type: 'boolean' } } });
  // A file that cannot be written is reported now and not after a minute; what is in it stays until then.
  if (values.json !== undefined) fs.closeSync(fs.openSync(values.json, 'a'));
  return values;
}

async function main(): Promise<void> {
  let chosen: Options;
  try {
    chosen = options();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    console.error(`bench: ${message.split('\n')[0]}`);
    process.exitCode = USAGE;
    return;
  }
  if (chosen.help) {
    console.log(HELP);
    return;
  }
  const results = await measureAll();
  console.log(textReport(results, new Date()));
  if (chosen.json !== undefined) fs.writeFileSync(chosen.json, `${JSON.stringify(jsonReport(results), null, 2)}\n`);
}

await main();
