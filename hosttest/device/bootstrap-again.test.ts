import { accountsOf } from 'dmlet';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ACCOUNT,
  accountElement,
  type BootstrapDocument,
  bootstrapWith,
  DEVINFO,
  devInfoElement,
  IMS,
  MMS,
  NAP,
} from '../support/device-bootstrap.js';
import { onStage, type Stage, type TestDevice } from '../support/device-fixture.js';

// PROTOCOL.md BOOT-18 to BOOT-22, BOOT-24, BOOT-25: another bootstrap, as a firmware update brings it.
const test = suite('bootstrap: another one');

const OTHER = accountElement({ miid: 'other', srvId: 'other.example', srvUri: '{origin}/dm/other', perm: [NAP] });

/** What devices have before the update. */
const BEFORE = bootstrapWith({
  mo: [
    OTHER,
    { ClientURI: `${MMS}/a/`, MOData: { MMS: { Name: 'a', Old: 1 } } },
    { ClientURI: `${MMS}/b/`, MOData: { MMS: { Name: 'b' } } },
  ],
  cmd: [
    ['DEFAULT', 'https://before/mms', MMS],
    ['DEFAULT', 'https://before/nap', NAP],
  ],
});

/** Starts a device with BEFORE, then again with `update`. What is due is not yet done. */
async function updated(
  stage: Stage,
  update: BootstrapDocument,
  between = async (_device: TestDevice) => {},
): Promise<TestDevice> {
  const device = await stage.start({ bootstrap: BEFORE });
  await between(device);
  device.close();
  stage.forget(device);
  const again = stage.device({ flash: device.flash, bootstrap: update });
  assert.is(again.start(), true);
  return again;
}

function accounts(device: TestDevice): string[] {
  return accountsOf(device.client.device).map(({ srvId, root }) => `${srvId} ${device.client.device.tree.uri(root)}`);
}

function defaults(device: TestDevice): string[] {
  return device.client.device.defaults.rows.map(
    ({ fields: [moid, serverUri, owner] }) => `${moid} ${serverUri} ${owner}`,
  );
}

test(
  'replaces the account of the same server, and leaves the others [BOOT-18 BOOT-21]',
  onStage(async (stage) => {
    const update = { MO: [accountElement({ srvUri: '{origin}/dm/new', perm: [IMS], more: { Name: 'New' } })] };
    const device = await updated(stage, update);
    assert.equal(accounts(device).sort(), [`dm.example ${ACCOUNT}/operator/`, `other.example ${ACCOUNT}/other/`]);
    assert.equal(device.client.local.list(`${ACCOUNT}/operator/`), ['SrvID', 'SrvURI', 'Perm', 'Name']);
    await device.idle();
    assert.equal(
      stage.server.packages.map(({ path }) => path),
      ['/dm/new'],
    );
    assert.equal((stage.server.packages[0].body as { MOS: unknown }).MOS, [{ MOID: IMS, MIID: [] }]);
  }),
);

test(
  'finds the account of the same server under another MIID, and under none [ACC-1 BOOT-18 BOOT-24]',
  onStage(async (stage) => {
    for (const [clientUri, expected] of [
      [`${ACCOUNT}/renamed/`, `${ACCOUNT}/renamed/`],
      [`${ACCOUNT}//`, `${ACCOUNT}/operator/`],
    ]) {
      const element = { ...accountElement({ srvUri: '{origin}/dm/new' }), ClientURI: clientUri };
      const device = await updated(stage, { MO: [element] });
      assert.equal(accounts(device).sort(), [`dm.example ${expected}`, `other.example ${ACCOUNT}/other/`]);
      await device.idle();
      assert.equal(
        stage.server.packages.map(({ path }) => path),
        ['/dm/new'],
      );
      assert.equal(accounts(await stage.restart(device)).sort(), accounts(device).sort());
    }
  }),
);

