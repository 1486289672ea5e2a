import { type ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Readable } from 'node:stream';
import { end, firstLine, run } from './process.js';
import { Xsbug } from './xsbug.js';

/** Where the SDK is, '' where it is not. */
export const SDK = process.env.MODDABLE ?? '';

/** Why nothing can be built or run here; undefined where it can. */
export function missing(): string | undefined {
  if (SDK === '') return 'MODDABLE is not set: the Moddable SDK is needed';
  if (process.platform !== 'linux') return `the simulator is that of Linux, and this is ${process.platform}`;
  for (const program of ['mcconfig', 'mcsim', ...(hasDisplay() ? [] : ['Xvfb'])]) {
    const isThere = (process.env.PATH ?? '').split(':').some((folder) => fs.existsSync(path.join(folder, program)));
    if (!isThere) return `${program} is not on PATH`;
  }
  return undefined;
}

function hasDisplay(): boolean {
  return (process.env.DISPLAY ?? '') !== '';
}

/** An X server without a screen, where there is no other. */
export class Display {
  private constructor(
    /** What programs get as DISPLAY. */
    readonly name: string,
    private readonly server?: ChildProcess,
  ) {}

  static async open(): Promise<Display> {
    if (hasDisplay()) return new Display(process.env.DISPLAY as string);
    const options = ['-displayfd', '3', '-screen', '0', '1024x768x24', '-nolisten', 'tcp'];
    const server = spawn('Xvfb', options, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
    return new Display(`:${await firstLine(server.stdio[3] as Readable)}`, server);
  }

  async close(): Promise<void> {
    if (this.server) await end(this.server);
  }
}

/**
 * Builds a firmware for the simulator, with debugging and instruments.
 * @param folder where manifest.json is, and all that is built goes.
 * @returns the library that the simulator loads.
 * @throws Error with what the SDK printed.
 */
export async function build(folder: string): Promise<string> {
  await run('mcconfig', ['-dn', '-m', '-p', 'lin', '-t', 'build', '-o', folder], folder);
  return path.join(folder, 'bin/lin/mc/debug', path.basename(folder), 'mc.so');
}

/** A firmware that runs in the simulator. */
export class Simulator {
  private constructor(
    private readonly program: ChildProcess,
    readonly xsbug: Xsbug,
  ) {}

  /**
   * @param library what `build` built.
   * @param home where the simulator keeps what is its own.
   */
  static async start(library: string, home: string, display: Display): Promise<Simulator> {
    fs.mkdirSync(home, { recursive: true });
    const xsbug = await Xsbug.open();
    const env = {
      PATH: process.env.PATH,
      HOME: home,
      XDG_CONFIG_HOME: home,
      DISPLAY: display.name,
      XSBUG_HOST: '127.0.0.1',
      XSBUG_PORT: String(xsbug.port),
      // A second simulator would hand its firmware over to the first, by the bus of the desktop.
      DBUS_SESSION_BUS_ADDRESS: 'disabled:',
      NO_AT_BRIDGE: '1',
    };
    const program = spawn('mcsim', [path.join(SDK, 'build/simulators'), library], { env, stdio: 'ignore' });
    return new Simulator(program, xsbug);
  }

  /** Ends it as if its power were cut. */
  async stop(): Promise<void> {
    await end(this.program);
    await this.xsbug.close();
  }
}
