import { JsonScanner } from 'dmlet';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { thrownBy } from '../support/cuts.js';
import { JsonLog, jsonLog, loggedScanner, outcome, rebuilt } from '../support/json-log.js';
import { utf8 } from '../support/utf8.js';
import { INVALID, VALID } from './json-corpus.js';

test('a package becomes these events', () => {
  assert.equal(jsonLog(' {"CMD": [["HGET", "https:\\/\\/a.example/é"], ["END"]], "x": [-1.5e3, true, null, {}]} '), [
    '{',
    'name:CMD',
    '[',
    '[',
    'text:HGET',
    'text:https://a.example/é',
    ']',
    '[',
    'text:END',
    ']',
    ']',
    'name:x',
    '[',
    'number:-1.5e3',
    'true',
    'null',
    '{',
    '}',
    ']',
    '}',
    'end',
  ]);
});

test('top-level scalars are whole texts', () => {
  assert.equal(jsonLog('"a"'), ['text:a', 'end']);
  assert.equal(jsonLog('""'), ['text:', 'end']);
  assert.equal(jsonLog('null'), ['null', 'end']);
  assert.equal(jsonLog('true'), ['true', 'end']);
  assert.equal(jsonLog('false'), ['false', 'end']);
  assert.equal(jsonLog('-0.5e+10'), ['number:-0.5e+10', 'end']);
  assert.equal(jsonLog(' 0 '), ['number:0', 'end']);
});

test('a number comes as it was written', () => {
  for (const number of ['0', '-0', '1.0', '1.50', '0e0', '1E5', '1e+05', '123456789012345678901234567890']) {
    assert.equal(jsonLog(`[${number}]`), ['[', `number:${number}`, ']', 'end']);
  }
});

test('members that come twice are both reported, in the order of the text', () => {
  assert.equal(jsonLog('{"b":1,"a":2,"b":3}'), [
    '{',
    'name:b',
    'number:1',
    'name:a',
    'number:2',
    'name:b',
    'number:3',
    '}',
    'end',
  ]);
});

test('what JSON.parse takes gives the same value', () => {
  for (const text of VALID) {
    const log = jsonLog(text);
    assert.is(outcome(log), 'end', text);
    assert.equal(rebuilt(log), JSON.parse(text), text);
  }
});

test('what JSON.parse refuses is refused at the first byte that cannot stand there', () => {
  for (const [text, code, offset] of INVALID) {
    assert.throws(() => JSON.parse(text), undefined, `JSON.parse takes ${text}`);
    assert.is(outcome(jsonLog(text)), `${code} at ${offset}`, JSON.stringify(text));
  }
});

test('what stands before an error is delivered', () => {
  assert.equal(jsonLog('[1,"a",{"b":nul}]'), ['[', 'number:1', 'text:a', '{', 'name:b', 'BAD_JSON at 15']);
  assert.equal(jsonLog('[true,false,]'), ['[', 'true', 'false', 'BAD_JSON at 12']);
  assert.equal(jsonLog('[012]'), ['[', 'number:0', 'BAD_JSON at 2']);
  assert.equal(jsonLog('{"a":"b"}}'), ['{', 'name:a', 'text:b', '}', 'BAD_JSON at 9']);
});

test('a text that ends anywhere before its end is cut short there', () => {
  for (const text of ['{"a":[1.5e1,"b\\n\\ud83d\\ude00é€😀",true],"c":{}}', '[[],null,false,-0]', '"a\\u00e9"']) {
    const bytes = utf8.encode(text);
    const whole = jsonLog(text);
    for (let length = 0; length < bytes.length; length += 1) {
      const log = jsonLog(bytes.subarray(0, length));
      assert.is(outcome(log), `CUT_SHORT at ${length}`, text);
      assert.equal(log.slice(0, -1), whole.slice(0, log.length - 1), `${text} up to ${length}`);
    }
  }
});

test('a scanner that was never reset reads nothing', () => {
  const scanner = new JsonScanner(4);
  assert.is(thrownBy(() => scanner.scan(utf8.encode('1'), 0, 1)).code, 'BAD_ARGUMENT');
  assert.is(thrownBy(() => scanner.end()).code, 'CUT_SHORT');
});

test('depth counts what is open, the container of the event included', () => {
  const depths: string[] = [];
  jsonLog('{"a":[1,{"b":2}],"c":3}', (line, scanner) => depths.push(`${line} ${scanner.depth}`));
  assert.equal(depths.slice(0, 11), [
    '{ 1',
    'name:a 1',
    '[ 2',
    'number:1 2',
    '{ 3',
    'name:b 3',
    'number:2 3',
    '} 2',
    '] 1',
    'name:c 1',
    'number:3 1',
  ]);
});

test('after an error nothing more is taken, and the text is never whole', () => {
  for (const text of ['[1,]', '"\x01', '"\\q', '[]x', '{"a":"b"},', '1 2', '12,']) {
    const { scanner, lines, take } = loggedScanner(4);
    const bytes = utf8.encode(text);
    thrownBy(() => take(bytes, 0, bytes.length));
    const before = lines.slice();
    assert.is(thrownBy(() => scanner.scan(utf8.encode(' '), 0, 1)).code, 'BAD_ARGUMENT', text);
    assert.is(thrownBy(() => scanner.end()).code, 'CUT_SHORT', text);
    assert.equal(lines, before, `nothing is reported after the error in ${text}`);
  }
});

test('after the end nothing more is taken, whether it came early or not', () => {
  for (const text of ['', '[1', '[1]', '1']) {
    const { scanner, lines, take } = loggedScanner(4);
    take(utf8.encode(text), 0, text.length);
    try {
      scanner.end();
    } catch {
      // Whole or not, it is ended.
    }
    const before = lines.slice();
    assert.is(thrownBy(() => scanner.scan(utf8.encode(']'), 0, 1)).code, 'BAD_ARGUMENT', text);
    assert.equal(lines, before);
  }
});

test('reset begins anew wherever the scanner stands', () => {
  const texts = ['{"a":[-1.5e+10,"\\n\\ud83d\\ude00é€😀",true,null]} ', '"\x01', '[[[[[', '12', '"\\q'];
  const whole = '["é",{"a":-1},"x"]';
  const log = jsonLog(whole);
  for (const text of texts) {
    const bytes = utf8.encode(text);
    for (let length = 0; length <= bytes.length; length += 1) {
      const { scanner } = loggedScanner(4);
      try {
        scanner.scan(bytes, 0, length);
      } catch {
        // Errors are forgotten, too.
      }
      const second = new JsonLog();
      scanner.reset(second);
      assert.is(scanner.depth, 0);
      const again = utf8.encode(whole);
      scanner.scan(again, 0, again.length);
      scanner.end();
      second.lines.push('end');
      assert.equal(second.lines, log, `after ${text.slice(0, length)}`);
    }
  }
});

test('reset forgets what was to be skipped, delegated and paused', () => {
  const { scanner, lines } = loggedScanner(4, (line) => {
    if (line === 'name:a') {
      scanner.skip();
      scanner.delegate(new JsonLog());
      scanner.pause();
    }
  });
  const bytes = utf8.encode('{"a":1}');
  assert.is(scanner.scan(bytes, 0, bytes.length), 4);
  assert.equal(lines, ['{', 'name:a']);
  const second = new JsonLog();
  scanner.reset(second);
  assert.is(scanner.scan(bytes, 0, bytes.length), bytes.length);
  assert.equal(second.lines, ['{', 'name:a', 'number:1', '}']);
});

test.run();
