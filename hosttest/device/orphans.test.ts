import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { accountElement } from '../support/device-bootstrap.js';
import { onStage } from '../support/device-fixture.js';
import { BOX, boxes, codesAs, severalAccounts } from '../support/device-rights.js';

// What is kept for an account, an instance or a DevInfo goes with it.
const test = suite('orphans');

const ACCOUNT = 'urn:oma:mo:oma-dm-dmacc:1.2';

test(
  'alerts for an account that is gone are dropped, those for others stay [ALERT-26]',
  onStage(async (stage) => {
    const device = await severalAccounts(stage);
    device.client.alert({ type: 'urn:a' });
    assert.is(device.client.device.alerts.rows.length, 2);
    device.client.local.remove(`${ACCOUNT}/two/`);
    assert.equal(
      device.client.device.alerts.rows.map(({ fields: [srvId] }) => srvId),
      ['one'],
    );
    assert.is((await stage.restart(device)).client.device.alerts.rows.length, 1);
  }),
);

test(
  'alerts for an account with another SrvID now are dropped with a bootstrap, or at the next start [ALERT-26]',
  onStage(async (stage) => {
    const device = await severalAccounts(stage);
    device.client.alert({ type: 'urn:a', srvId: 'two' });
    const renamed = { MO: [accountElement({ miid: 'two', srvId: 'three', perm: [BOX] })] };
    const after = await stage.restart(device, { bootstrap: renamed });
    assert.equal(after.client.device.alerts.rows, []);
    after.client.alert({ type: 'urn:b', srvId: 'three' });
    after.client.local.write(`${ACCOUNT}/two/SrvID`, 'four');
    assert.is(after.client.device.alerts.rows.length, 1);
    assert.equal((await stage.restart(after)).client.device.alerts.rows, []);
  }),
);

test(
  'the validator of an instance goes with the instance [CV-8]',
  onStage(async (stage) => {
    const device = await severalAccounts(stage, { mo: boxes().map((box) => ({ ...box, CV: 'boot' })) });
    const { validators } = device.client.device;
    assert.is(validators.rows.length, 2);
    assert.equal(await codesAs(device, 'one', ['DELETE', `${BOX}/a/`]), [200]);
    device.client.local.remove(`${BOX}/b/`);
    assert.equal(validators.rows, []);
    assert.equal((await stage.restart(device)).client.device.validators.rows, []);
  }),
);

test(
  'a DevInfo for which the tree has no room leaves nothing behind [ST-413]',
  onStage(async (stage) => {
    const identity = { DevID: 'd'.repeat(40), Man: 'm'.repeat(400) };
    const device = await stage.start({ bootstrap: null, limits: { tree: 512 }, identity });
    const { tree } = device.client.device;
    const { used } = tree;
    for (let i = 0; i < 3; i += 1) device.client.identityChanged();
    assert.equal([tree.used, device.client.local.instances('urn:oma:mo:oma-dm-devinfo:1.2')], [used, []]);
    device.identity.Man = 'short';
    device.client.identityChanged();
    device.identity.Mod = 'm'.repeat(400);
    const now = tree.used;
    for (let i = 0; i < 3; i += 1) device.client.identityChanged();
    assert.is(tree.used, now);
  }),
);

test.run();
