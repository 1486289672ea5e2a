import * as fs from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as path from 'node:path';
import { Readable } from 'node:stream';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ResourceHandler } from '../server/index.js';
import { until } from '../server/loopback.js';
import { eventsOf, type JsonEvent, only, start, withFolder } from './program.js';
import { bootstrapFor, inspect, MMS, NAP, type Scene, statusesSeen, withScene, writeBootstrap } from './samples.js';

const PEAK_MEMORY = path.resolve(import.meta.dirname, 'peak-memory.js');

const SMALL = 2_000;
const LARGE = 20_000_000;

/** Bytes that the peak of memory may differ by between a small input and a large one. */
const TOLERANCE = 12_000_000;

const test = suite('large');
const measured = fs.existsSync('/proc/self/status') ? test : test.skip;

/** `head`, then `unit`s until there are `bytes` of them, parted by commas, then `tail`; in pieces. */
function* textOf(head: string, unit: (index: number) => string, bytes: number, tail: string): Generator<string> {
  let piece = head;
  let done = 0;
  for (let index = 0; done < bytes; index += 1) {
    const text = (index === 0 ? '' : ',') + unit(index);
    piece += text;
    done += text.length;
    if (piece.length < 60_000) continue;
    yield piece;
    piece = '';
  }
  yield piece + tail;
}

/** `head`, a run of `bytes` letters, `tail`; in pieces. */
function* longString(head: string, bytes: number, tail: string): Generator<string> {
  const piece = 'é\\n\\u00e9'.repeat(6_000);
  yield head;
  for (let done = 0; done < bytes; done += piece.length) yield piece;
  yield tail;
}

function padding(index: number): string {
  return `${index}`.padEnd(900, '.');
}

/** Objects, arrays and literals as nobody asked for them. */
function junk(index: number): string {
  const value = { [`n${index}`]: [index, -0.5e-3, true, null, ['\u2028', { deep: [[[{}]]] }]], text: 'x'.repeat(500) };
  return `"junk${index}":${JSON.stringify(value)}`;
}

interface Outcome {
  peak: number;
  events: JsonEvent[];
  stderr: string;
}

/** Runs a device to its end, with a heap in which no large input fits. */
async function measure(bootstrap: string, state: string): Promise<Outcome> {
  const node = [
    '--expose-gc',
    '--max-old-space-size=64',
    '--max-semi-space-size=1',
    '--import',
    `file://${PEAK_MEMORY}`,
  ];
  const args = ['run', '--bootstrap', bootstrap, '--state', state, '--json'];
  const { code, stdout, stderr } = await start(args, { node, stdoutFile: `${state}.json` }).ended;
  const [text, peak] = /peak (\d+) kB\n$/.exec(stderr) ?? ['', ''];
  assert.equal({ code, peak: peak !== '' }, { code: 0, peak: true }, stderr);
  return { peak: Number(peak) * 1024, events: eventsOf(stdout), stderr: stderr.slice(0, -text.length) };
}

function assertFlat(small: Outcome, large: Outcome): void {
  const growth = large.peak - small.peak;
  assert.ok(growth < TOLERANCE, `peak ${small.peak} grew by ${growth} bytes`);
  assert.equal([small.stderr, large.stderr], ['', '']);
}

