/** Media types of OMA DM 2.0 (PROTOCOL.md §4, §7). */
export const TYPE_INITIATION = 'application/vnd.oma.dm.initiation+json';
export const TYPE_REQUEST = 'application/vnd.oma.dm.request+json';
export const TYPE_RESPONSE = 'application/vnd.oma.dm.response+json';
export const TYPE_MO = 'application/vnd.oma.dm.mo+json';

/** Types of MO documents that are read. */
export const READ_MO_TYPES: readonly string[] = [TYPE_MO, 'application/dmmo+json', 'application/json'];

/** A media type without its parameters, in lower case. */
export function mediaType(header: string): string {
  return header.split(';')[0].trim().toLowerCase();
}
