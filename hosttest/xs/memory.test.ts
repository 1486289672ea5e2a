import * as fs from 'node:fs';
import * as path from 'node:path';
import * as assert from 'uvu/assert';
import { makePackage2 } from '../bench/package2.js';
import { ROOT } from './build.js';
import { type ClientJobs, clientJobs, hostileJob, LARGE_VALUE, namesJob } from './client-jobs.js';
import { CUT_BODY, HOSTILE_BODIES } from './hostile-bodies.js';
import { DEVICE, type Machine, type RunReport } from './machine.js';
import { readerJob } from './reader-jobs.js';
import { xsSuite } from './xs-suite.js';

/** The machine in which a client must do its work, in bytes. */
const POOL = 32768;

/** Most that the reader may take of it beside the package's chunk. */
const READER = 6144;
/** What may differ from one package to another: steps in which the machine's memory grows. */
const NOISE = 512;
const MEGABYTE = 1 << 20;

const memory = xsSuite('memory of a device');
const creation = { ...DEVICE, pool: POOL };

/** Runs one of the client's jobs in that machine. */
async function run(machine: Machine, job: keyof ClientJobs): Promise<RunReport & { statuses: number[] }> {
  const report = await machine.run(clientJobs(creation)[job]);
  assert.is(`${report.exit} ${report.detail}`.trim(), 'ok', job);
  assert.is(report.end?.keys, 0);
  const statuses = [...report.sent.join('').matchAll(/"sc":(\d+)/g)].map(([, code]) => Number(code));
  return { ...report, statuses };
}

memory('the reader takes the same for 10 commands and for a megabyte of them', async (machine) => {
  if (machine.bits !== 32) return;
  const few = await machine.smallestPool(readerJob(10, 'readOnce'), 32);
  const nothing = await machine.smallestPool(readerJob(10, 'readNothing'), 32);
  assert.ok(few - nothing <= READER, `${few - nothing} bytes`);
  const many = Math.ceil(MEGABYTE / (makePackage2(1000).bytes / 1000));
  const { exit, detail } = await machine.run(readerJob(many, 'readOnce', few + NOISE));
  assert.equal([exit, detail], ['ok', '']);
  const { exit: end } = await machine.run(readerJob(many, 'readOnce', few - NOISE));
  assert.is(end, 'abort');
});

memory('the tree of the sessions below has 50 nodes', async (machine) => {
  assert.equal((await run(machine, 'nodes')).printed, ['50']);
});

memory('a session in which a leaf is read', async (machine) => {
  assert.equal((await run(machine, 'session')).statuses, [200]);
});

memory('a Package#2 of a megabyte: commands until the reply is full, and what is skipped', async (machine) => {
  const { statuses, sent } = await run(machine, 'longPackage');
  assert.is(statuses.length, 100);
  const answered = statuses.filter((code) => code === 200).length;
  assert.ok(answered >= 4, `${answered}`);
  assert.equal(statuses.slice(answered), Array(100 - answered).fill(413));
  assert.ok(sent.join('').length < 4096);
});

memory('an MO of a kilobyte is fetched', async (machine) => {
  assert.equal((await run(machine, 'fetched')).statuses, [200]);
});

memory('a document of 64 KB, and one of a megabyte, of which the kilobyte of the target is kept', async (machine) => {
  assert.equal((await run(machine, 'longDocument')).statuses, [200]);
  assert.equal((await run(machine, 'hugeDocument')).statuses, [200]);
});

memory('a leaf of a megabyte comes in by HGET, and goes out by HPUT and GET [HTTP-27]', async (machine) => {
  const { statuses, sent } = await run(machine, 'largeLeaf');
  assert.equal(statuses, [200, 200, 200]);
  const all = sent.join('');
  const image = JSON.stringify(LARGE_VALUE);
  const first = all.indexOf(image);
  assert.ok(all.slice(0, first).endsWith('"MOData":{"MMS":{"Name":"large","Image":'));
  assert.ok(all.slice(first + image.length).startsWith('}}}]'));
  const second = all.indexOf(image, first + 1);
  assert.ok(second > 0 && all.slice(second + image.length).startsWith('}}]}]}'));
});

memory('a leaf of a megabyte for which flash has no room is refused [HTTP-53]', async (machine) => {
  assert.equal((await run(machine, 'refusedLeaf')).statuses, [413]);
});

memory('an MO of a megabyte is refused', async (machine) => {
  assert.equal((await run(machine, 'refusedDocument')).statuses, [413]);
});

memory(
  'the firmware, its HTTP included, does all of that in the machine that its manifest gives an ESP8266',
  async (machine) => {
    const manifest = JSON.parse(fs.readFileSync(path.join(ROOT, 'src/platform/moddable/manifest.json'), 'utf8'));
    const { static: pool, chunk, heap, stack } = manifest.platforms.esp.creation;
    const jobs = clientJobs(
      {
        pool,
        chunks: [chunk.initial, chunk.incremental],
        slots: [heap.initial, heap.incremental],
        stack,
        keys: DEVICE.keys,
      },
      false,
      true,
    );
    for (const job of ['session', 'longPackage', 'fetched', 'hugeDocument', 'refusedDocument'] as const) {
      const { exit, detail, end, sent } = await machine.run(jobs[job]);
      assert.equal([exit, detail, end?.keys], ['ok', '', 0], job);
      assert.match(sent.join(''), /"sc":(200|413)/, job);
    }
  },
);

memory('10,000 foreign names take no key', async (machine) => {
  const { exit, detail, end, sent } = await machine.run(namesJob(10000, creation));
  assert.equal([exit, detail, end?.keys], ['ok', '', 0]);
  assert.match(sent.join(''), /"sc":413.*"sc":200/);
});

memory('no hostile body ends the machine, nor takes memory from those behind it', async (machine) => {
  const report = await machine.run(
    hostileJob(
      'sendAll',
      HOSTILE_BODIES.map(({ body }) => body),
      creation,
    ),
  );
  const { exit, detail, end, printed } = report;
  assert.equal([exit, detail, end?.keys], ['ok', '', 0]);
  const outcomes = HOSTILE_BODIES.map(({ what }, i) => `${what}: ${printed[i]}`);
  assert.equal(
    outcomes,
    HOSTILE_BODIES.map(({ what, outcome }) => `${what}: ${outcome}`),
  );
});

memory('a body that is cut anywhere ends its session alone', async (machine) => {
  const { exit, detail, end, printed } = await machine.run(hostileJob('sendCut', [CUT_BODY], creation));
  assert.equal([exit, detail, end?.keys], ['ok', '', 0]);
  // Whole, too, are those that lack the brackets behind the commands alone.
  assert.equal(printed, [`3 of ${Buffer.byteLength(CUT_BODY) + 1}`]);
});

memory.run();
