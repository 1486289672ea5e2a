import { DEFAULT_LIMITS } from 'dmlet';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { commandLog } from '../support/command-log.js';

/** Values that are no string. */
const NO_STRINGS = [
  '1',
  '-0.5e3',
  'null',
  'true',
  'false',
  '{}',
  '{"GET":["a"]}',
  '[]',
  '["GET","b"]',
  '[[["END"]]]',
  '{"a":{"b":[1,{"c":"d"}]}}',
];

/** Values that are no array. */
const NO_ARRAYS = ['"GET"', '""', ...NO_STRINGS.filter((value) => !value.startsWith('['))];

test('an element of CMD that is no array is a bad command in its place [CMD-1 PKG2-8]', () => {
  for (const value of NO_ARRAYS) {
    assert.equal(
      commandLog(`{"CMD":[["GET","a"],${value},["END"]]}`),
      ['GET <a>', 'BAD_COMMAND: ?', 'END', 'end'],
      value,
    );
    assert.equal(commandLog(`{"CMD":[${value}]}`), ['BAD_COMMAND: ?', 'end'], value);
    assert.equal(
      commandLog(`{"CMD":[${value},${value},["END"],${value}]}`),
      ['BAD_COMMAND: ?', 'BAD_COMMAND: ?', 'END', 'BAD_COMMAND: ?', 'end'],
      value,
    );
  }
});

test('a command without a name is a bad command in its place', () => {
  assert.equal(commandLog('{"CMD":[[]]}'), ['BAD_COMMAND: ?', 'end']);
  assert.equal(commandLog('{"CMD":[["GET","a"],[],[ ],["END"]]}'), [
    'GET <a>',
    'BAD_COMMAND: ?',
    'BAD_COMMAND: ?',
    'END',
    'end',
  ]);
});

test('a command whose name is no string is a bad command in its place', () => {
  for (const value of NO_STRINGS) {
    assert.equal(
      commandLog(`{"CMD":[["GET","a"],[${value}],[${value},"GET","b"],["END"]]}`),
      ['GET <a>', 'BAD_COMMAND: ?', 'BAD_COMMAND: ?', 'END', 'end'],
      value,
    );
  }
});

test('a command with a parameter that is no string is a bad command in its place, which still tells its name [CMD-1]', () => {
  for (const value of NO_STRINGS) {
    const text = `{"CMD":[["GET","a"],["GET",${value}],["HPUT","b",${value},"c"],["x",${value}],["END"]]}`;
    assert.equal(
      commandLog(text),
      ['GET <a>', 'BAD_COMMAND: GET', 'BAD_COMMAND: HPUT <b>', 'BAD_COMMAND: ?x', 'END', 'end'],
      value,
    );
  }
});

test('pausing at defects gives the same commands', () => {
  for (const value of [...NO_STRINGS, '"a"']) {
    const text = `{"CMD":[${value},["GET",${value}],[${value}] ,${value} ,["END"]]}`;
    assert.equal(commandLog(text, { pause: true }), commandLog(text), value);
  }
});

test('nested matter in a command may reach the bound of depth', () => {
  const limits = { jsonDepth: 6 };
  assert.equal(commandLog('{"CMD":[["GET",[[[]]]],["END"]]}', { limits }), ['BAD_COMMAND: GET', 'END', 'end']);
  assert.equal(commandLog('{"CMD":[["END"],["GET",[[[[]]]]]]}', { limits }), ['END', 'TOO_DEEP at 26']);
});

test('a number of any length is a bad command in its place', () => {
  for (const length of [64, 65, 100]) {
    const number = '9'.repeat(length);
    assert.equal(
      commandLog(`{"CMD":[["GET","a"],["GET",${number}],${number},["END"]]}`),
      ['GET <a>', 'BAD_COMMAND: GET', 'BAD_COMMAND: ?', 'END', 'end'],
      `${length} digits`,
    );
  }
});

