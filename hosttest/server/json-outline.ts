/** The text is not JSON; `offset` is the index of the first character that cannot be part of it. */
export class JsonSyntaxError extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.name = 'JsonSyntaxError';
    this.offset = offset;
  }
}

/** A member of the outermost object: its value is `text.slice(from, to)`. */
export interface JsonMember {
  readonly key: string;
  readonly from: number;
  readonly to: number;
}

export interface JsonOutline {
  /** Members of the outermost object in their order, repeated names included; empty where the value is no object. */
  readonly members: JsonMember[];
  /** Levels of objects and arrays. */
  readonly depth: number;
  /** The first member, at any depth, whose object already has one of that name. */
  readonly duplicate?: { readonly key: string; readonly offset: number };
}

interface Container {
  readonly closer: '}' | ']';
  /** Names seen so far; an array has none. */
  readonly keys?: Set<string>;
}

const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/;
const ESCAPE = /^\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/;
/** Length of the longest escape, and more than that of any literal. */
const LONGEST = 6;
const LITERALS = ['true', 'false', 'null'];

/** `JSON.parse` tells neither the place of an error, nor of repeated names; and this one does not recurse. */
class OutlineScanner {
  /** UTF-16 units: on XS a string finds its n-th one by counting. */
  private readonly units: string[];
  private position = 0;
  private depth = 0;
  private duplicate?: { key: string; offset: number };
  private readonly stack: Container[] = [];
  private readonly members: JsonMember[] = [];
  private member?: { key: string; from: number };

  constructor(text: string) {
    this.units = text.split('');
  }

  scan(): JsonOutline {
    do this.value();
    while (this.moreAfterValue());
    return { members: this.members, depth: this.depth, duplicate: this.duplicate };
  }

  /** Reads a scalar or an empty container whole, or enters a container up to its first value. */
  private value(): void {
    this.space();
    while (this.enter()) {
      this.space();
      if (this.units[this.position] === this.top()?.closer) return;
      if (this.top()?.keys) this.name();
      this.space();
    }
  }

  private enter(): boolean {
    const char = this.units[this.position];
    if (char !== '{' && char !== '[') {
      this.scalar(char);
      return false;
    }
    this.position++;
    this.stack.push(char === '{' ? { closer: '}', keys: new Set() } : { closer: ']' });
    this.depth = Math.max(this.depth, this.stack.length);
    return true;
  }

  /** Leaves every container that ends here. @returns whether another value is due. */
  private moreAfterValue(): boolean {
    for (;;) {
      this.space();
      const container = this.top();
      if (!container) {
        if (this.position < this.units.length) this.fail('the end');
        return false;
      }
      const char = this.units[this.position];
      if (char !== ',' && char !== container.closer) this.fail(`"," or "${container.closer}"`);
      this.endMember();
      this.position++;
      if (char === ',') {
        if (container.keys) this.name();
        return true;
      }
      this.stack.pop();
    }
  }

  private name(): void {
    this.space();
    const from = this.position;
    if (this.units[from] !== '"') this.fail('a member name');
    this.string();
    const key = JSON.parse(this.part(from, this.position)) as string;
    const keys = this.top()?.keys;
    if (keys?.has(key) && !this.duplicate) this.duplicate = { key, offset: from };
    keys?.add(key);
    this.space();
    if (this.units[this.position] !== ':') this.fail('":"');
    this.position++;
    if (this.stack.length === 1) this.member = { key, from: this.position };
  }

  private endMember(): void {
    if (this.stack.length === 1 && this.member) this.members.push({ ...this.member, to: this.position });
  }

  private scalar(char: string | undefined): void {
    if (char === '"') this.string();
    else this.word();
  }

  private word(): void {
    const start = this.part(this.position, this.position + LONGEST);
    const literal = LITERALS.find((word) => start.startsWith(word));
    const length = literal ? literal.length : this.number();
    if (length === 0) this.fail('a value');
    this.position += length;
  }

  private string(): void {
    for (this.position++; ; ) {
      const unit = this.units[this.position];
      if (unit === '"') break;
      if (unit === undefined || unit < ' ') this.fail('a character of a string');
      const length = unit === '\\' ? this.escape() : 1;
      if (length === 0) this.fail('an escape of JSON');
      this.position += length;
    }
    this.position++;
  }

  private number(): number {
    let to = this.position;
    while (to < this.units.length && '+-.0123456789Ee'.includes(this.units[to])) to++;
    return NUMBER.exec(this.part(this.position, to))?.[0].length ?? 0;
  }

  private escape(): number {
    return ESCAPE.exec(this.part(this.position, this.position + LONGEST))?.[0].length ?? 0;
  }

  private part(from: number, to: number): string {
    return this.units.slice(from, to).join('');
  }

  private space(): void {
    while (this.position < this.units.length && ' \t\n\r'.includes(this.units[this.position])) this.position++;
  }

  private top(): Container | undefined {
    return this.stack[this.stack.length - 1];
  }

  private fail(expected: string): never {
    const found = this.position < this.units.length ? JSON.stringify(this.units[this.position]) : 'the end';
    throw new JsonSyntaxError(`expected ${expected}, found ${found}`, this.position);
  }
}

/**
 * What `JSON.parse` does not tell about a text.
 * @throws JsonSyntaxError where it is not JSON.
 */
export function outlineJson(text: string): JsonOutline {
  return new OutlineScanner(text).scan();
}

/** `offset` in the form that editors use: "line 1, column 1" is the first character. */
export function lineAndColumn(text: string, offset: number): string {
  const lines = text.slice(0, offset).split('\n');
  return `line ${lines.length}, column ${lines[lines.length - 1].length + 1}`;
}
