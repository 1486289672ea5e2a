import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { JsonLog, jsonLog, outcome, type Steer } from '../support/json-log.js';
import { INVALID, VALID } from './json-corpus.js';

function at(event: string, action: (...args: Parameters<Steer>) => void): Steer {
  return (line, scanner, log) => {
    if (line === event) action(line, scanner, log);
  };
}

/** Lines of a value on its own, without the `end`. */
function linesOf(text: string): string[] {
  return jsonLog(text).slice(0, -1);
}

/** Sends the value of member x to a log of its own, whose lines go to the same list, marked. */
const DELEGATE_X = at('name:x', (_line, scanner, log) => scanner.delegate(new JsonLog(log.lines, undefined, 'inner ')));

const SKIP_X = at('name:x', (_line, scanner) => scanner.skip());

test('skip passes over any value of a member, and reports what follows', () => {
  for (const value of VALID) {
    const log = jsonLog(`{"w":0,"x":${value},"y":1}`, SKIP_X);
    assert.equal(log, ['{', 'name:w', 'number:0', 'name:x', 'name:y', 'number:1', '}', 'end'], value);
    assert.equal(jsonLog(`{"x":${value}}`, SKIP_X), ['{', 'name:x', '}', 'end'], value);
  }
});

test('skip works at every depth', () => {
  for (let depth = 0; depth < 6; depth += 1) {
    const text = `${'[{"a":'.repeat(depth)}{"x":[{"x":[1,"a"]},null],"y":2}${'},3]'.repeat(depth)}`;
    const log = jsonLog(text, SKIP_X);
    const before: string[] = [];
    const after: string[] = [];
    for (let i = 0; i < depth; i += 1) {
      before.push('[', '{', 'name:a');
      after.push('}', 'number:3', ']');
    }
    assert.equal(log, [...before, '{', 'name:x', 'name:y', 'number:2', '}', ...after, 'end']);
  }
});

test("skipped members one after another, and inside of each other's siblings", () => {
  assert.equal(jsonLog('{"x":1,"x":[2],"y":{"x":{"y":3},"y":4},"x":"5"}', SKIP_X), [
    '{',
    'name:x',
    'name:x',
    'name:y',
    '{',
    'name:x',
    'name:y',
    'number:4',
    '}',
    'name:x',
    '}',
    'end',
  ]);
});

test('skipRest passes over the rest of a container, its end included, at any depth', () => {
  const text = '[1,{"a":[2,{"b":3},[]],"c":4},5]';
  const skipAt = (event: string) =>
    jsonLog(
      text,
      at(event, (_line, scanner) => scanner.skipRest()),
    );
  assert.equal(skipAt('['), ['[', 'end']);
  assert.equal(skipAt('{'), ['[', 'number:1', '{', 'number:5', ']', 'end']);
  const inner: Steer = (line, scanner) => {
    if (scanner.depth === 3 && line === '[') scanner.skipRest();
  };
  assert.equal(jsonLog(text, inner), [
    '[',
    'number:1',
    '{',
    'name:a',
    '[',
    'name:c',
    'number:4',
    '}',
    'number:5',
    ']',
    'end',
  ]);
});

test('skipRest of an empty container', () => {
  const skip: Steer = (line, scanner) => {
    if (scanner.depth === 2 && (line === '[' || line === '{')) scanner.skipRest();
  };
  assert.equal(jsonLog('[[],{},1]', skip), ['[', '[', '{', 'number:1', ']', 'end']);
});

test('skipped matter is checked as if it were not skipped', () => {
  for (const [text] of INVALID) {
    for (const whole of [`{"x":${text}`, `{"x":[${text}`, `{"x":{"a":${text}`]) {
      assert.is(outcome(jsonLog(whole, SKIP_X)), outcome(jsonLog(whole)), whole);
    }
  }
});

test('delegate gives one value to another handler, and what follows to the first again', () => {
  for (const value of VALID) {
    const inner = linesOf(value).map((line) => `inner ${line}`);
    const log = jsonLog(`{"x":${value},"y":[1],"x":${value}}`, DELEGATE_X);
    assert.equal(log, ['{', 'name:x', ...inner, 'name:y', '[', 'number:1', ']', 'name:x', ...inner, '}', 'end'], value);
  }
});

test('delegate works at every depth', () => {
  for (let depth = 0; depth < 6; depth += 1) {
    const text = `${'{"a":'.repeat(depth)}{"x":[{"x":1}],"y":2}${'}'.repeat(depth)}`;
    const before: string[] = [];
    const after: string[] = [];
    for (let i = 0; i < depth; i += 1) {
      before.push('{', 'name:a');
      after.push('}');
    }
    const inner = linesOf('[{"x":1}]').map((line) => `inner ${line}`);
    assert.equal(jsonLog(text, DELEGATE_X), [
      ...before,
      '{',
      'name:x',
      ...inner,
      'name:y',
      'number:2',
      '}',
      ...after,
      'end',
    ]);
  }
});

test('the other handler may skip the value it was given, a part of it, or the rest of it', () => {
  const delegate = (steerInner: (line: string) => 'skip' | 'skipRest' | undefined): Steer =>
    at('name:x', (_line, scanner, log) => {
      const inner = (line: string): void => {
        const what = steerInner(line);
        if (what !== undefined) scanner[what]();
      };
      scanner.delegate(new JsonLog(log.lines, inner, 'inner '));
    });
  const text = '{"x":{"a":[1],"b":2},"y":3}';
  const rest = delegate((line) => (line === '{' ? 'skipRest' : undefined));
  assert.equal(jsonLog(text, rest), ['{', 'name:x', 'inner {', 'name:y', 'number:3', '}', 'end']);
  const part = delegate((line) => (line === 'name:a' ? 'skip' : undefined));
  assert.equal(jsonLog(text, part), [
    '{',
    'name:x',
    'inner {',
    'inner name:a',
    'inner name:b',
    'inner number:2',
    'inner }',
    'name:y',
    'number:3',
    '}',
    'end',
  ]);
  const both = at('name:x', (_line, scanner, log) => {
    scanner.delegate(new JsonLog(log.lines, undefined, 'inner '));
    scanner.skip();
  });
  assert.equal(jsonLog(text, both), ['{', 'name:x', 'name:y', 'number:3', '}', 'end']);
});

test('errors in delegated matter are those of the text', () => {
  for (const [text] of INVALID) {
    const whole = `{"x":${text}`;
    assert.is(outcome(jsonLog(whole, DELEGATE_X)), outcome(jsonLog(whole)), whole);
  }
});

test.run();
