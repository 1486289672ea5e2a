import { CommandReader, DEFAULT_LIMITS } from 'dmlet';
import type { Host } from './host.js';
import { TEXT } from './platform.js';

declare const host: Host;

/** What a radio module hands over at once. */
const SEGMENT = 536;
const PACKAGE = 0;

/** Room for a segment and for what a reader leaves of the one before. */
export function newBuffer(): Uint8Array {
  return new Uint8Array(2 * SEGMENT);
}

/** Reads the run's package as an exchange hands it on: what is not taken stays at the buffer's start, before what comes next. */
export function readPackage(reader: CommandReader, buffer: Uint8Array): void {
  const size = host.inputSize(PACKAGE);
  let offset = 0;
  let to = 0;
  reader.reset();
  while (offset < size) {
    const count = host.read(PACKAGE, offset, buffer, to, Math.min(buffer.length, to + SEGMENT));
    offset += count;
    to += count;
    const from = reader.read(buffer, 0, to, offset < size);
    if (from > 0 && from < to) buffer.copyWithin(0, from, to);
    to -= from;
  }
  reader.end();
}

/** Reads the package once; for the memory that it takes. */
export function readOnce(commands: number): void {
  const buffer = newBuffer();
  let count = 0;
  const reader = new CommandReader(TEXT, DEFAULT_LIMITS, () => {
    count += 1;
    return true;
  });
  readPackage(reader, buffer);
  if (count !== commands) throw new Error(`${count} commands`);
}

/** What `readOnce` takes without a reader. */
export function readNothing(): void {
  const buffer = newBuffer();
  const size = host.inputSize(PACKAGE);
  for (let offset = 0; offset < size; ) offset += host.read(PACKAGE, offset, buffer, 0, SEGMENT);
}

/**
 * Times the reader against `JSON.parse` of the whole body, turn by turn. A turn is the mean of several readings one after another, so
 * that each pays for the garbage it makes. Prints the microseconds of every turn: reader, parse.
 */
export function race(turns: number, readings: number): void {
  const buffer = newBuffer();
  const reader = new CommandReader(TEXT, DEFAULT_LIMITS, () => true);
  const whole = new Uint8Array(host.inputSize(PACKAGE));
  host.read(PACKAGE, 0, whole, 0, whole.length);
  const text = TEXT.decode(whole, 0, whole.length);
  for (let turn = 0; turn < turns; turn += 1) {
    const start = host.now();
    for (let i = 0; i < readings; i += 1) readPackage(reader, buffer);
    const middle = host.now();
    for (let i = 0; i < readings; i += 1) JSON.parse(text);
    host.print(`${(middle - start) / readings} ${(host.now() - middle) / readings}`);
  }
}
