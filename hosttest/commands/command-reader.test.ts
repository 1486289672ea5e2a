import { type Command, CommandCode, CommandReader, DEFAULT_LIMITS } from 'dmlet';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { VALID } from '../bytes/json-corpus.js';
import { commandLine, commandLog, loggedReader } from '../support/command-log.js';
import { utf8 } from '../support/utf8.js';

test('a package becomes these commands [CMD-1 PKG2-8]', () => {
  const text = `{"CMD":[["HPOST","https://repo.example/[DevID]","urn:oma:mo:oma-dm-devinfo:1.2//"],
        ["HGET","https://repo.example/new_mo"],
        ["GET","urn:oma:mo:oma-sessioninfomo:1.0//CBT"],
        ["DEFAULT","https://prov.example/Settings/[MCC]/[MNC]/MMS","urn:oma:mo:oma-mms:1.3"],
        ["END"]]}`;
  assert.equal(commandLog(text), [
    'HPOST <https://repo.example/[DevID]> <urn:oma:mo:oma-dm-devinfo:1.2//>',
    'HGET <https://repo.example/new_mo>',
    'GET <urn:oma:mo:oma-sessioninfomo:1.0//CBT>',
    'DEFAULT <https://prov.example/Settings/[MCC]/[MNC]/MMS> <urn:oma:mo:oma-mms:1.3>',
    'END',
    'end',
  ]);
});

const CODES: [name: string, code: CommandCode][] = [
  ['HGET', CommandCode.Hget],
  ['HPUT', CommandCode.Hput],
  ['HPOST', CommandCode.Hpost],
  ['DELETE', CommandCode.Delete],
  ['EXEC', CommandCode.Exec],
  ['GET', CommandCode.Get],
  ['SHOW', CommandCode.Show],
  ['CONT', CommandCode.Cont],
  ['END', CommandCode.End],
  ['DEFAULT', CommandCode.Default],
  ['SUB', CommandCode.Sub],
  ['UNSUB', CommandCode.Unsub],
];

/** The commands of a package, as `see` sees each. */
function read<T>(text: string, see: (command: Command) => T): T[] {
  const seen: T[] = [];
  const reader = new CommandReader(utf8, DEFAULT_LIMITS, (command) => {
    seen.push(see(command));
    return true;
  });
  const bytes = utf8.encode(text);
  reader.read(bytes, 0, bytes.length);
  reader.end();
  return seen;
}

test('every command has its own code, its name and its parameters', () => {
  for (const [name, code] of CODES) {
    assert.equal(commandLog(`{"CMD":[["${name}"]]}`), [name, 'end']);
    assert.equal(commandLog(`{"CMD":[["${name}","a","b"]]}`), [`${name} <a> <b>`, 'end']);
    const see = (command: Command) => [command.code, command.defect, command.count, command.parameter(1)];
    assert.equal(read(`{"CMD":[["${name}","a","b"]]}`, see), [[code, '', 2, 'b']]);
  }
});

test('a name that no catalog has is an unknown command, whose name and parameters can be told', () => {
  for (const name of [
    '',
    'hget',
    'Get',
    'HGE',
    'HGETT',
    'GET ',
    ' GET',
    'GET\\u0000',
    'PATCH',
    'ÉND',
    'x'.repeat(300),
  ]) {
    const text = `{"CMD":[["${name}","a"],["END"]]}`;
    assert.equal(commandLog(text), [`?${JSON.parse(`"${name}"`)} <a>`, 'END', 'end'], name);
  }
});

test('the place of a command does not matter to it', () => {
  const text = CODES.map(([name]) => `["${name}","${name.toLowerCase()}"]`).join(',');
  const lines = CODES.map(([name]) => `${name} <${name.toLowerCase()}>`);
  assert.equal(commandLog(`{"CMD":[${text}]}`), [...lines, 'end']);
});

test('the record is used again: nothing of one command stays in the next', () => {
  const text =
    '{"CMD":[["HPUT","https://a.example/long","urn:a:1/x","urn:b:1/y"],["END"],["x"],["HPUT",1],["GET","b"],[],["UNSUB",""]]}';
  assert.equal(commandLog(text), [
    'HPUT <https://a.example/long> <urn:a:1/x> <urn:b:1/y>',
    'END',
    '?x',
    'BAD_COMMAND: HPUT',
    'GET <b>',
    'BAD_COMMAND: ?',
    'UNSUB <>',
    'end',
  ]);
  const records = read(text, (command) => command);
  assert.ok(records.every((record) => record === records[0]));
});

test('CMD may be empty', () => {
  assert.equal(commandLog('{"CMD":[]}'), ['end']);
  assert.equal(commandLog(' { "CMD" : [ ] } '), ['end']);
});

test('members besides CMD are passed over, whatever they hold, before and behind [PKG2-4 PKG2-7]', () => {
  for (const value of VALID) {
    const text = `{"x":${value},"CMD":[["END"]],"CMDS":${value}}`;
    assert.equal(commandLog(text), ['END', 'end'], value);
  }
  assert.equal(commandLog('{"cmd":[["GET"]],"CM":[["GET"]],"":[["GET"]],"x":{"CMD":[["GET"]]},"CMD":[["END"]]}'), [
    'END',
    'end',
  ]);
});

test('members besides CMD may be nested up to the bound, and not deeper', () => {
  for (const limit of [3, 8, DEFAULT_LIMITS.jsonDepth]) {
    const limits = { jsonDepth: limit };
    const nested = `${'{"a":'.repeat(limit - 2)}[]${'}'.repeat(limit - 2)}`;
    assert.equal(commandLog(`{"x":${nested},"CMD":[["END"]]}`, { limits }), ['END', 'end']);
    assert.equal(commandLog(`{"CMD":[["END"]],"x":${nested}}`, { limits }), ['END', 'end']);
    const place = '{"CMD":[["END"]],"x":['.length + 5 * (limit - 2);
    assert.equal(commandLog(`{"CMD":[["END"]],"x":[${nested}]}`, { limits }), ['END', `TOO_DEEP at ${place}`]);
  }
});

