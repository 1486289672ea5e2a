import * as fs from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { startReferenceServer } from '../server/index.js';
import { dmlet, type Ended, eventsOf, forEach, type JsonEvent, linesOf, only, snapshot, start } from './program.js';
import {
  bootstrapFor,
  freePort,
  inspect,
  leaf,
  MMS,
  MMS_DOCUMENT,
  NAP,
  NAP_DOCUMENT,
  sessionsSeen,
  withScene,
  writeBootstrap,
} from './samples.js';

const IDENTITY = ['--identity', 'MCC=262,MNC=01'];

/** The failure is told on stderr in one line, in the JSON, and by the exit code. @param error its code; behind `HTTP_STATUS` the status. */
function assertFailed({ code, stdout, stderr }: Ended, work: string, subject: string, error: string): JsonEvent[] {
  assert.is(code, 1, stdout + stderr);
  const events = eventsOf(stdout);
  const [code_, status] = error.split(' ');
  const told = {
    event: 'finished',
    work,
    subject,
    code: code_,
    ...(status !== undefined && { status: Number(status) }),
  };
  assert.equal(only(events, 'finished'), [told]);
  assert.is(stderr, `dmlet: ${work} ${subject}: ${error}\n`);
  return events;
}

test('keeps a session that failed for want of a server, and completes it in the next run', async () => {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  await withScene(
    {},
    () => bootstrapFor(origin),
    async ({ state, run }) => {
      const events = assertFailed(await run(), 'session', 'manager.test', 'NO_CONNECTION');
      assert.is(only(events, 'package').length, 1, 'tries');
      assert.equal(only(events, 'bootstrap'), [{ event: 'bootstrap', applied: true }]);
      const before = await inspect(state);
      const [due] = before.due;
      assert.equal([due.work, due.subject, due.reason, due.within], ['session', 'manager.test', 'bootstrap', 1]);
      const again = assertFailed(await run(), 'session', 'manager.test', 'NO_CONNECTION');
      assert.equal(only(again, 'bootstrap'), [{ event: 'bootstrap', applied: false }]);
      const after = await inspect(state);
      assert.equal([after.tree, after.due[0].within], [before.tree, 2]);
      const server = await startReferenceServer({ port });
      try {
        const late = await run();
        assert.equal({ code: late.code, stderr: late.stderr }, { code: 0, stderr: '' });
        assert.equal(sessionsSeen(server), ['BootstrapComplete']);
        assert.is((await run()).code, 0);
        assert.is(server.packages.length, 1, 'done for good');
        assert.equal((await inspect(state)).tree, before.tree);
      } finally {
        await server.close();
      }
    },
  );
});

test('keeps an HGET of the bootstrap that failed, and completes it in the next run', async () => {
  const script = {
    repository: { '/nap': { document: NAP_DOCUMENT, fault: { kind: 'close', after: 5 } as const, faultTimes: 1 } },
  };
  await withScene(script, withHget, async ({ server, run, inspect }) => {
    const subject = `${server.origin}/nap`;
    const { code, stdout, stderr } = await run();
    assert.is(code, 1);
    const finished = only(eventsOf(stdout), 'finished').filter(({ work }) => work === 'hget');
    assert.equal(finished, [{ event: 'finished', work: 'hget', subject, code: 'CUT_SHORT' }]);
    assert.match(stderr, /^dmlet: hget http.*\/nap: CUT_SHORT\n$/);
    assert.is(leaf(await inspect(), `${NAP}/m1/NapId`), undefined);
    assert.is((await run()).code, 0);
    assert.is(leaf(await inspect(), `${NAP}/m1/NapId`), 'n');
    assert.is((await run()).code, 0);
    assert.is(server.requests.length, 2);
    assert.equal(sessionsSeen(server), ['BootstrapComplete']);
  });
});

function withHget(origin: string): unknown {
  return { ...bootstrapFor(origin), CMD: [['HGET', `${origin}/nap`]] };
}

