import type { Execution } from 'dmlet';
import { FlashResult } from 'dmlet';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../server/loopback.js';
import { accountElement, bootstrapWith, DEVINFO } from '../support/device-bootstrap.js';
import { onStage, type Stage, type TestDevice, withCode } from '../support/device-fixture.js';
import type { MemoryFlash } from '../support/memory-flash.js';
import { LEFT, SENSOR, withSensors } from '../support/sensors.js';
import { otherAlerts, sessionAlerts } from '../support/sent-alerts.js';

// PROTOCOL.md §3 EXEC, §8: results that come later.
const test = suite('EXEC: results that come later');

const EXEC = ['EXEC', `${SENSOR}/left/Data/1`];
const RESULT = { AlertType: 'urn:dmlet:at:exec-result:1.0', SourceURI: `${SENSOR}/left/Data/1` };
const CLIENT_INITIATED = 'urn:oma:at:dm:2.0:ClientInitiatedMgmt';

/** A device whose handler leaves everything for later. What it began is in the second. */
async function slow(stage: Stage): Promise<[TestDevice, Execution[]]> {
  const device = await withSensors(stage);
  const begun: Execution[] = [];
  device.client.onExecute(SENSOR, 'Data/*', (execution) => {
    begun.push(execution);
    return undefined;
  });
  return [device, begun];
}

/** Where a result of EXEC is to go. */
function withResultsAt(stage: Stage, path: string): string[] {
  return [...EXEC, stage.server.origin + path];
}

test(
  'without a ServerURI: 202, then an alert in a session of its own with the account’s server [CMD-EXEC-7 ALERT-17 ALERT-18 ALERT-19 ALERT-20 ALERT-21 ST-202]',
  onStage(async (stage) => {
    const [device, begun] = await slow(stage);
    assert.equal(await device.codes(['EXEC', `${SENSOR}/(x)/Data/1?nv=(x)/ID:GPS`]), [202]);
    assert.is(begun[0].clientUri, RESULT.SourceURI);
    stage.forget(device);
    begun[0].finish(200);
    await device.idle();
    assert.equal(stage.seen, ['#1']);
    assert.is(sessionAlerts(stage.server.packages)[0].AlertType, CLIENT_INITIATED);
    assert.equal(otherAlerts(stage.server.packages), [['#1 /dm', { ...RESULT, DataType: 'int', Data: '200' }]]);
    assert.equal([device.client.executions(), device.client.device.alerts.rows, device.client.dueCount], [[], [], 0]);
  }),
);

test(
  'data of the handler goes in place of the status [ALERT-19]',
  onStage(async (stage) => {
    const [device, begun] = await slow(stage);
    await device.codes(EXEC);
    begun[0].finish(404, 'gone "ä"');
    await device.idle();
    assert.equal(otherAlerts(stage.server.packages), [['#1 /dm', { ...RESULT, DataType: 'chr', Data: 'gone "ä"' }]]);
  }),
);

test(
  'with a ServerURI: 202 before the handler is called, then an alert to it in a new session [CMD-EXEC-2 CMD-EXEC-3 CMD-EXEC-4 ALERT-20 ALERT-21 PH-2]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    const during: string[][] = [];
    device.client.onExecute(SENSOR, 'Data/*', () => {
      during.push(device.log.about('session EXEC'));
      return 200;
    });
    const command = withResultsAt(stage, '/dm/[MCC]');
    assert.equal(await device.codes(command), [202]);
    await device.idle();
    assert.equal(during, [[`session ${command.join(' ')} 202`]]);
    assert.equal(otherAlerts(stage.server.packages), [['#1 /dm/262', { ...RESULT, DataType: 'int', Data: '200' }]]);
    assert.equal(
      sessionAlerts(stage.server.packages).map(({ AlertType }) => AlertType),
      [CLIENT_INITIATED, CLIENT_INITIATED],
    );
  }),
);

