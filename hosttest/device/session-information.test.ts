import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { accountElement, bootstrapWith, DEV_ID, DEVINFO, devInfoElement } from '../support/device-bootstrap.js';
import { onStage, type Stage, type TestDevice, withCode } from '../support/device-fixture.js';
import { ACCESS, BOX, SESSION, severalAccounts } from '../support/device-rights.js';
import type { MemoryFlash } from '../support/memory-flash.js';

// PROTOCOL.md STD-4 to STD-15, ACC-22, PH-23: the MOs that follow the device's identity while it runs.
const test = suite('Session Information');

function deviceFor(stage: Stage, identity: Record<string, string> = {}): Promise<TestDevice> {
  const account = { perm: [SESSION, DEVINFO] };
  return stage.start({ bootstrap: bootstrapWith({ account }), identity, limits: { settleTime: 1 } });
}

/** What a server reads in it, as it is sent. */
async function read(device: TestDevice): Promise<unknown> {
  const [{ Data }] = await device.run(['GET', `${SESSION}//`]);
  const [{ MOData }] = Data ?? [{}];
  return (MOData as { SessionInfo: unknown }).SessionInfo;
}

test(
  'there is one instance, also on a device that holds nothing else [STD-4] [STD-13]',
  onStage(async (stage) => {
    const device = await stage.start({ bootstrap: null });
    assert.equal(device.client.local.instances(SESSION), ['s1']);
    assert.equal(device.client.local.list(`${SESSION}//`), ['CBT', 'ROAMING']);
  }),
);

for (const [bearer, roaming] of [
  ['1', '0'],
  ['2', '1'],
  ['3', '0'],
  ['', ''],
]) {
  test(
    `bearer "${bearer}" and roaming "${roaming}" are what the server reads, as int, or null where nobody knows [STD-10] [STD-11] [STD-15]`,
    onStage(async (stage) => {
      const device = await deviceFor(stage, { Bearer: bearer, Roaming: roaming });
      const value = (text: string): number | null => (text === '' ? null : Number(text));
      assert.equal(await read(device), { CBT: value(bearer), ROAMING: value(roaming) });
      const codes = await device.codes(['GET', `${SESSION}//CBT`], ['HPUT', '{origin}/put', `${SESSION}/s1/ROAMING`]);
      assert.equal(codes, bearer === '' ? [204, 204] : [200, 200]);
    }),
  );
}

test(
  'it is what is so at the time of the command, whether anybody told the client or not [STD-15]',
  onStage(async (stage) => {
    const device = await deviceFor(stage, { Bearer: '1', Roaming: '0' });
    const seen: unknown[] = [];
    for (const [bearer, roaming] of [
      ['2', '1'],
      ['', '1'],
      ['3', ''],
      ['1', '0'],
    ]) {
      device.identity.Bearer = bearer;
      device.identity.Roaming = roaming;
      seen.push(await read(device));
    }
    assert.equal(seen, [
      { CBT: 2, ROAMING: 1 },
      { CBT: null, ROAMING: 1 },
      { CBT: 3, ROAMING: null },
      { CBT: 1, ROAMING: 0 },
    ]);
    device.identity.Bearer = '3';
    assert.is(device.client.local.read(`${SESSION}//CBT`), 3);
  }),
);

test(
  'within one package it follows, too [STD-15]',
  onStage(async (stage) => {
    const device = await deviceFor(stage, { Bearer: '1' });
    stage.server.setResource('/slow', (_request, response) => {
      device.identity.Bearer = '2';
      response.writeHead(404).end();
    });
    const replies = await device.run(['GET', `${SESSION}//CBT`], ['HGET', '{origin}/slow'], ['GET', `${SESSION}//CBT`]);
    assert.equal(
      replies.map(({ Data }) => Data?.[0].MOData),
      [{ CBT: 1 }, undefined, { CBT: 2 }],
    );
  }),
);

test(
  'a condition sees what is so now [STD-15] [URI-15]',
  onStage(async (stage) => {
    const device = await deviceFor(stage, { Bearer: '1' });
    device.identity.Bearer = '2';
    const codes = await device.codes(
      ['GET', `${SESSION}/(x)/CBT?nv=(x)/CBT:1`],
      ['GET', `${SESSION}/(x)/CBT?nv=(x)/CBT:2`],
    );
    assert.equal(codes, [404, 200]);
  }),
);

