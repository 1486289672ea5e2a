import { DmError } from '../errors.js';
import type { Text } from '../hal/text.js';

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
  readonly value: Uint8Array;
}

const SLASH = '/';

/** Components before the path: MOID and MIID. */
export const HEAD_PARTS = 2;

/**
 * A ClientURI, parsed: `MOID "/" [MIID] "/" [path] ["?" query]`. Addresses a node, or with `*` and x-names several.
 * Source: PROTOCOL.md §5.
 */
export class ClientUri {
  /** The components, percent-decoded: MOID, MIID, then the path. */
  readonly names: string[];
  /** For each component a `Part` or an x-name's letter. */
  readonly parts: number[];
  readonly conditions: Condition[];
  /** The cache validator in the query, '' where there is none. */
  readonly validator: string;

  /**
   * @param uri at most `limits.uri` bytes, as it was sent.
   * @throws DmError `BAD_URI`
   */
  constructor(uri: string, text: Text) {
    const mark = uri.indexOf('?');
    const components = (mark < 0 ? uri : uri.slice(0, mark)).split(SLASH);
    if (components.length <= HEAD_PARTS) throw new DmError('BAD_URI', uri);
    if (components[components.length - 1] === '') components.pop();
    this.names = components;
    this.parts = [];
    this.conditions = [];
    // Most URIs have none of these: one native search spares a look at every component.
    const encoded = uri.indexOf('%') >= 0;
    const special = uri.indexOf('*') >= 0 || uri.indexOf('(') >= 0;
    for (let i = 0; i < components.length; i += 1) {
      const part = special ? partOf(components[i]) : Part.Name;
      this.addPart(components[i] === '' ? Part.Only : part, i, uri);
      if (encoded && part === Part.Name) components[i] = percentDecode(components[i], uri);
    }
    this.validator = mark < 0 ? '' : this.parseQuery(uri.slice(mark + 1), text, uri);
    for (let i = 0; i < this.conditions.length; i += 1) {
      if (this.parts.indexOf(this.conditions[i].letter) < 0) throw new DmError('BAD_URI', uri);
    }
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
    return this.names.length === HEAD_PARTS;
  }

  /** True where every component is a name, or the empty MIID. */
  get isPlain(): boolean {
    for (let i = 0; i < this.parts.length; i += 1) {
      if (this.parts[i] !== Part.Name && this.parts[i] !== Part.Only) return false;
    }
    return true;
  }

  private addPart(part: number, index: number, uri: string): void {
    if (part !== Part.Name) {
      const misplaced = part === Part.Only ? index !== 1 : index === 0;
      const repeated = part > Part.Only && this.parts.indexOf(part) >= 0;
      if (misplaced || repeated) throw new DmError('BAD_URI', uri);
    }
    this.parts.push(part);
  }

  private parseQuery(query: string, text: Text, uri: string): string {
    const fields = query.split('&');
    let validator = '';
    for (let i = 0; i < fields.length; i += 1) {
      const field = fields[i];
      if (field.slice(0, 3) === 'cv=') validator = percentDecode(field.slice(3), uri);
      else if (field.slice(0, 3) === 'nv=') this.conditions.push(parseCondition(field.slice(3), text, uri));
    }
    return validator;
  }
}

/** `(x)` is an x-name, `*` any name, all else one name. */
function partOf(component: string): number {
  if (component === '*') return Part.Any;
  if (component.length !== 3 || component.charAt(0) !== '(' || component.charAt(2) !== ')') return Part.Name;
  const letter = component.charCodeAt(1) | 0x20;
  return letter >= 0x61 && letter <= 0x7a ? component.charCodeAt(1) : Part.Name;
}

function parseCondition(condition: string, text: Text, uri: string): Condition {
  const colon = condition.indexOf(':');
  const rel = condition.slice(0, Math.max(colon, 0)).split(SLASH);
  const letter = partOf(rel[0]);
  if (rel.length < 2 || letter <= Part.Only) throw new DmError('BAD_URI', uri);
  const names: string[] = [];
  for (let i = 1; i < rel.length; i += 1) {
    if (rel[i] === '') throw new DmError('BAD_URI', uri);
    names.push(percentDecode(rel[i], uri));
  }
  return { letter, rel: names, value: text.encode(percentDecode(condition.slice(colon + 1), uri)) };
}

function percentDecode(component: string, uri: string): string {
  if (component.indexOf('%') < 0) return component;
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
  if (name === '*') return '%2A';
  if (partOf(name) !== Part.Name) return encodeURIComponent(name).replace('(', '%28');
  return isUnreserved(name) ? name : encodeURIComponent(name).split('%3A').join(':');
}

/** True where percent-encoding would change nothing; spares most names the work. */
function isUnreserved(name: string): boolean {
  for (let i = 0; i < name.length; i += 1) {
    const c = name.charCodeAt(i);
    const letter = c | 0x20;
    if (!((letter >= 0x61 && letter <= 0x7a) || (c >= 0x2d && c <= 0x3a && c !== 0x2f) || c === 0x5f)) return false;
  }
  return true;
}
