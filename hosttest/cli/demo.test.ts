import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Script } from '../server/index.js';
import { type Ended, eventsOf, type JsonEvent, linesOf, only, start, withFolder } from './program.js';
import { MMS, type State } from './samples.js';

const SCRIPT = path.resolve(import.meta.dirname, '../../../../src/factory/demo/script.json');

const ESCAPE = '\u001b';

/** The demonstration, and what it left in its folder for temporary files. */
async function demo(args: string[] = [], env: Record<string, string> = {}): Promise<Ended & { left: string[] }> {
  return withFolder(async (TMPDIR) => {
    const ended = await start(['demo', ...args], { env: { TMPDIR, ...env } }).ended;
    return { ...ended, left: fs.readdirSync(TMPDIR) };
  });
}

/** What the demonstration prints, in words and in JSON. */
interface Printed {
  text: string;
  events: JsonEvent[];
  /** Of its server. */
  origin: string;
  finalState: State;
}

let both: Promise<Printed> | undefined;

/** Runs the demonstration once in each form, for all tests. */
function printed(): Promise<Printed> {
  both ??= Promise.all([demo(), demo(['--json'])]).then(([plain, json]) => {
    for (const { code, stderr, left } of [plain, json])
      assert.equal({ code, stderr, left }, { code: 0, stderr: '', left: [] });
    const events = eventsOf(json.stdout);
    const { origin } = new URL(String(only(events, 'package')[0].url));
    return { text: plain.stdout, events, origin, finalState: only(events, 'state')[0] as unknown as State };
  });
  return both;
}

/** The port differs from run to run. */
function withoutPort(line: string): string {
  return line.replaceAll(/127\.0\.0\.1:\d+/g, 'HOST');
}

test('shows each package with direction, URL and size', async () => {
  const { text, events, origin } = await printed();
  const packages = only(events, 'package');
  const numbers = packages.map(({ number, direction }) => `${number} ${direction}`);
  assert.equal(numbers.slice(0, 2), ['1 out', '2 in']);
  for (let i = 2; i < numbers.length; i += 2) assert.equal(numbers.slice(i, i + 2), ['3 out', '2 in']);
  assert.is(numbers.length, 8);
  const urls = packages.map(({ url }) => String(url).slice(origin.length));
  assert.equal(urls, [...Array(4).fill('/dm'), ...Array(4).fill('/dm/second-server')]);
  for (const { number, direction, url, bytes } of packages) {
    assert.ok(Number(bytes) >= '{"CMD":[["END"]]}'.length, `${bytes} bytes`);
    const arrow = direction === 'in' ? '◀──' : '──▶';
    const shown = linesOf(text).filter((line) => line.startsWith(`${arrow} Package#${number} `));
    assert.ok(
      shown.some((line) => line.includes(withoutPort(String(url)).slice(11)) && line.endsWith(` ${bytes} bytes`)),
    );
  }
  const { bytes } = packages[packages.length - 1];
  assert.is(bytes, '{"CMD":[["END"]]}'.length);
});

test('shows each command with its parameters and its status', async () => {
  const { text, events, origin } = await printed();
  const script = JSON.parse(fs.readFileSync(SCRIPT, 'utf8').replaceAll('{origin}', origin)) as Script;
  const sent = (script.sessions ?? []).flatMap(({ packages }) => packages).flatMap(({ CMD }) => CMD ?? []);
  const shown = only(events, 'command').map(({ name, parameters }) => [name, ...(parameters as string[])]);
  assert.equal(shown, sent);
  const statuses = only(events, 'command').map(({ status }) => status);
  assert.equal(statuses, [200, 200, 200, 200, 200, 200, 200, 404, 200]);
  const lines = linesOf(withoutPort(text));
  for (const { name, parameters, status } of only(events, 'command')) {
    const parts = [String(status), ...(parameters as string[]).map(withoutPort)];
    const found = lines.some(
      (line) => line.trim().startsWith(`${name} `) && parts.every((part) => line.includes(part)),
    );
    assert.ok(found, `${name} ${parts}`);
  }
});

test('shows each node stored, and each removed', async () => {
  const { text, events, finalState } = await printed();
  const values = new Map<unknown, unknown>();
  for (const event of events) {
    if (event.event === 'stored' && event.value !== undefined) values.set(event.uri, event.value);
    if (event.event === 'removed')
      for (const uri of values.keys()) if (`${uri}/`.startsWith(`${event.uri}/`)) values.delete(uri);
  }
  const { tree } = finalState;
  assert.ok(tree.length > 10);
  const perUri = (pairs: [unknown, unknown][]) => Object.fromEntries(pairs.sort());
  assert.equal(perUri([...values]), perUri(tree.map(({ uri, value }) => [uri, value])));
  const lines = linesOf(withoutPort(text)).map((line) => line.trim());
  for (const { uri, value } of only(events, 'stored')) {
    const shown = value === undefined ? '' : ` = ${withoutPort(JSON.stringify(value))}`;
    assert.ok(lines.includes(`+ ${uri}${shown}`), String(uri));
  }
  for (const { uri } of only(events, 'removed')) assert.ok(lines.includes(`− ${uri}`), String(uri));
  assert.is(only(events, 'removed').length, 1);
});

