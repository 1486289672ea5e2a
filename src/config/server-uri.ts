import { DmError } from '../errors.js';
import { authorityEnd, isHttp } from '../http/url.js';
import type { Limits } from '../limits.js';

/** Gives the values of placeholders. */
export interface PlaceholderValues {
  /** The value of a known name now, '' where the device does not know it. */
  placeholder(name: string): string;
}

/** Of the SIM and of the network camped on; the only ones that the authority may hold. */
const NETWORK: readonly string[] = ['MCC', 'MNC', 'CMCC', 'CMNC'];

/** DevInfo leaves that a placeholder may name, and the MOID at hand. */
const GENERAL: readonly string[] = ['DevID', 'Man', 'Mod', 'FwV', 'SwV', 'HwV', 'Lang', 'MOID'];

/** Identify a person: known only where the application allows them. */
const PERSONAL: readonly string[] = ['IMSI', 'ICCID'];

/**
 * Replaces the placeholders of a ServerURI (PROTOCOL.md §6): each `[NAME]` by its value, percent-encoded as a path segment. Brackets right
 * after `//` or `@` are an IPv6 literal.
 * @throws DmError `BAD_URI`, `UNKNOWN_PLACEHOLDER`; `NO_VALUE` where a value is not known now; `TOO_LONG`.
 */
export function expandServerUri(
  uri: string,
  values: PlaceholderValues,
  allowPersonal: boolean,
  limits: Limits,
): string {
  const expanded = walk(uri, allowPersonal, (name) => {
    const value = values.placeholder(name);
    if (value === '') throw new DmError('NO_VALUE', name);
    return encodeURIComponent(value);
  });
  if (expanded.length > limits.uri) throw new DmError('TOO_LONG', uri);
  return expanded;
}

/**
 * Checks a ServerURI that is to be stored: its form, and that its placeholders are known, whatever their values now.
 * @throws DmError `BAD_URI`, `UNKNOWN_PLACEHOLDER`, `TOO_LONG`.
 */
export function checkServerUri(uri: string, allowPersonal: boolean, limits: Limits): void {
  if (uri.length > limits.uri) throw new DmError('TOO_LONG', uri);
  walk(uri, allowPersonal, () => '');
}

function walk(uri: string, allowPersonal: boolean, value: (name: string) => string): string {
  checkCharacters(uri);
  const authority = uri.indexOf('//') + 2;
  const path = authorityEnd(uri);
  if (!isHttp(uri) || path === authority) throw new DmError('BAD_URI', uri);
  let out = '';
  let at = 0;
  for (;;) {
    const open = uri.indexOf('[', at);
    const close = uri.indexOf(']', at);
    if (open < 0 && close < 0) return out + uri.slice(at);
    if (open < 0 || close < open) throw new DmError('BAD_URI', uri);
    out += uri.slice(at, open);
    at = close + 1;
    if (isLiteral(uri, open, authority, path)) {
      const literal = uri.slice(open, at);
      if (literal.indexOf(':') < 0) throw new DmError('BAD_URI', uri);
      out += literal;
    } else {
      const name = uri.slice(open + 1, close);
      if (!isKnown(name, allowPersonal)) throw new DmError('UNKNOWN_PLACEHOLDER', name);
      if (open < path && NETWORK.indexOf(name) < 0) throw new DmError('BAD_URI', uri);
      out += value(name);
    }
  }
}

function isKnown(name: string, allowPersonal: boolean): boolean {
  if (NETWORK.indexOf(name) >= 0 || GENERAL.indexOf(name) >= 0) return true;
  return allowPersonal && PERSONAL.indexOf(name) >= 0;
}

function isLiteral(uri: string, open: number, authority: number, path: number): boolean {
  return open < path && (open === authority || uri.charAt(open - 1) === '@');
}

/** Printable ASCII only: a URL goes into a request line. */
function checkCharacters(uri: string): void {
  for (let i = 0; i < uri.length; i += 1) {
    const c = uri.charCodeAt(i);
    if (c <= 0x20 || c >= 0x7f) throw new DmError('BAD_URI', 'a character that no URI has');
  }
}
