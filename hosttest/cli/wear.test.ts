import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { dmlet, eventsOf, only } from './program.js';
import { bootstrapFor, MMS, withScene } from './samples.js';

interface Wear {
  event: string;
  transactions: number;
  writes: number;
  removals: number;
  objects: { object: string; transaction: number; writes: number }[];
}

test('a run ends with what it wrote to flash, in all and for each object', async () => {
  await withScene({}, bootstrapFor, async ({ server, run, inspect }) => {
    const events = eventsOf((await run()).stdout);
    const [wear] = only(events, 'wear') as unknown as Wear[];
    const operations = only(events, 'flash').map(({ operation }) => operation);
    const count = (name: string): number => operations.filter((operation) => operation === name).length;
    assert.equal([wear.writes, wear.removals], [count('write'), count('remove')]);
    const settings = `DEFAULT ${MMS} ${server.origin}/mms/[MCC]-[MNC]`;
    assert.equal(
      wear.objects.find(({ object }) => object === settings),
      { object: settings, transaction: 1, writes: 1 },
    );
    const { transactions, objects } = (await inspect()).flash;
    assert.is(transactions, wear.transactions);
    assert.equal(
      objects,
      wear.objects.map(({ object, transaction }) => ({ object, transaction })),
    );
    assert.equal(only(eventsOf((await run()).stdout), 'wear'), []);
  });
});

test('people are told which objects were written most', async () => {
  await withScene({}, bootstrapFor, async ({ state, bootstrap }) => {
    const { stdout } = await dmlet('run', '--bootstrap', bootstrap, '--state', state);
    assert.match(
      stdout,
      /\nFlash {2}\d+ writes, \d+ removals; \d+ transactions so far\n +2 {2}urn:oma:mo:oma-dm-devinfo/,
    );
  });
});

test.run();
