import type { JsonHandler } from '../bytes/json-handler.js';
import type { JsonScanner } from '../bytes/json-scanner.js';
import { DmError } from '../errors.js';
import type { Command } from './command.js';

/**
 * The value of a `CMD` member: an array of commands, each an array of strings (PROTOCOL.md §3). Reads one command at a time into
 * one record. An element that is not of this shape is delivered as a command with a defect, so that its status is in its place.
 */
export class CommandList implements JsonHandler {
  /** True from the list's beginning to its end. */
  isOpen!: boolean;
  private readonly scanner: JsonScanner;
  private readonly command: Command;
  private readonly onCommand: (command: Command) => boolean;
  private inCommand!: boolean;

  /**
   * @param onCommand gets each command when its last byte was read; the record is valid until the scanner goes on.
   *   Returns false to pause the scanner there.
   */
  constructor(scanner: JsonScanner, command: Command, onCommand: (command: Command) => boolean) {
    this.scanner = scanner;
    this.command = command;
    this.onCommand = onCommand;
    this.reset();
  }

  /** Makes ready for another list. */
  reset(): void {
    this.isOpen = false;
    this.inCommand = false;
  }

  begin(isObject: boolean): void {
    if (isObject || this.inCommand) {
      this.scanner.skipRest();
      this.scalar();
    } else if (this.isOpen) {
      this.command.clear();
      this.inCommand = true;
    } else this.isOpen = true;
  }

  end(): void {
    if (!this.inCommand) {
      this.isOpen = false;
      return;
    }
    this.inCommand = false;
    this.deliver();
  }

  beginText(): void {}

  text(bytes: Uint8Array, from: number, to: number): void {
    if (this.inCommand) this.command.append(bytes, from, to);
  }

  endText(): void {
    if (this.inCommand) this.command.endElement();
    else this.scalar();
  }

  /** What is no string, or no command: outside of a command, whatever it is stands for one. */
  scalar(): void {
    if (!this.isOpen) throw new DmError('BAD_JSON', 'CMD is not an array');
    if (!this.inCommand) this.command.clear();
    this.command.spoil('BAD_COMMAND');
    if (!this.inCommand) this.deliver();
  }

  private deliver(): void {
    if (!this.onCommand(this.command)) this.scanner.pause();
  }
}