/** A device whose server answers Package#1 with `body`, and every Package#3 with END. */
async function withPackage<T>(
  body: Generator<string>,
  act: (device: { bootstrap: string; state: string; sent: string[] }) => Promise<T>,
): Promise<T> {
  const sent: string[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const piece of request) text += piece;
    sent.push(text);
    response.writeHead(200, { 'Content-Type': 'application/vnd.oma.dm.request+json' });
    if (sent.length > 1) response.end('{"CMD":[["END"]]}');
    else Readable.from(body).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await withFolder((folder) => {
      const bootstrap = `${folder}/bootstrap`;
      const { port } = server.address() as AddressInfo;
      writeBootstrap(bootstrap, bootstrapFor(`http://127.0.0.1:${port}`));
      return act({ bootstrap, state: `${folder}/state`, sent });
    });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

function runWithPackage(body: Generator<string>): Promise<Outcome & { sent: string[] }> {
  return withPackage(body, async ({ bootstrap, state, sent }) => ({ ...(await measure(bootstrap, state)), sent }));
}

const PACKAGES: Record<string, (bytes: number) => Generator<string>> = {
  'many commands': (bytes) =>
    textOf(
      '{"CMD":[',
      (index) => `["GET","${NAP}//${padding(index)}"]`,
      bytes,
      `,["DEFAULT","http://x.test/","${NAP}"]]}`,
    ),
  'many members that nobody knows': (bytes) =>
    textOf('{', junk, bytes, `,"CMD":[["DEFAULT","http://x.test/","${NAP}"]]}`),
  'one long string that nobody asked for': (bytes) =>
    longString('{"Note":"', bytes, `","CMD":[["DEFAULT","http://x.test/","${NAP}"]]}`),
};

for (const [name, body] of Object.entries(PACKAGES)) {
  measured(`needs no memory for a Package#2 of ${name} [HTTP-24]`, async () => {
    const small = await runWithPackage(body(SMALL));
    const large = await runWithPackage(body(LARGE));
    for (const { sent, events } of [small, large]) {
      assert.is(sent.length, 2);
      const { Status } = JSON.parse(sent[1]) as { Status: { sc: number }[] };
      const count = only(events, 'command').length - 1;
      assert.is(Status.length, count, 'one status for each command');
      assert.is(Status[count - 1].sc, 200);
    }
    const bytes = large.events.find(({ event, number }) => event === 'package' && number === 2)?.bytes;
    assert.ok(Number(bytes) >= LARGE, `${bytes} bytes`);
    assertFlat(small, large);
  });
}

test('goes on no faster than its output is read', async () => {
  const body = textOf('{"CMD":[', (index) => `["GET","${NAP}//${padding(index)}"]`, LARGE, ']}');
  await withPackage(body, async ({ bootstrap, state, sent }) => {
    const program = start(['run', '--bootstrap', bootstrap, '--state', state]);
    program.wait();
    await until(() => sent.length === 1, 'Package#1');
    // What is not read has to wait somewhere: 20 MB of it are too much for a pipe.
    const pause = new Promise((resolve) => setTimeout(resolve, 2_000));
    await Promise.race([pause, program.ended]);
    const early = sent.length;
    program.read();
    const { code, stderr } = await program.ended;
    assert.equal({ early, late: sent.length, code, stderr }, { early: 1, late: 2, code: 0, stderr: '' });
  });
});

/** Answers with a document that is made as it is sent. */
function streamed(body: () => Generator<string>): ResourceHandler {
  return (_request, response) => {
    response.writeHead(200, { 'Content-Type': 'application/vnd.oma.dm.mo+json' });
    Readable.from(body()).pipe(response);
  };
}

const WHOLE = [['HGET', '{origin}/mo', `${NAP}//`]];
const PART = [['HGET', '{origin}/mo', `${MMS}//Addr`]];

const MMS_HERE = { ClientURI: `${MMS}/m/`, MOData: { MMS: { Addr: 'old.test' } } };

interface Document {
  CMD: string[][];
  status: number;
  body: (bytes: number) => Generator<string>;
}

const DOCUMENTS: Record<string, Document> = {
  'is to be stored, and does not fit': {
    CMD: WHOLE,
    status: 413,
    body: (bytes) => textOf('{"MOData":{"NAP":{', (index) => `"n${index}":"${padding(index)}"`, bytes, '}}}'),
  },
  'is one value to be stored, which does not fit': {
    CMD: WHOLE,
    status: 413,
    body: (bytes) => longString('{"MOData":{"NAP":{"Note":"', bytes, '"}}}'),
  },
  'holds the little that is asked for': {
    CMD: PART,
    status: 200,
    body: (bytes) =>
      textOf(
        '{"Before":"x","MOData":{"MMS":{',
        junk,
        bytes,
        `,"Addr":"new.test","After":"${'x'.repeat(bytes / 10)}"}}}`,
      ),
  },
};

async function runWithDocument(
  { CMD }: Document,
  body: () => Generator<string>,
): Promise<Outcome & { statuses: number[][] }> {
  let outcome: Outcome | undefined;
  let statuses: number[][] = [];
  const bootstrap = (origin: string) => ({ MO: [...bootstrapFor(origin).MO, MMS_HERE] });
  await withScene({ sessions: [{ packages: [{ CMD }] }] }, bootstrap, async (scene: Scene) => {
    scene.server.setResource('/mo', streamed(body));
    outcome = await measure(scene.bootstrap, scene.state);
    statuses = statusesSeen(scene.server);
    const { tree } = await inspect(scene.state);
    const isDone = statuses[0][0] === 200;
    const { value } = tree.find(({ uri }) => uri === `${MMS}/m/Addr`) ?? {};
    assert.is(value, isDone && CMD === PART ? 'new.test' : 'old.test');
    const hasNap = tree.some(({ uri }) => uri.startsWith(`${NAP}/`));
    assert.is(hasNap, isDone && CMD === WHOLE);
  });
  return { ...(outcome as Outcome), statuses };
}

for (const [name, document] of Object.entries(DOCUMENTS)) {
  measured(`needs no memory for an object that ${name}`, async () => {
    const small = await runWithDocument(document, () => document.body(SMALL));
    const large = await runWithDocument(document, () => document.body(LARGE));
    if (document.CMD === PART) assert.equal(small.statuses, [[200]]);
    assert.equal(large.statuses, [[document.status]]);
    assertFlat(small, large);
  });
}

measured('needs no memory for a bootstrap', async () => {
  const peaks: Outcome[] = [];
  for (const bytes of [SMALL, LARGE]) {
    await withFolder(async (folder) => {
      const file = `${folder}/bootstrap`;
      const tail = `,"CMD":[["DEFAULT","http://x.test/","${NAP}"]]}`;
      for (const piece of textOf('{', junk, bytes, tail)) fs.appendFileSync(file, piece);
      peaks.push(await measure(file, `${folder}/state`));
      assert.equal((await inspect(`${folder}/state`)).defaults, [{ moid: NAP, serverUri: 'http://x.test/' }]);
    });
  }
  assertFlat(peaks[0], peaks[1]);
});

test.run();
