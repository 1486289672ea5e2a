import { CommandReader, DEFAULT_LIMITS } from 'dmlet';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { utf8 } from '../support/utf8.js';

const CHUNK = 536;
const SIZE = 8 * 1024 * 1024;

/** Looks at the memory while a package is under way. */
const SAMPLES = 8;

/** What the process may grow by: less than one small object for each chunk of the package, more than the engine's own book-keeping. */
const SLACK = 128 * 1024;

/** Reads `head`, then `unit` until there are 8 MB, then `tail`, in chunks. The chunks are one window, filled anew. */
class Feeder {
  private readonly window = new Uint8Array(CHUNK);
  private readonly reader: CommandReader;
  private fill = 0;
  commands = 0;

  constructor() {
    this.reader = new CommandReader(utf8, DEFAULT_LIMITS, () => {
      this.commands += 1;
      return true;
    });
  }

  /** @param sample called now and then, while the package is under way. */
  feed(head: string, unit: string, tail: string, sample: () => void): void {
    this.reader.reset();
    this.commands = 0;
    this.fill = 0;
    this.put(utf8.encode(head));
    const bytes = utf8.encode(unit);
    const rounds = Math.ceil(SIZE / bytes.length);
    for (let round = 0; round < rounds; round += 1) {
      this.put(bytes);
      if (round % Math.ceil(rounds / SAMPLES) === 0) sample();
    }
    this.put(utf8.encode(tail));
    this.reader.read(this.window, 0, this.fill);
    this.reader.end();
  }

  private put(bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length; i += 1) {
      this.window[this.fill] = bytes[i];
      this.fill += 1;
      if (this.fill === CHUNK) {
        assert.is(this.reader.read(this.window, 0, CHUNK), CHUNK);
        this.fill = 0;
      }
    }
  }
}

function used(): number {
  assert.ok(globalThis.gc, 'run with --expose-gc');
  // Twice: the first may only finish a collection under way, which spares what was made since it began.
  globalThis.gc();
  globalThis.gc();
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return arrayBuffers + heapUsed;
}

const COMMAND = '["HGET","https://data.example.com/mo/1","urn:oma:mo:oma-mms:1.3/m1/"],';

const PACKAGES: [what: string, head: string, unit: string, tail: string, commands: number][] = [
  ['of many commands', '{"CMD":[', COMMAND, '["END"]]}', Math.ceil(SIZE / COMMAND.length) + 1],
  ['of many members that do not matter', '{', '"member":{"a":[1,"b\\n",null]},', '"CMD":[["END"]]}', 1],
  ['of one long parameter', '{"CMD":[["GET","', 'urn:oma:mo:x:1.0\\u00e9/€', '"],["END"]]}', 2],
  ['of one command with many parameters', '{"CMD":[["GET"', ',"urn:oma:mo:x:1.0//a",[1]', '],["END"]]}', 2],
  ['of one long name', '{"', 'abcdefgh\\u00e9', '":[],"CMD":[["END"]]}', 1],
  ['of one long number that is skipped', '{"x":1', '234567890', ',"CMD":[["END"]]}', 1],
];

// The engine compiles what runs often: let it do so before the first look.
test.before(() => {
  for (const [, head, unit, tail] of [...PACKAGES, ...PACKAGES]) new Feeder().feed(head, unit, tail, used);
});

for (const [what, head, unit, tail, commands] of PACKAGES) {
  test(`a package of 8 MB takes no memory: ${what}`, () => {
    const feeder = new Feeder();
    const before = used();
    const samples: number[] = [];
    feeder.feed(head, unit, tail, () => samples.push(used()));
    // Who holds what was read, until the end or beyond it, holds half of it in every sample of the second half.
    const growth = Math.min(...samples.slice(SAMPLES / 2)) - before;
    assert.ok(growth < SLACK, `grew by ${growth} bytes`);
    assert.is(feeder.commands, commands);
  });
}

test.run();
