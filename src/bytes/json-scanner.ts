import { asDmError, atOffset, DmError, type ErrorCode } from '../errors.js';
import { type JsonHandler, SILENT } from './json-handler.js';
import { nextScalar, Scalar } from './json-scalar.js';
import { nextUtf8, putUtf8, UTF8_START } from './utf8.js';

/** What the next byte may be, or is inside of. */
export const enum State {
  /** In a container that was just opened. */
  First,
  /** Behind a comma. */
  Next,
  /** Behind a colon, and where the text begins. */
  Value,
  Colon,
  /** Behind a value. */
  After,
  Done,
  Text,
  /** In a character that is not ASCII. */
  Character,
  Escape,
  Scalar,
}

/** Where in an escape the next byte is. Above `Letter`: the digits so far, behind a one that leads them. */
const enum Place {
  /** Before the second half of a surrogate pair. */
  Backslash = -1,
  Letter = 0,
  Digits = 1,
  Whole = 0x10000,
}

/** The letter of each short escape, and what it stands for. */
const LETTERS = '"\\/bfnrt';
const MEANT = '"\\/\b\f\n\r\t';

/** A longer number is no management data. */
const SCALAR_SIZE = 64;

/**
 * Incremental strict JSON (RFC 8259): chunks of any size in, tokens out, no memory beyond one byte a level and a few bytes
 * of scratch. What stands before an error is delivered before the error is thrown.
 *
 * Source: PROTOCOL.md §4.
 */
export class JsonScanner {
  /** Bytes taken since the text began. */
  offset!: number;
  /** Objects and arrays that are open. */
  depth!: number;
  protected state!: State;
  private handler!: JsonHandler;
  /** Handlers that lent their place to another, each with the least depth at which it was, in its turn, lent one. */
  private lenders!: (JsonHandler | number)[];
  /** Below this depth the handler's turn is over. */
  private least!: number;
  /** The character or scalar under way; behind `SCALAR_SIZE`, for each level that is open, whether it is an object. */
  private readonly scratch: Uint8Array;
  /** Behind an error, before the first `reset`, and inside of `scan`: what a handler throws needs no more care. */
  private broken: boolean;
  private paused!: boolean;
  private isName!: boolean;
  /** Where the token under way begins. */
  private token!: number;
  /** Where in the token the last byte was: a state of `nextUtf8` or `nextScalar`, or a `Place`. */
  private place!: number;
  /** The first half of a surrogate pair, 0 where there is none. */
  private high!: number;
  /** Bytes of the character or scalar under way. */
  private length!: number;

  /**
   * A scanner reads nothing before its first `reset`.
   * @param maxDepth levels of nesting, 1 to 255.
   */
  constructor(maxDepth: number) {
    this.scratch = new Uint8Array(SCALAR_SIZE + maxDepth + 1);
    this.broken = true;
  }

  /** Forgets everything and begins a new text, whose tokens `handler` gets. */
  reset(handler: JsonHandler): void {
    this.handler = handler;
    this.lenders = [];
    this.least = 0;
    this.depth = 0;
    this.state = State.Value;
    this.broken = false;
    this.offset = 0;
    this.token = 0;
    this.high = 0;
  }

  /** Called by the handler: `scan` returns after the token under way. */
  pause(): void {
    this.paused = true;
  }

  /** Called by the handler at `endText` of a name: the value's tokens go to `inner`, what follows to the caller again. */
  delegate(inner: JsonHandler): void {
    this.lend(inner, this.depth + 1);
  }

  /** Called by the handler at `endText` of a name: the value that follows is checked, and not reported. */
  skip(): void {
    this.delegate(SILENT);
  }

  /** Called by the handler at `begin`: all of it is checked, and none of it, its end included, is reported. */
  skipRest(): void {
    this.lend(SILENT, this.depth);
  }

  /**
   * Takes bytes `from` (inclusive) to `to` (exclusive).
   * @returns the place after the last byte taken: `to`, or less where the handler paused.
   * @throws DmError `BAD_JSON`, `BAD_UTF8`, `TOO_DEEP` with the byte's offset in the text; whatever the handler
   *   throws, with the offset of the token under way. The scanner is unusable afterwards, until `reset`.
   */
  scan(bytes: Uint8Array, from: number, to: number): number {
    if (this.broken) throw new DmError('BAD_ARGUMENT', 'scanner used after an error, or the end');
    this.paused = false;
    this.broken = true;
    const base = this.offset - from;
    let i = from;
    try {
      while (i < to && !this.paused) {
        i = this.step(bytes, i, to);
        this.offset = base + i;
      }
    } catch (thrown) {
      throw atOffset(asDmError(thrown), this.token);
    }
    this.broken = false;
    return i;
  }

  /**
   * Says that no more bytes come; none are taken afterwards, until `reset`.
   * @throws DmError `CUT_SHORT` where the text is not whole, or was broken before.
   */
  end(): void {
    const whole = !this.broken;
    this.broken = true;
    try {
      // Only at a text's end can a number be whole and not ended.
      if (whole && this.state === State.Scalar && this.depth === 0 && this.place >= Scalar.Zero) this.endScalar();
    } catch (thrown) {
      throw atOffset(asDmError(thrown), this.token);
    }
    if (!whole || this.state !== State.Done) throw new DmError('CUT_SHORT', 'the text ends early', this.offset);
  }

