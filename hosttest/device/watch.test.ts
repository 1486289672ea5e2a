import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bootstrapWith, MMS, mmsDocument, NAP } from '../support/device-bootstrap.js';
import { onStage, type Stage, type TestDevice, withCode } from '../support/device-fixture.js';

// Applications are told of changes in the tree.
const test = suite('watches');

const MO = [
  { ClientURI: `${MMS}/a/`, MOData: { MMS: { Name: 'a', To: { 1: { Id: 'x' } } } } },
  { ClientURI: `${NAP}/n/`, MOData: { NAP: { NapId: 'n' } } },
];

/** A device that watches each of these places. What it is told is in `told`, by place. */
async function watching(
  stage: Stage,
  ...places: string[]
): Promise<{ device: TestDevice; told: Record<string, string[]> }> {
  const device = await stage.start({ bootstrap: bootstrapWith({ mo: MO }) });
  const told: Record<string, string[]> = {};
  for (const place of places) {
    told[place] = [];
    device.client.local.watch(place, (uri) => told[place].push(uri));
  }
  return { device, told };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test(
  'a change of the place itself, below it and above it is told, with its address',
  onStage(async (stage) => {
    const { device, told } = await watching(stage, `${MMS}/a/To`);
    const [all] = Object.values(told);
    const { local } = device.client;
    local.write(`${MMS}/a/To/1/Id`, 'below');
    await turn();
    assert.equal(all.splice(0), [`${MMS}/a/To/1/Id`]);
    stage.server.setResource('/to', { document: { MOData: { To: { 2: { Id: 'y' } } } } });
    await device.codes(['HGET', `${stage.server.origin}/to`, `${MMS}/a/To`]);
    assert.equal(all.splice(0), [`${MMS}/a/To`]);
    stage.server.setResource('/mms', { document: mmsDocument() });
    await device.codes(['HGET', `${stage.server.origin}/mms`]);
    assert.equal(all.splice(0), [`${MMS}/a/`]);
    await device.codes(['DELETE', `${MMS}/a/`]);
    assert.equal(all.splice(0), [`${MMS}/a/`]);
  }),
);

test(
  'others are not told',
  onStage(async (stage) => {
    const places = [`${MMS}/b/`, `${MMS}/a/Name/Deeper`, `${MMS}/a/To`, `${NAP}//`, `${MMS}0//`, `${MMS}/a/Nam`];
    const { device, told } = await watching(stage, ...places);
    device.client.local.write(`${MMS}/a/Addr`, 'x');
    await turn();
    assert.equal(Object.values(told), [[], [], [], [], [], []]);
  }),
);

test(
  'wildcards, x-names and the empty MIID stand for any name',
  onStage(async (stage) => {
    const places = [`${MMS}/*/`, `${MMS}//`, `${MMS}/*/Name`, `${MMS}/(x)/Name`, `${MMS}/*/*`, `${NAP}/*/`];
    const { device, told } = await watching(stage, ...places);
    device.client.local.write(`${MMS}/a/Name`, 'new');
    await turn();
    const uri = `${MMS}/a/Name`;
    assert.equal(
      places.map((place) => told[place]),
      [[uri], [uri], [uri], [uri], [uri], []],
    );
  }),
);

test(
  'an instance that is made and one that goes are told',
  onStage(async (stage) => {
    stage.server.setResource('/nap', { document: [{ ClientURI: `${NAP}//`, MOData: { NAP: { NapId: 'new' } } }] });
    const { device, told } = await watching(stage, `${NAP}//`, `${NAP}/m1/NapId`);
    const hget = ['HGET', `${stage.server.origin}/nap`];
    await device.codes(['DELETE', `${NAP}//`], hget, ['DELETE', `${NAP}//`]);
    assert.equal(told[`${NAP}//`], [`${NAP}/n/`, `${NAP}/m1/`, `${NAP}/m1/`]);
    assert.equal(told[`${NAP}/m1/NapId`], [`${NAP}/m1/`, `${NAP}/m1/`]);
  }),
);

test(
  'a callback comes from the event loop, and sees what it is told of',
  onStage(async (stage) => {
    const { device } = await watching(stage);
    const { local } = device.client;
    const seen: unknown[] = [];
    local.watch(`${MMS}/a/Name`, (uri) => seen.push(local.read(uri)));
    local.write(`${MMS}/a/Name`, 'new');
    assert.equal(seen, []);
    await turn();
    assert.equal(seen, ['new']);
  }),
);

test(
  'what fails, and what changes nothing, is not told',
  onStage(async (stage) => {
    stage.server.setResource('/bad', { text: '[{' });
    stage.server.setResource('/same', { document: { MOData: { Name: 'a' } } });
    const { device, told } = await watching(stage, `${MMS}//`);
    const { origin } = stage.server;
    await device.codes(
      ['HGET', `${origin}/bad`, `${MMS}/a/`],
      ['HGET', `${origin}/same`, `${MMS}/a/Name`],
      ['DELETE', `${MMS}/b/`],
    );
    device.client.local.write(`${MMS}/a/Name`, 'a');
    await turn();
    assert.equal(Object.values(told), [[]]);
  }),
);

test(
  'each of several elements of a document is told',
  onStage(async (stage) => {
    const document = [...mmsDocument(), { ClientURI: `${NAP}/n/NapId`, MOData: { NapId: 'new' } }];
    stage.server.setResource('/jit', { document });
    const { device, told } = await watching(stage, `${MMS}//`, `${NAP}//`);
    await device.codes(['HGET', `${stage.server.origin}/jit`]);
    assert.equal(told, { [`${MMS}//`]: [`${MMS}/a/`], [`${NAP}//`]: [`${NAP}/n/NapId`] });
  }),
);

test(
  'after unwatch nothing more is told, not even what is on its way',
  onStage(async (stage) => {
    const { device } = await watching(stage);
    const { local } = device.client;
    let told = 0;
    const count = (): void => {
      told += 1;
    };
    const first = local.watch(`${MMS}//`, count);
    const second = local.watch(`${MMS}//`, count);
    local.write(`${MMS}/a/Name`, 'new');
    local.unwatch(first);
    await turn();
    assert.is(told, 1);
    local.unwatch(second);
    local.unwatch(second);
    local.write(`${MMS}/a/Name`, 'newer');
    await turn();
    assert.is(told, 1);
  }),
);

test(
  'a callback that throws disturbs neither the others nor the client',
  onStage(async (stage) => {
    const { device } = await watching(stage);
    const { local } = device.client;
    let told = 0;
    local.watch(`${MMS}//`, () => {
      throw new Error('application');
    });
    local.watch(`${MMS}//`, () => {
      told += 1;
    });
    local.write(`${MMS}/a/Name`, 'new');
    await turn();
    assert.equal([told, device.log.about('note')], [1, ['note INTERNAL callback: Error: application']]);
    assert.is(await device.session(), undefined);
  }),
);

test(
  'a callback may write, watch and unwatch',
  onStage(async (stage) => {
    const { device } = await watching(stage);
    const { local } = device.client;
    const told: string[] = [];
    const watch = local.watch(`${MMS}/a/Name`, (uri) => {
      told.push(uri);
      local.unwatch(watch);
      local.watch(`${MMS}/a/Name`, (again) => told.push(`again ${again}`));
      local.write(`${MMS}/a/Name`, 'by the callback');
    });
    local.write(`${MMS}/a/Name`, 'first');
    await turn();
    await turn();
    assert.equal(told, [`${MMS}/a/Name`, `again ${MMS}/a/Name`]);
  }),
);

test(
  'there are so many watches and no more; an address that does not parse is refused',
  onStage(async (stage) => {
    const { device } = await watching(stage);
    const { local } = device.client;
    const watches = Array.from({ length: 8 }, () => local.watch(`${MMS}//`, () => {}));
    assert.throws(() => local.watch(`${MMS}//`, () => {}), withCode('BUSY'));
    local.unwatch(watches[3]);
    local.watch(`${MMS}//`, () => {});
    assert.throws(() => local.watch('nonsense', () => {}), withCode('BAD_URI'));
  }),
);

test(
  'just-in-time configuration is told like any other change',
  onStage(async (stage) => {
    stage.server.setResource('/jit', { document: mmsDocument() });
    const device = await stage.start({ bootstrap: bootstrapWith({ cmd: [['DEFAULT', '{origin}/jit', MMS]] }) });
    const told: string[] = [];
    device.client.local.watch(`${MMS}//Addr`, (uri) => told.push(uri));
    await device.configure(MMS);
    await turn();
    assert.equal(told, [`${MMS}/m1/`]);
  }),
);

test.run();
