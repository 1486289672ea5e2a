import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { accountElement, bootstrapWith, DEVINFO, FOREIGN, MMS, mmsDocument, NAP } from '../support/device-bootstrap.js';
import { DeviceClock } from '../support/device-clock.js';
import { onStage } from '../support/device-fixture.js';
import { FIRST, reporting, reports } from '../support/device-reports.js';
import { SESSION_INFORMATION } from '../support/tree-text.js';

// PROTOCOL.md §3, SUB: what is reported, to whom, and when.
const test = suite('SUB');

const ROOT = `${MMS}/m1/`;
const NAME = `${MMS}/m1/Name`;

test(
  'SUB is 200 and reports nothing; the first change is reported [CMD-SUB, CMD-SUB-1, CMD-SUB-11]',
  onStage(async (stage) => {
    const device = await reporting(stage);
    assert.equal(await device.codes(['SUB', `${stage.server.origin}/r`, ROOT]), [200]);
    await device.idle();
    assert.equal(reports(stage), []);
    device.client.local.write(NAME, 'second');
    await device.idle();
    assert.equal(reports(stage), [`/r ${ROOT} ${JSON.stringify({ MMS: { ...FIRST, Name: 'second' } })}`]);
    assert.is(device.client.dueCount, 0);
  }),
);

test(
  "a report is one PUT of an MO document, placeholders replaced, for a server's change too [CMD-SUB-2, CMD-SUB-8, MO-22, MO-24]",
  onStage(async (stage) => {
    stage.server.setResource('/new', { document: { MOData: { Name: 'fetched' } } });
    const device = await reporting(stage);
    const { origin } = stage.server;
    assert.equal(
      await device.codes(['SUB', `${origin}/[MCC]/[MOID]`, NAME], ['HGET', `${origin}/new`, NAME]),
      [200, 200],
    );
    await device.idle();
    const puts = stage.server.requests.filter(({ method }) => method === 'PUT');
    assert.is(puts.length, 1);
    assert.is(decodeURIComponent(puts[0].path), `/262/${MMS}`);
    assert.is(puts[0].headers['content-type'], 'application/vnd.oma.dm.mo+json');
    assert.is(puts[0].headers['content-length'], String(puts[0].body.length));
    const [element] = JSON.parse(puts[0].body.toString());
    assert.equal([element.ClientURI, element.MOData], [NAME, { Name: 'fetched' }]);
  }),
);

test(
  'several nodes changed within the time of settling are one PUT [CMD-SUB-7]',
  onStage(async (stage) => {
    const clock = new DeviceClock();
    const device = await reporting(stage, { clock, limits: {} });
    assert.equal(await device.codes(['SUB', `${stage.server.origin}/r`, ROOT]), [200]);
    const { local } = device.client;
    local.write(NAME, 'second');
    clock.advance(600);
    local.write(`${MMS}/m1/Addr/Port`, 2);
    clock.advance(399);
    assert.is(device.client.dueCount, 0);
    // The time runs from the first change: one that comes again and again cannot put the report off.
    clock.advance(1);
    assert.is(device.client.dueCount, 1);
    await device.idle();
    const now = { MMS: { Name: 'second', Addr: { Host: 'a', Port: 2 } } };
    assert.equal(reports(stage), [`/r ${ROOT} ${JSON.stringify(now)}`]);
  }),
);

