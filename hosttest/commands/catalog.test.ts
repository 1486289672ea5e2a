import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CATALOG, CommandCode, Form, formAt } from '../../src/commands/catalog.js';

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

const FORMS: [form: Form, name: string][] = [
  [Form.ServerUri, 'ServerURI'],
  [Form.ClientUri, 'ClientURI'],
  [Form.Moid, 'MOID'],
];

/** Names of the forms that a command's parameters may have; at most `most`, for those that may repeat. */
function formsOf(parameters: string, most: number): string[] {
  const words = parameters === '' ? [] : parameters.split(' ');
  const forms = words.map((word) => word.replace('?', '').replace('+', ''));
  while (parameters.endsWith('+') && forms.length < most) forms.push(forms[forms.length - 1]);
  return forms;
}

test('the order of the catalog is that of the codes [CMD-4]', () => {
  assert.is(CATALOG.length, COMMANDS.length);
  COMMANDS.forEach(([code, name], index) => {
    assert.is(code, index, name);
    assert.is(CATALOG[code].name, name);
  });
});

test('no entry is the unknown command', () => {
  assert.is(CATALOG[CommandCode.Unknown], undefined);
});

test('each command needs as many parameters as the protocol says', () => {
  for (const [code, name, parameters] of COMMANDS) {
    const required = formsOf(parameters, 0).length - (parameters.endsWith('?') ? 1 : 0);
    assert.is(CATALOG[code].required, required, name);
  }
});

test('each command takes as many parameters as the protocol says', () => {
  for (const [code, name, parameters] of COMMANDS) {
    assert.is(CATALOG[code].repeats, parameters.endsWith('+'), name);
    assert.is(CATALOG[code].forms.length, formsOf(parameters, 0).length, name);
  }
});

test('each parameter has the form that the protocol says, and one too many has none', () => {
  for (const [code, name, parameters] of COMMANDS) {
    const forms = formsOf(parameters, 20);
    for (let index = 0; index < 20; index += 1) {
      const expected = index < forms.length ? FORMS.find(([, form]) => form === forms[index])?.[0] : Form.None;
      assert.is(formAt(CATALOG[code], index), expected, `${name}, parameter ${index}`);
    }
  }
});

test.run();
