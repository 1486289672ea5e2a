import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ACCOUNT,
  accountElement,
  bootstrapWith,
  DEVINFO,
  devInfoElement,
  FOREIGN,
  IMS,
  MMS,
  mmsDocument,
  NAP,
  napDocument,
} from '../support/device-bootstrap.js';
import { onStage, type Stage, type TestDevice } from '../support/device-fixture.js';

// PROTOCOL.md JIT-3, JIT-4, JIT-19, JIT-20: with whose rights fetched data is taken.
const test = suite('just in time: rights');

const IMS_ELEMENT = { ClientURI: `${IMS}//`, MOData: { IMS: { A: 1 } } };

/** Two accounts: `one` may manage MMS and NAP, `two` MMS and IMS. The factory's DEFAULT is for MMS. */
function twoAccounts(stage: Stage, cmd = [['DEFAULT', '{origin}/doc', MMS]]): Promise<TestDevice> {
  const one = accountElement({ miid: 'one', srvId: 'one', perm: [MMS, NAP] });
  const two = accountElement({ miid: 'two', srvId: 'two', perm: [MMS, IMS] });
  return stage.start({ bootstrap: { MO: [one, two, devInfoElement()], CMD: cmd } });
}

/** Fetches a document for MMS. @returns the code; on an error nothing may have changed. */
async function fetchDocument(stage: Stage, device: TestDevice, document: unknown): Promise<string> {
  stage.server.setResource('/doc', { document, etag: null });
  const { state } = device;
  const { code, uris } = await device.configure(MMS);
  if (code !== '') assert.equal([device.state, uris], [state, []]);
  return code;
}

test(
  'a MOID that is on no Perm list is refused, and the document with it [JIT-19]',
  onStage(async (stage) => {
    const device = await stage.start({ bootstrap: bootstrapWith({ cmd: [['DEFAULT', '{origin}/doc', MMS]] }) });
    const foreign = { ClientURI: `${FOREIGN}//`, MOData: { X: { A: 1 } } };
    assert.is(await fetchDocument(stage, device, [...mmsDocument(), foreign]), 'FORBIDDEN');
    assert.is(await fetchDocument(stage, device, [foreign, ...mmsDocument()]), 'FORBIDDEN');
    assert.is(await fetchDocument(stage, device, mmsDocument()), '');
  }),
);

test(
  'DevInfo and accounts are refused, even where they are on the Perm list [ACC-6]',
  onStage(async (stage) => {
    const account = { perm: [MMS, ACCOUNT, DEVINFO] };
    const device = await stage.start({
      bootstrap: bootstrapWith({ account, cmd: [['DEFAULT', '{origin}/doc', MMS]] }),
    });
    assert.is(await fetchDocument(stage, device, [...mmsDocument(), devInfoElement({ DevID: 'x' })]), 'NOT_ALLOWED');
    const forged = accountElement({ miid: 'operator', perm: [FOREIGN] });
    assert.is(await fetchDocument(stage, device, [...mmsDocument(), forged]), 'NOT_ALLOWED');
    assert.is(
      await fetchDocument(stage, device, [...mmsDocument(), { ...forged, ClientURI: `${ACCOUNT}//` }]),
      'NOT_ALLOWED',
    );
  }),
);

test(
  'an account\u2019s DEFAULT gives that account\u2019s rights [JIT-3 JIT-19 JIT-20]',
  onStage(async (stage) => {
    const device = await twoAccounts(stage, []);
    const { statuses } = await device.converse([{ CMD: [['DEFAULT', '{origin}/doc', MMS]] }], 'one');
    assert.equal(statuses, [[200]]);
    assert.is(await fetchDocument(stage, device, [...mmsDocument(), IMS_ELEMENT]), 'FORBIDDEN');
    assert.is(await fetchDocument(stage, device, [...mmsDocument(), ...napDocument()]), '');
  }),
);

test(
  'the factory\u2019s DEFAULT gives those of every account that has the MOID [JIT-4 JIT-19]',
  onStage(async (stage) => {
    const device = await twoAccounts(stage);
    assert.is(await fetchDocument(stage, device, [...mmsDocument(), ...napDocument()]), '');
    assert.is(await fetchDocument(stage, device, [...mmsDocument(), IMS_ELEMENT]), '');
  }),
);

test(
  '\u2026 and of no account that has it not [JIT-4 JIT-19]',
  onStage(async (stage) => {
    const one = accountElement({ miid: 'one', srvId: 'one', perm: [MMS] });
    const two = accountElement({ miid: 'two', srvId: 'two', perm: [NAP] });
    const bootstrap = { MO: [one, two, devInfoElement()], CMD: [['DEFAULT', '{origin}/doc', MMS]] };
    const device = await stage.start({ bootstrap });
    assert.is(await fetchDocument(stage, device, [...mmsDocument(), ...napDocument()]), 'FORBIDDEN');
    assert.is(await fetchDocument(stage, device, mmsDocument()), '');
  }),
);

test(
  'a factory\u2019s DEFAULT that an account replaced has that account\u2019s rights [JIT-3 JIT-19]',
  onStage(async (stage) => {
    const device = await twoAccounts(stage);
    await device.converse([{ CMD: [['DEFAULT', '{origin}/doc', MMS]] }], 'two');
    assert.is(await fetchDocument(stage, device, [...mmsDocument(), ...napDocument()]), 'FORBIDDEN');
    assert.is(await fetchDocument(stage, device, [...mmsDocument(), IMS_ELEMENT]), '');
    const again = await stage.restart(device);
    assert.is(await fetchDocument(stage, again, [...mmsDocument(), ...napDocument()]), 'FORBIDDEN');
  }),
);

test(
  'the DEFAULT of an account that has lost the MOID is worth nothing [JIT-19]',
  onStage(async (stage) => {
    const device = await twoAccounts(stage, []);
    await device.converse([{ CMD: [['DEFAULT', '{origin}/doc', MMS]] }], 'one');
    const update = { MO: [accountElement({ miid: 'one', srvId: 'one', perm: [NAP] })] };
    const again = await stage.restart(device, { bootstrap: update });
    assert.is(await fetchDocument(stage, again, mmsDocument()), 'FORBIDDEN');
  }),
);

test(
  'just-in-time data may not name new instances, nor ambiguous ones',
  onStage(async (stage) => {
    const device = await twoAccounts(stage);
    const named = (miid: string): unknown => [{ ClientURI: `${MMS}/${miid}/`, MOData: { MMS: { Name: 'x' } } }];
    assert.is(await fetchDocument(stage, device, named('mine')), 'NOT_FOUND');
    assert.is(await fetchDocument(stage, device, [...mmsDocument(), ...mmsDocument()]), '');
    assert.is(await fetchDocument(stage, device, named('m2')), '');
    assert.is(await fetchDocument(stage, device, mmsDocument()), 'AMBIGUOUS');
  }),
);

test.run();
