import type { JsonHandler, JsonScanner } from '../bytes/json-scanner.js';
import { DmError } from '../errors.js';
import type { Command } from './command.js';

/**
 * The value of a `CMD` member: an array of commands, each an array of strings (PROTOCOL.md §3). Reads one command at a time into
 * one record. An element that is not of this shape is delivered as a command with a defect, so that its status is in its place.
 */
export class CommandList implements JsonHandler {
  private readonly scanner: JsonScanner;
  private readonly command: Command;
  private readonly onCommand: (command: Command) => boolean;
  private open!: boolean;
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
    this.open = false;
    this.inCommand = false;
  }

  beginArray(): void {
    if (!this.open) this.open = true;
    else if (!this.inCommand) {
      this.command.clear();
      this.inCommand = true;
    } else this.malformedElement(true);
  }

  endArray(): void {
    if (!this.inCommand) {
      this.open = false;
      return;
    }
    this.inCommand = false;
    if (this.command.count < 0) this.spoil();
    this.deliver();
  }

  beginObject(): void {
    this.malformedElement(true);
  }

  endObject(): void {}

  beginText(): void {}

  text(bytes: Uint8Array, from: number, to: number): void {
    if (this.inCommand) this.command.append(bytes, from, to);
  }

  endText(): void {
    if (this.inCommand) this.command.endElement();
    else this.malformedElement(false);
  }

  number(): void {
    this.malformedElement(false);
  }

  literal(): void {
    this.malformedElement(false);
  }

  /** A container is passed over unread; outside of a command, whatever it is stands for one. */
  private malformedElement(container: boolean): void {
    if (!this.open) throw new DmError('BAD_JSON', 'CMD is not an array');
    if (container) this.scanner.skipRest();
    if (!this.inCommand) this.command.clear();
    this.spoil();
    if (!this.inCommand) this.deliver();
  }

  private spoil(): void {
    if (!this.command.defect) this.command.defect = 'BAD_COMMAND';
  }

  private deliver(): void {
    if (!this.onCommand(this.command)) this.scanner.pause();
  }
}
