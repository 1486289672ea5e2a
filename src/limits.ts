import { DmError } from './errors.js';

/**
 * Every bound that dmlet sets to what comes from outside, and to its own memory. Bytes, unless the name says otherwise.
 * Bytes that are skipped have no size limit, only the time limits. Each can be raised or lowered when the client is
 * made; the defaults suit a machine with 32 KB of script heap.
 */
export interface Limits {
  /** Levels of objects and arrays in any JSON input: the tree's depth and the envelope around it. */
  jsonDepth: number;
  /** Nodes from the MO root to a leaf (PROTOCOL.md §12: at least 16). */
  depth: number;
  /** One node name (at least 255). */
  name: number;
  /** One value in the tree (at least 4096). */
  value: number;
  /** One ServerURI or ClientURI, also after its placeholders are replaced (at least 1024). */
  uri: number;
  /** The name and the parameters of one command together; at least two URIs. */
  command: number;
  /** Parameters of one command, its name not counted. */
  parameters: number;
  /** One notification, Package#0; 323 holds every option at its longest, the rest is room for options that this client skips. */
  notification: number;
  /** Arena for nodes and values; at most 131,072, since links are 16 bits wide and count 2-byte units. */
  tree: number;
  /** Different node names in the tree. */
  names: number;
  /** All different node names together. */
  nameBytes: number;
  /** Entries of the DEFAULT table. */
  defaults: number;
  /** Subscriptions of all servers together. */
  subscriptions: number;
  /** EXECs that were begun and are not finished. */
  executions: number;
  /** Alerts that wait for their servers. */
  alerts: number;
  /** One alert, as JSON. */
  alert: number;
  /** Objects in flash: MO instances, DEFAULTs, due work and the client's own state. */
  objects: number;
  /** One flash record; the store's own limit, where smaller, wins. */
  record: number;
  /** What Package#3 will say, with 24 for each run of equal statuses and for each piece of data. */
  reply: number;
  /** Read-ahead of a Package#2, and window in which packages are written. */
  readAhead: number;
  /** Window in which MO documents are written and read. */
  writeWindow: number;
  /** Redirects that one request follows. */
  redirects: number;
  /** Just-in-time requests that wait at once. */
  requests: number;
  /** Callbacks that local applications may have on changes in the tree. */
  watches: number;
  /** Milliseconds until a connection (name, TCP, TLS) is there. */
  connectTime: number;
  /** Milliseconds from the whole request sent to the whole header received. */
  headersTime: number;
  /** Milliseconds between two pieces of a body. */
  idleTime: number;
  /** Milliseconds between two pieces of a package that is read ahead; then its connection is held open instead. */
  readAheadTime: number;
  /** Milliseconds for a whole exchange; time in which the client itself does not read is not counted. */
  wholeTime: number;
  /** Milliseconds from a change in the tree to its report: what changes meanwhile goes with it. */
  settleTime: number;
  /** Milliseconds of the first retry's upper bound. */
  retryFirst: number;
  /** Milliseconds that no retry's upper bound exceeds. */
  retryCap: number;
  /** Milliseconds that a server may ask to wait (`Retry-After`); longer ones count as this. */
  retryAfter: number;
}

export const DEFAULT_LIMITS: Limits = {
  jsonDepth: 64,
  depth: 16,
  name: 255,
  value: 4096,
  uri: 1024,
  command: 2080,
  parameters: 16,
  notification: 512,
  tree: 8192,
  names: 160,
  nameBytes: 2048,
  defaults: 16,
  subscriptions: 8,
  executions: 8,
  alerts: 8,
  alert: 1024,
  objects: 64,
  record: 512,
  reply: 1536,
  readAhead: 1024,
  writeWindow: 512,
  redirects: 3,
  requests: 8,
  watches: 8,
  connectTime: 30000,
  headersTime: 60000,
  idleTime: 60000,
  readAheadTime: 1000,
  wholeTime: 1800000,
  settleTime: 1000,
  retryFirst: 30000,
  retryCap: 21600000,
  retryAfter: 604800000,
};

/** Most that any buffer may have; what does not fit the machine is refused by the machine. */
const LARGEST = 0x1000000;

/** Ranges of the limits that other things depend on, [name, least, most]; all others may be from 0 to 2,147,483,647. */
const RANGES: readonly (readonly [keyof Limits, number, number])[] = [
  ['jsonDepth', 8, 255],
  // The access control MO, down to a right, has five levels.
  ['depth', 5, 250],
  ['name', 1, LARGEST],
  ['value', 1, 0xfffc],
  ['uri', 1, LARGEST],
  ['command', 8, 0xffff],
  ['parameters', 2, 0xfff],
  ['notification', 4, LARGEST],
  ['tree', 64, 0x20000],
  ['names', 1, 0xffff],
  ['nameBytes', 1, LARGEST],
  ['objects', 1, 0x7ff],
  ['record', 32, LARGEST],
  ['reply', 72, LARGEST],
  ['readAhead', 1, LARGEST],
  ['writeWindow', 1, LARGEST],
];

/** @throws DmError `BAD_ARGUMENT` for limits with which the client cannot work. */
export function checkLimits(limits: Limits): void {
  const names = Object.keys(DEFAULT_LIMITS) as (keyof Limits)[];
  for (let i = 0; i < names.length; i += 1) checkRange(limits, names[i], 0, 0x7fffffff);
  for (let i = 0; i < RANGES.length; i += 1) checkRange(limits, RANGES[i][0], RANGES[i][1], RANGES[i][2]);
  if (limits.name > limits.uri) throw new DmError('BAD_ARGUMENT', 'limits.name above limits.uri');
  // Around a tree of full depth stand the bootstrap, its MO, the element and MOData.
  if (limits.jsonDepth < limits.depth + 4) throw new DmError('BAD_ARGUMENT', 'limits.jsonDepth below limits.depth + 4');
}

function checkRange(limits: Limits, name: keyof Limits, least: number, most: number): void {
  if (!(limits[name] >= least && limits[name] <= most)) throw new DmError('BAD_ARGUMENT', `limits.${name}`);
}
