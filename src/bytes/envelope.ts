import { DmError } from '../errors.js';
import type { Text } from '../hal/text.js';
import type { JsonHandler, JsonScanner } from './json-scanner.js';
import { TextBuffer } from './text-buffer.js';

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
  private readonly longest: number;
  private readonly user: EnvelopeUser;
  private readonly name: TextBuffer;

  /** @param names members that matter, ASCII. */
  constructor(scanner: JsonScanner, text: Text, names: readonly string[], user: EnvelopeUser) {
    this.scanner = scanner;
    this.names = names;
    this.user = user;
    let longest = 0;
    for (let i = 0; i < names.length; i += 1) longest = Math.max(longest, names[i].length);
    this.longest = longest;
    this.name = new TextBuffer(text, longest);
  }

  beginObject(): void {}

  endObject(): void {}

  beginText(isName: boolean): void {
    if (!isName) this.refuse();
    this.name.begin(this.longest);
  }

  text(bytes: Uint8Array, from: number, to: number): void {
    this.name.append(bytes, from, to);
  }

  endText(): void {
    const name = this.name.toString();
    if (this.names.indexOf(name) < 0) this.scanner.skip();
    else this.scanner.delegate(this.user.openMember(name));
  }

  beginArray(): void {
    this.refuse();
  }

  endArray(): void {}

  number(): void {
    this.refuse();
  }

  literal(): void {
    this.refuse();
  }

  private refuse(): never {
    throw new DmError('BAD_JSON', 'an object is needed here');
  }
}