test(
  'an account may take over the MIID of another server\u2019s',
  onStage(async (stage) => {
    const element = accountElement({ miid: 'other', srvId: 'dm.example', srvUri: '{origin}/dm/new' });
    const device = await updated(stage, { MO: [element] });
    assert.equal(accounts(device), [`dm.example ${ACCOUNT}/other/`]);
    await device.idle();
    assert.equal(accounts(await stage.restart(device)), [`dm.example ${ACCOUNT}/other/`]);
  }),
);

test(
  'two accounts may change places',
  onStage(async (stage) => {
    const swapped = [
      accountElement({ miid: 'other' }),
      accountElement({ miid: 'operator', srvId: 'other.example', srvUri: '{origin}/dm/other' }),
    ];
    const device = await updated(stage, { MO: swapped });
    assert.equal(accounts(device).sort(), [`dm.example ${ACCOUNT}/other/`, `other.example ${ACCOUNT}/operator/`]);
    await device.idle();
    assert.is(stage.server.packages.length, 2);
    assert.is((await stage.restart(device)).durable, device.durable);
  }),
);

test(
  'a new server is added, and only it gets a session',
  onStage(async (stage) => {
    const third = accountElement({ miid: 'third', srvId: 'third.example', srvUri: '{origin}/dm/third' });
    const device = await updated(stage, { MO: [third] });
    assert.is(accounts(device).length, 3);
    await device.idle();
    assert.equal(
      stage.server.packages.map(({ path }) => path),
      ['/dm/third'],
    );
  }),
);

test(
  'replaces the objects that it names, and leaves the others [BOOT-19 BOOT-21]',
  onStage(async (stage) => {
    const mo = [
      { ClientURI: `${MMS}/a/`, MOData: { MMS: { Name: 'new' } } },
      { ClientURI: `${MMS}/c/`, MOData: { MMS: { Name: 'c' } } },
    ];
    const device = await updated(stage, { MO: mo }, async ({ client }) => client.local.write(`${MMS}/b/Name`, 'mine'));
    const { local } = device.client;
    assert.equal(local.instances(MMS), ['a', 'b', 'c']);
    assert.equal(local.list(`${MMS}/a/`), ['Name']);
    assert.equal(
      ['a', 'b', 'c'].map((miid) => local.read(`${MMS}/${miid}/Name`)),
      ['new', 'mine', 'c'],
    );
    assert.is((await stage.restart(device)).durable, device.durable);
  }),
);

test(
  'objects without a name of their own find their own again [BOOT-24]',
  onStage(async (stage) => {
    const nap = (id: string) => ({ ClientURI: `${NAP}//`, MOData: { NAP: { Id: id } } });
    const first = await stage.start({ bootstrap: { MO: [nap('1'), nap('2')] } });
    assert.equal(first.client.local.instances(NAP), ['m1', 'm2']);
    const second = await stage.restart(first, { bootstrap: { MO: [nap('1 new'), nap('2 new'), nap('3 new')] } });
    const { local } = second.client;
    assert.equal(
      local.instances(NAP).map((miid) => local.read(`${NAP}/${miid}/Id`)),
      ['1 new', '2 new', '3 new'],
    );
    const third = await stage.restart(second, { bootstrap: { MO: [nap('again')] } });
    assert.equal(
      third.client.local.instances(NAP).map((miid) => third.client.local.read(`${NAP}/${miid}/Id`)),
      ['again', '2 new', '3 new'],
    );
  }),
);

test(
  'objects without a name of their own find their own again, in whatever place of the flash they lie [BOOT-24]',
  onStage(async (stage) => {
    const nap = (id: string) => ({ ClientURI: `${NAP}//`, MOData: { NAP: { Id: id } } });
    const ids = (device: TestDevice): unknown[] =>
      ['m1', 'm2', 'm3'].map((miid) => device.client.local.read(`${NAP}/${miid}/Id`));
    const mms = { ClientURI: `${MMS}/a/`, MOData: { MMS: { Name: 'a' } } };
    const first = await stage.start({
      bootstrap: { MO: [mms, accountElement(), devInfoElement(), nap('1'), nap('2')] },
    });
    assert.equal(await first.codes(['DELETE', `${MMS}/a/`]), [200]);
    const second = await stage.restart(first, { bootstrap: { MO: [nap('1'), nap('2'), nap('3')] } });
    assert.equal(ids(second), ['1', '2', '3']);
    const third = await stage.restart(second, { bootstrap: { MO: [nap('1 new'), nap('2 new'), nap('3 new')] } });
    assert.equal(ids(third), ['1 new', '2 new', '3 new']);
  }),
);

