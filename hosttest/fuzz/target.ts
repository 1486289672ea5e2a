import * as fc from 'fast-check';
import { crc32 } from '../../src/flash/crc32.js';
import { printable } from '../support/cuts.js';
import { mutated } from './cases/mutations.js';

/** Something that is fuzzed. Every case is a sequence of bytes, so that a file can hold it. */
export interface Target {
  readonly name: string;
  readonly cases: fc.Arbitrary<Uint8Array>;
  /** What is wrong with what a case comes to; nothing where all is well. */
  check(input: Uint8Array): Promise<readonly string[]> | readonly string[];
  /** Releases what it holds, if anything. */
  close?(): Promise<void>;
}

/** Cases as they are made, and others that differ from them in a few bytes. */
export function withMutations(base: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  return fc.oneof({ weight: 3, arbitrary: base }, { weight: 2, arbitrary: mutated(base) });
}

/** The pace is the case's own, so that its bytes alone repeat it. */
export function paceOf(input: Uint8Array): number {
  return (crc32(input, 0, input.length, 0) >>> 0) | 1;
}

/** A failing case as one line. */
export function describe(input: Uint8Array): string {
  return `${input.length} bytes: ${printable(input)}`;
}
