import { DmError } from '../errors.js';
import type { Command } from './command.js';

const enum Place {
  LineStart,
  Comment,
  Element,
  Gap,
}

/**
 * The text form of commands: one a line, name and parameters parted by blanks, `#` at the start of a line for comments
 * (PROTOCOL.md §15). Chunks of any size. Elements are ASCII: URIs and MOIDs are.
 */
export class TextCommands {
  private readonly command: Command;
  private readonly onCommand: (command: Command) => void;
  private place!: Place;
  private consumed!: number;

  /** @param onCommand gets each command at the end of its line; the record is reused. */
  constructor(command: Command, onCommand: (command: Command) => void) {
    this.command = command;
    this.onCommand = onCommand;
    this.reset();
  }

  /** Makes ready for another text. */
  reset(): void {
    this.place = Place.LineStart;
    this.consumed = 0;
    this.command.clear();
  }

  /**
   * Takes bytes `from` (inclusive) to `to` (exclusive).
   * @throws DmError `BAD_COMMAND` with the offset of a byte that is no printable ASCII.
   */
  read(bytes: Uint8Array, from: number, to: number): void {
    const base = this.consumed - from;
    let start = from;
    for (let i = from; i < to; i += 1) {
      const c = bytes[i];
      const blank = c === 0x20 || c === 0x09 || c === 0x0d;
      if (c !== 0x0a && !blank) {
        if (this.place === Place.Comment || this.place === Place.Element) continue;
        this.place = this.place === Place.LineStart && c === 0x23 ? Place.Comment : Place.Element;
        start = i;
      } else {
        if (this.place === Place.Element) this.endElement(bytes, start, i, base);
        if (c === 0x0a) this.endLine();
      }
    }
    if (this.place === Place.Element) this.append(bytes, start, to, base);
    this.consumed = base + to;
  }

  /** Says that no more bytes come: the last line needs no end of line. */
  end(): void {
    if (this.place === Place.Element) this.command.endElement();
    this.endLine();
  }

  private append(bytes: Uint8Array, from: number, to: number, base: number): void {
    for (let i = from; i < to; i += 1) {
      if (bytes[i] <= 0x20 || bytes[i] >= 0x7f) throw new DmError('BAD_COMMAND', 'no printable ASCII', base + i);
    }
    this.command.append(bytes, from, to);
  }

  private endElement(bytes: Uint8Array, from: number, to: number, base: number): void {
    this.append(bytes, from, to, base);
    this.command.endElement();
    this.place = Place.Gap;
  }

  private endLine(): void {
    this.place = Place.LineStart;
    if (this.command.isEmpty) return;
    this.onCommand(this.command);
    this.command.clear();
  }
}
