import { type Contestant, type Effort, race, ratio, type Timing } from './measure.js';
import { makePackage2, type Package2 } from './package2.js';
import {
  clarinetReader,
  dmletReader,
  dmletTextReader,
  jsonParseReader,
  jsonParseStringReader,
  jsonparseReader,
  type ReadPackage2,
  streamparserReader,
  type TakeTexts,
} from './package2-readers.js';

const BASE = 'jsonParse';
const RATED = ['dmlet', 'dmletText', 'jsonParseString', 'clarinet', 'jsonparse', 'streamparser'] as const;

type Rated = (typeof RATED)[number];
export type ReaderKey = Rated | typeof BASE;

/** Time over `JSON.parse` of the whole body. */
export type ReaderRatios = Record<Rated, number>;

export interface ReaderResult {
  readonly commands: number;
  readonly bytes: number;
  readonly timings: readonly Timing<ReaderKey>[];
  readonly ratios: ReaderRatios;
}

/** Counts what a contestant finds: nobody may be fast by leaving something out. */
class Tally {
  commands = 0;
  parameters = 0;
  /** Sum of command codes, so that these are used. */
  codes = 0;

  check(input: Package2): void {
    // Every command of the budgets' packages has two parameters, and is an HGET, code 0.
    if (this.commands !== input.commands || this.parameters !== input.commands * 2 || this.codes !== 0) {
      throw new Error(`found ${this.commands} commands with ${this.parameters} parameters`);
    }
    this.commands = 0;
    this.parameters = 0;
  }
}

/** Measures how long a package of `commands` commands takes to read that arrives in chunks of `segment` bytes. */
export function measureReader(commands: number, effort: Effort, segment?: number): ReaderResult {
  const input = makePackage2(commands, segment);
  const timings = race(contestants(input), effort);
  const ratios = Object.fromEntries(RATED.map((key) => [key, ratio(timings, key, BASE)])) as ReaderRatios;
  return { commands, bytes: input.bytes, timings, ratios };
}

function contestants(input: Package2): Contestant<ReaderKey>[] {
  const withTexts = (key: ReaderKey, label: string, make: (take: TakeTexts) => ReadPackage2): Contestant<ReaderKey> => {
    const tally = new Tally();
    const read = make((command) => {
      tally.commands += 1;
      tally.parameters += command.length - 1;
    });
    return { key, label, run: () => readAll(read, input, tally) };
  };
  const tally = new Tally();
  const read = dmletReader((command) => {
    tally.commands += 1;
    tally.parameters += command.count;
    tally.codes += command.code;
    return true;
  });
  return [
    withTexts(BASE, 'JSON.parse: join, decode, parse', jsonParseReader),
    { key: 'dmlet', label: 'dmlet', run: () => readAll(read, input, tally) },
    withTexts('dmletText', 'dmlet, all made strings', dmletTextReader),
    withTexts('clarinet', 'clarinet', clarinetReader),
    withTexts('jsonparse', 'jsonparse', jsonparseReader),
    withTexts('streamparser', '@streamparser/json', streamparserReader),
    withTexts('jsonParseString', 'JSON.parse of a string', jsonParseStringReader),
  ];
}

function readAll(read: ReadPackage2, input: Package2, tally: Tally): void {
  read(input);
  tally.check(input);
}