test('two CMD members are read one after the other [SES-13]', () => {
  assert.equal(commandLog('{"CMD":[["GET","a"],["GET","b"]],"x":[],"CMD":[["GET","c"]]}'), [
    'GET <a>',
    'GET <b>',
    'GET <c>',
    'end',
  ]);
  assert.equal(commandLog('{"CMD":[],"CMD":[["END"]],"CMD":[]}'), ['END', 'end']);
});

test('the name of the member CMD may be escaped', () => {
  assert.equal(commandLog('{"\\u0043\\u004D\\u0044":[["END"]]}'), ['END', 'end']);
});

test('any white space may stand between tokens [PKG2-5]', () => {
  for (const blank of ['', ' ', '\n', '\r', '\t', ' \r\n\t ']) {
    const text = [
      '',
      '{',
      '"CMD"',
      ':',
      '[',
      '[',
      '"GET"',
      ',',
      '"a b"',
      ',',
      '""',
      ']',
      ',',
      '[',
      '"END"',
      ']',
      ']',
      '}',
      '',
    ].join(blank);
    assert.equal(commandLog(text), ['GET <a b> <>', 'END', 'end'], JSON.stringify(blank));
  }
});

test('every escape may stand in names and parameters [PKG2-6]', () => {
  const cases: [json: string, parameter: string][] = [
    ['\\"', '"'],
    ['\\\\', '\\'],
    ['\\/', '/'],
    ['https:\\/\\/a\\/b', 'https://a/b'],
    ['\\b\\f\\n\\r\\t', '\b\f\n\r\t'],
    ['\\u0061', 'a'],
    ['x\\u00e9y', 'xéy'],
    ['\\u20AC', '€'],
    ['\\ud83d\\ude00', '😀'],
    ['\\u0000', '\0'],
    ['a\\u005c\\u0022', 'a\\"'],
  ];
  for (const [json, parameter] of cases) {
    assert.equal(commandLog(`{"CMD":[["G\\u0045T","${json}","${json}z"]]}`), [
      `GET <${parameter}> <${parameter}z>`,
      'end',
    ]);
  }
});

test('characters of several bytes may be cut anywhere', () => {
  assert.equal(commandLog('{"CMD":[["GET","é€😀\u{10ffff}","\ufeff"],["é€","😀"]]}'), [
    'GET <é€😀\u{10ffff}> <\ufeff>',
    '?é€ <😀>',
    'end',
  ]);
});

test('pausing at each command gives the same commands', () => {
  for (const text of [
    '{"CMD":[["GET","a"],["END"],["x"]]}',
    ' {"x":1,"CMD":[["GET","a"] , [] ,1, null , "a" , {"a":[]} ,["END"] ], "CMD" : [ ["x"] ]} ',
  ]) {
    assert.equal(commandLog(text, { pause: true }), commandLog(text));
  }
});

test('a pause comes back with the command, which is valid until the next read, and not behind it', () => {
  let last: Command | undefined;
  const reader = new CommandReader(utf8, DEFAULT_LIMITS, (command) => {
    last = command;
    return false;
  });
  const bytes = utf8.encode('{"CMD":[["GET","a"],["HGET","b"] ,["END"]]}');
  const ends = [19, 32, 41];
  const seen: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const next = reader.read(bytes, at, bytes.length);
    assert.ok(next > at);
    at = next;
    if (last === undefined) continue;
    assert.ok(at <= ends[seen.length], `${at}`);
    seen.push(commandLine(last));
    last = undefined;
  }
  reader.end();
  assert.equal(seen, ['GET <a>', 'HGET <b>', 'END']);
});

test('a command is delivered with its last byte, not later', () => {
  const text = '{"CMD":[["GET","a"],["END"]]}';
  const { reader, lines } = loggedReader();
  const bytes = utf8.encode(text);
  const counts: number[] = [];
  for (let i = 0; i < bytes.length; i += 1) {
    reader.read(bytes, i, i + 1);
    counts[lines.length] ??= i;
  }
  assert.equal(counts, [0, text.indexOf(']'), text.indexOf(']]')]);
});

test('reset begins another package wherever the reader stands', () => {
  const first = utf8.encode('{"x":{"y":[1]},"CMD":[["GET","a",["b"],"é\\u00e9"],1,["END"]]}');
  const text = '{"CMD":[["HGET","b"],["END"]]}';
  const second = utf8.encode(text);
  for (let length = 0; length <= first.length; length += 1) {
    const { reader, lines } = loggedReader();
    reader.read(first, 0, length);
    reader.reset();
    lines.length = 0;
    reader.read(second, 0, second.length);
    reader.end();
    assert.equal(lines, ['HGET <b>', 'END'], `after ${length} bytes`);
  }
});

test('reset forgets an error, and that the package before had a CMD', () => {
  const { reader, lines } = loggedReader();
  const bytes = utf8.encode('{"CMD":[["GET","a",]]}');
  assert.throws(() => reader.read(bytes, 0, bytes.length));
  reader.reset();
  reader.read(bytes, 0, 1);
  reader.reset();
  const empty = utf8.encode('{}');
  reader.read(empty, 0, 2);
  assert.throws(
    () => reader.end(),
    (error: { code: string }) => error.code === 'BAD_JSON',
  );
  assert.equal(lines, []);
});

test.run();
