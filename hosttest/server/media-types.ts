/** Media types of PROTOCOL.md §4 and §7. */
export const INITIATION = 'application/vnd.oma.dm.initiation+json';
export const REQUEST = 'application/vnd.oma.dm.request+json';
export const RESPONSE = 'application/vnd.oma.dm.response+json';
export const MO = 'application/vnd.oma.dm.mo+json';

/** Types that MO data may bear. */
export const MO_TYPES: readonly string[] = [MO, 'application/dmmo+json', 'application/json'];

/** A header's media type without its parameters, in lower case; empty where there is none. */
export function mediaType(header: string | undefined): string {
  return (header ?? '').split(';')[0].trim().toLowerCase();
}

/** Whether an `Accept` header names `type` itself, not by a wildcard, and does not rule it out with `q=0`. */
export function acceptNames(accept: string | undefined, type: string): boolean {
  return (accept ?? '')
    .split(',')
    .some((range) => mediaType(range) === type && !/;\s*q\s*=\s*0(?:\.0*)?\s*(?:;|$)/i.test(range));
}
