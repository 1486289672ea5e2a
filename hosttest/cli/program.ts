import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

/** The program as it is published. Compiled tests lie in dist/test/hosttest/cli/. */
const PROGRAM = path.resolve(import.meta.dirname, '../../../cli.js');

/** A program that does not end is ended, and its test fails; no test waits for this on purpose. */
const GUARD = 30_000;

/** How a run of the program ended. */
export interface Ended {
  /** Null where a signal ended it. */
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** How the program is started. */
export interface StartOptions {
  /** Added to an environment that holds PATH, HOME and TMPDIR only. */
  env?: Record<string, string>;
  /** Arguments for Node itself. */
  node?: string[];
  /** Called for each whole line of stdout, with its number from 1. */
  onLine?: (line: string, number: number) => void;
  /** A file that takes stdout, so that the program never waits for this process. No lines are seen then, before the end. */
  stdoutFile?: string;
}

/** The program while it runs. */
export interface Program {
  readonly ended: Promise<Ended>;
  /** The first line of stdout, past or to come, for which `matches` is true. Fails where the program ends without one. */
  line(matches: (line: string) => boolean): Promise<string>;
  kill(signal: NodeJS.Signals): void;
  /** Stops reading stdout until `read`. */
  wait(): void;
  read(): void;
  /** Closes stdout: who reads it has gone away. */
  hangUp(): void;
}

/** One line of `--json` output. */
export type JsonEvent = { event: string } & Record<string, unknown>;

/** Collects text, and tells of each whole line of it. */
class Lines {
  text = '';
  readonly whole: string[] = [];
  private rest = '';
  private readonly listeners: ((line: string, number: number) => void)[] = [];

  add(text: string): void {
    this.text += text;
    const parts = (this.rest + text).split('\n');
    this.rest = parts.pop() ?? '';
    for (const line of parts) {
      this.whole.push(line);
      for (const listener of this.listeners) listener(line, this.whole.length);
    }
  }

  onLine(listener: (line: string, number: number) => void): void {
    this.listeners.push(listener);
  }
}

/** Starts `dmlet` with these arguments. */
export function start(args: string[], options: StartOptions = {}): Program {
  const { PATH = '', HOME = '', TMPDIR = os.tmpdir() } = process.env;
  const env = { PATH, HOME, TMPDIR, ...options.env };
  const { node = [], stdoutFile } = options;
  const file = stdoutFile === undefined ? undefined : fs.openSync(stdoutFile, 'w');
  const child = spawn(process.execPath, [...node, PROGRAM, ...args], {
    env,
    stdio: ['ignore', file ?? 'pipe', 'pipe'],
  });
  if (file !== undefined) fs.closeSync(file);
  const stdout = new Lines();
  const stderr = new Lines();
  if (options.onLine) stdout.onLine(options.onLine);
  child.stdout?.setEncoding('utf8').on('data', (text: string) => stdout.add(text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => stderr.add(text));
  const ended = new Promise<Ended>((resolve, reject) => {
    let late = false;
    const guard = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, GUARD);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(guard);
      if (stdoutFile !== undefined) stdout.add(fs.readFileSync(stdoutFile, 'utf8'));
      if (late) reject(new Error(`dmlet ${args.join(' ')} did not end; it printed: ${stdout.text}${stderr.text}`));
      else resolve({ code, signal, stdout: stdout.text, stderr: stderr.text });
    });
  });
  return {
    ended,
    line: (matches) =>
      new Promise((resolve, reject) => {
        const known = stdout.whole.find(matches);
        if (known !== undefined) resolve(known);
        stdout.onLine((line) => matches(line) && resolve(line));
        ended.then((end) => reject(new Error(`ended without the line: ${end.stdout}${end.stderr}`)), reject);
      }),
    kill: (signal) => child.kill(signal),
    wait: () => child.stdout?.pause(),
    read: () => child.stdout?.resume(),
    hangUp: () => child.stdout?.destroy(),
  };
}

/** Runs `dmlet` with these arguments to its end. */
export function dmlet(...args: string[]): Promise<Ended> {
  return start(args).ended;
}

/** The lines of a text that ends with a line end, or is empty. */
export function linesOf(text: string): string[] {
  return text.split('\n').slice(0, -1);
}

/** The events of `--json` output. Fails where a line is something else. */
export function eventsOf(stdout: string): JsonEvent[] {
  return linesOf(stdout).map((line) => {
    const event = JSON.parse(line) as JsonEvent;
    if (typeof event?.event !== 'string') throw new Error(`no event: ${line}`);
    return event;
  });
}

/** The events of one name. */
export function only(events: JsonEvent[], name: string): JsonEvent[] {
  return events.filter((event) => event.event === name);
}

/** Lets `act` work in a new folder, which is gone afterwards. */
export async function withFolder<T>(act: (folder: string) => Promise<T>): Promise<T> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dmlet-cli-'));
  try {
    return await act(folder);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

/** What is in a folder: names, contents and times of change. */
export function snapshot(folder: string): Record<string, { bytes: string; changed: number }> {
  const entries = fs.readdirSync(folder).map((name) => {
    const file = path.join(folder, name);
    return [name, { bytes: fs.readFileSync(file, 'latin1'), changed: fs.statSync(file).mtimeMs }];
  });
  return Object.fromEntries(entries);
}

/** Does `act` for every item, as many at a time as there are processors. After a failure what is under way is finished, and nothing begun. */
export async function forEach<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  async function worker(): Promise<void> {
    for (let item = left.shift(); item !== undefined; item = left.shift()) {
      try {
        await act(item);
      } catch (error) {
        left.length = 0;
        throw error;
      }
    }
  }
  const outcomes = await Promise.allSettled(Array.from({ length: os.availableParallelism() }, worker));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
