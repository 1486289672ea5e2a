import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from './usage-error.js';

const INSTRUCTIONS = 'https://github.com/Moddable-OpenSource/moddable/blob/public/documentation';
const GETTING_STARTED = `${INSTRUCTIONS}/Moddable%20SDK%20-%20Getting%20Started.md`;

/** Exit code of a process that a signal ended. */
const SIGNALLED = 1;

/** What the SDK wants of a platform's own tools, and where their installation is described. */
const TOOLS: readonly { platform: string; variable: string; page: string }[] = [
  { platform: 'esp32', variable: 'IDF_PATH', page: 'esp32' },
  { platform: 'zephyr', variable: 'ZEPHYR_BASE', page: 'zephyr' },
];

/** The manifest of this package; the built program lies in dist/. */
const MANIFEST = fileURLToPath(new URL('../manifest.json', import.meta.url));

/** Whether a folder of PATH has the program. */
function isOnPath(program: string): boolean {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const names = process.platform === 'win32' ? [`${program}.exe`, `${program}.bat`] : [program];
  return folders.some((folder) => names.some((name) => folder !== '' && fs.existsSync(path.join(folder, name))));
}

/** The platform that is asked for without its subplatform, '' for the simulator of this machine. */
function platformOf(options: readonly string[]): string {
  const at = options.indexOf('-p');
  return at < 0 || at + 1 === options.length ? '' : options[at + 1].split(/[/:]/)[0];
}

/** @throws UsageError that says what is missing on this machine, and where its installation is described. */
function checkTools(options: readonly string[]): void {
  const { MODDABLE } = process.env;
  if (MODDABLE === undefined || MODDABLE === '')
    throw new UsageError(`MODDABLE is not set: the Moddable SDK is needed, see ${GETTING_STARTED}`);
  if (!fs.existsSync(path.join(MODDABLE, 'examples/manifest_base.json')))
    throw new UsageError(`MODDABLE is ${MODDABLE}, where there is no Moddable SDK, see ${GETTING_STARTED}`);
  if (!isOnPath('mcconfig'))
    throw new UsageError(
      `mcconfig is not on PATH: build the tools of the Moddable SDK, and add their folder, see ${GETTING_STARTED}`,
    );
  const platform = platformOf(options);
  const tools = TOOLS.find((entry) => entry.platform === platform);
  if (tools !== undefined && !process.env[tools.variable])
    throw new UsageError(
      `${tools.variable} is not set: ${platform} needs tools of its own, see ${INSTRUCTIONS}/devices/${tools.page}.md`,
    );
}

/**
 * Builds the firmware with the Moddable SDK's `mcconfig`, and has it flashed or started.
 * @param options for `mcconfig`, passed on as they are.
 * @returns exit code of `mcconfig`.
 * @throws UsageError where the SDK, or what it needs for the platform, is not there.
 */
export async function device(options: readonly string[]): Promise<number> {
  checkTools(options);
  const child = spawn('mcconfig', ['-m', ...options, MANIFEST], { stdio: 'inherit' });
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? SIGNALLED));
  });
}
