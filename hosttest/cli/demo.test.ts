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

/** The events of a chapter, without its title. */
function chapter(events: JsonEvent[], number: number): JsonEvent[] {
  const isTitle = ({ event, text }: JsonEvent, of: number) => event === 'title' && String(text).startsWith(`${of}. `);
  const begin = events.findIndex((event) => isTitle(event, number)) + 1;
  const end = events.findIndex((event) => isTitle(event, number + 1));
  assert.ok(begin > 0 && end > begin, `chapter ${number}`);
  return events.slice(begin, end);
}

test('shows each package with direction, URL and size', async () => {
  const { text, events, origin } = await printed();
  const packages = only(events, 'package');
  const shown = packages.map(
    ({ number, direction, url }) => `${number} ${direction} ${String(url).slice(origin.length)}`,
  );
  const round = (path: string) => [`3 out ${path}`, `2 in ${path}`];
  assert.equal(shown, [
    ...['1 out /dm', '2 in /dm', ...round('/dm'), ...round('/dm/second-server'), ...round('/dm/second-server')],
    ...['1 out /dm', '2 in /dm', ...round('/dm')],
    ...['1 out /dm/results', '2 in /dm/results'],
  ]);
  const lines = linesOf(withoutPort(text)).filter((line) => / Package#[123] /.test(line));
  assert.is(lines.length, packages.length);
  for (const [index, { number, direction, url }] of packages.entries()) {
    const arrow = direction === 'in' ? '◀──' : '──▶';
    assert.ok(lines[index].startsWith(`${arrow} Package#${number} `), lines[index]);
    assert.match(lines[index], new RegExp(`  ${withoutPort(String(url))}  \\d+ bytes$`));
  }
  assert.is(packages[packages.length - 1].bytes, '{"CMD":[["END"]]}'.length);
});

test('shows each command with its parameters and its status', async () => {
  const { text, events, origin } = await printed();
  const script = JSON.parse(fs.readFileSync(SCRIPT, 'utf8').replaceAll('{origin}', origin)) as Script;
  const end = [['END']];
  const [first, second] = (script.sessions ?? []).map(({ packages }) => packages.flatMap(({ CMD }) => CMD ?? []));
  const commands = only(events, 'command');
  const shown = commands.map(({ name, parameters }) => [name, ...(parameters as string[])]);
  assert.equal(shown, [...first, ...second, ...end, ...end]);
  const statuses = commands.map(({ status }) => status);
  assert.equal(statuses, [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 404, 200, 202, 200, 200, 200]);
  const lines = linesOf(withoutPort(text));
  for (const { name, parameters, status } of commands) {
    const parts = [String(status), ...(parameters as string[]).map(withoutPort)];
    const found = lines.some(
      (line) => line.trim().startsWith(`${name} `) && parts.every((part) => line.includes(part)),
    );
    assert.ok(found, `${name} ${parts}`);
  }
});

test('shows every command that there is', async () => {
  const { events } = await printed();
  const names = new Set(only(events, 'command').map(({ name }) => name));
  const all = ['HGET', 'HPUT', 'HPOST', 'DELETE', 'EXEC', 'GET', 'SHOW', 'CONT', 'END', 'DEFAULT', 'SUB', 'UNSUB'];
  assert.equal([...names].sort(), all.sort());
});

test('tells in JSON each node stored, and each removed', async () => {
  const { events, finalState } = await printed();
  const values = new Map<unknown, unknown>();
  for (const event of events) {
    if (event.event === 'stored' && event.format !== 'node') values.set(event.uri, event.value);
    if (event.event === 'removed')
      for (const uri of values.keys()) if (`${uri}/`.startsWith(`${event.uri}/`)) values.delete(uri);
  }
  const { tree } = finalState;
  assert.ok(tree.length > 20);
  const perUri = (pairs: [unknown, unknown][]) => Object.fromEntries(pairs.sort());
  assert.equal(perUri([...values]), perUri(tree.map(({ uri, value }) => [uri, value])));
  assert.is(only(events, 'removed').length, 1);
});

test('shows people each subtree stored, and each node removed', async () => {
  const { text, events } = await printed();
  const lines = linesOf(text).map((line) => line.trim());
  for (const line of [
    '+ urn:oma:mo:oma-dm-dmacc:1.2/operator/  11 values',
    '+ urn:oma:mo:oma-connmo-nap:1.0/m1/  7 values',
    '+ urn:oma:mo:oma-connmo-nap:1.0/m1/Addr = "internet.operator.example"',
    '+ urn:oma:mo:oma-mms:1.3/m1/  4 values',
    ...only(events, 'removed').map(({ uri }) => `− ${uri}`),
  ]) {
    assert.ok(lines.includes(line), line);
  }
});

test('tells in JSON each flash write, and people how many', async () => {
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
  const sums = [1, 2, 3, 4, 5].map((number) => {
    const operations = only(chapter(events, number), 'flash').map(({ operation }) => operation);
    const written = operations.filter((operation) => operation === 'write').length;
    return `    ▪ flash: ${written} written, ${operations.length - written} removed`;
  });
  assert.equal(
    linesOf(text).filter((line) => line.includes('▪')),
    sums,
  );
});

test('reports what a server subscribed to, once it has settled', async () => {
  const { text, events, origin } = await printed();
  const session = chapter(events, 2);
  const document = [
    { ClientURI: 'urn:oma:mo:oma-connmo-nap:1.0/m1/Addr', MOData: { Addr: 'internet.operator.example' } },
  ];
  assert.equal(only(session, 'reported'), [{ event: 'reported', document }]);
  const reports = only(events, 'exchange').filter(({ url }) => String(url).startsWith(`${origin}/reports/`));
  assert.equal(
    reports.map(({ method, status }) => [method, status]),
    [['PUT', 201]],
  );
  assert.ok(text.includes(`  the report says ${JSON.stringify(document)}\n`));
});

test('opens a session where a notification asks for it', async () => {
  const { text, events } = await printed();
  const asked = chapter(events, 3);
  assert.equal(
    only(asked, 'notification').map(({ code }) => code),
    [''],
  );
  const what = asked.map(({ event }) => event);
  assert.ok(what.indexOf('notification') < what.indexOf('package'));
  assert.match(text, /^◀── Package#0 from 127\.0\.0\.1:\d+ {2}\d+ bytes {2}accepted$/m);
});

test('tells a server the result of what it had executed', async () => {
  const { text, events } = await printed();
  const [exec] = only(chapter(events, 3), 'command').filter(({ name }) => name === 'EXEC');
  assert.is(exec.status, 202);
  const SourceURI = 'urn:oma:mo:oma-fumo:1.0/m1/Update';
  const alert = { AlertType: 'urn:dmlet:at:exec-result:1.0', SourceURI, DataType: 'int', Data: '200' };
  assert.equal(only(events, 'alert'), [{ event: 'alert', alert }]);
  assert.equal(only(chapter(events, 4), 'alert').length, 1);
  assert.ok(text.includes(`    ⚑ alert delivered ${JSON.stringify(alert)}\n`));
});

test('gets configuration just in time, and tells the DM Server nothing', async () => {
  const { text, events, origin, finalState } = await printed();
  const fetch = chapter(events, 5);
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

test('ends with what the device holds, and a line of counts', async () => {
  const { text, events, finalState } = await printed();
  const lines = linesOf(text);
  const titles = ['Management objects', 'DEFAULT table'];
  const places = titles.map((title) => lines.indexOf(title));
  const end = lines.findIndex((line) => line.startsWith('6. '));
  assert.equal(
    [end, ...places],
    [end, ...places].sort((a, b) => a - b),
  );
  const perInstance = new Map<string, number>();
  for (const { uri } of finalState.tree) {
    const instance = `${uri.split('/').slice(0, 2).join('/')}/`;
    perInstance.set(instance, (perInstance.get(instance) ?? 0) + 1);
  }
  const drawn = [...perInstance].map(([instance, count]) => `  ${instance}  ${count} values`);
  assert.equal(lines.slice(places[0] + 1, places[1] - 1), drawn);
  for (const { moid } of finalState.defaults) assert.ok(lines.slice(places[1]).some((line) => line.includes(moid)));
  assert.equal([finalState.subscriptions, finalState.alerts, finalState.executions, finalState.due], [[], [], [], []]);
  const summary = only(events, 'summary')[0];
  const count = (name: string) => only(events, name).length;
  assert.equal(summary, {
    event: 'summary',
    packages: count('package'),
    commands: count('command'),
    requests: count('exchange'),
    nodes: count('stored'),
    flash: count('flash'),
    violations: 0,
    failures: {},
  });
  assert.is(events.indexOf(summary), events.length - 1);
  const { packages, commands, requests, nodes, flash } = summary;
  const counts = `${packages} packages, ${commands} commands, ${requests} requests, ${nodes} nodes stored, ${flash} flash operations`;
  assert.is(lines[lines.length - 1], `✔ ${counts}, 0 protocol violations`);
});

test('says the same each time, within two screens', async () => {
  const { text } = await printed();
  const again = await demo();
  // A port may have fewer digits than another.
  const comparable = (output: string) => withoutPort(output).replaceAll(/\d+ bytes/g, 'N bytes');
  assert.is(comparable(again.stdout), comparable(text));
  assert.ok(linesOf(text).length <= 100, `${linesOf(text).length} lines`);
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
