import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ACCOUNT, accountElement, bootstrapWith, IMS, MMS, NAP, SRV_ID } from '../support/device-bootstrap.js';
import { CutFlash } from '../support/device-cut-flash.js';
import { type DeviceSetup, onStage } from '../support/device-fixture.js';
import { FIRST, reporting, reports, restarted } from '../support/device-reports.js';
import type { MemoryFlash } from '../support/memory-flash.js';

// PROTOCOL.md §3, SUB: what becomes of subscriptions over a restart, and when rights or accounts go.
const test = suite('SUB, later');

const ROOT = `${MMS}/m1/`;
const NAME = `${MMS}/m1/Name`;
const SECOND = `/r ${NAME} {"Name":"second"}`;
const DACMO = 'urn:oma:mo:oma-dm-dacmo:1.0';

test(
  'a subscription survives a restart, which reports nothing by itself and writes nothing [CMD-SUB-6, CMD-SUB-10]',
  onStage(async (stage) => {
    const device = await reporting(stage);
    await device.codes(['SUB', `${stage.server.origin}/r`, NAME]);
    device.client.local.write(NAME, 'second');
    await device.idle();
    const { writes } = device.flash as MemoryFlash;
    const again = await restarted(stage, device);
    assert.equal(stage.seen, []);
    assert.is((again.flash as MemoryFlash).writes, writes);
    again.client.local.write(NAME, 'third');
    await again.idle();
    assert.equal(reports(stage), [`/r ${NAME} {"Name":"third"}`]);
  }),
);

test(
  'a change just before the power went is reported after the restart [CMD-SUB-1, CMD-SUB-6]',
  onStage(async (stage) => {
    const device = await reporting(stage);
    await device.codes(['SUB', `${stage.server.origin}/r`, NAME]);
    device.client.local.write(NAME, 'second');
    await restarted(stage, device);
    assert.equal(reports(stage), [SECOND]);
  }),
);

test(
  'the power goes between the answer and the note of it: reported again [CMD-SUB-1]',
  onStage(async (stage) => {
    const flash = new CutFlash();
    const device = await reporting(stage, { flash });
    await device.codes(['SUB', `${stage.server.origin}/r`, NAME]);
    stage.server.setResource('/r', (_request, response) => {
      flash.cutAt = flash.operations + 1;
      response.writeHead(204).end();
    });
    device.client.local.write(NAME, 'second');
    await device.idle();
    assert.equal(reports(stage), [SECOND]);
    assert.ok(flash.isOff);
    const copy = CutFlash.copyOf(flash);
    stage.server.removeResource('/r');
    const again = await restarted(stage, device, { flash: copy });
    assert.equal(reports(stage), [SECOND]);
    await restarted(stage, again);
    assert.equal(reports(stage), []);
  }),
);

test(
  'a report whose first try failed is sent after the restart [CMD-SUB-14, HTTP-12]',
  onStage(async (stage) => {
    const device = await reporting(stage, { random: 0.99 });
    await device.codes(['SUB', `${stage.server.origin}/r`, NAME]);
    stage.server.setResource('/r', { fault: { kind: 'status', status: 503 }, faultTimes: 1 });
    device.client.local.write(NAME, 'second');
    await device.idle();
    assert.equal([reports(stage), device.client.dueCount], [[SECOND], 1]);
    const again = await restarted(stage, device, { random: 0 });
    assert.equal([reports(stage), again.client.dueCount], [[SECOND], 0]);
  }),
);

test(
  'where the account is gone, its subscriptions go with the next change, and nothing is sent',
  onStage(async (stage) => {
    const other = accountElement({ miid: 'other', srvId: 'other.example', srvUri: '{origin}/dm/other' });
    const mo = [other, { ClientURI: ROOT, MOData: { MMS: FIRST } }];
    const device = await reporting(stage, { bootstrap: bootstrapWith({ mo }) });
    await device.converse([{ CMD: [['SUB', `${stage.server.origin}/r`, NAME]] }], 'other.example');
    device.client.local.remove(`${ACCOUNT}/other/`);
    device.client.local.write(NAME, 'second');
    await device.idle();
    assert.equal([reports(stage), device.client.device.subscriptions.rows.length], [[], 0]);
    assert.is((await restarted(stage, device)).client.device.subscriptions.rows.length, 0);
  }),
);

test(
  'what an account may not read is not there for its subscription, until it may, and when it may no more [CMD-SUB-8, ACC-12, ACC-15]',
  onStage(async (stage) => {
    const device = await reporting(stage);
    const { local } = device.client;
    const uri = local.create(IMS, 'IMS');
    assert.equal(await device.codes(['SUB', `${stage.server.origin}/r`, `${IMS}/*/`]), [200]);
    local.write(`${uri}A`, 1);
    await device.idle();
    assert.equal(reports(stage), []);
    const mayRead = (acl: object): DeviceSetup => ({
      bootstrap: { MO: [{ ClientURI: `${DACMO}//`, MOData: { DACMO: { '1': { MO: uri, Acl: acl } } } }] },
    });
    const granted = await restarted(stage, device, mayRead({ '1': { SrvID: SRV_ID, Rights: 'R' } }));
    assert.equal(reports(stage), [`/r ${uri} {"IMS":{"A":1}}`]);
    await restarted(stage, granted, mayRead({ '1': { SrvID: SRV_ID, Rights: 'WXD' } }));
    assert.equal(reports(stage), ['/r []']);
  }),
);

test(
  'a MOID that is off the Perm list is gone for its subscriber [ACC-10, CMD-SUB-8]',
  onStage(async (stage) => {
    const device = await reporting(stage);
    await device.codes(['SUB', `${stage.server.origin}/r`, NAME]);
    const again = await restarted(stage, device, { bootstrap: { MO: [accountElement({ perm: [NAP] })] } });
    assert.equal(reports(stage), ['/r []']);
    again.client.local.write(NAME, 'second');
    await again.idle();
    assert.equal(reports(stage), ['/r []']);
  }),
);

test.run();
