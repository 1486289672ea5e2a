import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bootstrapWith, DEVINFO, IMS, MMS, mmsDocument } from '../support/device-bootstrap.js';
import { onStage, type Stage, type TestDevice } from '../support/device-fixture.js';

// PROTOCOL.md SES-14 to SES-16, SES-22, SES-23: END runs the whole package, and no Package#3 follows.
const test = suite('session: END');

const GET_ID = ['GET', `${DEVINFO}//DevID`];
const END = ['END'];

/** A session of these packages, for a device with an MMS object to delete. */
async function sessionOf(stage: Stage, ...packages: string[][][]): Promise<TestDevice> {
  const mo = [{ ClientURI: `${MMS}/old/`, MOData: { MMS: { Name: 'old' } } }];
  const device = await stage.start({ bootstrap: bootstrapWith({ mo }) });
  const { code } = await device.converse(packages.map((CMD) => ({ CMD })));
  assert.is(code, '');
  return device;
}

test(
  'END alone: no Package#3 [CMD-END SES-15]',
  onStage(async (stage) => {
    const device = await sessionOf(stage, [END]);
    assert.equal(stage.seen, ['#1']);
    assert.equal(device.log.about('session'), ['session END 200']);
  }),
);

test(
  'END first, in the middle, last: all commands of the package run, nothing is answered [CMD-END-1 SES-14 SES-15 SES-16 SES-17]',
  onStage(async (stage) => {
    stage.server.setResource('/mms', { document: mmsDocument() });
    const commands = [
      ['DELETE', `${MMS}/old/`],
      ['HGET', `${stage.server.origin}/mms`],
      ['DEFAULT', 'https://cfg.example/', IMS],
    ];
    for (const place of [0, 1, 2, 3]) {
      stage.seen.length = 0;
      const device = await sessionOf(stage, [...commands.slice(0, place), END, ...commands.slice(place)], [GET_ID]);
      assert.equal(stage.seen, ['#1', 'GET /mms'], `END at ${place}`);
      assert.equal(device.client.local.instances(MMS), ['m1']);
      assert.is(device.client.device.defaults.find(IMS)?.fields[1], 'https://cfg.example/');
    }
  }),
);

test(
  'END twice is END once',
  onStage(async (stage) => {
    const device = await sessionOf(stage, [END, ['DELETE', `${MMS}/old/`], END]);
    assert.equal(stage.seen, ['#1']);
    assert.equal(device.client.local.instances(MMS), []);
  }),
);

test(
  'END in a later package ends the session there [SES-3 SES-15]',
  onStage(async (stage) => {
    await sessionOf(stage, [GET_ID], [GET_ID, END], [GET_ID]);
    assert.equal(stage.seen, ['#1', '#3 200']);
  }),
);

test(
  'END with a failing command beside it: still no Package#3 [SES-15 SES-16]',
  onStage(async (stage) => {
    await sessionOf(stage, [['GET', `${MMS}//Nothing`], END, ['NONSENSE']]);
    assert.equal(stage.seen, ['#1']);
  }),
);

test(
  'END with a parameter is malformed, and ends nothing [CMD-END]',
  onStage(async (stage) => {
    await sessionOf(stage, [['END', 'now'], GET_ID]);
    assert.equal(stage.seen, ['#1', '#3 400 200']);
  }),
);

test(
  'names of commands are told apart by case',
  onStage(async (stage) => {
    await sessionOf(stage, [['end'], ['End'], GET_ID]);
    assert.equal(stage.seen, ['#1', '#3 501 501 200']);
  }),
);

test(
  'END in a second CMD member ends the session too',
  onStage(async (stage) => {
    const device = await stage.start();
    const text = JSON.stringify({ CMD: [GET_ID] }).replace('}', ',"CMD":[["END"]]}');
    const { code } = await device.converse([{ text }, { CMD: [GET_ID] }]);
    assert.is(code, '');
    assert.equal(stage.seen, ['#1']);
  }),
);

test(
  'END in a package that is cut short ends the session all the same',
  onStage(async (stage) => {
    const device = await stage.start();
    const text = JSON.stringify({ CMD: [['DEFAULT', 'https://cfg.example/', IMS], END, GET_ID] });
    const { code } = await device.converse([{ text: text.slice(0, -3) }, { CMD: [GET_ID] }]);
    assert.is(code, '');
    assert.equal(stage.seen, ['#1']);
    assert.ok(device.client.device.defaults.find(IMS));
  }),
);

/** Statuses that fill a reply buffer of the smallest size. */
const FILL = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? GET_ID : ['GET', `${MMS}//`]));

test(
  'END counts even where the reply buffer is full before it [SES-22]',
  onStage(async (stage) => {
    const device = await stage.start({ limits: { reply: 96 } });
    const { code } = await device.converse([{ CMD: [...FILL, END] }, { CMD: [GET_ID] }]);
    assert.is(code, '');
    assert.equal(stage.seen, ['#1']);
  }),
);

test(
  'commands behind END run even where the reply buffer is full [SES-23]',
  onStage(async (stage) => {
    stage.server.setResource('/mms', { document: mmsDocument() });
    const device = await stage.start({ limits: { reply: 96 } });
    const behind = [['DEFAULT', 'https://cfg.example/', IMS], ['HGET', `${stage.server.origin}/mms`], GET_ID];
    const { code } = await device.converse([{ CMD: [...FILL, END, ...behind] }]);
    assert.is(code, '');
    assert.equal(stage.seen, ['#1', 'GET /mms']);
    assert.ok(device.client.device.defaults.find(IMS));
    assert.equal(device.client.local.instances(MMS), ['m1']);
  }),
);

test.run();
