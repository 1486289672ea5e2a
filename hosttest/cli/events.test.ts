import { DmClient } from 'dmlet';
import { NodeFlash, NodeResource, nodePlatform } from 'dmlet/node';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { dmlet, eventsOf, only } from './program.js';
import { bootstrapFor, MMS, MMS_DOCUMENT, statusesSeen, withScene } from './samples.js';

const RUN = 'urn:oma:mo:oma-mms:1.3/m1/Run';

/** A server that shows, executes and subscribes. */
const SCRIPT = {
  sessions: [
    {
      server: '/dm',
      packages: [
        { CMD: [['HGET', '{origin}/mms']] },
        {
          CMD: [
            ['SUB', '{origin}/reports/[DevID]', `${MMS}/m1/Addr`],
            ['SHOW', '{origin}/page?x=[DevID]'],
            ['EXEC', RUN],
            ['EXEC', RUN, '{origin}/dm/results'],
            ['EXEC', `${MMS}/m1/Addr`],
            ['HGET', '{origin}/addr', `${MMS}/m1/Addr`],
          ],
        },
      ],
    },
  ],
  repository: {
    '/mms': { document: [{ ClientURI: `${MMS}//`, MOData: { MMS: { ...MMS_DOCUMENT[0].MOData.MMS, Run: null } } }] },
    '/addr': { document: { MOData: { Addr: 'http://new.test/' } } },
    '/reports/SN-77': { accept: ['application/json'] },
  },
};

test('tells what a server shows, executes and is told of', async () => {
  await withScene(SCRIPT, bootstrapFor, async ({ server, run }) => {
    const { code, stdout, stderr } = await run('--handle', `${MMS}/Run`, '--handle', `${MMS}/Other`);
    assert.equal({ code, stderr }, { code: 0, stderr: '' });
    assert.equal(statusesSeen(server), [[200], [200, 200, 200, 202, 405, 200]]);
    const events = eventsOf(stdout);
    assert.equal(only(events, 'show'), [{ event: 'show', url: `${server.origin}/page?x=SN-77` }]);
    assert.equal(only(events, 'exec'), Array(2).fill({ event: 'exec', uri: RUN }));
    const alert = { AlertType: 'urn:dmlet:at:exec-result:1.0', SourceURI: RUN, DataType: 'int', Data: '200' };
    assert.equal(only(events, 'alert'), [{ event: 'alert', alert }]);
    assert.equal(
      server.packages
        .filter(({ path }) => path === '/dm/results')
        .map(({ body }) => (body as { Alert: unknown[] }).Alert[1]),
      [alert],
    );
    const uploads = server.requests.filter(({ method }) => method === 'PUT');
    assert.equal(
      uploads.map(({ status }) => status),
      [415, 204],
    );
    assert.equal(uploads[1].document, [{ ClientURI: `${MMS}/m1/Addr`, MOData: { Addr: 'http://new.test/' } }]);
    const finished = only(events, 'finished').map(({ work, subject, code }) => [work, subject, code]);
    assert.equal(finished.sort(), [
      ['report', `${MMS}/m1/Addr`, ''],
      ['session', 'manager.test', ''],
      ['session', 'manager.test', ''],
    ]);
    assert.equal(server.violations, []);
  });
});

test('tells it in words', async () => {
  await withScene(SCRIPT, bootstrapFor, async ({ server, bootstrap, state }) => {
    const args = ['run', '--bootstrap', bootstrap, '--state', state];
    const { code, stdout } = await dmlet(...args, '--handle', `${MMS}/*`);
    assert.is(code, 0);
    for (const line of [
      `    ▣ shows ${server.origin}/page?x=SN-77\n`,
      `    ▶ executes ${RUN}\n`,
      `    ▶ executes ${MMS}/m1/Addr\n`,
      `    ⚑ alert delivered {"AlertType":"urn:dmlet:at:exec-result:1.0","SourceURI":"${RUN}","DataType":"int","Data":"200"}\n`,
    ]) {
      assert.ok(stdout.includes(line), stdout);
    }
  });
});

test('lets nobody execute what it was not told to', async () => {
  await withScene(SCRIPT, bootstrapFor, async ({ server, run }) => {
    const { stdout } = await run();
    assert.equal(statusesSeen(server)[1], [200, 200, 405, 405, 405, 200]);
    assert.equal([...only(eventsOf(stdout), 'exec'), ...only(eventsOf(stdout), 'alert')], []);
  });
});

test('goes on with what EXEC had begun when it was killed, where it is told to execute it', async () => {
  await withScene(SCRIPT, bootstrapFor, async ({ server, bootstrap, state, run, inspect }) => {
    const platform = nodePlatform(new NodeFlash(state), {});
    const client = new DmClient(platform);
    client.onExecute(MMS, 'Run', () => undefined);
    client.start(new NodeResource(bootstrap));
    await new Promise<void>((resolve) => client.whenIdle(resolve));
    client.close();
    platform.http.close();
    assert.equal(statusesSeen(server)[1].slice(2, 4), [202, 202]);
    await run('--handle', `${MMS}/Other`, '--handle', `${MMS}/Run/Deeper`, '--handle', MMS);
    assert.is((await inspect()).executions.length, 2);
    const { code, stdout } = await run('--handle', `${MMS}/*`);
    assert.is(code, 0);
    assert.equal(only(eventsOf(stdout), 'exec'), Array(2).fill({ event: 'exec', uri: RUN }));
    assert.equal((await inspect()).executions, []);
    assert.is(only(eventsOf(stdout), 'alert').length, 2);
  });
});

test('tells no alert that was given up', async () => {
  const script = {
    ...SCRIPT,
    sessions: [
      ...SCRIPT.sessions,
      { server: '/dm/results', packages: [{ fault: { kind: 'status', status: 404 } as const }] },
    ],
  };
  await withScene(script, bootstrapFor, async ({ run, inspect }) => {
    const { code, stdout, stderr } = await run('--handle', `${MMS}/Run`);
    assert.is(code, 1);
    assert.equal(only(eventsOf(stdout), 'alert'), []);
    assert.is(stderr, 'dmlet: session manager.test: HTTP_STATUS 404\n');
    assert.equal((await inspect()).alerts, []);
  });
});

test.run();
