import { type Results, worstRatio } from './results.js';

/** A bound that a figure must keep, and one that it should. */
export interface Budget {
  readonly what: string;
  readonly must: number;
  readonly aim: number;
  readonly measured: (results: Results) => number;
  readonly show: (value: number) => string;
}

const KB = 1024;

const asRatio = (value: number): string => value.toFixed(2);
const asBytes = (value: number): string => value.toFixed(1);
const asKilobytes = (value: number): string => `${(value / KB).toFixed(1)} KB`;

/** The project's budgets, as far as Node can measure them. */
export const BUDGETS: readonly Budget[] = [
  {
    what: 'read 50 commands (Node), time over JSON.parse',
    must: 3.5,
    aim: 2,
    measured: ({ reader50 }) => reader50.ratios.dmlet,
    show: asRatio,
  },
  {
    what: 'tree of 196 nodes: bytes per node, name and value',
    must: 28,
    aim: 22,
    measured: ({ tree }) => tree.bytesPerNode,
    show: asBytes,
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
    what: '10,000 devices after an outage: peak arrivals in a second, over the mean',
    must: 3,
    aim: 3,
    measured: ({ fleet }) => worstRatio(fleet),
    show: asRatio,
  },
];
