import { FlashResult } from 'dmlet';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { accountElement, bootstrapWith } from '../support/device-bootstrap.js';
import { onStage, type Stage, type TestDevice, withCode } from '../support/device-fixture.js';
import type { MemoryFlash } from '../support/memory-flash.js';
import { LEFT, SENSOR } from '../support/sensors.js';
import { otherAlerts } from '../support/sent-alerts.js';

// PROTOCOL.md ALERT-11, ALERT-13 to ALERT-16: the queue of alerts, its bound, and deliveries that fail.
const test = suite('alert queue');

/** What the next session delivers, by type. */
async function delivered(stage: Stage, device: TestDevice): Promise<string[]> {
  stage.forget(device);
  assert.is(await device.session(), undefined);
  return otherAlerts(stage.server.packages).map(([, { AlertType }]) => AlertType);
}

test(
  'a full queue drops what matters least, of these the oldest, and counts it [ALERT-15 ALERT-16]',
  onStage(async (stage) => {
    const device = await stage.start({ limits: { alerts: 3 } });
    const { client } = device;
    client.alert({ type: 'minor 1', mark: 'minor' });
    client.alert({ type: 'minor 2', mark: 'minor' });
    client.alert({ type: 'fatal', mark: 'fatal' });
    assert.is(client.device.alerts.dropped, 0);
    client.alert({ type: 'critical', mark: 'critical' });
    client.alert({ type: 'minor 3', mark: 'minor' });
    assert.is(client.device.alerts.dropped, 2);
    assert.equal(device.log.about('note ALERT_DROPPED').length, 2);
    assert.equal(await delivered(stage, device), ['fatal', 'critical', 'minor 3']);
  }),
);

test(
  'an alert that matters less than all that wait is dropped itself [ALERT-15 ALERT-16]',
  onStage(async (stage) => {
    const device = await stage.start({ limits: { alerts: 2 } });
    for (const type of ['one', 'two']) device.client.alert({ type, mark: 'warning' });
    for (const mark of ['informational', 'harmless', 'indeterminate', undefined] as const) {
      device.client.alert({ type: `less ${mark}`, mark });
    }
    assert.is(device.client.device.alerts.dropped, 4);
    assert.equal(await delivered(stage, device), ['one', 'two']);
  }),
);

test(
  'marks rank from fatal down to indeterminate, which stands for none [ALERT-3 ALERT-15]',
  onStage(async (stage) => {
    const marks = ['fatal', 'critical', 'minor', 'warning', 'informational', 'harmless', 'indeterminate'] as const;
    const device = await stage.start({ limits: { alerts: 1 } });
    device.client.alert({ type: 'none' });
    for (const mark of marks.slice().reverse()) {
      device.client.alert({ type: mark, mark });
      assert.equal(device.client.device.alerts.rows.length, 1);
    }
    assert.is(device.client.device.alerts.dropped, 7);
    assert.equal(await delivered(stage, device), ['fatal']);
  }),
);

test(
  'the bound holds over a restart, and with what is dropped nothing is left in flash [ALERT-11 ALERT-15]',
  onStage(async (stage) => {
    const device = await stage.start({ limits: { alerts: 2 } });
    const { flash } = device;
    const empty = (flash as MemoryFlash).values.size;
    for (const type of ['a', 'b']) device.client.alert({ type });
    const again = await stage.restart(device);
    for (const type of ['c', 'd']) again.client.alert({ type });
    const last = await stage.restart(again);
    assert.equal(await delivered(stage, last), ['c', 'd']);
    const after = await stage.restart(last);
    assert.is((after.flash as MemoryFlash).values.size, empty);
  }),
);

test(
  'flash that refuses: the caller hears it, and the queue is as it was [ALERT-11]',
  onStage(async (stage) => {
    const device = await stage.start({ limits: { alerts: 2 } });
    for (const type of ['a', 'b']) device.client.alert({ type });
    const flash = device.flash as MemoryFlash;
    flash.refusals.push(FlashResult.Failed);
    assert.throws(() => device.client.alert({ type: 'c', mark: 'fatal' }), withCode('FLASH_FAILED'));
    flash.refusals.push(FlashResult.Full);
    assert.throws(() => device.client.alert({ type: 'c', mark: 'fatal' }), withCode('FLASH_FULL'));
    assert.equal(await delivered(stage, await stage.restart(device)), ['a', 'b']);
  }),
);

test(
  'flash that will not forget: delivered again after the next start only, and taken off with what goes next [ALERT-13 ALERT-14]',
  onStage(async (stage) => {
    const device = await stage.start();
    device.client.alert({ type: 'twice' });
    (device.flash as MemoryFlash).refusals.push(FlashResult.Failed, FlashResult.Failed);
    assert.equal(await delivered(stage, device), ['twice']);
    assert.equal(await delivered(stage, device), []);
    const again = await stage.restart(device);
    (again.flash as MemoryFlash).refusals.push(FlashResult.Full);
    assert.equal(await delivered(stage, again), ['twice']);
    again.client.alert({ type: 'next' });
    assert.is(again.client.device.alerts.rows.length, 1);
    const third = await stage.restart(again);
    assert.equal(await delivered(stage, third), ['next']);
    assert.equal(await delivered(stage, await stage.restart(third)), []);
  }),
);