test(
  'identityChanged tells watches and subscriptions of what changed, and of nothing else [STD-15] [CMD-SUB-1]',
  onStage(async (stage) => {
    const device = await deviceFor(stage, { Bearer: '1', Roaming: '0' });
    const changes: string[] = [];
    device.client.local.watch(`${SESSION}//`, (uri) => changes.push(uri));
    assert.equal(await device.codes(['SUB', '{origin}/sub', `${SESSION}//`]), [200]);
    stage.forget(device);
    device.client.identityChanged();
    await device.idle();
    assert.equal([changes, stage.seen], [[], []]);
    device.identity.Bearer = '2';
    device.client.identityChanged();
    await device.idle();
    assert.equal([changes, stage.seen], [[`${SESSION}/s1/CBT`], ['PUT /sub']]);
    const [{ MOData }] = JSON.parse(String(stage.server.requests[0].body)) as { MOData: unknown }[];
    assert.equal(MOData, { SessionInfo: { CBT: 2, ROAMING: 0 } });
  }),
);

test(
  'it is never in flash, and costs no write, whatever changes [STD-15]',
  onStage(async (stage) => {
    const device = await deviceFor(stage, { Bearer: '1', Roaming: '0' });
    const flash = device.flash as MemoryFlash;
    const { writes } = flash;
    for (const bearer of ['2', '3', '', '1']) {
      device.identity.Bearer = bearer;
      device.client.identityChanged();
      await read(device);
    }
    device.client.local.write(`${SESSION}//CBT`, 9);
    await device.idle();
    assert.is(flash.writes, writes);
    const stored = [...flash.values.values()].map((value) => Buffer.from(value).toString('latin1')).join('');
    for (const word of ['SessionInfo', 'ROAMING', 'CBT']) assert.not(stored.includes(word), word);
    assert.equal(await read(await stage.restart(device, { identity: { Bearer: '3' } })), { CBT: 3, ROAMING: null });
  }),
);

test(
  'no server writes, deletes or executes it, nor adds to it [STD-14] [ST-405]',
  onStage(async (stage) => {
    const device = await deviceFor(stage, { Bearer: '1', Roaming: '0' });
    stage.server.setResource('/cbt', { document: { MOData: { CBT: 3 } } });
    const whole = [{ ClientURI: `${SESSION}//`, MOData: { SessionInfo: { CBT: 3 } } }];
    stage.server.setResource('/whole', { document: whole });
    stage.server.setResource('/second', { document: [{ ...whole[0], ClientURI: `${SESSION}/s1/` }] });
    const codes = await device.codes(
      ['HGET', '{origin}/cbt', `${SESSION}//CBT`],
      ['HGET', '{origin}/whole'],
      ['HGET', '{origin}/second'],
      ['HGET', '{origin}/whole', `${SESSION}//`],
      ['DELETE', `${SESSION}//`],
      ['DELETE', `${SESSION}//ROAMING`],
      ['EXEC', `${SESSION}//`],
    );
    assert.equal(codes, [405, 405, 405, 405, 405, 405, 405]);
    assert.equal(await read(device), { CBT: 1, ROAMING: 0 });
  }),
);

test(
  'a bootstrap that brings it is refused [STD-13] [STD-14] [BOOT-28]',
  onStage(async (stage) => {
    const element = { ClientURI: `${SESSION}//`, MOData: { SessionInfo: { CBT: 3 } } };
    for (const uri of ['', 's1', 's2']) {
      const mo = [{ ...element, ClientURI: `${SESSION}/${uri}/` }];
      assert.throws(() => stage.device({ bootstrap: bootstrapWith({ mo }) }).start(), withCode('BAD_BOOTSTRAP'), uri);
    }
  }),
);

test(
  'an application that removes some of it does no harm [STD-15]',
  onStage(async (stage) => {
    for (const path of ['CBT', 'ROAMING']) {
      const device = await deviceFor(stage, { Bearer: '1', Roaming: '0' });
      device.client.local.remove(`${SESSION}//${path}`);
      device.identity.Bearer = '2';
      device.identity.Roaming = '1';
      device.client.identityChanged();
      const [{ sc }] = await device.run(['GET', `${SESSION}//`]);
      assert.is(sc, 200, path);
      assert.equal(await read(await stage.restart(device)), { CBT: 2, ROAMING: 1 });
    }
  }),
);

