import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Command } from '../../src/commands/command.js';
import { TextCommands } from '../../src/commands/text-commands.js';
import { DEFAULT_LIMITS, type Limits } from '../../src/limits.js';
import { commandLine } from '../support/command-log.js';
import { logHoweverCut } from '../support/cuts.js';
import { utf8 } from '../support/utf8.js';

function loggedText(limits: Partial<Limits> = {}) {
  const lines: string[] = [];
  const command = new Command(utf8, { ...DEFAULT_LIMITS, ...limits });
  const text = new TextCommands(command, (read) => lines.push(commandLine(read)));
  return {
    text,
    lines,
    take(bytes: Uint8Array, from: number, to: number): number {
      text.read(bytes, from, to);
      return to;
    },
    end: () => text.end(),
  };
}

/** The commands of a text, the same however it is cut. */
function textLog(input: string | Uint8Array, limits?: Partial<Limits>): string[] {
  return logHoweverCut(input, () => loggedText(limits));
}

test('a text becomes these commands [BOOT-7]', () => {
  const text = `# Where to fetch, by operator.
DEFAULT https://prov.example/Settings/[MCC]/[MNC]/MMS urn:oma:mo:oma-mms:1.3

HGET https://data.example/dev?id=[DevID]#top
# The end.
`;
  assert.equal(textLog(text), [
    'DEFAULT <https://prov.example/Settings/[MCC]/[MNC]/MMS> <urn:oma:mo:oma-mms:1.3>',
    'HGET <https://data.example/dev?id=[DevID]#top>',
    'end',
  ]);
});

test('names are those of the catalog; others are unknown commands', () => {
  const names = 'HGET HPUT HPOST DELETE EXEC GET SHOW CONT END DEFAULT SUB UNSUB'.split(' ');
  assert.equal(textLog(names.join('\n')), [...names, 'end']);
  assert.equal(textLog('get a\nDEFAULTS b\nDEF'), ['?get <a>', '?DEFAULTS <b>', '?DEF', 'end']);
});

test('the last line needs no end', () => {
  assert.equal(textLog('GET a\nGET b'), ['GET <a>', 'GET <b>', 'end']);
  assert.equal(textLog('GET a\nGET b '), ['GET <a>', 'GET <b>', 'end']);
  assert.equal(textLog('GET a\n# x'), ['GET <a>', 'end']);
});

test('blanks and tabs, any number of them, part the elements [BOOT-7]', () => {
  assert.equal(textLog('GET \t a\t\tb  c'), ['GET <a> <b> <c>', 'end']);
  assert.equal(textLog('  GET a  \n\t\tEND\t\n'), ['GET <a>', 'END', 'end']);
});

test('lines may end in CR LF', () => {
  assert.equal(textLog('# x\r\nGET a\r\n\r\nEND\r\n'), ['GET <a>', 'END', 'end']);
});

test('empty texts, empty lines and lines of blanks hold no commands', () => {
  for (const text of ['', '\n', '\n\n\n', ' ', ' \t \r\n  \n'])
    assert.equal(textLog(text), ['end'], JSON.stringify(text));
  assert.equal(textLog('\n\n END \n\n\n GET a \n\n'), ['END', 'GET <a>', 'end']);
});

test('a # that begins a line makes all of it a comment, whatever it holds [BOOT-8]', () => {
  assert.equal(textLog('#\n#GET a\n## GET b\n# é \x01 \t # x\r\nEND\n#'), ['END', 'end']);
  assert.equal(textLog(Uint8Array.from([0x23, 0xff, 0x00, 0x20, 0x80, 0x0a, 0x45, 0x4e, 0x44])), ['END', 'end']);
});

test('a # elsewhere is a character [BOOT-8]', () => {
  assert.equal(textLog('GET a#b #c d#'), ['GET <a#b> <#c> <d#>', 'end']);
});

test('every printable ASCII character may stand in an element', () => {
  for (let c = 0x21; c < 0x7f; c += 1) {
    const character = String.fromCharCode(c);
    assert.equal(textLog(`GET ${character} x${character}x`), [`GET <${character}> <x${character}x>`, 'end']);
  }
});

test('no other byte may, and the lines before it are delivered', () => {
  for (let c = 0; c < 0x100; c += 1) {
    if (c === 0x20 || c === 0x09 || c === 0x0a || c === 0x0d || (c > 0x20 && c < 0x7f)) continue;
    for (const [before, after] of [
      ['END\nGET a', 'b c\nEND'],
      ['END\nGET ', ' c'],
      ['END\n', ''],
      ['END\nGET a', '\n'],
    ]) {
      const bytes = Uint8Array.from([...utf8.encode(before), c, ...utf8.encode(after)]);
      assert.equal(textLog(bytes), ['END', `BAD_COMMAND at ${before.length}`], `0x${c.toString(16)} in ${before}`);
    }
  }
});

test('a byte order mark is no printable ASCII', () => {
  assert.equal(textLog('\ufeffEND'), ['BAD_COMMAND at 0']);
});

test('elements over the bound, and too many of them, are too long in their place', () => {
  const limits = { command: 40, parameters: 2 };
  const long = 'x'.repeat(41);
  assert.equal(
    textLog(`GET a\nGET b ${long}\nGET ${long} c\n${long} d\nGET a b\nGET a b c\nGET a b c d\nEND`, limits),
    [
      'GET <a>',
      'TOO_LONG: GET <b>',
      'TOO_LONG: GET',
      'TOO_LONG: ?',
      'GET <a> <b>',
      'TOO_LONG: GET <a> <b>',
      'TOO_LONG: GET <a> <b>',
      'END',
      'end',
    ],
  );
});

test('a command is delivered with the end of its line, not later', () => {
  const text = 'GET a\nEND\n';
  const { lines, take } = loggedText();
  const bytes = utf8.encode(text);
  take(bytes, 0, 5);
  assert.equal(lines, []);
  take(bytes, 5, 6);
  assert.equal(lines, ['GET <a>']);
  take(bytes, 6, 10);
  assert.equal(lines, ['GET <a>', 'END']);
});

test('what onCommand throws comes out, and the lines before it were delivered', () => {
  const seen: string[] = [];
  const text = new TextCommands(new Command(utf8, DEFAULT_LIMITS), (command) => {
    if (command.name() === 'END') throw new RangeError('x');
    seen.push(commandLine(command));
  });
  const bytes = utf8.encode('GET a\nEND\nGET b\n');
  assert.throws(
    () => text.read(bytes, 0, bytes.length),
    (error: unknown) => error instanceof RangeError,
  );
  assert.equal(seen, ['GET <a>']);
});

test('reset begins another text wherever the reader stands', () => {
  const first = utf8.encode('# x y\n  GET abc d\nHPUT  \xe9');
  const second = utf8.encode('HGET b\n# c\nEND \xe9');
  for (let length = 0; length <= first.length; length += 1) {
    const { text, lines } = loggedText();
    try {
      text.read(first, 0, length);
    } catch {
      // Errors are forgotten, too.
    }
    text.reset();
    lines.length = 0;
    assert.throws(
      () => text.read(second, 0, second.length),
      (error: { code: string; offset: number }) => error.code === 'BAD_COMMAND' && error.offset === 15,
    );
    assert.equal(lines, ['HGET <b>'], `after ${length} bytes`);
  }
});

test.run();
