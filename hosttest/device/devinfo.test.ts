import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  accountElement,
  bootstrapWith,
  DEV_ID,
  DEVINFO,
  devInfoElement,
  MMS,
  mmsDocument,
} from '../support/device-bootstrap.js';
import { onStage, type TestDevice, withCode } from '../support/device-fixture.js';
import type { MemoryFlash } from '../support/memory-flash.js';

// PROTOCOL.md STD-5 to STD-9, SES-5, PH-10, PH-11: DevInfo follows what the device knows of itself.
const test = suite('DevInfo');

const NAMES = ['DevID', 'Man', 'Mod', 'DmV', 'Lang', 'DevType', 'OEM', 'FwV', 'SwV', 'HwV'];

function leaves(device: TestDevice): Record<string, unknown> {
  const { local } = device.client;
  return Object.fromEntries(local.list(`${DEVINFO}//`).map((name) => [name, local.read(`${DEVINFO}//${name}`)]));
}

test(
  'there is one instance, whose leaves are what the identity says [STD-1 STD-5 STD-7 STD-8]',
  onStage(async (stage) => {
    const identity = Object.fromEntries(NAMES.map((name) => [name, `${name} value`]));
    const device = await stage.start({ bootstrap: null, identity });
    assert.equal(device.client.local.instances(DEVINFO), ['m1']);
    assert.equal(leaves(device), { ...identity, DmV: '2.0' });
  }),
);

test(
  'the identity goes before the bootstrap; what it does not know stays as the bootstrap says [STD-8 STD-9 STD-12]',
  onStage(async (stage) => {
    const bootstrap = {
      MO: [devInfoElement({ DevID: 'boot', Man: 'boot', FwV: 'boot', Ext: { X: 1 }, Bearer: { Y: 2 }, DmV: '9.9' })],
    };
    const device = await stage.start({ bootstrap, identity: { DevID: DEV_ID, FwV: '2.0', MCC: '262' } });
    const { local } = device.client;
    assert.equal(local.list(`${DEVINFO}//`), ['DevID', 'Man', 'FwV', 'Ext', 'Bearer', 'DmV']);
    const values = ['DevID', 'Man', 'FwV', 'DmV', 'Ext/X', 'Bearer/Y'].map((name) => local.read(`${DEVINFO}//${name}`));
    assert.equal(values, [DEV_ID, 'boot', '2.0', '2.0', 1, 2]);
  }),
);

test(
  'a change of the identity shows after a restart, an unchanged one costs no write [STD-12]',
  onStage(async (stage) => {
    const device = await stage.start({ identity: { FwV: '1.0', Lang: 'en' } });
    const flash = device.flash as MemoryFlash;
    const { writes } = flash;
    const same = await stage.restart(device);
    assert.is(flash.writes, writes);
    same.identity.FwV = '2.0';
    same.identity.Lang = '';
    const updated = await stage.restart(same);
    assert.equal([leaves(updated).FwV, leaves(updated).Lang], ['2.0', 'en']);
    assert.is(flash.writes, writes + 2);
  }),
);

test(
  'what the identity says holds right behind a bootstrap that says something else, or nothing [STD-12]',
  onStage(async (stage) => {
    const device = await stage.start({ identity: { DevID: DEV_ID, FwV: '2.0' } });
    device.client.applyBootstrap(device.resource({ MO: [devInfoElement({ FwV: '1.0', Man: 'M' })] }));
    assert.equal(leaves(device), { FwV: '2.0', Man: 'M', DevID: DEV_ID, DmV: '2.0' });
    assert.is(await device.session(), undefined);
  }),
);

test(
  'every package carries the DevID that DevInfo has [SES-5]',
  onStage(async (stage) => {
    const device = await stage.start({ identity: { DevID: 'urn:uuid:1' } });
    await device.session();
    assert.is(stage.server.packages[0].devId, 'urn:uuid:1');
  }),
);