test(
  'DevInfo of an update is taken, one that it does not bring stays',
  onStage(async (stage) => {
    const device = await updated(stage, { MO: [devInfoElement({ DevID: 'IMEI:2', FwV: '2.0' })] });
    assert.equal(
      [device.client.local.read(`${DEVINFO}//DevID`), device.client.local.read(`${DEVINFO}//FwV`)],
      ['IMEI:2', '2.0'],
    );
    assert.equal(device.client.local.instances(DEVINFO), ['m1']);
    const next = await stage.restart(device, { bootstrap: { MO: [accountElement()] } });
    assert.is(next.client.local.read(`${DEVINFO}//FwV`), '2.0');
  }),
);

test(
  'its DEFAULTs take the place of any other for their MOIDs, the rest stay [BOOT-20 BOOT-25]',
  onStage(async (stage) => {
    const update = {
      CMD: [
        ['DEFAULT', 'https://after/mms', MMS],
        ['DEFAULT', 'https://after/ims', IMS],
      ],
    };
    const device = await updated(stage, update, async (before) => {
      assert.equal(await before.codes(['DEFAULT', 'https://session/ims', IMS]), [200]);
    });
    const expected = [`${IMS} https://after/ims `, `${MMS} https://after/mms `, `${NAP} https://before/nap `];
    assert.equal(defaults(device).sort(), expected.sort());
    assert.equal(defaults(await stage.restart(device)).sort(), expected.sort());
  }),
);

test(
  'an update of commands alone: the accounts stay, and hold no session [BOOT-21]',
  onStage(async (stage) => {
    const device = await updated(stage, { CMD: [['DEFAULT', 'https://after/mms', MMS]] });
    await device.idle();
    assert.equal([accounts(device).length, stage.seen], [2, []]);
    assert.is(await device.session(), undefined);
  }),
);

test(
  'one that breaks the rules together with what is there is refused [BOOT-26]',
  onStage(async (stage) => {
    const device = await stage.start({ bootstrap: BEFORE });
    device.close();
    for (const update of [
      { CMD: [['DEFAULT', 'https://after/', 'urn:on:no:list']] },
      { MO: [accountElement({ perm: [IMS] })], CMD: [['DEFAULT', 'https://after/', MMS]] },
    ]) {
      const next = stage.device({ flash: device.flash, bootstrap: update });
      assert.throws(
        () => next.start(),
        (error: { code: string }) => error.code === 'BAD_BOOTSTRAP',
      );
      assert.is(next.durable, device.durable);
    }
  }),
);

test(
  'a part of an account is judged as a whole account is',
  onStage(async (stage) => {
    const device = await stage.start({ bootstrap: BEFORE });
    device.close();
    for (const [leaf, value] of [
      ['SrvID', 'dm.example'],
      ['SrvID', ''],
      ['SrvURI', ''],
    ]) {
      const update = { MO: [{ ClientURI: `${ACCOUNT}/other/${leaf}`, MOData: { [leaf]: value } }] };
      const next = stage.device({ flash: device.flash, bootstrap: update });
      assert.throws(
        () => next.start(),
        (error: { code: string }) => error.code === 'BAD_BOOTSTRAP',
        `${leaf} ${value}`,
      );
      assert.is(next.durable, device.durable);
    }
  }),
);

test(
  'back to the first one: it is another one again, and applied',
  onStage(async (stage) => {
    const device = await updated(stage, { MO: [accountElement({ srvUri: '{origin}/dm/new' })] });
    await device.idle();
    stage.forget(device);
    const back = stage.device({ flash: device.flash, bootstrap: BEFORE });
    device.close();
    assert.is(back.start(), true);
    await back.idle();
    assert.equal(stage.server.packages.map(({ path }) => path).sort(), ['/dm', '/dm/other']);
  }),
);

test.run();