  /** Takes one byte at least, and fewer only where the byte ends a number, and comes again. @returns the place behind. */
  protected step(bytes: Uint8Array, from: number, to: number): number {
    const c = bytes[from];
    switch (this.state) {
      case State.Text: {
        let i = from;
        for (let plain = c; plain >= 0x20 && plain < 0x80 && plain !== 0x22 && plain !== 0x5c; plain = bytes[i]) {
          i += 1;
          if (i === to) break;
        }
        if (i > from) {
          this.handler.text(bytes, from, i);
          return i;
        }
        this.endPlain(c);
        break;
      }
      case State.Character:
        this.takeCharacter(c);
        break;
      case State.Escape:
        this.takeEscape(c);
        break;
      case State.Scalar:
        if (!this.takeScalar(c)) return from;
        break;
      default:
        this.token = this.offset;
        if (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09) this.takeStructure(c);
    }
    return from + 1;
  }

  private takeStructure(c: number): void {
    const state = this.state;
    const inObject = this.scratch[SCALAR_SIZE + this.depth] > 0;
    if (c === (inObject ? 0x7d : 0x5d) && (state === State.First || state === State.After)) {
      this.depth -= 1;
      this.handler.end(inObject);
      this.endValue();
    } else if (state === State.After && c === 0x2c) this.state = State.Next;
    else if (state === State.Colon && c === 0x3a) this.state = State.Value;
    else if (state > State.Value) this.fail('BAD_JSON');
    else if (c === 0x22) {
      this.isName = inObject && state !== State.Value;
      this.state = State.Text;
      this.handler.beginText(this.isName);
    } else if (inObject && state !== State.Value) this.fail('BAD_JSON');
    else if (c === 0x7b || c === 0x5b) this.open(c === 0x7b);
    else {
      this.state = State.Scalar;
      this.place = Scalar.Start;
      this.length = 0;
      this.takeScalar(c);
    }
  }

  protected open(isObject: boolean): void {
    this.depth += 1;
    if (SCALAR_SIZE + this.depth === this.scratch.length) this.fail('TOO_DEEP');
    this.scratch[SCALAR_SIZE + this.depth] = isObject ? 1 : 0;
    this.state = State.First;
    this.handler.begin(isObject);
  }

  /** Takes a byte that is no plain character of a string. */
  private endPlain(c: number): void {
    if (c === 0x22) {
      this.state = State.Colon;
      this.handler.endText(this.isName);
      if (!this.isName) this.endValue();
    } else if (c === 0x5c) {
      this.state = State.Escape;
      this.place = Place.Letter;
    } else if (c < 0x20) this.fail('BAD_JSON');
    else {
      this.state = State.Character;
      this.place = UTF8_START;
      this.length = 0;
      this.takeCharacter(c);
    }
  }

  private takeCharacter(c: number): void {
    this.place = nextUtf8(this.place, c);
    if (this.place < 0) this.fail('BAD_UTF8');
    this.scratch[this.length] = c;
    this.length += 1;
    if (this.place === UTF8_START) this.endCharacter(this.length);
  }

  /** Both halves of a surrogate pair are one escape. */
  private takeEscape(c: number): void {
    const character = String.fromCharCode(c);
    if (this.place >= Place.Digits) {
      const digit = parseInt(character, 16);
      if (!(digit >= 0)) this.fail('BAD_JSON');
      this.place = (this.place << 4) | digit;
      if (this.place >= Place.Whole) this.endUnit(this.place - Place.Whole);
    } else if (this.place === Place.Backslash && c === 0x5c) this.place = Place.Letter;
    else if (this.place === Place.Letter && c === 0x75) this.place = Place.Digits;
    else {
      const letter = this.high > 0 ? -1 : LETTERS.indexOf(character);
      if (letter < 0) this.fail('BAD_JSON');
      this.endEscape(MEANT.charCodeAt(letter));
    }
  }

  private endUnit(unit: number): void {
    const surrogate = unit & 0xfc00;
    if (surrogate === 0xdc00 ? this.high === 0 : this.high > 0) this.fail('BAD_JSON');
    if (surrogate === 0xd800) {
      this.high = unit;
      this.place = Place.Backslash;
    } else if (this.high > 0) this.endEscape(0x10000 + ((this.high & 0x3ff) << 10) + (unit & 0x3ff));
    else this.endEscape(unit);
  }

  private endEscape(point: number): void {
    this.high = 0;
    this.endCharacter(putUtf8(point, this.scratch));
  }

  private endCharacter(length: number): void {
    this.state = State.Text;
    this.handler.text(this.scratch, 0, length);
  }

  /** @returns false where a number ended before `c`. */
  private takeScalar(c: number): boolean {
    const place = nextScalar(this.place, c);
    if (place < 0) {
      if (this.place < Scalar.Zero) this.fail('BAD_JSON');
      this.endScalar();
      return false;
    }
    this.place = place;
    if (this.length < SCALAR_SIZE) this.scratch[this.length] = c;
    this.length += 1;
    if (place === Scalar.Literal) this.endScalar();
    return true;
  }

  private endScalar(): void {
    this.handler.scalar(this.scratch, 0, this.length > SCALAR_SIZE ? 0 : this.length);
    this.endValue();
  }

  private endValue(): void {
    while (this.depth < this.least) {
      this.least = this.lenders.pop() as number;
      this.handler = this.lenders.pop() as JsonHandler;
    }
    this.state = this.depth === 0 ? State.Done : State.After;
  }

  private lend(handler: JsonHandler, least: number): void {
    this.lenders.push(this.handler, this.least);
    this.handler = handler;
    this.least = least;
  }

  private fail(code: ErrorCode): never {
    throw new DmError(code, 'unexpected byte', this.offset);
  }
}
