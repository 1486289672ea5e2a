/** An element of MO data that fits its schema. */
interface MoElement {
  readonly ClientURI: string;
  readonly CV?: string;
  readonly MOData: Record<string, unknown>;
}

/** MOID, MIID, which may be empty, and path. */
const PLACE = /^[^/?]+\/[^/?]*\/([^?]*)$/;

/**
 * What the schema of MO data cannot say (PROTOCOL.md §7, §11).
 * @param document that fits the schema.
 * @returns the first thing that is wrong, with its place as a JSON pointer, or undefined.
 */
export function judgeMoData(document: unknown): string | undefined {
  for (const [index, element] of (document as MoElement[]).entries()) {
    const wrong = judgeElement(element);
    if (wrong) return `/${index}${wrong}`;
  }
  return undefined;
}

function judgeElement({ ClientURI, CV, MOData }: MoElement): string | undefined {
  const place = PLACE.exec(ClientURI);
  if (!place) return '/ClientURI: expected MOID/MIID/path';
  const names = place[1].split('/').filter((name) => name !== '');
  if (names.length === 0) return undefined;
  if (CV !== undefined) return '/CV: only an MO root has one';
  const name = decoded(names[names.length - 1]);
  return Object.hasOwn(MOData, name) ? undefined : `/MOData: expected the member ${JSON.stringify(name)}`;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
