import { type Command, CommandCode, CommandReader, DEFAULT_LIMITS, type Limits } from 'dmlet';
import { type LoggedReader, logHoweverCut } from './cuts.js';
import { utf8 } from './utf8.js';

/** How a test reads a package. */
export interface ReadOptions {
  limits?: Partial<Limits>;
  /** Pauses at each command. */
  pause?: boolean;
}

/**
 * One command as a line: `NAME <parameter> <parameter>`. `?` stands before a name that is in no catalog; the defect, where there is one,
 * before all: `BAD_COMMAND: GET`, with what was read before it.
 */
export function commandLine(command: Command): string {
  const name = `${command.code === CommandCode.Unknown ? '?' : ''}${command.name()}`;
  const line = [name, ...command.parameters().map((parameter) => `<${parameter}>`)].join(' ');
  return command.defect ? `${command.defect}: ${line}` : line;
}

/** A reader whose commands are logged. */
export function loggedReader(options: ReadOptions = {}): LoggedReader & { reader: CommandReader } {
  const lines: string[] = [];
  const reader = new CommandReader(utf8, { ...DEFAULT_LIMITS, ...options.limits }, (command) => {
    lines.push(commandLine(command));
    return !options.pause;
  });
  return {
    reader,
    lines,
    take: (bytes, from, to) => reader.read(bytes, from, to),
    end: () => reader.end(),
  };
}

/** The commands of a Package#2, a line each, the same however it is cut. */
export function commandLog(input: string | Uint8Array, options: ReadOptions = {}): string[] {
  return logHoweverCut(input, () => loggedReader(options));
}
