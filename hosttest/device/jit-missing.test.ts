import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bootstrapWith, DEV_ID, IMS, MMS, mmsDocument, NAP, napDocument } from '../support/device-bootstrap.js';
import { type Configuration, onStage, type TestDevice } from '../support/device-fixture.js';

// PROTOCOL.md JIT-11, JIT-30, BOOT-7, BOOT-8: missing configuration, and devices without accounts.
const test = suite('just in time: missing configuration');

const DEFAULTS = [
  ['DEFAULT', '{origin}/mms', MMS],
  ['DEFAULT', '{origin}/nap', NAP],
  ['DEFAULT', '{origin}/ims', IMS],
];

function configureMissing(device: TestDevice): Promise<Configuration> {
  return new Promise((resolve) =>
    device.client.configureMissing((error, uris) => resolve({ code: error?.code ?? '', error, uris })),
  );
}

test(
  'every MOID with a DEFAULT and without an instance is fetched, the others are not [JIT-10 JIT-11]',
  onStage(async (stage) => {
    stage.server.setResource('/mms', { document: mmsDocument() });
    stage.server.setResource('/ims', { document: [{ ClientURI: `${IMS}//`, MOData: { IMS: { A: 1 } } }] });
    const mo = [{ ClientURI: `${NAP}/there/`, MOData: { NAP: { NapId: 'there' } } }];
    const device = await stage.start({ bootstrap: bootstrapWith({ mo, cmd: DEFAULTS }) });
    assert.equal(await configureMissing(device), { code: '', error: undefined, uris: [`${MMS}/m1/`, `${IMS}/m1/`] });
    assert.equal(stage.seen, ['GET /mms', 'GET /ims']);
  }),
);

test(
  'where nothing is missing the answer comes all the same',
  onStage(async (stage) => {
    const device = await stage.start();
    assert.equal(await configureMissing(device), { code: '', error: undefined, uris: [] });
    assert.equal(stage.seen, []);
  }),
);

test(
  'one that fails does not stop the others; the first error is told',
  onStage(async (stage) => {
    stage.server.setResource('/mms', { fault: { kind: 'status', status: 404 } });
    stage.server.setResource('/nap', { document: napDocument() });
    stage.server.setResource('/ims', { fault: { kind: 'status', status: 500 } });
    const device = await stage.start({ bootstrap: bootstrapWith({ cmd: DEFAULTS }) });
    const { error, uris } = await configureMissing(device);
    assert.equal([error?.code, error?.status, uris], ['HTTP_STATUS', 404, [`${NAP}/m1/`]]);
    assert.equal(stage.seen, ['GET /mms', 'GET /nap', 'GET /ims']);
  }),
);

test(
  'what the first document brought along is fetched no second time',
  onStage(async (stage) => {
    stage.server.setResource('/mms', { document: [...mmsDocument(), ...napDocument()] });
    const device = await stage.start({ bootstrap: bootstrapWith({ cmd: DEFAULTS.slice(0, 2) }) });
    await device.configure(MMS);
    assert.equal((await configureMissing(device)).uris, []);
    assert.equal(stage.seen, ['GET /mms']);
  }),
);

test(
  'what was deleted is missing again',
  onStage(async (stage) => {
    stage.server.setResource('/mms', { document: mmsDocument() });
    const device = await stage.start({ bootstrap: bootstrapWith({ cmd: DEFAULTS.slice(0, 1) }) });
    await configureMissing(device);
    await device.codes(['DELETE', `${MMS}//`]);
    assert.equal((await configureMissing(device)).uris, [`${MMS}/m1/`]);
    assert.is(stage.server.requests.length, 2);
  }),
);

test(
  'more missing MOIDs than may wait at once',
  onStage(async (stage) => {
    stage.server.setResource('/mms', { document: mmsDocument() });
    stage.server.setResource('/nap', { document: napDocument() });
    stage.server.setResource('/ims', { document: [{ ClientURI: `${IMS}//`, MOData: { IMS: { A: 1 } } }] });
    const device = await stage.start({ bootstrap: bootstrapWith({ cmd: DEFAULTS }), limits: { requests: 2 } });
    assert.equal(await configureMissing(device), {
      code: '',
      error: undefined,
      uris: [`${MMS}/m1/`, `${NAP}/m1/`, `${IMS}/m1/`],
    });
  }),
);

const TEXT_FORM = `# A device of the change request's example
DEFAULT {origin}/Settings/[MCC]/[MNC]/MMS ${MMS}

DEFAULT\t{origin}/Settings/[CMCC]/[CMNC]/RCS \t ${IMS}\r
`;

test(
  'a bootstrap of commands only, and no account: the device configures itself [BOOT-7 BOOT-8]',
  onStage(async (stage) => {
    stage.server.setResource('/Settings/262/01/MMS', { document: mmsDocument() });
    stage.server.setResource('/Settings/208/10/RCS', {
      document: [{ ClientURI: `${IMS}//`, MOData: { IMS: { A: 1 } } }],
    });
    const device = await stage.start({ bootstrap: TEXT_FORM });
    assert.equal(stage.seen, []);
    assert.equal((await configureMissing(device)).uris, [`${MMS}/m1/`, `${IMS}/m1/`]);
    assert.equal(stage.server.packages, []);
    assert.is((await device.session())?.code, 'NO_ACCOUNT');
    const again = await stage.restart(device);
    assert.is(again.client.local.read(`${MMS}//Name`), 'MMS');
  }),
);

test(
  'without accounts nobody has set bounds but the MOID that was asked for [JIT-30]',
  onStage(async (stage) => {
    stage.server.setResource('/Settings/262/01/MMS', { document: [...mmsDocument(), ...napDocument()] });
    const device = await stage.start({ bootstrap: TEXT_FORM });
    const { state } = device;
    assert.is((await device.configure(MMS)).code, 'FORBIDDEN');
    assert.is(device.state, state);
  }),
);

test(
  'DevInfo placeholders work without a bootstrap\u2019s DevInfo',
  onStage(async (stage) => {
    const path = `/${encodeURIComponent(DEV_ID)}/Model%20X%2F1`;
    stage.server.setResource(path, { document: mmsDocument() });
    const bootstrap = `DEFAULT {origin}/[DevID]/[Mod] ${MMS}`;
    const device = await stage.start({ bootstrap, identity: { DevID: DEV_ID, Mod: 'Model X/1' } });
    assert.is((await device.configure(MMS)).code, '');
    assert.equal(
      stage.server.requests.map((request) => request.path),
      [path],
    );
  }),
);

test.run();
