import * as path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Ended, eventsOf, forEach, only, start } from './program.js';
import {
  bootstrapFor,
  IMS,
  leaf,
  MMS,
  MMS_DOCUMENT,
  NAP,
  NAP_DOCUMENT,
  type Scene,
  type State,
  statusesSeen,
  withScene,
} from './samples.js';

const KILL_SWITCH = path.resolve(import.meta.dirname, 'kill-switch.js');

const SESSION = {
  packages: [
    {
      CMD: [
        ['HGET', '{origin}/nap'],
        ['DEFAULT', '{origin}/ims', IMS],
      ],
    },
    {
      CMD: [
        ['HGET', '{origin}/addr', `${NAP}//Addr`],
        ['DELETE', `${NAP}//Obsolete`],
        ['DEFAULT', '{origin}/nap2', NAP],
      ],
    },
  ],
};

const SCRIPT = {
  // A device that is started again may open another session.
  sessions: [SESSION, SESSION],
  repository: {
    '/nap': { document: NAP_DOCUMENT },
    '/addr': { document: { MOData: { Addr: 'new.test' } } },
    '/mms/262-01': { document: MMS_DOCUMENT },
  },
};

/** What is there once the server was told 200, by package and command. */
const EFFECTS: ((state: State) => boolean)[][] = [
  [(state) => leaf(state, `${NAP}/m1/NapId`) === 'n', (state) => state.defaults.some(({ moid }) => moid === IMS)],
  [
    (state) => leaf(state, `${NAP}/m1/Addr`) === 'new.test',
    (state) => leaf(state, `${NAP}/m1/Obsolete/Speed`) === undefined,
    (state) => state.defaults.some(({ moid }) => moid === NAP),
  ],
];

/** Starts the run that is killed. */
type Launch = (scene: Scene, args: string[]) => Promise<Ended>;

/** A step of `kill-switch.ts`; at 0 it never kills. */
function atStep(step: number): Launch {
  return async ({ state }, args) => {
    const env = { KILL_FOLDER: state, KILL_STEP: String(step) };
    const ended = await start(args, { env, node: ['--import', `file://${KILL_SWITCH}`] }).ended;
    assert.is(ended.signal, step === 0 ? null : 'SIGKILL', `step ${step}`);
    return ended;
  };
}

/** A line of output. By the time that it is read here the program has gone on; near the end it may even have ended. */
function atLine(count: number): Launch {
  return (_scene, args) => {
    const program = start(args, { onLine: (_line, number) => number === count && program.kill('SIGKILL') });
    return program.ended;
  };
}

function withDevice(act: (scene: Scene, args: string[]) => Promise<void>): Promise<void> {
  return withScene(SCRIPT, bootstrapFor, async (scene) => {
    const options = ['--json', '--session', '--request', MMS, '--identity', 'MCC=262,MNC=01'];
    await act(scene, ['run', '--bootstrap', scene.bootstrap, '--state', scene.state, ...options]);
  });
}

/** Tree and DEFAULT table, whatever the server's port. */
function contents({ tree, defaults, accounts }: State, { server }: Scene): unknown {
  return JSON.parse(JSON.stringify({ tree, defaults, accounts }).replaceAll(server.origin, 'ORIGIN'));
}

/** What a run comes to that nobody disturbs. */
interface Whole {
  contents: unknown;
  steps: number;
  lines: number;
}

let whole: Promise<Whole> | undefined;

/** Runs a device once, for all tests. */
function undisturbed(): Promise<Whole> {
  whole ??= new Promise((resolve, reject) => {
    withDevice(async (scene, args) => {
      const { code, stdout, stderr } = await atStep(0)(scene, args);
      assert.is(code, 0, stderr);
      assert.equal(statusesSeen(scene.server), [
        [200, 200],
        [200, 200, 200],
      ]);
      const state = await scene.inspect();
      assert.ok(EFFECTS.flat().every((isThere) => isThere(state)));
      resolve({
        contents: contents(state, scene),
        steps: Number.parseInt(stderr, 10),
        lines: eventsOf(stdout).length,
      });
    }).catch(reject);
  });
  return whole;
}

/** Kills a run, looks at what is left, and starts it again. */
async function killAndCarryOn(launch: Launch, what: string): Promise<void> {
  await withDevice(async (scene, args) => {
    const { signal, code } = await launch(scene, args);
    assert.ok(signal === 'SIGKILL' || code === 0, what);
    const { server } = scene;
    const told = statusesSeen(server);
    const reached = server.packages.length > 0;
    const found = await scene.inspect();
    for (const [at, statuses] of told.entries()) {
      for (const [index, status] of statuses.entries()) {
        assert.is(status, 200, what);
        assert.ok(EFFECTS[at][index](found), `${what}: command ${index} of package ${at} was acknowledged`);
      }
    }
    const committed = found.accounts.length > 0;
    assert.ok(committed || !reached, `${what}: a session without an account in flash`);
    assert.is(committed, found.defaults.length > 0, `${what}: half a bootstrap`);
    const again = await start(args).ended;
    assert.equal({ code: again.code, stderr: again.stderr }, { code: 0, stderr: '' }, what);
    const events = eventsOf(again.stdout);
    assert.equal(only(events, 'bootstrap'), [{ event: 'bootstrap', applied: !committed }], what);
    assert.equal(only(events, 'note'), [], what);
    assert.equal(contents(await scene.inspect(), scene), (await undisturbed()).contents, what);
  });
}

/** Numbers from 1 to `end`, `stride` apart. */
function numbers(end: number, stride: number): number[] {
  return Array.from({ length: Math.ceil(end / stride) }, (_, index) => 1 + index * stride);
}

test('carries on wherever a flash operation was cut off', async () => {
  const { steps } = await undisturbed();
  assert.ok(steps > 50, `${steps} steps`);
  // A flash write has four steps: a stride of seven meets each of them in turn.
  await forEach(numbers(steps, 7), (step) => killAndCarryOn(atStep(step), `step ${step}`));
});

test('carries on wherever it was killed from outside', async () => {
  const { lines } = await undisturbed();
  assert.ok(lines > 30, `${lines} lines`);
  await forEach([1, 2, 3, ...numbers(lines, 9).slice(1)], (line) => killAndCarryOn(atLine(line), `line ${line}`));
});

test('finds what is left of a file that was cut off, and clears it away', async () => {
  await withDevice(async (scene, args) => {
    // Within the first write: made, not yet in its place.
    await atStep(2)(scene, args);
    const left = await scene.inspect();
    assert.equal([left.tree, left.flash.records], [[], 0]);
    assert.is((await start(args).ended).code, 0);
    assert.equal(contents(await scene.inspect(), scene), (await undisturbed()).contents);
  });
});

test.run();
