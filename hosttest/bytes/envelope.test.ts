import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Envelope, type EnvelopeUser } from '../../src/bytes/envelope.js';
import type { JsonHandler } from '../../src/bytes/json-handler.js';
import { JsonScanner } from '../../src/bytes/json-scanner.js';
import { logHoweverCut } from '../support/cuts.js';
import { JsonLog } from '../support/json-log.js';
import { utf8 } from '../support/utf8.js';
import { VALID } from './json-corpus.js';

const NAMES = ['MO', 'CMD', 'é'];

class LoggingUser implements EnvelopeUser {
  readonly lines: string[] = [];

  openMember(name: string): JsonHandler {
    this.lines.push(`open ${name}`);
    return new JsonLog(this.lines);
  }
}

/** What the members that matter of a JSON text gave. */
function envelopeLog(text: string, names: readonly string[] = NAMES): string[] {
  const make = () => {
    const user = new LoggingUser();
    const scanner = new JsonScanner(8);
    scanner.reset(new Envelope(scanner, utf8, names, user));
    return {
      lines: user.lines,
      take: (bytes: Uint8Array, from: number, to: number) => scanner.scan(bytes, from, to),
      end: () => scanner.end(),
    };
  };
  return logHoweverCut(text, make);
}

test('members that matter go to their handlers, in the order of the text', () => {
  assert.equal(envelopeLog('{"CMD":[1],"MO":{"a":"b"},"CMD":null}'), [
    'open CMD',
    '[',
    'number:1',
    ']',
    'open MO',
    '{',
    'name:a',
    'text:b',
    '}',
    'open CMD',
    'null',
    'end',
  ]);
});

test('an object without members opens none', () => {
  assert.equal(envelopeLog(' { } '), ['end']);
});

test('other members are passed over, whatever they hold', () => {
  for (const value of VALID) {
    assert.equal(
      envelopeLog(`{"x":${value},"MO":${value},"y":${value}}`).filter((line) => line.startsWith('open')),
      ['open MO'],
    );
    assert.equal(envelopeLog(`{"x":${value}}`), ['end'], value);
  }
});

test('a name must be the same, byte by byte', () => {
  for (const name of [
    '',
    'M',
    'MOO',
    'mo',
    'Mo',
    'MO ',
    ' MO',
    'M\\u0000',
    'CM',
    'CMDCMD',
    'CMD\\u0000',
    'M'.repeat(40),
    '😀',
  ]) {
    assert.equal(envelopeLog(`{"${name}":1,"MO":2}`), ['open MO', 'number:2', 'end'], name);
  }
});

test('a name may be escaped', () => {
  assert.equal(envelopeLog('{"\\u0043\\u004dD":1,"M\\u004F":2}'), [
    'open CMD',
    'number:1',
    'open MO',
    'number:2',
    'end',
  ]);
});

test('the longest name, and a shorter one after a longer one, are found', () => {
  assert.equal(envelopeLog('{"bb":1,"cccc":2,"a":3,"bb":4}', ['a', 'bb', 'cccc']), [
    'open bb',
    'number:1',
    'open cccc',
    'number:2',
    'open a',
    'number:3',
    'open bb',
    'number:4',
    'end',
  ]);
});

test('names inside of members do not matter', () => {
  assert.equal(envelopeLog('{"x":{"MO":1},"MO":{"CMD":2},"y":[{"CMD":3}]}'), [
    'open MO',
    '{',
    'name:CMD',
    'number:2',
    '}',
    'end',
  ]);
});

test('anything but an object is refused', () => {
  for (const text of ['[]', '[{"MO":1}]', '"MO"', '1', '1 ', '-0.5', 'null', 'true', 'false']) {
    assert.equal(envelopeLog(text), ['BAD_JSON at 0'], text);
  }
});

test.run();
