import type { XsResults } from '../xs/bench/results.js';
import { FLEET_MUST } from './fleet.js';
import { type Results, sumOfCuts, worstJudged } from './results.js';

/** A bound that a figure must keep, and one that it should. */
export interface Budget {
  readonly what: string;
  readonly must: number;
  readonly aim: number;
  /** Undefined where there is no XS machine. */
  readonly measured: (results: Results) => number | undefined;
  readonly show: (value: number) => string;
}

const KB = 1024;

const asRatio = (value: number): string => value.toFixed(2);
const asBytes = (value: number): string => value.toFixed(1);
const asKilobytes = (value: number): string => `${(value / KB).toFixed(1)} KB`;

const asCount = (value: number): string => String(value);

/** A figure of the XS machine. */
function onXs(figure: (xs: XsResults) => number): (results: Results) => number | undefined {
  return ({ xs }) => (typeof xs === 'string' ? undefined : figure(xs));
}

/** The project's budgets. */
export const BUDGETS: readonly Budget[] = [
  {
    what: 'read 50 commands (XS), time over JSON.parse of a string',
    must: 4,
    aim: 3,
    measured: onXs(({ read50 }) => read50.ratio),
    show: asRatio,
  },
  {
    what: 'read 500 commands (XS), time over JSON.parse of a string',
    must: 4,
    aim: 2.5,
    measured: onXs(({ read500 }) => read500.ratio),
    show: asRatio,
  },
  {
    what: 'read 50 commands (Node), time over JSON.parse',
    must: 3.5,
    aim: 2,
    measured: ({ reader50 }) => reader50.ratios.dmlet,
    show: asRatio,
  },
  {
    what: 'memory of the reader (XS), for whatever number of commands',
    must: 6 * KB,
    aim: 4 * KB,
    measured: onXs(({ memory }) => Math.max(memory.few, memory.many)),
    show: asKilobytes,
  },
  {
    what: 'whole client (XS), 50 nodes, bodies of 1 MB: smallest machine',
    must: 32 * KB,
    aim: 24 * KB,
    measured: onXs(({ pool }) => pool.small),
    show: asKilobytes,
  },
  {
    what: 'property keys taken by foreign input (XS)',
    must: 0,
    aim: 0,
    measured: onXs(({ keys }) => keys),
    show: asCount,
  },
  {
    what: 'machines ended by hostile input (XS)',
    must: 0,
    aim: 0,
    measured: onXs(({ aborts }) => aborts),
    show: asCount,
  },
  {
    what: 'tree of 196 nodes: bytes per node, name and value',
    must: 28,
    aim: 22,
    measured: ({ tree, xs }) => (typeof xs === 'string' ? tree.bytesPerNode : xs.bytesPerNode),
    show: asBytes,
  },
  {
    what: 'resolve a ClientURI (XS), time over nested objects',
    must: 3,
    aim: 1.5,
    measured: onXs(({ tree }) => tree.lookupRatio),
    show: asRatio,
  },
  {
    what: 'resolve a ClientURI (Node), time over nested objects',
    must: 3,
    aim: 1.5,
    measured: ({ tree }) => tree.lookupRatio,
    show: asRatio,
  },
  {
    what: 'firmware part of the bundle, minified',
    must: 40 * KB,
    aim: 28 * KB,
    measured: ({ size }) => size.minified,
    show: asKilobytes,
  },
  {
    what: 'the same as byte code of XS',
    must: 44 * KB,
    aim: 30 * KB,
    measured: onXs(({ bytecode }) => bytecode.code),
    show: asKilobytes,
  },
  {
    what: 'flash writes of a session that changes nothing',
    must: 0,
    aim: 0,
    measured: ({ flash }) => flash.unchanged,
    show: asCount,
  },
  {
    what: 'flash writes of one new DEFAULT',
    must: 2,
    aim: 2,
    measured: ({ flash }) => flash.newDefault,
    show: asCount,
  },
  {
    what: 'flash writes of a replaced MO instance, above its number of records',
    must: 2,
    aim: 2,
    measured: ({ flash }) => flash.replaced - flash.records,
    show: asCount,
  },
  {
    what: 'power cuts at every flash write that lost something, or left it half done',
    must: 0,
    aim: 0,
    measured: ({ powerCuts }) => (powerCuts.length === 0 ? undefined : sumOfCuts(powerCuts).failed),
    show: asCount,
  },
  {
    what: '10,000 devices after an outage: peak arrivals in a second, over the mean',
    must: FLEET_MUST,
    aim: FLEET_MUST,
    measured: ({ fleet }) => worstJudged(fleet),
    show: asRatio,
  },
];
