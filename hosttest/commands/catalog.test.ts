import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CommandCode, fitsForms, isServerUri, NAMES } from '../../src/commands/catalog.js';

/** The commands of the protocol: code, name, parameters. `?`: may be left out. `+`: one or more. */
const COMMANDS: [code: CommandCode, name: string, parameters: string][] = [
  [CommandCode.Hget, 'HGET', 'ServerURI ClientURI?'],
  [CommandCode.Hput, 'HPUT', 'ServerURI ClientURI+'],
  [CommandCode.Hpost, 'HPOST', 'ServerURI ClientURI+'],
  [CommandCode.Delete, 'DELETE', 'ClientURI'],
  [CommandCode.Exec, 'EXEC', 'ClientURI ServerURI?'],
  [CommandCode.Get, 'GET', 'ClientURI+'],
  [CommandCode.Show, 'SHOW', 'ServerURI'],
  [CommandCode.Cont, 'CONT', 'ServerURI'],
  [CommandCode.End, 'END', ''],
  [CommandCode.Default, 'DEFAULT', 'ServerURI MOID'],
  [CommandCode.Sub, 'SUB', 'ServerURI ClientURI'],
  [CommandCode.Unsub, 'UNSUB', 'ClientURI'],
];

const VALUES: Record<string, string> = {
  ServerURI: 'https://a.example/x',
  ClientURI: 'urn:oma:mo:x:1.0//a',
  MOID: 'urn:oma:mo:x:1.0',
};

/** Names of the forms that a command's parameters may have; at most `most`, for those that may repeat. */
function formsOf(parameters: string, most: number): string[] {
  const words = parameters === '' ? [] : parameters.split(' ');
  const forms = words.map((word) => word.replace('?', '').replace('+', ''));
  while (parameters.endsWith('+') && forms.length < most) forms.push(forms[forms.length - 1]);
  return forms;
}

test('the order of the catalog is that of the codes [CMD-4]', () => {
  assert.is(NAMES.length, COMMANDS.length);
  COMMANDS.forEach(([code, name], index) => {
    assert.is(code, index, name);
    assert.is(NAMES[code], name);
  });
});

test('no entry is the unknown command', () => {
  assert.is(NAMES[CommandCode.Unknown], undefined);
});

test('each command takes as many parameters as the protocol says, and no other number', () => {
  for (const [code, name, parameters] of COMMANDS) {
    const forms = formsOf(parameters, 20);
    const required = formsOf(parameters, 0).length - (parameters.endsWith('?') ? 1 : 0);
    for (let count = 0; count <= 20; count += 1) {
      const values = forms.slice(0, count).map((form) => VALUES[form]);
      while (values.length < count) values.push(VALUES.ClientURI);
      assert.is(fitsForms(code, values), count >= required && count <= forms.length, `${name} ${values.join(' ')}`);
    }
  }
});

test('each parameter must have the form that the protocol says', () => {
  for (const [code, name, parameters] of COMMANDS) {
    const values = formsOf(parameters, 20).map((form) => VALUES[form]);
    for (let i = 0; i < values.length; i += 1) {
      const others = values.slice();
      others[i] = isServerUri(values[i]) ? VALUES.ClientURI : VALUES.ServerURI;
      assert.is(fitsForms(code, others), false, `${name} ${others.join(' ')}`);
    }
  }
});

test('a ServerURI begins with http:// or https://, in any case [CMD-2]', () => {
  for (const scheme of ['http://', 'https://', 'HTTP://', 'HTTPS://', 'hTtP://', 'HttpS://']) {
    assert.ok(isServerUri(`${scheme}a`), scheme);
    assert.ok(isServerUri(scheme), scheme);
  }
});

test('anything else is none [CMD-3]', () => {
  const others = [
    ...['', 'h', 'http', 'https', 'http:', 'http:/', 'https:/', 'http//a', 'httpss://a', 'htps://a', 'http:a//'],
    ...['ftp://a', ' http://a', 'xhttp://a', 'urn:http://a', 'urn:oma:mo:x:1.0//http://', './http://a'],
  ];
  for (const uri of others) assert.not(isServerUri(uri), uri);
});

test('with any other character in any place it is none [CMD-3]', () => {
  for (const scheme of ['http://', 'https://']) {
    for (let place = 0; place < scheme.length; place += 1) {
      for (let c = 0; c < 0x80; c += 1) {
        const character = String.fromCharCode(c);
        if (character.toLowerCase() === scheme[place]) continue;
        const uri = `${scheme.slice(0, place)}${character}${scheme.slice(place + 1)}a`;
        assert.not(isServerUri(uri), uri);
      }
    }
  }
});

test.run();
