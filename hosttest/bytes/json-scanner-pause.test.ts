import { JsonScanner } from 'dmlet';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { logHoweverCut } from '../support/cuts.js';
import { JsonLog, jsonLog, loggedScanner, type Steer } from '../support/json-log.js';
import { utf8 } from '../support/utf8.js';
import { INVALID, VALID } from './json-corpus.js';

const PAUSE_ALWAYS: Steer = (_line, scanner) => scanner.pause();

/** Pauses in each of the handler's calls, those inside of a string included. */
class PausingLog extends JsonLog {
  scanner: JsonScanner | undefined;

  override beginText(isName: boolean): void {
    super.beginText(isName);
    this.scanner?.pause();
  }

  override text(bytes: Uint8Array, from: number, to: number): void {
    super.text(bytes, from, to);
    this.scanner?.pause();
  }
}

/** Each event with the place at which `scan` came back. */
function places(text: string): string[] {
  const { lines, take } = loggedScanner(32, PAUSE_ALWAYS);
  const bytes = utf8.encode(text);
  const found: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    at = take(bytes, at, bytes.length);
    if (lines.length > 0) found.push(`${lines.splice(0).join(' ')} @${at}`);
  }
  return found;
}

test('scan comes back right after the token at which the handler paused', () => {
  assert.equal(places(' { "a" : [ 1 , "b" , -0.5e1, true,null ], "c":{}}'), [
    '{ @2',
    'name:a @6',
    '[ @10',
    'number:1 @12',
    'text:b @18',
    'number:-0.5e1 @27',
    'true @33',
    'null @38',
    '] @40',
    'name:c @45',
    '{ @47',
    '} @48',
    '} @49',
  ]);
});

test('a text that is paused at every token gives the same events', () => {
  for (const text of VALID) assert.equal(jsonLog(text, PAUSE_ALWAYS), jsonLog(text), text);
});

test('a text that is paused at every call gives the same events', () => {
  for (const text of VALID) {
    const log = logHoweverCut(text, () => {
      const scanner = new JsonScanner(32);
      const pausing = new PausingLog([], () => scanner.pause());
      pausing.scanner = scanner;
      scanner.reset(pausing);
      return {
        lines: pausing.lines,
        take: (bytes, from, to) => scanner.scan(bytes, from, to),
        end: () => scanner.end(),
      };
    });
    assert.equal(log, jsonLog(text), text);
  }
});

test('a text that is paused at every token has its error at the same place', () => {
  for (const [text] of INVALID) {
    assert.equal(jsonLog(`["a",${text}`, PAUSE_ALWAYS), jsonLog(`["a",${text}`), text);
  }
});

test("pausing at a text's last token leaves the white space after it, and what is no white space", () => {
  const { lines, take } = loggedScanner(4, (line, paused) => {
    if (line === ']') paused.pause();
  });
  const bytes = utf8.encode('[] x');
  assert.is(take(bytes, 0, 4), 2);
  assert.equal(lines, ['[', ']']);
  assert.is(take(bytes, 2, 3), 3);
  assert.throws(
    () => take(bytes, 3, 4),
    (error: { code: string; offset: number }) => error.code === 'BAD_JSON' && error.offset === 3,
  );
});

test('a pause holds for one call of scan', () => {
  const { lines, take } = loggedScanner(4, (line, scanner) => {
    if (line === 'number:1') scanner.pause();
  });
  const bytes = utf8.encode('[1,2,3]');
  assert.is(take(bytes, 0, 7), 2);
  assert.is(take(bytes, 2, 7), 7);
  assert.equal(lines, ['[', 'number:1', 'number:2', 'number:3', ']']);
});

test('pausing and skipping at the same token', () => {
  const steer: Steer = (line, scanner) => {
    scanner.pause();
    if (line === 'name:x') scanner.skip();
  };
  assert.equal(jsonLog('{"x":[1,{"x":2}],"y":3}', steer), ['{', 'name:x', 'name:y', 'number:3', '}', 'end']);
});

test.run();
