import { fail } from './errors.js';

/** Most of what has no other bound; what does not fit the machine is refused by the machine. */
const MOST = 0x7fffffff;

/**
 * Every bound that dmlet sets to what comes from outside, and to its own memory: default, least, most; where the latter two are left out, 0
 * to 2,147,483,647. Bytes, unless the name says otherwise. Bytes that are skipped have no size limit, only the time limits. The defaults
 * suit a script heap of 40 KB; the README tells what to lower for one of 32 KB.
 */
const RANGES = {
  /** Levels of objects and arrays in any JSON input: the tree's depth and the envelope around it. */
  jsonDepth: [64, 8, 255],
  /** Nodes from the MO root to a leaf (PROTOCOL.md §12: at least 16). The access control MO, down to a right, has five levels. */
  depth: [16, 5, 250],
  /** One node name (at least 255). */
  name: [255, 1],
  /** One value in memory (at least 4096); a longer one is a large value, and lives in flash. */
  value: [4096, 1, 0xfffc],
  /** One large value, lest one fills the flash; no more than `value`: there are none. */
  largeValue: [0x100000],
  /** One ServerURI or ClientURI, also after its placeholders are replaced (at least 1024). */
  uri: [1024, 1],
  /** The name and the parameters of one command together; at least two URIs. */
  command: [2080, 8, 0xffff],
  /** Parameters of one command, its name not counted. */
  parameters: [16, 2, 0xfff],
  /** One notification, Package#0; 323 holds every option at its longest, the rest is room for options that this client skips. */
  notification: [512, 4],
  /** Arena for nodes and values; at most 131,072, since links are 16 bits wide and count 2-byte units. */
  tree: [8192, 64, 0x20000],
  /** Different node names in the tree. */
  names: [160, 1, 0xffff],
  /** All different node names together. */
  nameBytes: [2048, 1],
  /** Entries of the DEFAULT table. */
  defaults: [16],
  /** Subscriptions of all servers together. */
  subscriptions: [8],
  /** EXECs that were begun and are not finished. */
  executions: [8],
  /** Alerts that wait for their servers. */
  alerts: [8, 1],
  /** One alert, as JSON. */
  alert: [1024],
  /** Objects in flash: MO instances, DEFAULTs, due work and the client's own state. */
  objects: [64, 1, 0x7ff],
  /** One flash record; the store's own limit, where smaller, wins. */
  record: [512, 32],
  /** What Package#3 will say, with 24 for each run of equal statuses and for each piece of data. */
  reply: [1536, 72],
  /** Read-ahead of a Package#2, and window in which packages are written. */
  readAhead: [1024, 1],
  /** Window in which MO documents are written and read. */
  writeWindow: [512, 1],
  /** Redirects that one request follows. */
  redirects: [3],
  /** Just-in-time requests that wait at once. */
  requests: [8],
  /** Callbacks that local applications may have on changes in the tree. */
  watches: [8],
  /** Milliseconds until a connection (name, TCP, TLS) is there. */
  connectTime: [30000],
  /** Milliseconds from the whole request sent to the whole header received. */
  headersTime: [60000],
  /** Milliseconds between two pieces of a body. */
  idleTime: [60000],
  /** Milliseconds between two pieces of a package that is read ahead; then its connection is held open instead. */
  readAheadTime: [1000],
  /** Milliseconds for a whole exchange; time in which the client itself does not read is not counted. */
  wholeTime: [1800000],
  /** Milliseconds from a change in the tree to its report: what changes meanwhile goes with it. */
  settleTime: [1000],
  /** Milliseconds of the first retry's upper bound. */
  retryFirst: [30000],
  /** Milliseconds that no retry's upper bound exceeds. */
  retryCap: [21600000],
  /** Milliseconds that a server may ask to wait (`Retry-After`); longer ones count as this. */
  retryAfter: [604800000],
};

/** The bounds of a client. Each can be raised or lowered when the client is made. */
export type Limits = { -readonly [Name in keyof typeof RANGES]: number };

const NAMES = Object.keys(RANGES) as (keyof Limits)[];

function defaults(): Limits {
  const limits = {} as Limits;
  for (let i = 0; i < NAMES.length; i += 1) limits[NAMES[i]] = RANGES[NAMES[i]][0];
  return limits;
}

export const DEFAULT_LIMITS: Limits = defaults();

/**
 * The defaults with changes: holds nothing but these, and leaves the rest to `DEFAULT_LIMITS`.
 * @throws DmError `BAD_ARGUMENT` for limits with which the client cannot work.
 */
export function limitsWith(changes: Partial<Limits>): Limits {
  const limits = Object.create(DEFAULT_LIMITS) as Limits;
  for (let i = 0; i < NAMES.length; i += 1) {
    const name = NAMES[i];
    const range = RANGES[name];
    const value = changes[name];
    if (value === undefined) continue;
    if (!(value >= (range[1] || 0) && value <= (range[2] || MOST))) fail('BAD_ARGUMENT', `limits.${name}`);
    // Defined, not assigned: on a device the defaults are frozen, and an instance may not hide a frozen property.
    Object.defineProperty(limits, name, { value });
  }
  if (limits.name > limits.uri) fail('BAD_ARGUMENT', 'limits.name above limits.uri');
  // Around a tree of full depth stand the bootstrap, its MO, the element and MOData.
  if (limits.jsonDepth < limits.depth + 4) fail('BAD_ARGUMENT', 'limits.jsonDepth below limits.depth + 4');
  return limits;
}
