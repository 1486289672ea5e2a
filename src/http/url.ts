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
export function resolveUrl(baseUrl: string, reference: string): string {
  const base = withoutFragment(baseUrl);
  if (withoutFragment(reference) === '') return base;
  const scheme = reference.indexOf(':');
  if (scheme > 0 && scheme < delimiter(reference, 0)) return isHttp(reference) ? withoutFragment(reference) : '';
  if (reference.slice(0, 2) === '//') return base.slice(0, base.indexOf('/')) + withoutFragment(reference);
  const origin = base.slice(0, authorityEnd(base));
  if (reference.charAt(0) === '/') return origin + withoutFragment(reference);
  const path = base.slice(origin.length).split('?')[0];
  if (reference.charAt(0) === '?') return origin + path + withoutFragment(reference);
  return `${origin}${path.slice(0, path.lastIndexOf('/') + 1) || '/'}${withoutFragment(reference)}`;
}

/** True where a URL begins with `http://` or `https://`, in any case. */
export function isHttp(url: string): boolean {
  const start = url.slice(0, 8).toLowerCase();
  return start.slice(0, 7) === 'http://' || start === 'https://';
}

function withoutFragment(url: string): string {
  return url.split('#')[0];
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