test(
  'Session Information has no validator: nothing of it is kept [CV-1]',
  onStage(async (stage) => {
    const device = await deviceFor(stage, { Bearer: '1' });
    const [{ Data }] = await device.run(['GET', `${SESSION}//`]);
    assert.is(Data?.[0].CV, undefined);
    assert.equal(await device.codes(['GET', `${SESSION}//?cv=`], ['GET', `${SESSION}//?cv=g0`]), [200, 200]);
  }),
);

test(
  'DevInfo follows the identity when the application says that it changed, and at each start [STD-12] [STD-7]',
  onStage(async (stage) => {
    const device = await deviceFor(stage, { DevID: 'urn:a', FwV: '1', Lang: 'en' });
    const { local } = device.client;
    const changes: string[] = [];
    local.watch(`${DEVINFO}//`, (uri) => changes.push(uri));
    device.identity.FwV = '2';
    device.identity.Lang = '';
    device.identity.SwV = 'new';
    device.identity.DevID = 'urn:b';
    assert.is(local.read(`${DEVINFO}//FwV`), '1');
    device.client.identityChanged();
    const values = ['DevID', 'FwV', 'Lang', 'SwV', 'DmV'].map((name) => local.read(`${DEVINFO}//${name}`));
    assert.equal(values, ['urn:b', '2', 'en', 'new', '2.0']);
    await device.session();
    assert.is(stage.server.packages[0].devId, 'urn:b');
    assert.equal(
      changes.sort(),
      ['DevID', 'FwV', 'SwV'].map((name) => `${DEVINFO}/m1/${name}`),
    );
    const flash = device.flash as MemoryFlash;
    const { writes } = flash;
    device.client.identityChanged();
    assert.is(flash.writes, writes);
  }),
);

test(
  'a DevInfo that flash refuses stays as it was, and is noted; the next time it is tried again [STD-12]',
  onStage(async (stage) => {
    const device = await deviceFor(stage, { FwV: '1', Bearer: '1' });
    const { local } = device.client;
    (device.flash as MemoryFlash).refusals.push(2, 2, 2, 2);
    device.identity.FwV = '2';
    device.identity.Bearer = '3';
    device.client.identityChanged();
    assert.equal([local.read(`${DEVINFO}//FwV`), local.read(`${SESSION}//CBT`)], ['1', 3]);
    assert.is(device.log.about('note FLASH_FAILED').length, 1);
    (device.flash as MemoryFlash).refusals.length = 0;
    device.client.identityChanged();
    assert.is(local.read(`${DEVINFO}//FwV`), '2');
  }),
);

test(
  'both are listed in MOS for an account that may have them [ACC-22] [PKG1-5]',
  onStage(async (stage) => {
    const device = stage.device({ bootstrap: bootstrapWith({ account: { perm: [SESSION, DEVINFO, BOX] } }) });
    device.start();
    await device.idle();
    assert.equal((stage.server.packages[0].body as { MOS: unknown }).MOS, [
      { MOID: SESSION, MIID: ['s1'] },
      { MOID: DEVINFO, MIID: ['m1'] },
      { MOID: BOX, MIID: [] },
    ]);
  }),
);

test(
  'what the application wrote into DevInfo stays where the identity knows nothing of it [STD-9] [STD-12]',
  onStage(async (stage) => {
    const bootstrap = {
      MO: [accountElement({ perm: [DEVINFO] }), devInfoElement({ DevID: DEV_ID, Bearer: 'x', Ext: { a: 1 } })],
    };
    const device = await stage.start({ bootstrap, identity: {} });
    device.client.local.write(`${DEVINFO}//Man`, 'app');
    device.client.identityChanged();
    const [{ Data }] = await (await stage.restart(device)).run(['GET', `${DEVINFO}//`]);
    assert.equal(Data?.[0].MOData, {
      DevInfo: { DevID: DEV_ID, Bearer: 'x', Ext: { a: 1 }, DmV: '2.0', Man: 'app' },
    });
  }),
);

test(
  'two accounts read both, and neither may shut the other out [ACC-22]',
  onStage(async (stage) => {
    const perm = [SESSION, DEVINFO, ACCESS];
    const device = await severalAccounts(stage, { accounts: [{ perm }, { perm }], identity: { Bearer: '1' } });
    for (const srvId of ['one', 'two']) {
      const { statuses } = await device.converse(
        [
          {
            CMD: [
              ['GET', `${SESSION}//`],
              ['GET', `${DEVINFO}//`],
            ],
          },
        ],
        srvId,
      );
      assert.equal(statuses, [[200, 200]]);
    }
  }),
);

test.run();
