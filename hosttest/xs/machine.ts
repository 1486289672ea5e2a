import { spawn } from 'node:child_process';
import { buildHost } from './build.js';
import type { Modules } from './modules.js';

/** The size of a machine. Chunks in bytes, slots and stack in slots; pairs are the initial size and the step of growth. */
export interface Creation {
  /** All memory of the machine: its chunks, its slots and its stack. */
  readonly pool: number;
  readonly chunks: readonly [number, number];
  readonly slots: readonly [number, number];
  readonly stack: number;
  /** Names beyond those that are in flash. With a step of 0 the table never grows. */
  readonly keys: readonly [number, number];
}

/**
 * As the SDK's manifest for the ESP8266 creates a machine, but for the step of the key table. The SDK's is 32, and each step
 * takes RAM outside the pool for good: here a name too many ends the machine at once, so that a test sees it.
 */
export const ESP8266: Creation = { pool: 32768, chunks: [1536, 512], slots: [512, 64], stack: 256, keys: [32, 0] };

/** What dmlet asks for on a chip with 32 KB of RAM for the script: whatever is not needed at once, is left to the other kind of memory. */
export const DEVICE: Creation = { pool: 32768, chunks: [512, 256], slots: [64, 16], stack: 512, keys: [32, 0] };

/** As the SDK's manifest for the ESP32-C3. */
export const ESP32: Creation = { pool: 94208, chunks: [1536, 512], slots: [512, 64], stack: 384, keys: [32, 0] };

/** What to run. */
export interface Run {
  /** Modules that are loaded, with all that they import, before the machine is frozen into flash. */
  readonly preload?: Modules;
  /** Modules that are in flash as byte code only, for the program to import. */
  readonly modules?: Modules;
  /** Source of the module that the machine runs. */
  readonly program: string;
  /** Bytes that the program reads with `host.read`; they take nothing of the pool. */
  readonly inputs?: readonly Uint8Array[];
  /** What differs from the ESP8266's. */
  readonly creation?: Partial<Creation>;
  /** Whether to find out the most memory in use. Garbage is collected again and again for that: the pool then needed is another. */
  readonly watch?: boolean;
  /** Milliseconds after which the process is ended. */
  readonly timeout?: number;
}

/** Memory of the machine at some moment. */
export interface Memory {
  readonly slots: number;
  readonly slotsPeak: number;
  readonly chunks: number;
  readonly chunksPeak: number;
  /** Names that were interned at run time, and those that still may be. */
  readonly keys: number;
  readonly keysFree: number;
  readonly stackPeak: number;
  /** Most bytes of the pool that chunks, slots and stack had reserved together. */
  readonly poolPeak: number;
}

/** Memory in use at some moment, without garbage. */
export interface Live {
  readonly slots: number;
  readonly chunks: number;
}

/** Flash that a module takes as byte code. */
export interface ModuleSize {
  readonly name: string;
  readonly code: number;
  /** Bytes of the names that it refers to; names that several modules share are stored once. */
  readonly names: number;
}

/** The machine in flash, from which the program's is cloned. */
export interface RootReport {
  readonly slotSize: number;
  readonly keys: number;
  readonly slots: number;
  readonly chunks: number;
  /** Objects, arrays and variables at module level that are not constant: each costs a device 4 bytes of RAM outside the pool. */
  readonly mutable: number;
}

/** How a run ended. */
export type Exit = 'ok' | 'exception' | 'rejection' | 'abort' | 'syntax' | 'crash' | 'timeout';

export interface RunReport {
  readonly exit: Exit;
  /** The exception as a string; why the machine aborted: `memory full`, `stack overflow`, `no more keys`. */
  readonly detail: string;
  /** True where it ended while modules were preloaded. */
  readonly inPreload: boolean;
  readonly printed: string[];
  /** What left the device, request after request, in pieces. */
  readonly sent: string[];
  readonly marks: ReadonlyMap<string, Memory>;
  readonly begin: Memory | undefined;
  readonly end: Memory | undefined;
  /** The most memory in use, at the moments when the program asked the host for something; only of a run that was watched. */
  readonly most: Live | undefined;
  readonly sizes: ModuleSize[];
  readonly root: RootReport | undefined;
}

const PROGRAM = 'program';
const TIMEOUT = 60000;
const EXITS: readonly string[] = ['ok', 'exception', 'rejection', 'abort', 'syntax'];

