import { DmError } from '../errors.js';
import type { Limits } from '../limits.js';

/** What a component of a ClientURI stands for; any other value is the letter of an x-name. */
export const enum Part {
  /** One name. */
  Name = 0,
  /** `*`: every name. */
  Any = 1,
  /** The empty MIID: the only instance. */
  Only = 2,
}

/** `nv=(x)/REL:VALUE`: the node that the x-name stands for has a descendant at path `rel` with that value. */
export interface Condition {
  readonly letter: number;
  readonly rel: readonly string[];
  readonly value: string;
}

/** Indices of a ClientURI's components. */
export const enum Component {
  Moid = 0,
  Miid = 1,
  /** The first name of the path. */
  Path = 2,
}

/** Most ClientURIs have neither, and share these. */
const NO_PARTS: readonly number[] = [];
const NO_CONDITIONS: readonly Condition[] = [];

/**
 * A ClientURI, parsed: `MOID "/" [MIID] "/" [path] ["?" query]`. Addresses a node, or with `*` and x-names several.
 * Source: PROTOCOL.md §5.
 */
export class ClientUri {
  /** The components, percent-decoded: MOID, MIID, then the path. Of one that is too long for any node only as many as show that. */
  readonly names: string[];
  /** For each component a `Part` or an x-name's letter; none at all where each is a name, as in most ClientURIs. */
  readonly parts: readonly number[];
  conditions: readonly Condition[];
  /** The cache validator in the query, '' where there is none. */
  validator: string;

  /**
   * @param uri at most `limits.uri` bytes, as it was sent.
   * @throws DmError `BAD_URI`; also for more conditions than there can be levels, `limits.depth`.
   */
  constructor(uri: string, limits: Limits) {
    const mark = uri.indexOf('?');
    const names = (mark < 0 ? uri : uri.slice(0, mark)).split('/', limits.depth + Component.Path + 2);
    if (names.length <= Component.Path) throw new DmError('BAD_URI', uri);
    if (names[names.length - 1] === '') names.pop();
    this.names = names;
    // A native search each spares a look at every component.
    const isSpecial =
      uri.includes('*') || uri.includes('(') || uri.includes('%') || uri.includes('//') || names[0] === '';
    this.parts = isSpecial ? parseParts(names, uri) : NO_PARTS;
    this.conditions = NO_CONDITIONS;
    this.validator = '';
    if (mark >= 0) this.parseQuery(uri, mark + 1, limits.depth);
  }

  get moid(): string {
    return this.names[0];
  }

  /** The MIID, '' where it stands for the only instance. */
  get miid(): string {
    return this.names[1];
  }

  /** True where it addresses the MO root. */
  get isRoot(): boolean {
    return this.names.length === Component.Path;
  }

  /** True where every component is a name, or the empty MIID. */
  get isPlain(): boolean {
    for (let i = 0; i < this.parts.length; i += 1) {
      if (this.parts[i] !== Part.Name && this.parts[i] !== Part.Only) return false;
    }
    return true;
  }

  /** What a component stands for: a `Part`, or an x-name's letter. */
  part(index: number): number {
    return this.parts.length === 0 ? Part.Name : this.parts[index];
  }

  /** Takes one field after the other: there may be as many as bytes. */
  private parseQuery(uri: string, from: number, depth: number): void {
    const conditions: Condition[] = [];
    let at = from;
    while (at > 0) {
      const end = uri.indexOf('&', at);
      const field = end < 0 ? uri.slice(at) : uri.slice(at, end);
      at = end + 1;
      if (field.indexOf('cv=') === 0) this.validator = percentDecode(field.slice(3), uri);
      if (field.indexOf('nv=') !== 0) continue;
      const condition = parseCondition(field.slice(3), uri, depth);
      if (this.parts.indexOf(condition.letter) < 0 || conditions.length === depth) throw new DmError('BAD_URI', uri);
      conditions.push(condition);
    }
    this.conditions = conditions;
  }
}

/** The parts of the components `names`, which are percent-decoded in their place. */
function parseParts(names: string[], uri: string): number[] {
  const parts: number[] = [];
  for (let i = 0; i < names.length; i += 1) {
    const part = names[i] === '' ? Part.Only : partOf(names[i]);
    const misplaced = part === Part.Only ? i !== Component.Miid : i === Component.Moid && part !== Part.Name;
    if (misplaced || (part > Part.Only && parts.indexOf(part) >= 0)) throw new DmError('BAD_URI', uri);
    if (part === Part.Name) names[i] = percentDecode(names[i], uri);
    parts.push(part);
  }
  return parts;
}

/** `(x)` is an x-name, `*` any name, all else one name. */
function partOf(component: string): number {
  if (component === '*') return Part.Any;
  if (component.length !== 3 || component.charAt(0) !== '(' || component.charAt(2) !== ')') return Part.Name;
  const letter = component.charCodeAt(1);
  return (letter | 0x20) >= 0x61 && (letter | 0x20) <= 0x7a ? letter : Part.Name;
}

function parseCondition(condition: string, uri: string, depth: number): Condition {
  const colon = condition.indexOf(':');
  // More names than there are levels lead nowhere, as one more does.
  const rel = condition.slice(0, Math.max(colon, 0)).split('/', depth + 1);
  const letter = partOf(rel[0]);
  if (rel.length < 2 || letter <= Part.Only || rel.indexOf('') >= 0) throw new DmError('BAD_URI', uri);
  rel.shift();
  return {
    letter,
    rel: rel.map((name) => percentDecode(name, uri)),
    value: percentDecode(condition.slice(colon + 1), uri),
  };
}

function percentDecode(component: string, uri: string): string {
  if (!component.includes('%')) return component;
  try {
    const decoded = decodeURIComponent(component);
    // XS decodes overlong forms, too, and halves of surrogate pairs, which it does not encode.
    if (byteCount(encodeURIComponent(decoded)) === byteCount(encodeURIComponent(component).split('%25').join('%'))) {
      return decoded;
    }
  } catch (cause) {
    throw new DmError('BAD_URI', uri, -1, cause);
  }
  throw new DmError('BAD_URI', uri);
}

function byteCount(encoded: string): number {
  return encoded.length - 2 * (encoded.split('%').length - 1);
}

/** A name as a component of a ClientURI: percent-encoded where it would mean something else. */
export function encodeComponent(name: string): string {
  const encoded = encodeURIComponent(name).split('%3A').join(':');
  return partOf(name) === Part.Name ? encoded : encoded.replace('*', '%2A').replace('(', '%28');
}