test('forgets work that can never succeed', async () => {
  await withScene({}, withHget, async ({ server, run }) => {
    const { code, stderr } = await run();
    assert.equal({ code, stderr }, { code: 1, stderr: `dmlet: hget ${server.origin}/nap: HTTP_STATUS 404\n` });
    assert.is((await run()).code, 0);
    assert.is(server.requests.length, 1);
  });
});

test('tells a session that the server refused', async () => {
  const refusal = (status: number) => ({ packages: [{ fault: { kind: 'status', status } as const }] });
  await withScene({ sessions: [refusal(503), refusal(403)] }, bootstrapFor, async ({ server, run }) => {
    assertFailed(await run(), 'session', 'manager.test', 'HTTP_STATUS 503');
    assertFailed(await run('--session'), 'session', 'manager.test', 'HTTP_STATUS 403');
    assert.equal(sessionsSeen(server), ['BootstrapComplete', 'BootstrapComplete']);
    assert.is((await run()).code, 0, '403 is for good');
    assert.is((await run('--session')).code, 0);
  });
});

test('tells a session whose packages cannot be read', async () => {
  const packages = [{ text: '{"CMD":[["END"' }, { text: 'nonsense' }];
  await withScene({ sessions: [{ packages }] }, bootstrapFor, async ({ server, run }) => {
    assertFailed(await run('--session'), 'session', 'manager.test', 'BAD_PACKAGE');
    assert.is(server.packages.length, 2);
  });
});

test('tells a request that failed, whatever failed', async () => {
  const document = [{ ClientURI: `${NAP}//`, MOData: { NAP: { NapId: 'x' } } }];
  const repository = {
    '/mms/262-01': { status: 403 },
    '/mms/262-02': { text: '[{"ClientURI":' },
    '/mms/262-03': { document },
    '/mms/262-04': { document: MMS_DOCUMENT, type: 'text/html' },
  };
  await withScene({ repository }, bootstrapFor, async ({ bootstrap, state, run }) => {
    assert.is((await run()).code, 0);
    const { tree } = await inspect(state);
    const cases = [
      ['01', 'HTTP_STATUS 403'],
      ['02', 'CUT_SHORT'],
      ['03', 'NOT_PROVIDED'],
      ['04', 'BAD_TYPE'],
      ['', 'NO_VALUE'],
    ];
    await forEach(cases, async ([mnc, error]) => {
      // One that failed is tried again by the next run.
      const own = `${state} of ${mnc}`;
      fs.cpSync(state, own, { recursive: true });
      const request = ['--request', MMS, '--identity', `MCC=262,MNC=${mnc}`];
      const ended = await dmlet('run', '--bootstrap', bootstrap, '--state', own, '--json', ...request);
      assertFailed(ended, 'configuration', MMS, error);
      assert.equal((await inspect(own)).tree, tree);
    });
  });
});

test('tells a request for which there is no DEFAULT', async () => {
  await withScene({}, bootstrapFor, async ({ run }) => {
    assert.is((await run()).code, 0);
    assertFailed(await run('--request', NAP), 'configuration', NAP, 'NO_DEFAULT');
  });
});

test('tells a session for which there is no account', async () => {
  await withScene(
    {},
    () => '{}',
    async ({ run }) => {
      assertFailed(await run('--session'), 'session', '', 'NO_ACCOUNT');
    },
  );
});

test('keeps the session of a device whose identity is not known yet', async () => {
  const nameless = (origin: string) => ({ MO: bootstrapFor(origin).MO.slice(1) });
  await withScene({}, nameless, async ({ server, run }) => {
    assertFailed(await run(), 'session', 'manager.test', 'NO_DEVICE_ID');
    assert.is((await run('--identity', 'DevID=SN-1')).code, 0);
    assert.equal(sessionsSeen(server), ['BootstrapComplete']);
  });
});

