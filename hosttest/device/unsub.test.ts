import { FlashResult } from 'dmlet';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { accountElement, bootstrapWith, MMS, NAP } from '../support/device-bootstrap.js';
import { onStage } from '../support/device-fixture.js';
import { FIRST, reporting, reports } from '../support/device-reports.js';
import type { MemoryFlash } from '../support/memory-flash.js';

// PROTOCOL.md §3, UNSUB.
const test = suite('UNSUB');

const ROOT = `${MMS}/m1/`;
const NAME = `${MMS}/m1/Name`;

test(
  'after UNSUB nothing is reported, also after a restart [CMD-UNSUB, CMD-UNSUB-1]',
  onStage(async (stage) => {
    const device = await reporting(stage);
    assert.equal(await device.codes(['SUB', `${stage.server.origin}/r`, NAME], ['UNSUB', NAME]), [200, 200]);
    device.client.local.write(NAME, 'second');
    await device.idle();
    const again = await stage.restart(device);
    again.client.local.write(NAME, 'third');
    await again.idle();
    assert.equal(reports(stage), []);
    assert.is(again.client.device.subscriptions.rows.length, 0);
  }),
);

test(
  'UNSUB of another ClientURI is 404, though it means the same nodes [CMD-UNSUB-1, CMD-UNSUB-2, ST-404]',
  onStage(async (stage) => {
    const device = await reporting(stage);
    const codes = await device.codes(
      ['SUB', `${stage.server.origin}/r`, ROOT],
      ['UNSUB', `${MMS}//`],
      ['UNSUB', `${MMS}/m1`],
      ['UNSUB', NAME],
      ['UNSUB', `${NAP}//`],
      ['UNSUB', ROOT],
      ['UNSUB', ROOT],
    );
    assert.equal(codes, [200, 404, 404, 404, 404, 200, 404]);
  }),
);

test(
  "UNSUB does not end another account's subscription [CMD-UNSUB-3]",
  onStage(async (stage) => {
    const other = accountElement({ miid: 'other', srvId: 'other.example', srvUri: '{origin}/dm/other' });
    const mo = [other, { ClientURI: ROOT, MOData: { MMS: FIRST } }];
    const device = await reporting(stage, { bootstrap: bootstrapWith({ mo }) });
    await device.codes(['SUB', `${stage.server.origin}/r`, NAME]);
    const { statuses } = await device.converse([{ CMD: [['UNSUB', NAME]] }], 'other.example');
    assert.equal(statuses, [[404]]);
    device.client.local.write(NAME, 'second');
    await device.idle();
    assert.is(reports(stage).length, 1);
  }),
);

test(
  'UNSUB cancels a report that waits for its next try [HTTP-13]',
  onStage(async (stage) => {
    const device = await reporting(stage, { random: 0.99 });
    await device.codes(['SUB', `${stage.server.origin}/r`, NAME]);
    stage.server.setResource('/r', { fault: { kind: 'status', status: 500 } });
    device.client.local.write(NAME, 'second');
    await device.idle();
    assert.is(device.client.dueCount, 1);
    assert.equal(await device.codes(['UNSUB', NAME]), [200]);
    assert.is(device.client.dueCount, 0);
    const again = await stage.restart(device);
    assert.equal([again.client.dueCount, reports(stage)], [0, []]);
  }),
);

test(
  'where flash refuses, UNSUB is 500, and the report that was due goes out all the same [ST-500, ST-2]',
  onStage(async (stage) => {
    stage.server.setResource('/second', { document: { MOData: { Name: 'second' } } });
    // Changes settle and their report falls due while the second HGET waits for its answer.
    stage.server.setResource('/slow', { text: '[', fault: { kind: 'delay', ms: 20 } });
    const device = await reporting(stage);
    const { origin } = stage.server;
    const flash = device.flash as MemoryFlash;
    const { device: inner } = device.client;
    const settle = inner.transaction.drop.bind(inner.transaction);
    inner.transaction.drop = (table, row) => {
      if (table === inner.subscriptions) flash.refusals.push(FlashResult.Failed);
      settle(table, row);
    };
    const codes = await device.codes(
      ['SUB', `${origin}/r`, NAME],
      ['HGET', `${origin}/second`, NAME],
      ['HGET', `${origin}/slow`, `${MMS}/m1/Addr`],
      ['UNSUB', NAME],
    );
    assert.equal(codes, [200, 200, 502, 500]);
    await device.idle();
    assert.equal(reports(stage), [`/r ${NAME} {"Name":"second"}`]);
  }),
);

test.run();
