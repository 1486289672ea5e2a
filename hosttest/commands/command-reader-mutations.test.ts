import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loggedReader, type ReadOptions } from '../support/command-log.js';
import { isDmError, printable } from '../support/cuts.js';
import { Lcg } from '../support/lcg.js';
import { utf8 } from '../support/utf8.js';

/** Room of the buffer in which what a reader leaves stands before what comes next. */
const ROOM = 1024;

const USUAL = ['"HGET"', '"GET"', '"END"', '"https://a.example/x"', '"urn:oma:mo:oma-mms:1.3/m1/"', '"[MCC]/[MNC]"'];
const TEXTS = [
  ...USUAL,
  ...['"a],[b"', '"],["', '","', '"]}"', '"{x}"', '""', '"\\\\"', '"\\""', '"\\/"', '"\\n"', '"\\u0041"', '"\\ud800"'],
  ...['"\\ud83d\\ude00"', '"é"', '"😀"', '"\x7f"', `"${'x'.repeat(1030)}"`, `"${'y'.repeat(300)}"`],
];
const ODD = [
  ...[
    '5',
    '-0',
    'null',
    'true',
    '{}',
    '{"a":[1,{"b":2}]}',
    '[]',
    '[["x"]]',
    '[[[[]]]]',
    '1.5e3',
    '01',
    'nul',
    '"\x01"',
  ],
  ...['[0]', '0', `${'['.repeat(40)}${']'.repeat(40)}`, '"x"', '"xyz"'],
];
const BLANKS = [' ', '\n', '\t ', '\r\n'];
const PIECES = [']', '[', ',', '"', '\0', '{', '\x80', 'é', '}', ']}', ' ', '1', '\\', `${'['.repeat(300)}`];

function list(random: Lcg, most: number, item: () => string): string {
  return Array.from({ length: random.below(most) }, item).join(',');
}

function blank(random: Lcg): string {
  return random.below(12) > 0 ? '' : random.pick(BLANKS);
}

function randomCommand(random: Lcg): string {
  switch (random.below(24)) {
    case 0:
      return random.pick(ODD);
    case 1:
      return `[${blank(random)}${random.pick(ODD)},${random.pick(TEXTS)}]`;
    case 2:
      return `[${random.pick(TEXTS)},${random.pick(ODD)}]`;
    case 3:
      return `[${list(random, 20, () => random.pick(USUAL))}]`;
    default: {
      const texts = random.below(8) > 0 ? USUAL : TEXTS;
      const elements = list(random, 4, () => blank(random) + random.pick(texts) + blank(random));
      return `${blank(random)}[${elements}]${blank(random)}`;
    }
  }
}

function randomPackage(random: Lcg): string {
  const commands = () => `"CMD":${blank(random)}[${list(random, 30, () => randomCommand(random))}]`;
  const members = [commands()];
  while (random.below(4) === 0)
    members.push(random.pick([commands(), '"X":1', '"Y":{"CMD":[["GET"]]}', '"Z":[[["a"]]]']));
  if (random.below(5) === 0) members.unshift('"X":[["GET"]]');
  return `${blank(random)}{${blank(random)}${members.join(',')}}${blank(random)}`;
}

/** Most packages stay as they are; others lose, change or get bytes, or are cut short. */
function mutate(bytes: Uint8Array, random: Lcg): Uint8Array {
  let all = Array.from(bytes);
  for (let left = random.below(2) > 0 ? 0 : 1 + random.below(2); left > 0; left -= 1) {
    const at = random.below(all.length);
    const how = random.below(4);
    if (how === 0) all = all.slice(0, at);
    else if (how === 1) all[at] = random.below(256);
    else if (how === 2) all.splice(at, 1);
    else all.splice(at, 0, ...utf8.encode(random.pick(PIECES)));
    if (all.length === 0) break;
  }
  return Uint8Array.from(all);
}