test(
  'a DevInfo that lies under a name of the bootstrap is the same one',
  onStage(async (stage) => {
    const element = { ClientURI: `${DEVINFO}/mine/`, MOData: { DevInfo: { DevID: 'boot' } } };
    const device = await stage.start({ bootstrap: { MO: [accountElement(), element] }, identity: { Man: 'M' } });
    assert.equal(device.client.local.instances(DEVINFO), ['mine']);
    assert.equal(leaves(device), { DevID: 'boot', DmV: '2.0', Man: 'M' });
    assert.is(await device.session(), undefined);
  }),
);

test(
  'its values are placeholders, as DevInfo has them, percent-encoded [PH-10 PH-11]',
  onStage(async (stage) => {
    const path = `/${encodeURIComponent(DEV_ID)}/A%26B%20%C3%A4/M/1/1.0%2Fx/2/de`;
    stage.server.setResource(path, { document: mmsDocument() });
    const bootstrap = bootstrapWith({
      cmd: [['DEFAULT', '{origin}/[DevID]/[Man]/[Mod]/[FwV]/[SwV]/[HwV]/[Lang]', MMS]],
    });
    const identity = { Man: 'A&B ä', Mod: 'M', FwV: '1', SwV: '1.0/x', HwV: '2', Lang: 'de' };
    const device = await stage.start({ bootstrap, identity });
    assert.is((await device.configure(MMS)).code, '');
    assert.equal(
      stage.server.requests.map((request) => request.path),
      [path],
    );
  }),
);

test(
  'applications may write it, servers may not [STD-6]',
  onStage(async (stage) => {
    stage.server.setResource('/x', { document: { MOData: { Lang: 'de' } } });
    const device = await stage.start({ identity: {} });
    device.client.local.write(`${DEVINFO}//Lang`, 'fr');
    const codes = await device.codes(
      ['HGET', `${stage.server.origin}/x`, `${DEVINFO}//Lang`],
      ['DELETE', `${DEVINFO}//Lang`],
      ['GET', `${DEVINFO}//Lang`],
    );
    assert.equal(codes, [405, 405, 200]);
    assert.is(leaves(device).Lang, 'fr');
  }),
);

test(
  'a tree that is full to the last byte keeps no device from starting, whatever it has to say of itself',
  onStage(async (stage) => {
    const limits = { tree: 4096 };
    const device = await stage.start({ limits });
    const uri = device.client.local.create(MMS, 'MMS');
    for (const size of [1000, 100, 10, 1]) {
      const value = 'v'.repeat(size);
      let count = 0;
      const fill = (): void => {
        for (;;) {
          device.client.local.write(`${uri}n${size}-${count}`, value);
          count += 1;
        }
      };
      assert.throws(fill, withCode('TREE_FULL'));
    }
    device.close();
    const said: Record<string, string>[] = [
      {},
      { Bearer: '1', Roaming: '0' },
      { FwV: '7.1', Man: 'A much longer name than before' },
    ];
    for (const more of said) {
      const again = stage.device({ flash: device.flash, limits, identity: { ...device.identity, ...more } });
      again.start();
      await again.idle();
      again.client.identityChanged();
      assert.equal(await again.codes(['GET', `${DEVINFO}//DevID`], ['DELETE', `${MMS}//none`]), [200, 404]);
      again.close();
    }
  }),
);

test(
  'a DevInfo that another bootstrap brings has at once what the device knows of itself [STD-8]',
  onStage(async (stage) => {
    const device = await stage.start({ identity: { FwV: '2.0' } });
    device.client.applyBootstrap(device.resource({ MO: [devInfoElement({ DevID: DEV_ID, Man: 'M' })] }));
    const known = { DevID: DEV_ID, Man: 'M', FwV: '2.0', DmV: '2.0' };
    assert.equal(leaves(device), known);
    assert.equal(leaves(await stage.restart(device)), known);
  }),
);

test.run();
