import { accountsOf } from 'dmlet';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { accountElement, bootstrapWith, FOREIGN, IMS, MMS, NAP } from '../support/device-bootstrap.js';
import { onStage, type Stage, type TestDevice } from '../support/device-fixture.js';

// PROTOCOL.md CMD-DEFAULT-1, CMD-DEFAULT-2, JIT-1 to JIT-8, PH-17 to PH-19: DEFAULT in a session.
const test = suite('DEFAULT');

const MMS_URI = 'https://prov.example/Settings/[MCC]/[MNC]/MMS';

/** The DEFAULT table as lines. */
function table(device: TestDevice): string[] {
  return device.client.device.defaults.rows.map(
    ({ fields: [moid, serverUri, owner] }) => `${moid} ${serverUri} ${owner}`,
  );
}

/** A device with two accounts, and a DEFAULT of its factory for MMS objects. */
function twoAccounts(stage: Stage): Promise<TestDevice> {
  const other = accountElement({ miid: 'other', srvId: 'other.example', srvUri: '{origin}/dm', perm: [MMS, NAP] });
  return stage.start({
    bootstrap: bootstrapWith({ mo: [other], cmd: [['DEFAULT', 'https://factory.example/', MMS]] }),
  });
}

test(
  'stores a ServerURI for a MOID, as it was given [CMD-DEFAULT CMD-DEFAULT-1 JIT-1 JIT-3]',
  onStage(async (stage) => {
    const device = await stage.start();
    assert.equal(await device.run(['DEFAULT', MMS_URI, MMS], ['DEFAULT', 'HTTPS://x.example', NAP]), [
      { sc: 200 },
      { sc: 200 },
    ]);
    assert.equal(table(device), [`${MMS} ${MMS_URI} dm.example`, `${NAP} HTTPS://x.example dm.example`]);
    assert.equal(stage.server.requests, []);
  }),
);

test(
  'a second one for the MOID replaces the first [CMD-DEFAULT-2 JIT-2]',
  onStage(async (stage) => {
    const device = await stage.start();
    await device.codes(
      ['DEFAULT', MMS_URI, MMS],
      ['DEFAULT', 'https://nap.example/', NAP],
      ['DEFAULT', 'https://second.example/', MMS],
    );
    const expected = [`${MMS} https://second.example/ dm.example`, `${NAP} https://nap.example/ dm.example`];
    assert.equal(table(device), expected);
    assert.equal(table(await stage.restart(device)).sort(), expected.sort());
  }),
);

test(
  'a MOID that is not on the Perm list: 403 [JIT-5 ST-403]',
  onStage(async (stage) => {
    const device = await stage.start();
    assert.equal(
      await device.codes(['DEFAULT', MMS_URI, FOREIGN], ['DEFAULT', MMS_URI, `${MMS}/`], ['DEFAULT', MMS_URI, '']),
      [403, 403, 403],
    );
    assert.equal(table(device), []);
  }),
);

test(
  'a placeholder that has no meaning: 400; one without a value now: 200 [PH-19]',
  onStage(async (stage) => {
    const device = await stage.start({ identity: {} });
    assert.equal(
      await device.codes(
        ['DEFAULT', 'https://x/[MOIDS]', MMS],
        ['DEFAULT', 'https://x/[IMSI]', MMS],
        ['DEFAULT', MMS_URI, MMS],
      ),
      [400, 400, 200],
    );
    assert.equal(table(device), [`${MMS} ${MMS_URI} dm.example`]);
  }),
);

test(
  '[IMSI] and [ICCID] are known where the application allows them [PH-13 PH-14 PH-17]',
  onStage(async (stage) => {
    stage.server.setResource('/26201/8949', { document: [{ ClientURI: `${MMS}//`, MOData: { MMS: { Name: 'x' } } }] });
    const device = await stage.start({ allowPersonal: true, identity: { IMSI: '26201', ICCID: '8949' } });
    assert.equal(await device.codes(['DEFAULT', `${stage.server.origin}/[IMSI]/[ICCID]`, MMS]), [200]);
    assert.equal(await device.configure(MMS), { code: '', error: undefined, uris: [`${MMS}/m1/`] });
  }),
);

