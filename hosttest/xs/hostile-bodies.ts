const MMS = 'urn:oma:mo:oma-mms:1.3';
const NAMES = 100000;

/** A command whose status shows that the package was read to it. */
const GET = '["GET","urn:oma:mo:oma-fumo:1.0/m1/N1"]';

function names(count: number): string {
  return Array.from({ length: count }, (_, i) => `"name${i}":${i}`).join();
}

function document(moData: string): string {
  return `[{"ClientURI":"${MMS}//","MOData":{"MMS":${moData}}}]`;
}

/** A body that a server sends to break a device, and what becomes of it. */
export interface HostileBody {
  readonly what: string;
  readonly body: string | Uint8Array;
  /**
   * How the sessions end that get it as Package#2, and as a document: how many packages are asked for, the statuses of commands, and the
   * error's code, where there is one. The last status is that of the END behind it.
   */
  readonly outcome: string;
}

export const HOSTILE_BODIES: readonly HostileBody[] = [
  { what: 'empty', body: '', outcome: '2 200 | 2 502 200' },
  { what: 'nested arrays', body: `{"CMD":[],"x":${'['.repeat(NAMES)}`, outcome: '2 200 | 2 413 200' },
  { what: 'nested objects', body: '{"a":'.repeat(NAMES), outcome: '2 200 | 2 413 200' },
  { what: 'nested commands', body: `{"CMD":${'["GET",'.repeat(NAMES)}`, outcome: '2 400 200 | 2 413 200' },
  {
    what: 'an MO of 16 levels',
    body: document(`${'{"a":'.repeat(15)}1${'}'.repeat(15)}`),
    outcome: '2 200 | 2 200 200',
  },
  {
    what: 'an MO of 100,000 levels',
    body: document(`${'{"a":'.repeat(NAMES)}1${'}'.repeat(NAMES)}`),
    outcome: '2 200 | 2 413 200',
  },
  { what: 'a name without an end', body: `{"${'n'.repeat(1 << 20)}`, outcome: '2 200 | 2 502 200' },
  {
    what: 'a string of a megabyte',
    body: `{"CMD":[${GET},["HGET","${'u'.repeat(1 << 20)}"]]}`,
    outcome: '2 200 413 200 | 2 502 200',
  },
  {
    what: 'a number of a megabyte',
    body: `{"CMD":[${GET}],"x":${'1'.repeat(1 << 20)}}`,
    outcome: '2 200 200 | 2 502 200',
  },
  {
    what: 'an MO with a value of a megabyte',
    body: document(`{"a":"${'v'.repeat(1 << 20)}"}`),
    outcome: '2 200 | 2 200 200',
  },
  { what: 'names, 100,000 of them', body: `{"CMD":[${GET}],${names(NAMES)}}`, outcome: '2 200 200 | 2 502 200' },
  { what: 'an MO with 100,000 names', body: document(`{${names(NAMES)}}`), outcome: '2 200 | 2 413 200' },
  { what: 'NULs for blanks', body: `{"CMD":\0[${GET}]}`, outcome: '2 200 | 2 502 200' },
  { what: 'NULs for all', body: '\0'.repeat(10000), outcome: '2 200 | 2 502 200' },
  {
    what: 'NULs in strings',
    body: `{"CMD":[["GET","a\\u0000b"],["\\u0000"],${GET}],"\\u0000":"\\u0000"}`,
    outcome: '2 400 501 200 200 | 2 502 200',
  },
  { what: 'an MO of NULs', body: document('{"a\\u0000":"\\u0000"}'), outcome: '2 200 | 2 200 200' },
  {
    what: 'no UTF-8',
    body: Uint8Array.from(Buffer.from(`{"CMD":[["GET","\xc3("]]}`, 'latin1')),
    outcome: '2 200 | 2 502 200',
  },
  { what: 'halves of surrogate pairs', body: `{"CMD":[["GET","\\ud800"]]}`, outcome: '2 200 | 2 502 200' },
  {
    what: 'names of every object',
    body: `{"__proto__":{"CMD":[]},"constructor":1,"CMD":[${GET}]}`,
    outcome: '2 200 200 | 2 502 200',
  },
  {
    what: 'an MO with names of every object',
    body: document('{"__proto__":{"toString":"x"},"constructor":"y"}'),
    outcome: '2 200 | 2 200 200',
  },
];

/** A package, with a bit of everything in it, that is cut at each of its places. */
export const CUT_BODY = `{"x":{"\\u00e9":[-1.5e3,true,null,"\\ud83d\\ude00"]},"CMD":[${GET},["NO","é"],["DELETE","${MMS}//"]]}`;
