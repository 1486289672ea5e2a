import type { HttpRequest } from '../../hal/http.js';
import type { Text } from '../../hal/text.js';

const NAME = 'abcdefghijklmnopqrstuvwxyz0123456789-._';

/** Where a URL leads to. */
export interface Target {
  readonly isSecure: boolean;
  /** In lower case. */
  readonly host: string;
  readonly port: number;
  /** Host and port as the URL has them. */
  readonly authority: string;
  /** Path and query. */
  readonly path: string;
}

/** @returns undefined for a URL that is none, that names a user, or whose host is an IPv6 address, which the SDK cannot reach. */
export function targetOf(url: string): Target | undefined {
  const isSecure = url.slice(0, 8).toLowerCase() === 'https://';
  const [rest] = url.slice(isSecure ? 8 : 7).split('#');
  const [authority] = rest.split('/')[0].split('?');
  const [name, digits, more] = authority.split(':');
  const host = name.toLowerCase();
  const port = digits ? Number(digits) : isSecure ? 443 : 80;
  const path = rest.slice(authority.length);
  let isGood = host !== '' && more === undefined && port > 0 && port < 65536 && port % 1 === 0;
  for (let i = 0; i < host.length; i += 1) if (NAME.indexOf(host.charAt(i)) < 0) isGood = false;
  return isGood ? { isSecure, host, port, authority, path: path.charAt(0) === '/' ? path : `/${path}` } : undefined;
}

/** @returns the header of a request, ready to be sent; undefined where it would be read as something else. */
export function headerOf(request: HttpRequest, target: Target, text: Text): Uint8Array | undefined {
  const { method, headers, bodyLength } = request;
  if (target.path.indexOf(' ') >= 0) return undefined;
  let header = `${method} ${target.path} HTTP/1.1\r\nHost: ${target.authority}\r\n`;
  let lines = 3;
  for (let i = 0; i < headers.length; i += 2) {
    header += `${headers[i]}: ${headers[i + 1]}\r\n`;
    lines += 1;
  }
  if (bodyLength >= 0) {
    header += `Content-Length: ${bodyLength}\r\n`;
    lines += 1;
  }
  const bytes = text.encode(`${header}\r\n`);
  // What came from a server, such as a redirect's target or an ETag, must not bring lines of its own.
  let controls = 0;
  for (let i = 0; i < bytes.length; i += 1) if (bytes[i] < 32 || bytes[i] === 127) controls += 1;
  return controls === 2 * lines ? bytes : undefined;
}
