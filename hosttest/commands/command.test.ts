import { type Command, CommandReader, DEFAULT_LIMITS } from 'dmlet';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { utf8 } from '../support/utf8.js';

/** What `see` sees of each command of a package. */
function see<T>(commands: readonly (readonly unknown[])[], look: (command: Command) => T): T[] {
  const seen: T[] = [];
  const reader = new CommandReader(utf8, DEFAULT_LIMITS, (command) => {
    seen.push(look(command));
    return true;
  });
  const bytes = utf8.encode(JSON.stringify({ CMD: commands }));
  reader.read(bytes, 0, bytes.length);
  reader.end();
  return seen;
}

const S = 'https://a.example/x';
const C = 'urn:oma:mo:x:1.0//a';
const M = 'urn:oma:mo:x:1.0';

const FIT: string[][] = [
  ['HGET', S],
  ['HGET', S, C],
  ['HPUT', S, C],
  ['HPUT', S, C, C, C, C],
  ['HPOST', S, C],
  ['HPOST', S, C, C],
  ['DELETE', C],
  ['EXEC', C],
  ['EXEC', C, S],
  ['GET', C],
  ['GET', C, C, C],
  ['SHOW', S],
  ['CONT', S],
  ['END'],
  ['DEFAULT', S, M],
  ['SUB', S, C],
  ['UNSUB', C],
];

const DO_NOT_FIT: string[][] = [
  ['HGET'],
  ['HGET', C],
  ['HGET', S, S],
  ['HGET', S, C, C],
  ['HPUT'],
  ['HPUT', S],
  ['HPUT', C, C],
  ['HPUT', S, S],
  ['HPUT', S, C, C, S],
  ['HPOST'],
  ['HPOST', S],
  ['HPOST', S, C, S, C],
  ['DELETE'],
  ['DELETE', S],
  ['DELETE', C, C],
  ['EXEC'],
  ['EXEC', S],
  ['EXEC', C, C],
  ['EXEC', C, S, S],
  ['GET'],
  ['GET', S],
  ['GET', C, S],
  ['SHOW'],
  ['SHOW', C],
  ['SHOW', S, S],
  ['CONT'],
  ['CONT', C],
  ['CONT', S, C],
  ['END', S],
  ['END', C],
  ['END', ''],
  ['DEFAULT'],
  ['DEFAULT', S],
  ['DEFAULT', M],
  ['DEFAULT', M, S],
  ['DEFAULT', S, M, M],
  ['SUB', S],
  ['SUB', C, S],
  ['SUB', S, C, C],
  ['UNSUB'],
  ['UNSUB', S],
  ['UNSUB', C, C],
];

test('commands with the parameters that the protocol says fit the catalog', () => {
  const fits = see(FIT, (command) => command.fitsCatalog());
  FIT.forEach((command, index) => {
    assert.is(fits[index], true, command.join(' '));
  });
});

test('commands with other parameters do not', () => {
  const fits = see(DO_NOT_FIT, (command) => command.fitsCatalog());
  DO_NOT_FIT.forEach((command, index) => {
    assert.is(fits[index], false, command.join(' '));
  });
});

test('count, name and parameters tell what was sent', () => {
  const look = (command: Command) => [
    command.count,
    command.name(),
    command.parameters(),
    command.parameter(0),
    command.parameter(9),
  ];
  assert.equal(see([['GET', 'a', '', 'é'], ['nope', 'b'], ['END']], look), [
    [3, 'GET', ['a', '', 'é'], 'a', ''],
    [1, 'nope', ['b'], 'b', ''],
    [0, 'END', [], '', ''],
  ]);
});

test.run();
