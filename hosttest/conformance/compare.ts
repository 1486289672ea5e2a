/** Texts that the device chose and that come again: `{{name}}`. */
export class Captures {
  private readonly values = new Map<string, string>();

  /** `text` with each known name replaced. @throws Error for one that is not known yet. */
  fill(text: string): string {
    return text.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => {
      const value = this.values.get(name);
      if (value === undefined) throw new Error(`${whole} was not captured before`);
      return value;
    });
  }

  /** True where `actual` is `expected`; a `{{name}}` that is not known yet takes any text that is not empty, and knows it from then on. */
  matches(expected: string, actual: string): boolean {
    const name = /^\{\{(\w+)\}\}$/.exec(expected)?.[1];
    if (name === undefined) return expected === actual;
    const value = this.values.get(name);
    if (value !== undefined) return value === actual;
    if (actual === '') return false;
    this.values.set(name, actual);
    return true;
  }
}

/**
 * Compares two JSON values; the order of members is of no importance.
 * @returns where they differ and how, undefined where they do not.
 */
export function difference(expected: unknown, actual: unknown, captures: Captures, path = ''): string | undefined {
  if (typeof expected === 'string' && typeof actual === 'string' && captures.matches(expected, actual))
    return undefined;
  if (isParent(expected) && isParent(actual) && Array.isArray(expected) === Array.isArray(actual)) {
    const names = [...new Set([...Object.keys(expected), ...Object.keys(actual)])];
    for (const name of names) {
      const found = difference(member(expected, name), member(actual, name), captures, `${path}/${name}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (Object.is(expected, actual)) return undefined;
  return `at ${path || 'the top'}: expected ${shown(expected)}, actual ${shown(actual)}`;
}

function isParent(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function member(parent: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(parent, name)?.value;
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
