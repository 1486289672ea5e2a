import type { Log } from '../../hal/log.js';

/** How much a log tells. */
export const enum LogLevel {
  None = 0,
  /** What failed, and each piece of work that is finished. */
  Work = 1,
  /** Besides, each command, package, exchange and change. */
  All = 2,
}

/** One line each, on the console of the debugger or on the serial port. */
export class TraceLog implements Log {
  private readonly trace: (line: string) => void;
  private readonly level: LogLevel;

  constructor(trace: (line: string) => void, level: LogLevel) {
    this.trace = trace;
    this.level = level;
  }

  package(number: number, url: string, bytes: number): void {
    this.detail(`package ${number} ${url} ${bytes} bytes`);
  }

  command(source: string, name: string, parameters: string[], status: number): void {
    this.detail(`command ${source} ${name} ${parameters.join(' ')} ${status}`);
  }

  exchange(method: string, url: string, status: number, bytes: number): void {
    this.detail(`exchange ${method} ${url} ${status} ${bytes} bytes`);
  }

  stored(clientUri: string): void {
    this.detail(`stored ${clientUri}`);
  }

  removed(clientUri: string): void {
    this.detail(`removed ${clientUri}`);
  }

  finished(work: string, subject: string, code: string, status: number): void {
    this.line(`finished ${work} ${subject} ${code === '' ? 'ok' : `${code} ${status}`}`);
  }

  note(code: string, detail: string): void {
    this.line(`note ${code} ${detail}`);
  }

  private detail(text: string): void {
    if (this.level >= LogLevel.All) this.line(text);
  }

  private line(text: string): void {
    this.trace(`dmlet: ${text}\n`);
  }
}
