import { DmError } from '../errors.js';
import { type JsonHandler, SILENT } from './json-handler.js';

/** What the next byte may be, or is inside of. */
export const enum State {
  Value,
  ValueOrClose,
  NameOrClose,
  Name,
  Colon,
  CommaOrClose,
  Text,
  Escape,
  Number,
  Literal,
  Done,
}

const NOT_SKIPPING = 0;

/** What stands between the texts, numbers and literals of a JSON text: which levels are open, what may come next, and who hears of it. */
export abstract class JsonStructure {
  /** Objects and arrays that are open. */
  depth!: number;
  protected state!: State;
  /** Gets the tokens now. */
  protected handler!: JsonHandler;
  private outer!: JsonHandler;
  /** Gets the tokens again behind what is skipped. */
  private skipper!: JsonHandler;
  private delegateDepth!: number;
  private skipDepth!: number;
  private readonly isObject: Uint8Array;

  /** @param maxDepth levels of nesting, 1 to 255. */
  constructor(maxDepth: number) {
    this.isObject = new Uint8Array(maxDepth + 1);
  }

  /** Called by the handler at `endText` of a name: the value that follows is checked, and not reported. */
  skip(): void {
    this.skipTo(this.depth + 1);
  }

  /** Called by the handler at `beginObject` or `beginArray`: all of it is checked, and none of it, its end included, is reported. */
  skipRest(): void {
    this.skipTo(this.depth);
  }

  /** Called by the handler at `endText` of a name: the value's tokens go to `inner`, what follows to the caller again. One at a time. */
  delegate(inner: JsonHandler): void {
    this.handler = inner;
    this.delegateDepth = this.depth;
  }

  protected begin(handler: JsonHandler): void {
    this.depth = 0;
    this.state = State.Value;
    this.handler = handler;
    this.outer = handler;
    this.skipper = handler;
    this.delegateDepth = -1;
    this.skipDepth = NOT_SKIPPING;
  }

  protected abstract beginText(isName: boolean): void;

  /** Begins the value whose first byte is `c`. */
  protected abstract beginValue(c: number, offset: number): void;

  protected fail(offset: number): never {
    throw new DmError('BAD_JSON', 'unexpected byte', offset);
  }

  protected scanStructure(c: number, offset: number): void {
    const state = this.state;
    switch (state) {
      case State.CommaOrClose: {
        const isObject = this.isObject[this.depth];
        if (c === 0x2c) this.state = isObject ? State.Name : State.Value;
        else if (c === (isObject ? 0x7d : 0x5d)) this.close();
        else this.fail(offset);
        break;
      }
      case State.Colon:
        if (c !== 0x3a) this.fail(offset);
        this.state = State.Value;
        break;
      case State.NameOrClose:
      case State.Name:
        if (c === 0x22) this.beginText(true);
        else if (c === 0x7d && state === State.NameOrClose) this.close();
        else this.fail(offset);
        break;
      default:
        if (state === State.Done) this.fail(offset);
        if (c === 0x5d && state === State.ValueOrClose) this.close();
        else this.beginValue(c, offset);
    }
  }

  protected open(isObject: boolean, offset: number): void {
    if (this.depth === this.isObject.length - 1) throw new DmError('TOO_DEEP', 'nesting', offset);
    this.depth += 1;
    this.isObject[this.depth] = isObject ? 1 : 0;
    this.state = isObject ? State.NameOrClose : State.ValueOrClose;
    if (isObject) this.handler.beginObject();
    else this.handler.beginArray();
  }

  private close(): void {
    const isObject = this.isObject[this.depth];
    this.depth -= 1;
    if (isObject) this.handler.endObject();
    else this.handler.endArray();
    this.endValue();
  }

  protected endValue(): void {
    if (this.depth < this.skipDepth) {
      this.skipDepth = NOT_SKIPPING;
      this.handler = this.skipper;
    }
    if (this.depth === this.delegateDepth) {
      this.handler = this.outer;
      this.delegateDepth = -1;
    }
    this.state = this.depth === 0 ? State.Done : State.CommaOrClose;
  }

  private skipTo(depth: number): void {
    this.skipDepth = depth;
    this.skipper = this.handler;
    this.handler = SILENT;
  }
}
