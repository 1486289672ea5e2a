import { execFile } from 'node:child_process';
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The repository's root, from where this file is built to. */
export const ROOT = path.resolve(import.meta.dirname, '../../../..');
const HOST = path.join(ROOT, 'hosttest/xs/host');
const CACHE = path.join(ROOT, 'node_modules/.cache/dmlet-xs');

/** The engine's sources that a device build leaves out too, and those that a file of the host replaces. */
const LEFT_OUT = ['xsDefaults.c', 'xsLockdown.c', 'xsProfile.c', 'xsSnapshot.c'];

/** Without the second, numbers have 80 bits until they are stored, and round twice. */
const THIRTY_TWO = ['-m32', '-msse2', '-mfpmath=sse'];

const OPTIONS = [
  '-O2',
  // The engine is not ours to warn about; the host's files compile without a warning too.
  '-w',
  '-DINCLUDE_XSPLATFORM',
  '-DXSPLATFORM="platform.h"',
  '-DmxRun=1',
  '-DmxParse=1',
  '-DmxNoConsole=1',
  // Off by default in these sources: a stack overflow would end the process instead of the machine.
  '-DmxBoundsCheck=1',
];

/** A host that was built, or why it was not. */
export interface Build {
  readonly file: string | undefined;
  /** 64 where the compiler cannot build for 32: slots are then twice as large as on a chip. */
  readonly bits: number;
  readonly reason: string;
}

/** The folder `xs` of the engine: that of the package, or of another copy that `XS_DIR` names. */
function engineFolder(): string | undefined {
  const folder = process.env.XS_DIR ?? path.join(ROOT, 'node_modules/@agoric/xsnap/moddable/xs');
  return fs.existsSync(path.join(folder, 'sources/xsAll.h')) ? folder : undefined;
}

async function works(compiler: string, options: string[]): Promise<boolean> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dmlet-xs-'));
  const source = path.join(folder, 'probe.c');
  fs.writeFileSync(source, '#include <math.h>\n#include <stdio.h>\nint main(void) { return 0; }\n');
  try {
    await run(compiler, [...options, source, '-o', path.join(folder, 'probe'), '-lm', '-lpthread']);
    return true;
  } catch {
    return false;
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

/** The compiler with its options; 32 bits wherever it can, since a slot then has the size that it has on a chip. */
async function findCompiler(): Promise<string[] | undefined> {
  for (const compiler of process.env.CC === undefined ? ['gcc', 'cc'] : [process.env.CC]) {
    if (await works(compiler, THIRTY_TWO)) return [compiler, ...THIRTY_TWO, ...OPTIONS];
    if (await works(compiler, [])) return [compiler, ...OPTIONS];
  }
  return undefined;
}

function hash(...parts: (string | Buffer)[]): string {
  const digest = crypto.createHash('sha256');
  for (const part of parts) digest.update(part).update('\0');
  return digest.digest('hex').slice(0, 24);
}

function files(folder: string, ending: string): string[] {
  return fs
    .readdirSync(folder)
    .filter((name) => name.endsWith(ending) && !LEFT_OUT.includes(name))
    .sort()
    .map((name) => path.join(folder, name));
}

/** Makes a file under a name of its own first: another process may be building the same. */
async function make(file: string, produce: (temporary: string) => Promise<unknown>): Promise<string> {
  if (!fs.existsSync(file)) {
    const temporary = `${file}.${process.pid}`;
    await produce(temporary);
    fs.renameSync(temporary, file);
  }
  return file;
}

async function compileAll(engine: string, compiler: string[]): Promise<string> {
  const [command, ...options] = compiler;
  const folders = [HOST, path.join(engine, 'includes'), path.join(engine, 'platforms'), path.join(engine, 'sources')];
  const common = hash(
    compiler.join(' '),
    fs.readFileSync(path.join(engine, 'sources/xsDefaults.c')),
    ...folders.flatMap((folder) => files(folder, '.h')).map((file) => fs.readFileSync(file)),
  );
  fs.mkdirSync(CACHE, { recursive: true });
  const sources = [...files(folders[3], '.c'), ...files(HOST, '.c')];
  // Several processes may begin at once: each with another file, so that they share the work.
  sources.push(...sources.splice(0, process.pid % sources.length));
  const objects: string[] = [];
  const worker = async (): Promise<void> => {
    for (let source = sources.pop(); source !== undefined; source = sources.pop()) {
      const input = source;
      const object = path.join(CACHE, `${path.basename(input, '.c')}-${hash(common, fs.readFileSync(input))}.o`);
      objects.push(object);
      await make(object, (out) =>
        run(command, [...options, ...folders.map((folder) => `-I${folder}`), '-c', input, '-o', out]),
      );
    }
  };
  await Promise.all(Array.from({ length: os.availableParallelism() }, worker));
  objects.sort();
  const linkOptions = options.includes('-m32') ? ['-m32'] : [];
  return make(path.join(CACHE, `host-${hash(objects.join())}`), (out) =>
    run(command, [...linkOptions, ...objects, '-o', out, '-lm', '-lpthread']),
  );
}

/** Builds the host, or takes it from the cache; about 20 seconds on two cores where nothing is cached. */
export async function buildHost(): Promise<Build> {
  const engine = engineFolder();
  if (engine === undefined) return { file: undefined, bits: 0, reason: 'the package @agoric/xsnap is not installed' };
  const compiler = await findCompiler();
  if (compiler === undefined) return { file: undefined, bits: 0, reason: 'there is no C compiler' };
  return { file: await compileAll(engine, compiler), bits: compiler.includes('-m32') ? 32 : 64, reason: '' };
}
