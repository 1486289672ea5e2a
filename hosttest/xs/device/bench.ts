import { measureMo } from '../../bench/mo.js';
import { measureReader } from '../../bench/reader.js';
import { measureTree } from '../../bench/tree.js';
import type { Host } from './host.js';

declare const host: Host;

// The benchmarks of Node, on the machine: the same contestants, inputs and rounds.

export function reader(commands: number, segment: number, rounds: number, sample: number): void {
  host.print(JSON.stringify(measureReader(commands, { rounds, sample, warmUp: 0 }, segment)));
}

export function tree(rounds: number, sample: number): void {
  host.print(JSON.stringify(measureTree({ rounds, sample, warmUp: 0 })));
}

export function mo(rounds: number, sample: number): void {
  host.print(JSON.stringify(measureMo({ rounds, sample, warmUp: 0 })));
}
