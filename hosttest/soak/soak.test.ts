import type { DmClient } from 'dmlet';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DmError } from '../../src/errors.js';
import { Ledger } from './ledger.js';
import { Soak } from './soak.js';

// What `npm run soak` does for minutes, in a moment.

test('a device whose power and network go at random loses nothing, and leaves nothing behind', async () => {
  const soak = await Soak.begin(20222);
  await soak.settle();
  const objects = soak.flashObjects;
  for (let round = 0; round < 12; round += 1) await soak.round();
  await soak.settle();
  await soak.end();
  assert.equal([soak.wrong, soak.flashObjects], [[], objects]);
  assert.ok(soak.figures.powerCuts > 0 && soak.figures.faults > 0, JSON.stringify(soak.figures));
});

test('a number that is lost, or that nobody wrote, is told', () => {
  const ledger = new Ledger();
  const [first, second] = [ledger.next('a'), ledger.next('a')];
  ledger.acknowledge('a', first);
  for (const found of [first, second]) ledger.compare(() => found);
  assert.equal(ledger.lost, []);
  for (const found of [first - 1, second + 1, Number.NaN]) ledger.compare(() => found);
  assert.is(ledger.lost.length, 3);
});

test('an alert is undelivered until a server had it; one that was refused is none', () => {
  const ledger = new Ledger();
  ledger.raise({ alert: () => {} } as unknown as DmClient, 'one');
  ledger.raise(
    {
      alert: () => {
        throw new DmError('FLASH_FULL');
      },
    } as unknown as DmClient,
    'two',
  );
  assert.equal(ledger.undelivered, ['one']);
  ledger.deliver({ packages: [{ body: { Alert: [{ Data: 'one' }] } }] } as never);
  assert.equal(ledger.undelivered, []);
});

test.run();
