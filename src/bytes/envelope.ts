import { DmError } from '../errors.js';
import type { Text } from '../hal/text.js';
import type { JsonHandler } from './json-handler.js';
import type { JsonScanner } from './json-scanner.js';
import { TextBuffer } from './text-buffer.js';

/** Bytes of the longest name of a member that can matter. */
const NAME_SIZE = 8;

/** Gets the parts of an envelope. */
export interface EnvelopeUser {
  /**
   * The member `name` comes next.
   * @returns who takes its value.
   */
  openMember(name: string): JsonHandler;
}

/** An object of which some members matter: each of these goes to a handler of its own, all others are skipped. */
export class Envelope implements JsonHandler {
  private readonly scanner: JsonScanner;
  private readonly names: readonly string[];
  private readonly user: EnvelopeUser;
  private readonly name: TextBuffer;

  /** @param names members that matter, of at most 8 bytes. */
  constructor(scanner: JsonScanner, text: Text, names: readonly string[], user: EnvelopeUser) {
    this.scanner = scanner;
    this.names = names;
    this.user = user;
    this.name = new TextBuffer(text);
  }

  begin(isObject: boolean): void {
    if (!isObject) this.scalar();
  }

  end(): void {}

  beginText(isName: boolean): void {
    if (!isName) this.scalar();
    this.name.begin(NAME_SIZE);
  }

  text(bytes: Uint8Array, from: number, to: number): void {
    this.name.append(bytes, from, to);
  }

  endText(): void {
    const name = this.name.toString();
    if (this.names.indexOf(name) < 0) this.scanner.skip();
    else this.scanner.delegate(this.user.openMember(name));
  }

  scalar(): void {
    throw new DmError('BAD_JSON', 'an object is needed here');
  }
}
