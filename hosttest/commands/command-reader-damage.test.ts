import { CommandReader, DEFAULT_LIMITS } from 'dmlet';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { INVALID } from '../bytes/json-corpus.js';
import { commandLog, loggedReader } from '../support/command-log.js';
import { thrownBy } from '../support/cuts.js';
import { utf8 } from '../support/utf8.js';

/** A package with each kind of token, piece by piece: the commands that a piece completes. */
const PIECES: [text: string, ...completes: string[]][] = [
  ['{"x":[-1.5e1,null],"CMD":['],
  ['["GET","é\\u00e9"]', 'GET <éé>'],
  [',[]', 'BAD_COMMAND: ?'],
  [',null', 'BAD_COMMAND: ?'],
  [',"a"', 'BAD_COMMAND: ?'],
  [',["GET",{"b":[7,true]}]', 'BAD_COMMAND: GET'],
  [' , ["END"]', 'END'],
  [' ],"y":{"z":true}}'],
];
const PACKAGE = PIECES.map(([text]) => text).join('');
const BYTES = utf8.encode(PACKAGE);

/** Commands that the first `length` bytes complete. */
function delivered(length: number): string[] {
  const lines: string[] = [];
  let end = 0;
  for (const [text, ...completes] of PIECES) {
    end += utf8.encode(text).length;
    if (end <= length) lines.push(...completes);
  }
  return lines;
}

test('a whole package has all its commands', () => {
  const all = ['GET <éé>', 'BAD_COMMAND: ?', 'BAD_COMMAND: ?', 'BAD_COMMAND: ?', 'BAD_COMMAND: GET', 'END'];
  assert.equal(delivered(BYTES.length), all);
  assert.equal(commandLog(BYTES), [...all, 'end']);
});

test('a package cut anywhere has the commands before the cut, and is cut short [ST-6]', () => {
  for (let length = 0; length < BYTES.length; length += 1) {
    const log = commandLog(BYTES.subarray(0, length));
    assert.equal(log, [...delivered(length), `CUT_SHORT at ${length}`], `${length} bytes`);
  }
});

test('a package damaged anywhere has the commands before the damage, and an error there [ST-6]', () => {
  for (let place = 0; place < BYTES.length; place += 1) {
    for (const bad of [0x01, 0xff]) {
      const bytes = BYTES.slice();
      bytes[place] = bad;
      const log = commandLog(bytes);
      const error = log.pop() as string;
      assert.ok(error === `BAD_JSON at ${place}` || error === `BAD_UTF8 at ${place}`, `${error}, not at ${place}`);
      assert.equal(log, delivered(place), `damage at ${place}`);
    }
  }
});

test('a package that is damaged in a command has the commands before it', () => {
  for (const [text, code] of INVALID) {
    const log = commandLog(`{"CMD":[["GET","a"],["GET",${text}`);
    assert.is(log[0], 'GET <a>', text);
    // A text that is whole with a byte behind it is cut short here, like one that is not.
    const last = log[log.length - 1].split(' at ')[0];
    assert.ok(last === code || last === 'CUT_SHORT', `${last} for ${text}`);
  }
});

test('garbage after the end is an error, after all commands', () => {
  const length = '{"CMD":[["END"]]}'.length;
  for (const garbage of ['x', '}', ']', ',', '{"CMD":[["GET","a"]]}', '[]', '"', '1', 'null', '\0', '\ufeff']) {
    assert.equal(commandLog(`{"CMD":[["END"]]}${garbage}`), ['END', `BAD_JSON at ${length}`], garbage);
    assert.equal(commandLog(`{"CMD":[["END"]]} \r\n${garbage}`), ['END', `BAD_JSON at ${length + 3}`], garbage);
  }
});

test('white space after the end is none', () => {
  assert.equal(commandLog('{"CMD":[["END"]]} \r\n\t '), ['END', 'end']);
});

test('CMD that is no array is an error, after the commands of an earlier CMD [ST-6]', () => {
  for (const value of ['"GET"', '1', '-1.5', 'null', 'true', 'false', '{}', '{"CMD":[["END"]]}']) {
    assert.equal(commandLog(`{"CMD":${value}}`), ['BAD_JSON at 7'], value);
    const text = `{"CMD":[["GET","a"]],"CMD":${value},"CMD":[["END"]]}`;
    assert.equal(commandLog(text), ['GET <a>', 'BAD_JSON at 27'], value);
  }
});

test('a package without CMD is an error at its end [ST-6]', () => {
  for (const text of ['{}', ' { } ', '{"cmd":[]}', '{"x":{"CMD":[["END"]]}}', '{"CM":1,"CMDS":[["END"]]}']) {
    assert.equal(commandLog(text), ['BAD_JSON'], text);
  }
});

test('a package that is no object is an error', () => {
  for (const text of ['[]', '[["END"]]', '[{"CMD":[["END"]]}]', '"CMD"', '1', '1 ', '-0.5', 'null', 'true', 'false']) {
    assert.equal(commandLog(text), ['BAD_JSON at 0'], text);
  }
  assert.equal(commandLog('\ufeff{"CMD":[["END"]]}'), ['BAD_JSON at 0']);
  assert.equal(commandLog(''), ['CUT_SHORT at 0']);
  assert.equal(commandLog(' '), ['CUT_SHORT at 1']);
});

test('half of a surrogate pair is an error, in commands and in skipped matter', () => {
  assert.equal(commandLog('{"CMD":[["END"],["GET","\\ud800"]]}'), ['END', 'BAD_JSON at 30']);
  assert.equal(commandLog('{"CMD":[["END"],["GET",["\\udc00"]]]}'), ['END', 'BAD_JSON at 30']);
  assert.equal(commandLog('{"CMD":[["END"]],"x":"\\udc00"}'), ['END', 'BAD_JSON at 27']);
});

test('after an error the reader takes nothing, and does not end well', () => {
  for (const text of ['{"CMD":[["END"]]}x', '{"CMD":[["END"],]}', '{"CMD":1}', '{"CMD":[["END\x01']) {
    const { reader, lines } = loggedReader();
    const bytes = utf8.encode(text);
    assert.throws(() => reader.read(bytes, 0, bytes.length));
    const before = lines.slice();
    assert.is(thrownBy(() => reader.read(utf8.encode('[["END"]]}'), 0, 10)).code, 'BAD_ARGUMENT', text);
    assert.is(thrownBy(() => reader.end()).code, 'CUT_SHORT', text);
    assert.equal(lines, before);
  }
});

test('what onCommand throws comes out of read', () => {
  const cause = new RangeError('x');
  const reader = new CommandReader(utf8, DEFAULT_LIMITS, () => {
    throw cause;
  });
  const error = thrownBy(() => reader.read(BYTES, 0, BYTES.length));
  assert.is(error.code, 'INTERNAL');
  assert.is(error.cause, cause);
});

test.run();
