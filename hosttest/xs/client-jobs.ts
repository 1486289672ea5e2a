import { type Creation, DEVICE, type Run } from './machine.js';
import { compiledModules, coreBundle } from './modules.js';

const MODULE = "'hosttest/xs/device/client.js'";
const FIRMWARE = "'hosttest/xs/device/firmware.js'";
const FUMO = 'urn:oma:mo:oma-fumo:1.0';
const MMS = 'urn:oma:mo:oma-mms:1.3';

const HGET = { CMD: [['HGET', 'https://data.example.com/mo/1', `${MMS}//`]] };
const END = { CMD: [['END']] };

/** Of all objects that the device has when it is started. */
const MOIDS = [
  FUMO,
  'urn:oma:mo:oma-dm-dmacc:1.2',
  'urn:oma:mo:oma-dm-devinfo:1.2',
  'urn:oma:mo:oma-dm-dacmo:1.0',
  'urn:oma:mo:oma-sessioninfomo:1.0',
];

/** With the nodes of accounts, rights and DevInfo, these leaves make a tree of 50 nodes. */
const LEAVES = 34;

/** GETs of the session that is timed. */
export const TIMED_GETS = 10;

/** Leaves of about a kilobyte. */
const KILOBYTE_OF_LEAVES = 44;

/** Size of the bodies that are larger than any memory. */
const MEGABYTE = 1 << 20;

/** A value of that size. It is ASCII, and a quarter of it is escaped in JSON. */
export const LARGE_VALUE = 'line "1"\\n'.repeat(MEGABYTE / 10);

/** Records that flash has room for: half of the value. */
const HALF_FULL = 2000;

export interface ClientJobs {
  /** Nothing but the machine. */
  readonly empty: Run;
  readonly made: Run;
  readonly started: Run;
  /** Prints how many nodes the tree then has. */
  readonly nodes: Run;
  /** A session in which the server GETs one leaf. */
  readonly session: Run;
  /** A session with a Package#2 of 1 MB: as many commands as the reply takes, the rest is skipped. */
  readonly longPackage: Run;
  /** A session that HGETs 1 KB. */
  readonly fetched: Run;
  /** A session that HGETs a document of 64 KB, of which the target's 1 KB is kept. */
  readonly longDocument: Run;
  /** The same with a document of 1 MB. */
  readonly hugeDocument: Run;
  /** A session that HGETs a MO of 1 MB, which is refused. */
  readonly refusedDocument: Run;
  /** A session that HGETs a leaf of 1 MB, then sends it by HPUT, and with its Package#3. */
  readonly largeLeaf: Run;
  /** The same where flash is full after half of it. */
  readonly refusedLeaf: Run;
}

function leaves(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`N${i}`, `value-${String(i).padStart(4, '0')}`]));
}

/** Brings an account, DevInfo and an object with leaves to GET. */
export function bootstrap(): object {
  const account = {
    SrvID: 'dm.example',
    SrvURI: 'https://dm.example/dm',
    Perm: { 1: { MOID: MMS }, 2: { MOID: FUMO } },
  };
  return {
    MO: [
      { ClientURI: 'urn:oma:mo:oma-dm-dmacc:1.2/operator/', MOData: { DMAcc: account } },
      { ClientURI: 'urn:oma:mo:oma-dm-devinfo:1.2//', MOData: { DevInfo: { DevID: 'IMEI:490154203237518' } } },
      { ClientURI: `${FUMO}/m1/`, MOData: { FUMO: leaves(LEAVES) } },
    ],
  };
}

function gets(count: number): string[][] {
  return Array.from({ length: count }, (_, i) => ['GET', `${FUMO}/m1/N${i % LEAVES}`]);
}

function longPackage(): object {
  const commands = gets(100);
  const skipped = Array.from({ length: MEGABYTE / 64 }, (_, i) => [
    'HGET',
    `https://data.example.com/mo/${i}`,
    `${MMS}/m${i}/`,
  ]);
  return { CMD: commands, Skipped: skipped };
}

/** The target's object of 1 KB among others, `bytes` in all. */
function document(bytes: number): object {
  const kept = { ClientURI: `${MMS}//`, MOData: { MMS: leaves(KILOBYTE_OF_LEAVES) } };
  const other = { ClientURI: 'urn:example:mo:other:1.0/x/', MOData: { Other: leaves(KILOBYTE_OF_LEAVES) } };
  const others = Math.floor(bytes / JSON.stringify(other).length);
  return [...Array.from({ length: others }, () => other), kept];
}