test(
  'every placeholder that has a meaning is accepted',
  onStage(async (stage) => {
    const device = await stage.start();
    const names = ['MCC', 'MNC', 'CMCC', 'CMNC', 'DevID', 'Man', 'Mod', 'FwV', 'SwV', 'HwV', 'Lang', 'MOID'];
    assert.equal(
      await device.codes(...names.map((name) => ['DEFAULT', `https://x/[${name}]`, MMS])),
      names.map(() => 200),
    );
    const hosts = ['MCC', 'MNC', 'CMCC', 'CMNC'].map((name) => ['DEFAULT', `https://cfg.x[${name}].example/`, MMS]);
    assert.equal(await device.codes(...hosts, ['DEFAULT', 'https://[::1]:8080/[MCC]', MMS]), [200, 200, 200, 200, 200]);
  }),
);

test(
  'another account\u2019s DEFAULT is not replaced: 403 [JIT-8]',
  onStage(async (stage) => {
    const device = await twoAccounts(stage);
    const first = await device.converse([{ CMD: [['DEFAULT', 'https://first.example/', NAP]] }], 'dm.example');
    const second = await device.converse([{ CMD: [['DEFAULT', 'https://second.example/', NAP]] }], 'other.example');
    assert.equal([first.statuses, second.statuses], [[[200]], [[403]]]);
    assert.ok(table(device).includes(`${NAP} https://first.example/ dm.example`));
  }),
);

test(
  'another account\u2019s DEFAULT is not replaced by the very same one either [JIT-8]',
  onStage(async (stage) => {
    const device = await twoAccounts(stage);
    const packages = [{ CMD: [['DEFAULT', 'https://same.example/', NAP]] }];
    const first = await device.converse(packages, 'dm.example');
    const second = await device.converse(packages, 'other.example');
    assert.equal([first.statuses, second.statuses], [[[200]], [[403]]]);
  }),
);

test(
  'the factory\u2019s DEFAULT is replaced, and belongs to the account from then on [JIT-3 JIT-6 JIT-7]',
  onStage(async (stage) => {
    const device = await twoAccounts(stage);
    const first = await device.converse([{ CMD: [['DEFAULT', 'https://first.example/', MMS]] }], 'dm.example');
    assert.equal(first.statuses, [[200]]);
    assert.equal(table(device), [`${MMS} https://first.example/ dm.example`]);
    const second = await device.converse([{ CMD: [['DEFAULT', 'https://second.example/', MMS]] }], 'other.example');
    const again = await device.converse([{ CMD: [['DEFAULT', 'https://again.example/', MMS]] }], 'dm.example');
    assert.equal([second.statuses, again.statuses], [[[403]], [[200]]]);
    assert.equal(table(await stage.restart(device)), [`${MMS} https://again.example/ dm.example`]);
  }),
);

test(
  'the DEFAULT of an account that is gone stands in nobody\u2019s way',
  onStage(async (stage) => {
    const device = await stage.start();
    assert.equal(await device.codes(['DEFAULT', 'https://old.example/', MMS]), [200]);
    // An update gives the server another SrvID, under the MIID that it had.
    const bootstrap = { MO: [accountElement({ srvId: 'renamed.example' })] };
    const renamed = await stage.restart(device, { bootstrap });
    assert.equal(
      accountsOf(renamed.client.device).map(({ srvId }) => srvId),
      ['renamed.example'],
    );
    assert.equal(await renamed.codes(['DEFAULT', 'https://new.example/', MMS]), [200]);
    assert.equal(table(renamed), [`${MMS} https://new.example/ renamed.example`]);
  }),
);

test(
  'the table is bounded: 413 for a new MOID, replacing still works [ST-413]',
  onStage(async (stage) => {
    const device = await stage.start({ limits: { defaults: 2 } });
    const commands = [MMS, NAP, IMS, MMS].map((moid, index) => ['DEFAULT', `https://x${index}.example/`, moid]);
    assert.equal(await device.codes(...commands), [200, 200, 413, 200]);
    assert.equal(table(device), [`${MMS} https://x3.example/ dm.example`, `${NAP} https://x1.example/ dm.example`]);
  }),
);

test(
  'a ServerURI of 1 KB is stored; a longer one: 413 [HTTP-28]',
  onStage(async (stage) => {
    const device = await stage.start();
    const long = (length: number): string => 'https://x/'.padEnd(length, 'p');
    assert.equal(await device.codes(['DEFAULT', long(1024), MMS], ['DEFAULT', long(1025), NAP]), [200, 413]);
    const again = await stage.restart(device);
    assert.equal(table(again), [`${MMS} ${long(1024)} dm.example`]);
  }),
);

test.run();