test('one failure does not hide another, nor what succeeded', async () => {
  await withScene(
    { repository: { '/nap': { document: NAP_DOCUMENT } } },
    withHget,
    async ({ bootstrap, server, run, inspect }) => {
      const { MO } = bootstrapFor(server.origin);
      const CMD = [['missing', 'nap', 'lost'].map((name) => `${server.origin}/${name}`)]
        .flat()
        .map((url) => ['HGET', url]);
      writeBootstrap(bootstrap, { MO, CMD });
      const { code, stderr } = await run();
      assert.is(code, 1);
      const lines = ['missing', 'lost'].map((name) => `dmlet: hget ${server.origin}/${name}: HTTP_STATUS 404`);
      assert.equal(linesOf(stderr), lines);
      assert.is(leaf(await inspect(), `${NAP}/m1/NapId`), 'n');
    },
  );
});

const BAD_BOOTSTRAPS: Record<string, string> = {
  empty: '',
  'cut short': '{"MO":[',
  'no JSON': '{"MO":[}',
  'two documents': '{}{}',
  'an array': '[]',
  prose: 'Dear device,\nplease be configured.\n',
  'a command that has no place': '{"CMD":[["DELETE","urn:a/b/"]]}',
  'a text command that has no place': '# well\nGET urn:a/b/\n',
  'a placeholder without a meaning': 'DEFAULT http://x.test/[FOO] urn:oma:mo:oma-mms:1.3\n',
  'a DEFAULT without a MOID': '{"CMD":[["DEFAULT","http://x.test/"]]}',
  'an account without a server':
    '{"MO":[{"ClientURI":"urn:oma:mo:oma-dm-dmacc:1.2/a/","MOData":{"DMAcc":{"SrvID":"a"}}}]}',
  'not UTF-8': Buffer.from('{"MO":[{"ClientURI":"urn:a//","MOData":{"A":"\u00ff"}}]}', 'latin1').toString('latin1'),
};

test('refuses a bad bootstrap in one line, and keeps what there is', async () => {
  await withScene({}, bootstrapFor, async ({ folder, state, run }) => {
    assert.is((await run()).code, 0);
    await forEach(Object.entries(BAD_BOOTSTRAPS), async ([name, text]) => {
      const file = `${folder}/${name}`;
      fs.writeFileSync(file, text, 'latin1');
      const own = `${folder}/state of ${name}`;
      fs.cpSync(state, own, { recursive: true });
      const before = snapshot(own);
      const { code, stdout, stderr } = await dmlet('run', '--bootstrap', file, '--state', own);
      assert.equal({ code, stdout, lines: linesOf(stderr).length }, { code: 1, stdout: '', lines: 1 }, name);
      assert.match(stderr, /^dmlet: BAD_BOOTSTRAP: ./, name);
      assert.equal(snapshot(own), before, name);
    });
    const fresh = `${folder}/fresh`;
    assert.is((await dmlet('run', '--bootstrap', `${folder}/cut short`, '--state', fresh)).code, 1);
    assert.equal(fs.readdirSync(fresh), []);
    const { code, stdout } = await run();
    assert.equal({ code, stdout }, { code: 0, stdout: '{"event":"bootstrap","applied":false}\n' });
  });
});

test('with --wait, stays where a server is missing', async () => {
  const origin = `http://127.0.0.1:${await freePort()}`;
  await withScene(
    {},
    () => bootstrapFor(origin),
    async ({ bootstrap, state }) => {
      const program = start(['run', '--bootstrap', bootstrap, '--state', state, '--json', '--wait', ...IDENTITY]);
      await program.line((line) => line.includes('"NO_CONNECTION"'));
      const first = await Promise.race([program.ended, new Promise((resolve) => setTimeout(resolve, 500, 'stays'))]);
      program.kill('SIGTERM');
      assert.is(first, 'stays');
      assert.is((await program.ended).signal, 'SIGTERM');
    },
  );
});

test.run();