/** The log of reading `bytes` in pieces of the lengths that `next` says, through a buffer as an exchange has it. */
function readBuffered(bytes: Uint8Array, next: () => number, waits: boolean, options: ReadOptions): string[] {
  const { reader, lines } = loggedReader(options);
  const buffer = new Uint8Array(ROOM);
  let offset = 0;
  let to = 0;
  let stalled = false;
  try {
    while (offset < bytes.length || to > 0) {
      const count = Math.min(next(), ROOM - to, bytes.length - offset);
      buffer.set(bytes.subarray(offset, offset + count), to);
      offset += count;
      to += count;
      const from = reader.read(buffer, 0, to, waits && offset < bytes.length);
      assert.not(stalled && from === 0 && count === 0, 'stuck');
      stalled = from === 0 && count === 0;
      buffer.copyWithin(0, from, to);
      to -= from;
    }
    reader.end();
    lines.push('end');
  } catch (thrown) {
    if (!isDmError(thrown)) throw thrown;
    lines.push(`${thrown.code} at ${thrown.offset}`);
  }
  return lines;
}

const LIMITS = { command: 1200, jsonDepth: 24 };

/** Reads random packages byte by byte, so that only the scanner reads them, and in other ways. @returns how many had an error. */
function compareWays(random: Lcg, packages: number, options: ReadOptions): number {
  let errors = 0;
  for (let left = packages; left > 0; left -= 1) {
    const bytes = mutate(utf8.encode(randomPackage(random)), random);
    const wanted = readBuffered(bytes, () => 1, false, { limits: options.limits });
    if (wanted[wanted.length - 1] !== 'end') errors += 1;
    const ways: [how: string, next: () => number, waits: boolean][] = [
      ['in segments', () => 536, true],
      ['as much as fits', () => ROOM, true],
      ['in segments without waiting', () => 536, false],
      ['in small pieces', () => 1 + random.below(40), true],
      ['in pieces of any size', () => 1 + random.below(ROOM), true],
    ];
    for (const [how, next, waits] of ways) {
      const log = readBuffered(bytes, next, waits, options);
      if (log.join('\n') !== wanted.join('\n')) assert.equal(log, wanted, `${how}: ${printable(bytes)}`);
    }
  }
  return errors;
}

test('what is parsed natively is what the scanner reads: commands, defects, errors and their places', () => {
  const errors = compareWays(new Lcg(1), 1500, { limits: LIMITS });
  assert.ok(errors > 300 && errors < 1000, `${errors} of 1500 packages had an error`);
});

test('the same where the reader is paused at every command', () => {
  compareWays(new Lcg(2), 500, { limits: LIMITS, pause: true });
});

test('the same where bounds are small', () => {
  compareWays(new Lcg(3), 500, { limits: { command: 60, parameters: 2, jsonDepth: 6, readAhead: 200 } });
});

test('a reader with more to come leaves a command that is not whole, and takes all before it', () => {
  const { reader, lines } = loggedReader();
  const command = '["GET","urn:oma:mo:oma-mms:1.3/m1/"],';
  const bytes = utf8.encode(`{"CMD":[${command.repeat(40)}["GET","urn:`);
  const whole = bytes.length - '["GET","urn:'.length;
  const taken = reader.read(bytes, 0, bytes.length, true);
  assert.is(taken, whole);
  assert.is(lines.length, 40);
  assert.is(reader.read(bytes, taken, bytes.length, true), taken);
  assert.is(reader.read(bytes, taken, bytes.length), bytes.length);
  const rest = utf8.encode('x"]]}');
  reader.read(rest, 0, rest.length);
  reader.end();
  assert.is(lines[40], 'GET <urn:x>');
});

test('a command longer than what is parsed natively is read all the same', () => {
  const { reader, lines } = loggedReader();
  const long = 'x'.repeat(900);
  const bytes = utf8.encode(`{"CMD":[["END"],["GET","${long}"],["END"],["END"]]}`);
  assert.is(reader.read(bytes, 0, bytes.length, true), bytes.length);
  assert.equal(lines, ['END', `GET <${long}>`, 'END', 'END']);
});

test.run();