/**
 * What a whole client does, as runs of the machine.
 * @param usualLimits whether it has the limits that a client has by default, instead of a device's.
 * @param isFirmware whether sessions run over the adapters of the Moddable SDK, its HTTP among them, instead of the smallest that there can be.
 */
export function clientJobs(creation: Partial<Creation> = DEVICE, usualLimits = false, isFirmware = false): ClientJobs {
  const preload = { ...coreBundle(), ...compiledModules('hosttest/xs/device/client', 'hosttest/xs/device/firmware') };
  const run = isFirmware
    ? `import { runFirmware as runSession } from ${FIRMWARE};`
    : `import { runSession } from ${MODULE};`;
  const limits = usualLimits ? '{}' : 'DEVICE_LIMITS';
  const get = { CMD: [['GET', `${FUMO}/m1/N1`]] };
  const leaf = { ClientURI: `${MMS}//`, MOData: { MMS: { Name: 'large', Image: LARGE_VALUE } } };
  const large = {
    CMD: [...HGET.CMD, ['HPUT', 'https://data.example.com/up', `${MMS}//`], ['GET', `${MMS}//Image`]],
  };
  const job = (call: string, package2: object, body: object): Run => ({
    preload,
    program: `${run} import { DEVICE_LIMITS, makeClient, printNodes, startClient } from ${MODULE}; ${call};`,
    inputs: [bootstrap(), package2, END, body].map((input) => Buffer.from(JSON.stringify(input))),
    creation,
  });
  return {
    empty: { program: '', preload, creation },
    made: job(`makeClient(${limits})`, get, []),
    started: job(`startClient(${limits})`, get, []),
    nodes: job(`printNodes(${limits}, ${JSON.stringify(MOIDS)})`, get, []),
    session: job(`runSession(${limits}, '${MMS}', false)`, get, []),
    longPackage: job(`runSession(${limits}, '${MMS}', false)`, longPackage(), []),
    fetched: job(`runSession(${limits}, '${MMS}', true)`, HGET, document(0)),
    longDocument: job(`runSession(${limits}, '${MMS}', true)`, HGET, document(1 << 16)),
    hugeDocument: job(`runSession(${limits}, '${MMS}', true)`, HGET, document(MEGABYTE)),
    largeLeaf: job(`runSession(${limits}, '${MMS}', true)`, large, leaf),
    refusedLeaf: job(`runSession(${limits}, '${MMS}', false, ${HALF_FULL})`, HGET, leaf),
    refusedDocument: job(`runSession(${limits}, '${MMS}', false)`, HGET, {
      ClientURI: `${MMS}//`,
      MOData: { MMS: leaves(MEGABYTE / 20) },
    }),
  };
}

/** A session that GETs ten leaves, and prints how long that took. */
export function timedSession(): Run {
  return {
    ...clientJobs().session,
    program: `import { timeSession } from ${MODULE}; timeSession({});`,
    inputs: [bootstrap(), { CMD: gets(TIMED_GETS) }, END, []].map((input) => Buffer.from(JSON.stringify(input))),
    creation: { ...DEVICE, pool: MEGABYTE },
  };
}

/**
 * Sessions in which bodies are hostile.
 * @param call `sendAll` sends each of them, `sendCut` the one cut at all of its places.
 */
export function hostileJob(
  call: 'sendAll' | 'sendCut',
  bodies: readonly (string | Uint8Array)[],
  creation: Partial<Creation>,
): Run {
  const first = [bootstrap(), HGET, END].map((input) => JSON.stringify(input));
  return {
    preload: { ...coreBundle(), ...compiledModules('hosttest/xs/device/hostile') },
    program: `import { ${call} } from 'hosttest/xs/device/hostile.js'; ${call}(${bodies.length});`,
    inputs: [...first, ...bodies].map((input) => Buffer.from(input)),
    creation,
  };
}

/** A session with `count` names that are in no catalog: members of the package, commands, and nodes of a document that is refused. */
export function namesJob(count: number, creation: Partial<Creation>): Run {
  const third = Array.from({ length: Math.ceil(count / 3) }, (_, i) => i);
  const named = (prefix: string): object =>
    Object.fromEntries(third.map((i) => [`${prefix}${i}`, { [`${prefix}_`]: i }]));
  const commands = third.map((i) => [`COMMAND${i}`]);
  const last = [['GET', `${FUMO}/m1/N1`]];
  return {
    ...clientJobs(creation).session,
    inputs: [
      bootstrap(),
      { ...named('before'), CMD: [...HGET.CMD, ...last, ...commands], ...named('behind') },
      END,
      { ClientURI: `${MMS}//`, MOData: { MMS: named('node') } },
    ].map((input) => Buffer.from(JSON.stringify(input))),
  };
}
