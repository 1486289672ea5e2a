import * as fc from 'fast-check';

/** What mutations put in: bytes that mean something somewhere. */
const PIECES = [
  ...'{}[]:,"\\/-+.019eE*()?&=%# \n\r\0\x1f\x7fé€',
  '\\u',
  '\\ud83d',
  '"CMD":',
  '"MOData":',
  '"ClientURI":',
  '["END"],',
  '\xff',
  '\xed\xa0\x80',
  '\xc0\x80',
];

/** A place in the middle of anything, as a part of its length in 65,536ths. */
const place = fc.nat(65535);

const piece = fc.oneof(
  fc.constantFrom(...PIECES).map((text) => [...Buffer.from(text, 'latin1')]),
  fc.array(fc.nat(255), { minLength: 1, maxLength: 4 }),
);

interface Change {
  readonly kind: number;
  readonly at: number;
  readonly count: number;
  readonly bytes: readonly number[];
}

const change: fc.Arbitrary<Change> = fc.record({ kind: fc.nat(6), at: place, count: fc.nat(12), bytes: piece });

function changed(bytes: readonly number[], { kind, at, count, bytes: fresh }: Change): number[] {
  const all = bytes.slice();
  const from = (all.length * at) >> 16;
  if (kind === 0) all.splice(from, count + 1);
  else if (kind === 1) all.splice(from, 0, ...fresh);
  else if (kind === 2) all.splice(from, fresh.length, ...fresh);
  else if (kind === 3) all.splice(from, 0, ...all.slice(from, from + 4 * count));
  else if (kind === 4) return all.slice(0, from);
  else if (kind === 5 && all.length > 0) all[from] ^= 1 << (count & 7);
  else all.splice(from, 2, ...all.slice(from, from + 2).reverse());
  return all;
}

/** A base with one to four small changes. */
export function mutated(base: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  return fc
    .tuple(base, fc.array(change, { minLength: 1, maxLength: 4 }))
    .map(([bytes, changes]) => Uint8Array.from(changes.reduce<readonly number[]>(changed, [...bytes])));
}
