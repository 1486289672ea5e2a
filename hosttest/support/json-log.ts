import { type JsonHandler, JsonScanner } from 'dmlet';
import * as assert from 'uvu/assert';
import { type LoggedReader, logHoweverCut } from './cuts.js';
import { utf8 } from './utf8.js';

const LITERALS = ['null', 'false', 'true'];

/** What a test does at an event: `scanner.skip()`, `scanner.pause()`. */
export type Steer = (line: string, scanner: JsonScanner, log: JsonLog) => void;

/**
 * Writes the tokens down, one a line: `{` `}` `[` `]` `name:…` `text:…` `number:…` `null` `false` `true`. The pieces of a string come as one
 * line, when it has ended.
 */
export class JsonLog implements JsonHandler {
  readonly lines: string[];
  private readonly onLine: (line: string) => void;
  private readonly prefix: string;
  private pieces: number[] | undefined;
  private isName: boolean;

  constructor(lines: string[] = [], onLine: (line: string) => void = () => {}, prefix = '') {
    this.lines = lines;
    this.onLine = onLine;
    this.prefix = prefix;
    this.pieces = undefined;
    this.isName = false;
  }

  begin(isObject: boolean): void {
    this.add(isObject ? '{' : '[');
  }

  end(isObject: boolean): void {
    this.add(isObject ? '}' : ']');
  }

  beginText(isName: boolean): void {
    assert.is(this.pieces, undefined, 'a text begins inside of a text');
    this.pieces = [];
    this.isName = isName;
  }

  text(bytes: Uint8Array, from: number, to: number): void {
    assert.ok(this.pieces, 'a piece outside of a text');
    for (let i = from; i < to; i += 1) this.pieces.push(bytes[i]);
  }

  endText(isName: boolean): void {
    assert.ok(this.pieces, 'a text ends that did not begin');
    assert.is(isName, this.isName, 'a text ends as something else than it began as');
    const bytes = Uint8Array.from(this.pieces);
    this.pieces = undefined;
    this.add((isName ? 'name:' : 'text:') + utf8.decode(bytes, 0, bytes.length));
  }

  scalar(bytes: Uint8Array, from: number, to: number): void {
    const written = utf8.decode(bytes, from, to);
    this.add(LITERALS.includes(written) ? written : `number:${written}`);
  }

  private add(line: string): void {
    assert.is(this.pieces, undefined, 'an event inside of a text');
    this.lines.push(this.prefix + line);
    this.onLine(line);
  }
}

/** A scanner whose tokens are logged. */
export function loggedScanner(maxDepth: number, steer?: Steer): LoggedReader & { scanner: JsonScanner; log: JsonLog } {
  const scanner = new JsonScanner(maxDepth);
  const log = new JsonLog([], (line) => steer?.(line, scanner, log));
  scanner.reset(log);
  return {
    scanner,
    log,
    lines: log.lines,
    take: (bytes, from, to) => scanner.scan(bytes, from, to),
    end: () => scanner.end(),
  };
}

/** The event log of a JSON text, the same however it is cut. */
export function jsonLog(input: string | Uint8Array, steer?: Steer, maxDepth = 32): string[] {
  return logHoweverCut(input, () => loggedScanner(maxDepth, steer));
}

/** The last line: `end`, or the error. */
export function outcome(log: readonly string[]): string {
  return log[log.length - 1];
}

/** What a log of a whole text says, as `JSON.parse` would give it. */
export function rebuilt(log: readonly string[]): unknown {
  let at = 0;
  const next = (): string => log[at++];
  const value = (): unknown => {
    const line = next();
    const colon = line.indexOf(':');
    switch (colon < 0 ? line : line.slice(0, colon)) {
      case '{': {
        const object = {};
        for (let name = next(); name !== '}'; name = next()) {
          // As JSON.parse does: a member of its own, also where it is called __proto__.
          const property = { value: value(), enumerable: true, configurable: true, writable: true };
          Object.defineProperty(object, name.slice('name:'.length), property);
        }
        return object;
      }
      case '[': {
        const array: unknown[] = [];
        while (log[at] !== ']') array.push(value());
        at += 1;
        return array;
      }
      case 'text':
        return line.slice(colon + 1);
      case 'number':
        return Number(line.slice(colon + 1));
      case 'null':
        return null;
      case 'true':
      case 'false':
        return line === 'true';
      default:
        throw new Error(`unexpected event ${line}`);
    }
  };
  const result = value();
  assert.equal(log.slice(at), ['end']);
  return result;
}
