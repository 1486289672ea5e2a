/** Scheme and authority of an absolute http(s) URL, in lower case: two URLs with the same origin go to the same server. */
export function originOf(url: string): string {
  return url.slice(0, authorityEnd(url)).toLowerCase();
}

/** True for `https:` URLs. */
export function isSecure(url: string): boolean {
  return url.slice(0, 6).toLowerCase() === 'https:';
}

/**
 * The URL that a `Location` means (RFC 3986 §5.2, without the removal of dot segments, which servers do).
 * @returns '' where it is neither http nor https.
 */
export function resolveUrl(baseUrl: string, location: string): string {
  const base = baseUrl.split('#')[0];
  const reference = location.split('#')[0];
  const scheme = reference.indexOf(':');
  if (scheme > 0 && scheme < delimiter(reference, 0)) return isHttp(reference) ? reference : '';
  const origin = authorityEnd(base);
  const first = reference.charAt(0);
  if (first === '') return base;
  if (first === '/') return base.slice(0, reference.charAt(1) === '/' ? base.indexOf('/') : origin) + reference;
  const path = base.split('?')[0];
  if (first === '?') return path + reference;
  const slash = path.lastIndexOf('/');
  return `${slash < origin ? path : path.slice(0, slash)}/${reference}`;
}

/**
 * Where an answer sends its request: GET follows 301, 302, 303, 307 and 308, other methods 307 and 308; never from https to http
 * (PROTOCOL.md §12).
 * @param location the header `Location`, '' where there was none.
 * @returns '' where the answer is to be taken as it is.
 */
export function redirectUrl(method: string, status: number, url: string, location: string): string {
  const any = status === 307 || status === 308;
  if (!any && (method !== 'GET' || (status !== 301 && status !== 302 && status !== 303))) return '';
  const next = location === '' ? '' : resolveUrl(url, location);
  return isSecure(url) && !isSecure(next) ? '' : next;
}

/** True where a URL begins with `http://` or `https://`, in any case. */
export function isHttp(url: string): boolean {
  const start = url.slice(0, 8).toLowerCase();
  return start.slice(0, 7) === 'http://' || start === 'https://';
}

/** Place behind the authority. */
export function authorityEnd(url: string): number {
  return delimiter(url, url.indexOf('//') + 2);
}

/** Place of the first `/`, `?` or `#` at or behind `from`; the end where there is none. */
function delimiter(url: string, from: number): number {
  let at = from;
  while (at < url.length && '/?#'.indexOf(url.charAt(at)) < 0) at += 1;
  return at;
}