test(
  'what was delivered and is still in flash makes room before anything that waits [ALERT-15]',
  onStage(async (stage) => {
    const device = await stage.start({ limits: { alerts: 2 } });
    for (const type of ['a', 'b']) device.client.alert({ type, mark: 'fatal' });
    (device.flash as MemoryFlash).refusals.push(FlashResult.Failed);
    assert.equal(await delivered(stage, device), ['a', 'b']);
    for (const type of ['c', 'd']) device.client.alert({ type });
    assert.is(device.client.device.alerts.dropped, 0);
    assert.equal(await delivered(stage, device), ['c', 'd']);
  }),
);

test(
  'a bootstrap that fails takes no alert of an account that it would have taken away [ALERT-26]',
  onStage(async (stage) => {
    const device = await stage.start();
    device.client.alert({ type: 'kept' });
    (device.flash as MemoryFlash).refusals.push(FlashResult.Full);
    const other = device.resource({
      MO: [accountElement({ miid: 'operator', srvId: 'other', srvUri: '{origin}/dm' })],
    });
    assert.throws(() => device.client.applyBootstrap(other), withCode('FLASH_FULL'));
    assert.equal(await delivered(stage, device), ['kept']);
  }),
);

const EXEC = ['EXEC', `${SENSOR}/left/ID`];

/** A device whose EXEC is done at once, and reported to `path`, which answers as these sessions do. */
async function reporting(stage: Stage, path: string, ...statuses: number[]): Promise<TestDevice> {
  const bootstrap = bootstrapWith({ account: { perm: [SENSOR] }, mo: [LEFT] });
  const device = await stage.start({ bootstrap });
  device.client.onExecute(SENSOR, 'ID', () => 200);
  const command = path === '' ? EXEC : [...EXEC, stage.server.origin + path];
  stage.server.setSessions([
    { packages: [{ CMD: [command] }] },
    ...statuses.map((status) => ({ packages: [{ fault: { kind: 'status' as const, status } }] })),
  ]);
  assert.is(await device.session(), undefined);
  return device;
}

test(
  'a delivery that fails for now is tried again until the server takes it [ALERT-13 ALERT-20 HTTP-11]',
  onStage(async (stage) => {
    const device = await reporting(stage, '/dm/r', 503, 429, 500);
    await device.settled();
    assert.equal(
      otherAlerts(stage.server.packages).map(([at]) => at),
      ['#1 /dm/r', '#1 /dm/r', '#1 /dm/r', '#1 /dm/r'],
    );
    assert.equal(device.client.device.alerts.rows, []);
  }),
);

test(
  'a place that refuses for good: the result is given up, and nothing stays [HTTP-10]',
  onStage(async (stage) => {
    const device = await reporting(stage, '/dm/r', 404);
    await device.settled();
    assert.is(otherAlerts(stage.server.packages).length, 1);
    assert.equal([device.client.device.alerts.rows, device.client.executions()], [[], []]);
    assert.equal(await delivered(stage, await stage.restart(device)), []);
  }),
);

test(
  'the account’s server refuses for good: the alert waits for the next session [ALERT-13]',
  onStage(async (stage) => {
    const second = accountElement({ miid: 'two', srvId: 'two', srvUri: '{origin}/dm/two', perm: [SENSOR] });
    const device = await stage.start({ bootstrap: bootstrapWith({ account: { perm: [SENSOR] }, mo: [LEFT, second] }) });
    device.client.onExecute(SENSOR, 'ID', () => undefined);
    await device.codes(EXEC);
    stage.server.setSessions([{ packages: [{ fault: { kind: 'status', status: 403 } }] }]);
    device.client.executions()[0].finish(200);
    await device.settled();
    assert.is(device.client.device.alerts.rows.length, 1);
    await device.session('two');
    assert.equal(await delivered(stage, device), ['urn:dmlet:at:exec-result:1.0']);
  }),
);

test(
  'the account of a result is gone: it is given up',
  onStage(async (stage) => {
    const device = await stage.start({ bootstrap: bootstrapWith({ account: { perm: [SENSOR] }, mo: [LEFT] }) });
    device.client.onExecute(SENSOR, 'ID', () => undefined);
    await device.codes(EXEC);
    device.client.local.remove('urn:oma:mo:oma-dm-dmacc:1.2/operator/');
    device.client.executions()[0].finish(200);
    await device.settled();
    assert.equal(device.client.device.alerts.rows, []);
  }),
);

test(
  'an alert that was dropped on its way is no fault [ALERT-15]',
  onStage(async (stage) => {
    const device = await stage.start({ limits: { alerts: 1 } });
    device.client.alert({ type: 'first' });
    stage.server.setSessions([{ packages: [{ CMD: [['END']] }] }]);
    device.log.package = (number) => {
      if (number === 1) device.client.alert({ type: 'second' });
    };
    assert.equal(await delivered(stage, device), ['first']);
    device.log.package = () => {};
    assert.equal(await delivered(stage, device), ['second']);
  }),
);

test(
  'the result of an EXEC is dropped last, whatever the marks of the others [ALERT-25]',
  onStage(async (stage) => {
    const device = await stage.start({ limits: { alerts: 2 } });
    const { alerts, transaction } = device.client.device;
    alerts.add({ type: 'result' }, 'dm.example', 'https://nowhere.example/', true);
    transaction.commit();
    for (const type of ['one', 'two', 'three']) device.client.alert({ type, mark: 'fatal' });
    assert.is(alerts.dropped, 2);
    assert.equal(
      alerts.rows.map((row) => JSON.parse(alerts.json(row)).AlertType),
      ['result', 'three'],
    );
  }),
);

test.run();