test('shows each flash write', async () => {
  const { text, events, finalState } = await printed();
  const records = new Map<string, number>();
  for (const { operation, record, bytes } of only(events, 'flash')) {
    if (operation === 'write') records.set(String(record), Number(bytes));
    else assert.ok(records.delete(String(record)), `${operation} ${record}`);
  }
  const { flash } = finalState;
  assert.is(flash.records, records.size);
  assert.is(
    flash.bytes,
    [...records].reduce((sum, [key, size]) => sum + key.length + size, 0),
  );
  const lines = linesOf(text).filter((line) => line.includes('▪ flash '));
  assert.is(lines.length, only(events, 'flash').length);
  assert.ok(lines.some((line) => /flash write \w+, \d+ bytes$/.test(line)));
});

test('gets configuration just in time, and tells the DM Server nothing', async () => {
  const { text, events, origin, finalState } = await printed();
  const begin = events.findIndex(({ event, text }) => event === 'title' && String(text).startsWith('3.'));
  const end = events.findIndex(({ event, text }) => event === 'title' && String(text).startsWith('4.'));
  const fetch = events.slice(begin, end);
  const exchanges = only(fetch, 'exchange');
  assert.equal(
    exchanges.map(({ method, url, status }) => [method, url, status]),
    [['GET', `${origin}/Settings/262/01/MMS`, 200]],
  );
  assert.equal([...only(fetch, 'package'), ...only(fetch, 'command')], []);
  assert.equal(only(fetch, 'told'), [{ event: 'told', packages: 0 }]);
  const stored = finalState.defaults.find(({ moid }) => moid === MMS);
  assert.is(stored?.serverUri, `${origin}/Settings/[MCC]/[MNC]/MMS`);
  assert.match(text, /⇄ GET http:\/\/127\.0\.0\.1:\d+\/Settings\/262\/01\/MMS {2}HTTP 200/);
  assert.match(text, /told the DM Server: nothing\n/);
});

test('ends with the tree, the DEFAULT table, and a line of counts', async () => {
  const { text, events, finalState } = await printed();
  const lines = linesOf(text);
  const places = ['Tree', 'DEFAULT table'].map((title) => lines.indexOf(title));
  assert.ok(places[0] > lines.findIndex((line) => line.startsWith('4. ')) && places[1] > places[0], String(places));
  for (const { value } of finalState.tree)
    assert.ok(lines.slice(places[0]).some((line) => line.includes(withoutPort(JSON.stringify(value)).slice(0, 8))));
  for (const { moid } of finalState.defaults) assert.ok(lines.slice(places[1]).some((line) => line.includes(moid)));
  const summary = only(events, 'summary')[0];
  const count = (name: string) => only(events, name).length;
  assert.equal(summary, {
    event: 'summary',
    packages: count('package'),
    commands: count('command'),
    fetches: count('exchange'),
    nodes: count('stored'),
    flash: count('flash'),
    violations: 0,
    failures: {},
  });
  assert.is(events.indexOf(summary), events.length - 1);
  const { packages, commands, fetches, nodes, flash } = summary;
  const counts = `${packages} packages, ${commands} commands, ${fetches} fetches, ${nodes} nodes stored, ${flash} flash operations`;
  assert.is(lines[lines.length - 1], `✔ ${counts}, 0 protocol violations`);
});

test('prints escape sequences only where they are wanted', async () => {
  const { text, events } = await printed();
  assert.not.ok(text.includes(ESCAPE), 'in a pipe');
  const [colored, plain, json] = await Promise.all([
    demo([], { FORCE_COLOR: '1' }),
    demo([], { NO_COLOR: '1', FORCE_COLOR: '1' }),
    demo(['--json'], { FORCE_COLOR: '1' }),
  ]);
  assert.ok(colored.stdout.includes(ESCAPE), 'FORCE_COLOR');
  assert.not.ok(plain.stdout.includes(ESCAPE), 'NO_COLOR');
  assert.not.ok(json.stdout.includes(ESCAPE), '--json');
  assert.is(eventsOf(json.stdout).length, events.length);
});

test('prints no escape sequences into a pipe on a build machine', async () => {
  const { stdout } = await demo([], { CI: 'true' });
  assert.not.ok(stdout.includes(ESCAPE));
});

test('prints no escape sequences where colors are forced off', async () => {
  const { stdout } = await demo([], { FORCE_COLOR: '0' });
  assert.not.ok(stdout.includes(ESCAPE));
});

test('ends quietly where nobody reads it, and leaves nothing behind', async () => {
  await withFolder(async (TMPDIR) => {
    const program = start(['demo'], { env: { TMPDIR } });
    program.hangUp();
    const { stderr } = await program.ended;
    assert.is(stderr, '');
    assert.equal(fs.readdirSync(TMPDIR), []);
  });
});

test.run();