function jobOf(job: Run, sizesOnly: boolean): Buffer {
  const { pool, chunks, slots, stack, keys } = { ...ESP8266, ...job.creation };
  const lines = [
    `pool ${pool}`,
    `chunks ${chunks.join(' ')}`,
    `slots ${slots.join(' ')}`,
    `stack ${stack}`,
    `keys ${keys.join(' ')}`,
  ];
  const buffers: Buffer[] = lines.map((line) => Buffer.from(`${line}\n`));
  const add = (head: string, body: Uint8Array): void => {
    buffers.push(Buffer.from(`${head} ${body.length}\n`), Buffer.from(body), Buffer.from('\n'));
  };
  for (const [name, source] of Object.entries(job.preload ?? {})) add(`preload ${name}`, Buffer.from(source));
  for (const [name, source] of Object.entries(job.modules ?? {})) add(`module ${name}`, Buffer.from(source));
  for (const bytes of job.inputs ?? []) add('input', bytes);
  if (!sizesOnly) {
    add(`module ${PROGRAM}`, Buffer.from(job.program));
    buffers.push(Buffer.from(`program ${PROGRAM}\nwatch ${job.watch === true ? 1 : 0}\n`));
  }
  return Buffer.concat(buffers);
}

function parseReport(output: string, crashed: string): RunReport {
  const report = {
    exit: 'crash' as Exit,
    detail: crashed,
    inPreload: false,
    printed: [] as string[],
    sent: [] as string[],
    marks: new Map<string, Memory>(),
    begin: undefined as Memory | undefined,
    end: undefined as Memory | undefined,
    most: undefined as Live | undefined,
    sizes: [] as ModuleSize[],
    root: undefined as RootReport | undefined,
  };
  // What stands behind the last newline was cut short by a crash.
  for (const line of output.split('\n').slice(0, -1)) {
    const space = line.indexOf(' ');
    const key = line.slice(0, space);
    const value = JSON.parse(line.slice(space + 1));
    if (key === 'print') report.printed.push(value);
    else if (key === 'sent') report.sent.push(value);
    else if (key === 'mark') report.marks.set(value.label, value);
    else if (key === 'module') report.sizes.push(value);
    else if (key === 'root' || key === 'begin' || key === 'end' || key === 'most') report[key] = value;
    else if (key === 'where') report.inPreload = true;
    else if (EXITS.includes(key)) {
      report.exit = key as Exit;
      report.detail = value;
    }
  }
  if (report.exit === 'syntax') report.inPreload = true;
  return report;
}

/** An XS machine as a device has it. Each run is a process of its own, so nothing that a program does ends the tests. */
export class Machine {
  /** 32 as on a chip, or 64: then slots, and the pools that runs need, are twice as large. */
  readonly bits: number;
  private readonly file: string;

  constructor(file: string, bits: number) {
    this.file = file;
    this.bits = bits;
  }

  run(job: Run): Promise<RunReport> {
    return this.start(jobOf(job, false), job.timeout ?? TIMEOUT);
  }

  /** Bytes of byte code of each module, by the engine's own compiler. A syntax error is an exception. */
  async compile(modules: Modules): Promise<ModuleSize[]> {
    const report = await this.start(jobOf({ modules, program: '' }, true), TIMEOUT);
    if (report.exit === 'syntax' || report.root === undefined) throw new Error(report.detail);
    return report.sizes;
  }

  /**
   * The smallest pool, to `step` bytes, in which a run ends well.
   * @throws Error where it does not even in a megabyte.
   */
  async smallestPool(job: Run, step = 64): Promise<number> {
    const survives = async (pool: number): Promise<boolean> =>
      (await this.run({ ...job, creation: { ...job.creation, pool } })).exit === 'ok';
    let low = 0;
    let high = 1024;
    while (!(await survives(high))) {
      low = high;
      high *= 2;
      if (high > 1 << 20) {
        const { exit, detail } = await this.run({ ...job, creation: { ...job.creation, pool: high } });
        throw new Error(`does not run in ${high} bytes: ${exit} ${detail}`);
      }
    }
    while (high - low > step) {
      const middle = low + Math.floor((high - low) / 2 / step) * step;
      if (middle === low) break;
      if (await survives(middle)) high = middle;
      else low = middle;
    }
    return high;
  }

  private start(job: Buffer, timeout: number): Promise<RunReport> {
    return new Promise((resolve, reject) => {
      const child = spawn(this.file, { stdio: ['pipe', 'pipe', 'pipe'] });
      const output: Buffer[] = [];
      let errors = '';
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        child.kill('SIGKILL');
      }, timeout);
      child.stdout.on('data', (data: Buffer) => output.push(data));
      child.stderr.on('data', (data: Buffer) => {
        errors += data.toString();
      });
      // A machine that dies early does not read its job to the end.
      child.stdin.on('error', () => {});
      child.on('error', reject);
      child.on('close', (code, signal) => {
        clearTimeout(timer);
        const report = parseReport(Buffer.concat(output).toString(), `${signal ?? code} ${errors}`.trim());
        resolve(late ? { ...report, exit: 'timeout', detail: `${timeout} ms` } : report);
      });
      child.stdin.end(job);
    });
  }
}

/** A machine, or why there is none here. */
export interface MachineOrReason {
  readonly machine: Machine | undefined;
  readonly reason: string;
}

export async function buildMachine(): Promise<MachineOrReason> {
  const { file, bits, reason } = await buildHost();
  return { machine: file === undefined ? undefined : new Machine(file, bits), reason };
}