test(
  'with a ServerURI a handler that throws is a result of 500 [CMD-EXEC-2 ST-500]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    device.client.onExecute(SENSOR, 'Data/*', () => {
      throw new Error('broken');
    });
    assert.equal(await device.codes(withResultsAt(stage, '/dm/r')), [202]);
    await device.idle();
    assert.equal(otherAlerts(stage.server.packages), [['#1 /dm/r', { ...RESULT, DataType: 'int', Data: '500' }]]);
  }),
);

test(
  'the session for a result has the rights of the account that sent the EXEC [ALERT-22]',
  onStage(async (stage) => {
    const second = accountElement({ miid: 'second', srvId: 'two', srvUri: '{origin}/dm/two', perm: [SENSOR] });
    const bootstrap = bootstrapWith({ account: { perm: [DEVINFO] }, mo: [second, LEFT] });
    const device = await stage.start({ bootstrap });
    device.client.onExecute(SENSOR, 'Data/*', () => 200);
    const get = [
      ['GET', `${SENSOR}/left/ID`],
      ['GET', `${DEVINFO}//DevID`],
    ];
    stage.server.setSessions([{ packages: [{ CMD: [withResultsAt(stage, '/dm/r')] }] }, { packages: [{ CMD: get }] }]);
    assert.is(await device.session('two'), undefined);
    await device.idle();
    assert.equal(stage.seen, ['#1', '#3 202', '#1', '#3 200 403']);
    assert.equal(
      stage.server.packages.map(({ path }) => path),
      ['/dm/two', '/dm/two', '/dm/r', '/dm/r'],
    );
  }),
);

test(
  'finished twice: one alert, and nothing is done to another execution of the same node [CMD-EXEC-7]',
  onStage(async (stage) => {
    const [device, begun] = await slow(stage);
    await device.codes(EXEC);
    const [same] = device.client.executions();
    begun[0].finish(200);
    same.finish(201);
    await device.codes(EXEC);
    begun[0].finish(500);
    same.finish(500);
    await device.idle();
    assert.equal(
      otherAlerts(stage.server.packages).map(([, { Data }]) => Data),
      ['200'],
    );
    assert.is(device.client.executions().length, 1);
    begun[1].finish(202);
    await device.idle();
    assert.equal(
      otherAlerts(stage.server.packages).map(([, { Data }]) => Data),
      ['200', '202'],
    );
  }),
);

test(
  'a result that comes while the session for another runs gets one too [ALERT-12 ALERT-20]',
  onStage(async (stage) => {
    const [device, begun] = await slow(stage);
    const command = withResultsAt(stage, '/dm/r');
    assert.equal(await device.codes(command, command), [202, 202]);
    await until(() => begun.length === 2, 'both executions');
    let isFirst = true;
    device.log.package = (number) => {
      if (number === 2 && isFirst) begun[1].finish(201);
      isFirst = isFirst && number !== 2;
    };
    begun[0].finish(200);
    await device.idle();
    assert.equal(
      otherAlerts(stage.server.packages).map(([at, { Data }]) => `${at} ${Data}`),
      ['#1 /dm/r 200', '#1 /dm/r 201'],
    );
    assert.equal(device.client.device.alerts.rows, []);
  }),
);

test(
  'over a restart: what is not finished is there, in its order, and its result goes where it was to go [CMD-EXEC-8 ALERT-21]',
  onStage(async (stage) => {
    const [device, begun] = await slow(stage);
    const two = ['EXEC', `${SENSOR}/left/Data/2`, `${stage.server.origin}/dm/two`];
    const three = ['EXEC', `${SENSOR}/right/Data/1`, `${stage.server.origin}/dm/three`];
    assert.equal(await device.codes(EXEC, two), [202, 202]);
    begun[0].finish(200);
    await device.idle();
    assert.equal(await device.codes(three), [202]);
    await device.idle();
    const again = await stage.restart(device);
    const executions = again.client.executions();
    assert.equal(
      executions.map(({ clientUri }) => clientUri),
      [two[1], three[1]],
    );
    assert.equal(stage.seen, []);
    executions[1].finish(201);
    executions[0].finish(200, 'done');
    await again.idle();
    assert.equal(
      otherAlerts(stage.server.packages)
        .map(([at, alert]) => [at, alert.SourceURI, alert.Data])
        .sort(),
      [
        ['#1 /dm/three', three[1], '201'],
        ['#1 /dm/two', two[1], 'done'],
      ],
    );
    assert.equal((await stage.restart(again)).client.executions(), []);
  }),
);

test(
  'a result that was not delivered before a restart is delivered after it [ALERT-11 ALERT-13]',
  onStage(async (stage) => {
    const [device, begun] = await slow(stage);
    await device.codes(withResultsAt(stage, '/dm/r'));
    await device.idle();
    begun[0].finish(200);
    device.close();
    const again = stage.device({ ...device.setup, flash: device.flash });
    stage.forget(again);
    again.start();
    await again.idle();
    assert.equal(otherAlerts(stage.server.packages), [['#1 /dm/r', { ...RESULT, DataType: 'int', Data: '200' }]]);
    const last = await stage.restart(again);
    await last.idle();
    assert.equal([stage.seen, last.client.dueCount], [[], 0]);
  }),
);

test(
  'flash that refuses the result: it is not reported, and may be tried again',
  onStage(async (stage) => {
    const [device, begun] = await slow(stage);
    const flash = device.flash as MemoryFlash;
    await device.codes(EXEC);
    flash.refusals.push(FlashResult.Failed);
    assert.throws(() => begun[0].finish(200), withCode('FLASH_FAILED'));
    await device.idle();
    assert.equal(otherAlerts(stage.server.packages), []);
    begun[0].finish(200);
    await device.idle();
    assert.is(otherAlerts(stage.server.packages).length, 1);
  }),
);

test.run();
