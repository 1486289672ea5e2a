/** A request target in the form in which targets are compared: every part percent-encoded in the same way. */
export interface RequestTarget {
  readonly path: string;
  /** With its question mark; empty where there is none. */
  readonly query: string;
}

/** Splits a target, so that `%2D` equals `-`, but an encoded `/` or `&` is no separator. */
export function parseTarget(target: string): RequestTarget {
  const relative = target.replace(/^https?:\/\/[^/?]*/i, '');
  const mark = relative.indexOf('?');
  if (mark < 0) return { path: canonical(relative, '/'), query: '' };
  return { path: canonical(relative.slice(0, mark), '/'), query: `?${canonical(relative.slice(mark + 1), '&')}` };
}

export function isDmTarget({ path }: RequestTarget): boolean {
  return isBelow(path, '/dm');
}

/** Whether `path` is `area` or lies below it. */
export function isBelow(path: string, area: string): boolean {
  return path === area || path.startsWith(area.endsWith('/') ? area : `${area}/`);
}

function canonical(text: string, separator: string): string {
  return text.split(separator).map(canonicalPart).join(separator);
}

function canonicalPart(part: string): string {
  try {
    return encodeURIComponent(decodeURIComponent(part));
  } catch {
    return part;
  }
}
