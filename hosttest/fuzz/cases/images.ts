import * as fc from 'fast-check';
import { crc32 } from '../../../src/flash/crc32.js';
import { HEADER, recordKey, TRAILER } from '../../../src/flash/record.js';
import { preparedFlash } from '../node-trial.js';
import { documentText } from './documents.js';
import { clientUri, moid, oddText, serverUri } from './texts.js';

type Entry = readonly [key: string, value: Uint8Array];

/** One record with a whole header and checksum (src/flash/FORMAT.md), whatever it says. */
interface Fields {
  readonly version: number;
  readonly kind: number;
  readonly isLast: boolean;
  readonly object: number;
  readonly generation: number;
  readonly part: number;
  readonly payload: Uint8Array;
}

function record({ version, kind, isLast, object, generation, part, payload }: Fields): Uint8Array {
  const bytes = Buffer.alloc(HEADER + payload.length + TRAILER);
  bytes.writeUInt8(version, 0);
  bytes.writeUInt8((kind & 0x7f) | (isLast ? 0x80 : 0), 1);
  bytes.writeUInt16LE(object, 2);
  bytes.writeUInt32LE(generation >>> 0, 4);
  bytes.writeUInt16LE(part, 8);
  bytes.set(payload, HEADER);
  bytes.writeUInt32LE(crc32(bytes, 0, bytes.length - TRAILER, 0) >>> 0, bytes.length - TRAILER);
  return bytes;
}

/** A row of any table: its fields as JSON. */
const row = fc.array(
  fc.oneof(
    fc.constantFrom('session', 'jit', 'hget', 'report', 'alert', 'notified', '1', '=5', '-1', 'op'),
    serverUri,
    clientUri,
    moid,
    oddText,
  ),
  { maxLength: 6 },
);

const payload = fc
  .oneof(
    row.map((fields) => JSON.stringify(fields)),
    documentText.map((text) => text.replace(/^\[|\]$/g, '')),
    oddText,
  )
  .map((text) => new Uint8Array(Buffer.from(text).subarray(0, 200)));

const fields: fc.Arbitrary<Fields> = fc.record({
  version: fc.constantFrom(0xd1, 0xd1, 0xd1, 0xd1, 0xd1, 0xd1, 0xd2, 0x00),
  kind: fc.oneof({ weight: 9, arbitrary: fc.nat(11) }, { weight: 1, arbitrary: fc.nat(127) }),
  isLast: fc.constantFrom(true, true, true, false),
  object: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 28 }) }, { weight: 1, arbitrary: fc.nat(0xffff) }),
  generation: fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 1, max: 16 }) },
    { weight: 1, arbitrary: fc.nat(0xffffffff) },
  ),
  part: fc.oneof({ weight: 9, arbitrary: fc.nat(1) }, { weight: 1, arbitrary: fc.nat(0xffff) }),
  payload,
});

/** Records by themselves, and commit records. */
const fresh: fc.Arbitrary<Entry> = fc.oneof(
  { weight: 6, arbitrary: fields.map((one): Entry => [recordKey(one.object, one.generation, one.part), record(one)]) },
  {
    weight: 1,
    arbitrary: fc.oneof(fc.integer({ min: 1, max: 16 }), fc.nat(0xffffffff)).map((generation): Entry => {
      const commit = {
        version: 0xd1,
        kind: 127,
        isLast: true,
        object: 0,
        generation,
        part: 0,
        payload: new Uint8Array(0),
      };
      return [generation & 1 ? 'c1' : 'c0', record(commit)];
    }),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom('c0', 'c1', 'wifi', '001000001000'), fc.uint8Array({ maxLength: 40 })),
  },
);

/** What becomes of the records that are there. */
const harm = fc.record({ at: fc.nat(65535), kind: fc.nat(4), place: fc.nat(65535), value: fc.nat(255) });

function harmed(
  entries: readonly Entry[],
  { at, kind, place, value }: { at: number; kind: number; place: number; value: number },
): readonly Entry[] {
  if (entries.length === 0) return entries;
  const index = (entries.length * at) >> 16;
  const [key, old] = entries[index];
  const bytes = Buffer.from(old);
  const offset = (bytes.length * place) >> 16;
  const others = entries.filter((_, other) => other !== index);
  if (kind === 0) return others;
  if (kind === 1) return [...others, [key, bytes.subarray(0, offset)]];
  bytes[offset] = value;
  // The checksum made good: what is read then is whole, and means something else.
  if (kind > 2 && bytes.length > HEADER + TRAILER)
    bytes.writeUInt32LE(crc32(bytes, 0, bytes.length - TRAILER, 0) >>> 0, bytes.length - TRAILER);
  return [...others, [key, bytes]];
}

function encoded(entries: readonly Entry[]): Uint8Array {
  const parts = entries.flatMap(([key, value]) => {
    const head = Buffer.alloc(key.length + 3);
    head.writeUInt8(key.length, 0);
    head.write(key, 1, 'latin1');
    head.writeUInt16LE(value.length, key.length + 1);
    return [head, value];
  });
  return new Uint8Array(Buffer.concat(parts));
}

/** Images of flash: a device's own with changes, and ones that no device wrote. */
export function imageBytes(): fc.Arbitrary<Uint8Array> {
  const own = preparedFlash();
  return fc
    .tuple(fc.boolean(), fc.array(harm, { maxLength: 4 }), fc.array(fresh, { maxLength: 4 }))
    .map(([isOwn, harms, more]) => encoded([...harms.reduce(harmed, isOwn ? own : []), ...more]));
}