test('the name and the parameters of a command may fill its bound together, and not a byte more', () => {
  const limits = { command: 40 };
  for (const name of ['GET', 'HPUT', 'DEFAULT', 'x']) {
    const line = name === 'x' ? '?x' : name;
    const first = 'a'.repeat(33 - name.length);
    const fits = `{"CMD":[["${name}","${first}","${'é'.repeat(3)}b"],["END"]]}`;
    assert.equal(commandLog(fits, { limits }), [`${line} <${first}> <éééb>`, 'END', 'end']);
    const long = `{"CMD":[["${name}","${first}","${'é'.repeat(4)}"],["END"]]}`;
    assert.equal(commandLog(long, { limits }), [`TOO_LONG: ${line} <${first}>`, 'END', 'end']);
  }
});

test('the default bounds hold a command with two URIs of the longest size', () => {
  const uri = `https://a.example/${'x'.repeat(DEFAULT_LIMITS.uri - 18)}`;
  assert.is(uri.length, DEFAULT_LIMITS.uri);
  const text = `{"CMD":[["DEFAULT","${uri}","${uri}"],["END"]]}`;
  const log = commandLog(text).map((line) => line.split(uri).join('URI'));
  assert.equal(log, ['DEFAULT <URI> <URI>', 'END', 'end']);
});

test('an overlong parameter is too long in its place, whatever comes behind it', () => {
  const limits = { command: 40 };
  for (const long of ['a'.repeat(41), 'a'.repeat(200), `\\n${'a'.repeat(40)}`, 'é'.repeat(21), '\\u00e9'.repeat(21)]) {
    const text = `{"CMD":[["GET","a"],["GET","b","${long}"],["HPUT","${long}","c"],["GET","d"],["GET","${long}","${long}"],["END"]]}`;
    assert.equal(
      commandLog(text, { limits }),
      ['GET <a>', 'TOO_LONG: GET <b>', 'TOO_LONG: HPUT', 'GET <d>', 'TOO_LONG: GET', 'END', 'end'],
      long,
    );
  }
});

test('an overlong name is too long in its place', () => {
  assert.equal(commandLog(`{"CMD":[["${'G'.repeat(41)}","a"],["END"]]}`, { limits: { command: 40 } }), [
    'TOO_LONG: ?',
    'END',
    'end',
  ]);
});

test('as many parameters as the bound says are read, one more is too long', () => {
  for (const parameters of [1, 2, DEFAULT_LIMITS.parameters]) {
    const limits = { parameters };
    const list = Array.from({ length: parameters }, (_none, index) => `p${index}`);
    const json = (values: string[]): string => values.map((value) => `"${value}"`).join(',');
    const read = list.map((value) => `<${value}>`).join(' ');
    const text = `{"CMD":[["GET",${json(list)}],["GET",${json([...list, 'x'])}],["GET",${json([...list, 'x', 'y'])}],["END"]]}`;
    assert.equal(commandLog(text, { limits }), [
      `GET ${read}`,
      `TOO_LONG: GET ${read}`,
      `TOO_LONG: GET ${read}`,
      'END',
      'end',
    ]);
  }
});

test('of two defects the first counts, however the package is cut', () => {
  const limits = { command: 40, parameters: 2 };
  const long = `"${'a'.repeat(60)}"`;
  const cases: [command: string, line: string][] = [
    [`["GET",1,${long}]`, 'BAD_COMMAND: GET'],
    [`["GET",[],${long}]`, 'BAD_COMMAND: GET'],
    [`["GET",${long},1]`, 'TOO_LONG: GET'],
    [`["GET",${long},{}]`, 'TOO_LONG: GET'],
    [`["GET","b","c","d",1]`, 'TOO_LONG: GET <b> <c>'],
    [`["GET","b","c",1,"d"]`, 'BAD_COMMAND: GET <b> <c>'],
    [`[1,${long}]`, 'BAD_COMMAND: ?'],
  ];
  for (const [command, line] of cases) {
    assert.equal(commandLog(`{"CMD":[${command},["END"]]}`, { limits }), [line, 'END', 'end'], command);
  }
});

test.run();