test(
  'an idle callback waits for changes that settle, and for their report',
  onStage(async (stage) => {
    const clock = new DeviceClock();
    const device = await reporting(stage, { clock, limits: {} });
    await device.codes(['SUB', `${stage.server.origin}/r`, ROOT]);
    device.client.local.write(NAME, 'second');
    let isIdle = false;
    const idle = device.idle().then(() => {
      isIdle = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.is(isIdle, false);
    clock.advance(1000);
    await idle;
    assert.is(reports(stage).length, 1);
  }),
);

test(
  'changed and changed back before it settled: no PUT [CMD-SUB-10]',
  onStage(async (stage) => {
    const clock = new DeviceClock();
    const device = await reporting(stage, { clock, limits: {} });
    await device.codes(['SUB', `${stage.server.origin}/r`, ROOT]);
    device.client.local.write(NAME, 'second');
    device.client.local.write(NAME, 'first');
    clock.advance(1000);
    await device.idle();
    assert.equal(reports(stage), []);
  }),
);

test(
  'changed, settled and changed back within one session: no PUT [CMD-SUB-10]',
  onStage(async (stage) => {
    stage.server.setResource('/second', { document: { MOData: { Name: 'second' } } });
    stage.server.setResource('/first', { document: { MOData: { Name: 'first' } }, fault: { kind: 'delay', ms: 20 } });
    const device = await reporting(stage);
    const { origin } = stage.server;
    await device.codes(
      ['SUB', `${origin}/r`, ROOT],
      ['HGET', `${origin}/second`, NAME],
      ['HGET', `${origin}/first`, NAME],
    );
    await device.idle();
    assert.equal(reports(stage), []);
    assert.is(device.client.dueCount, 0);
  }),
);

test(
  'a change elsewhere is no change [CMD-SUB-1]',
  onStage(async (stage) => {
    const device = await reporting(stage);
    await device.codes(['SUB', `${stage.server.origin}/r`, NAME]);
    device.client.local.write(`${MMS}/m1/Addr/Port`, 7);
    device.client.local.write(`${NAP}/n1/NapId`, 'other');
    await device.idle();
    assert.equal(reports(stage), []);
  }),
);

test(
  'deleted: the empty array; made anew: the data [CMD-SUB-9]',
  onStage(async (stage) => {
    stage.server.setResource('/mms', { document: mmsDocument({ Name: 'again' }) });
    const device = await reporting(stage);
    const { origin } = stage.server;
    await device.codes(['SUB', `${origin}/r`, ROOT], ['DELETE', ROOT]);
    await device.idle();
    assert.equal(reports(stage), ['/r []']);
    assert.equal(await device.codes(['HGET', `${origin}/mms`]), [200]);
    await device.idle();
    assert.equal(reports(stage), ['/r []', `/r ${ROOT} {"MMS":{"Name":"again"}}`]);
  }),
);

test(
  'wildcards and x-names are accepted without any match, and report all matches together [CMD-SUB-5, URI-21]',
  onStage(async (stage) => {
    const device = await reporting(stage);
    const { origin } = stage.server;
    const codes = await device.codes(
      ['SUB', `${origin}/all`, `${NAP}/*/NapId`],
      ['SUB', `${origin}/none`, `${NAP}/*/Absent`],
      ['SUB', `${origin}/x`, `${NAP}/(x)/?nv=(x)/NapId:three`],
    );
    assert.equal(codes, [200, 200, 200]);
    device.client.local.write(`${NAP}/n2/NapId`, 'three');
    await device.idle();
    assert.equal(reports(stage), [
      `/all ${NAP}/n1/NapId {"NapId":"one"} ${NAP}/n2/NapId {"NapId":"three"}`,
      `/x ${NAP}/n2/ {"NAP":{"NapId":"three"}}`,
    ]);
  }),
);

test(
  'an exact address of nothing is 404 [CMD-SUB-4]',
  onStage(async (stage) => {
    const device = await reporting(stage);
    const { origin } = stage.server;
    const codes = await device.codes(
      ['SUB', `${origin}/r`, `${MMS}/m1/Absent`],
      ['SUB', `${origin}/r`, `${MMS}/m2/`],
      ['SUB', `${origin}/r`, `${NAP}//`],
      ['SUB', `${origin}/r`, `${FOREIGN}//`],
      ['SUB', `${origin}/r`, 'no'],
      ['SUB', `${origin}/[Nonsense]`, ROOT],
    );
    assert.equal(codes, [404, 404, 409, 403, 400, 400]);
    assert.is(device.client.device.subscriptions.rows.length, 0);
  }),
);

test(
  'an address that turns ambiguous addresses nothing, and is whole again later [CMD-SUB-9, URI-5]',
  onStage(async (stage) => {
    const device = await reporting(stage);
    await device.codes(['SUB', `${stage.server.origin}/r`, `${MMS}//Name`]);
    const second = device.client.local.create(MMS, 'MMS');
    await device.idle();
    device.client.local.remove(second);
    await device.idle();
    assert.equal(reports(stage), ['/r []', `/r ${NAME} {"Name":"first"}`]);
  }),
);

test(
  'two subscriptions on one change: each is reported [CMD-SUB-3]',
  onStage(async (stage) => {
    const device = await reporting(stage);
    const { origin } = stage.server;
    await device.codes(['SUB', `${origin}/root`, ROOT], ['SUB', `${origin}/name`, NAME]);
    device.client.local.write(NAME, 'second');
    await device.idle();
    assert.equal(
      reports(stage).map((report) => report.split(' ')[0]),
      ['/root', '/name'],
    );
  }),
);

test(
  'two accounts subscribe to one place each for itself [CMD-SUB-3]',
  onStage(async (stage) => {
    const other = accountElement({ miid: 'other', srvId: 'other.example', srvUri: '{origin}/dm/other' });
    const mo = [other, { ClientURI: ROOT, MOData: { MMS: FIRST } }];
    const device = await reporting(stage, { bootstrap: bootstrapWith({ mo }) });
    const { origin } = stage.server;
    await device.codes(['SUB', `${origin}/one`, NAME]);
    await device.converse([{ CMD: [['SUB', `${origin}/two`, NAME]] }], 'other.example');
    device.client.local.write(NAME, 'second');
    await device.idle();
    assert.equal(reports(stage), [`/one ${NAME} {"Name":"second"}`, `/two ${NAME} {"Name":"second"}`]);
  }),
);

test(
  'a second SUB with the same ClientURI replaces the ServerURI [CMD-SUB-3]',
  onStage(async (stage) => {
    const device = await reporting(stage);
    const { origin } = stage.server;
    await device.codes(['SUB', `${origin}/old`, NAME], ['SUB', `${origin}/new`, NAME]);
    await device.idle();
    assert.equal(reports(stage), []);
    device.client.local.write(NAME, 'second');
    await device.idle();
    assert.equal(reports(stage), [`/new ${NAME} {"Name":"second"}`]);
  }),
);

test(
  'a report holds all of the data, whatever validator the SUB named [CMD-SUB-8, CV-4]',
  onStage(async (stage) => {
    const document = [{ ClientURI: ROOT, CV: 'v2', MOData: { MMS: { Name: 'second' } } }];
    stage.server.setResource('/new', { document });
    const device = await reporting(stage);
    const { origin } = stage.server;
    const codes = await device.codes(['SUB', `${origin}/r`, `${ROOT}?cv=v2`], ['HGET', `${origin}/new`, ROOT]);
    assert.equal(codes, [200, 200]);
    await device.idle();
    assert.equal(reports(stage), [`/r ${ROOT} {"MMS":{"Name":"second"}}`]);
  }),
);

test(
  'beyond limits.subscriptions SUB is 413; an equal one is none more [ST-413]',
  onStage(async (stage) => {
    const device = await reporting(stage, { limits: { settleTime: 0, subscriptions: 1 } });
    const { origin } = stage.server;
    const codes = await device.codes(
      ['SUB', `${origin}/r`, NAME],
      ['SUB', `${origin}/r`, ROOT],
      ['SUB', `${origin}/q`, NAME],
      ['UNSUB', NAME],
      ['SUB', `${origin}/r`, ROOT],
    );
    assert.equal(codes, [200, 413, 200, 200, 200]);
  }),
);

test(
  'another bearer is a change of Session Information [STD-10, STD-15]',
  onStage(async (stage) => {
    const perm = [SESSION_INFORMATION, DEVINFO];
    const device = await reporting(stage, { bootstrap: bootstrapWith({ account: { perm } }) });
    device.identity.Bearer = '1';
    const cbt = `${SESSION_INFORMATION}//CBT`;
    assert.equal(await device.codes(['SUB', `${stage.server.origin}/r`, cbt]), [200]);
    device.identity.Bearer = '2';
    device.client.identityChanged();
    await device.idle();
    assert.equal(reports(stage), [`/r ${SESSION_INFORMATION}/s1/CBT {"CBT":2}`]);
  }),
);

test.run();
