import { DmError, type Execution } from 'dmlet';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FOREIGN } from '../support/device-bootstrap.js';
import { onStage, withCode } from '../support/device-fixture.js';
import { elementsOf, SENSOR, withSensors } from '../support/sensors.js';
import { otherAlerts } from '../support/sent-alerts.js';

// PROTOCOL.md §3 EXEC: who executes a node, and what the server is told at once.
const test = suite('EXEC');

test(
  'the handler’s status is the status [CMD-EXEC CMD-EXEC-1 CMD-EXEC-5 CMD-EXEC-6]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    const executed: string[] = [];
    const results = [200, 404, 503];
    device.client.onExecute(SENSOR, 'Setting', ({ clientUri }) => {
      executed.push(clientUri);
      return results.shift();
    });
    const exec = ['EXEC', `${SENSOR}/left/Setting`];
    assert.equal(await device.codes(exec, exec, exec), [200, 404, 503]);
    assert.equal(executed, [exec[1], exec[1], exec[1]]);
    assert.equal(device.client.executions(), []);
  }),
);

test(
  'a handler that throws, whatever it throws, or that returns no status: 500 [ST-500 ST-1]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    const thrown: unknown[] = [new Error('no'), new DmError('NOT_FOUND'), 'text', undefined];
    device.client.onExecute(SENSOR, 'ID', () => {
      throw thrown.shift();
    });
    const results = [0, 99, 199, 600, 200.5, Number.NaN];
    device.client.onExecute(SENSOR, 'Setting', () => results.shift());
    const one = ['EXEC', `${SENSOR}/left/ID`];
    const two = ['EXEC', `${SENSOR}/left/Setting`];
    assert.equal(await device.codes(one, one, one, one), [500, 500, 500, 500]);
    assert.equal(await device.codes(two, two, two, two, two, two), [500, 500, 500, 500, 500, 500]);
  }),
);

test(
  'the ClientURI may have x-names; the handler gets the resolved one; several nodes: 409, none: 404 [URI-22 ST-404 ST-409]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    const executed: string[] = [];
    device.client.onExecute(SENSOR, 'Data/*', ({ clientUri }) => {
      executed.push(clientUri);
      return 200;
    });
    const codes = await device.codes(
      ['EXEC', `${SENSOR}/(x)/Data/2?nv=(x)/ID:GPS`],
      ['EXEC', `${SENSOR}/*/Data/2`],
      ['EXEC', `${SENSOR}/*/Data/1`],
      ['EXEC', `${SENSOR}//Data/1`],
      ['EXEC', `${SENSOR}/left/Data/3`],
      ['EXEC', `${SENSOR}/no/Data/1`],
    );
    assert.equal(codes, [200, 200, 409, 409, 404, 404]);
    assert.equal(executed, [`${SENSOR}/left/Data/2`, `${SENSOR}/left/Data/2`]);
  }),
);

test(
  'a path may have * for any name, and be empty for the MO root; of several handlers the last counts [CMD-EXEC-6]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    for (const [path, status] of [
      ['', 201],
      ['*', 202],
      ['*/1', 203],
      ['Data/*/Value', 205],
      ['ID', 206],
    ] as const) {
      device.client.onExecute(SENSOR, path, () => status);
    }
    const paths = ['', 'Setting', 'Data', 'Data/1', 'Data/2', 'Data/1/Value', 'ID'];
    assert.equal(
      await device.codes(...paths.map((path) => ['EXEC', `${SENSOR}/left/${path}`])),
      [201, 202, 202, 203, 405, 205, 206],
    );
    device.client.onExecute(SENSOR, 'ID', () => 299);
    assert.equal(await device.codes(['EXEC', `${SENSOR}/left/ID`]), [299]);
  }),
);

test(
  'a node without a handler, also one of another MOID: 405 [CMD-5 ST-405]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    device.client.onExecute(FOREIGN, 'ID', () => 200);
    device.client.onExecute(SENSOR, 'Data/1/Value', () => 200);
    const paths = ['', 'ID', 'Data/1', 'Data/2/Value'];
    assert.equal(
      await device.codes(...paths.map((path) => ['EXEC', `${SENSOR}/left/${path}`, `${stage.server.origin}/dm/r`])),
      [405, 405, 405, 405],
    );
  }),
);

test(
  'no right to execute, a MOID that is not on the Perm list: 403 [ACC-10 ACC-11 ACC-17 ST-403]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    let executed = 0;
    for (const moid of [SENSOR, FOREIGN]) {
      device.client.onExecute(moid, '', () => {
        executed += 1;
        return 200;
      });
    }
    const own = device.client.local.create(SENSOR, 'Sensor');
    const codes = await device.codes(
      ['EXEC', own],
      ['EXEC', own, `${stage.server.origin}/dm/r`],
      ['EXEC', `${FOREIGN}/a/`],
    );
    assert.equal([codes, executed], [[403, 403, 403], 0]);
  }),
);

test(
  'a ServerURI that is none, or whose placeholder is unknown: 400, and nothing is executed [ST-400 PH-19]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    let executed = 0;
    device.client.onExecute(SENSOR, '', () => {
      executed += 1;
      return 200;
    });
    const exec = ['EXEC', `${SENSOR}/left/`];
    const codes = await device.codes(
      [...exec, 'urn:x'],
      [...exec, 'http://'],
      [...exec, `${stage.server.origin}/[Nonsense]`],
      ['EXEC'],
      [...exec, `${stage.server.origin}/a`, `${stage.server.origin}/b`],
    );
    await device.idle();
    assert.equal([codes, executed], [[400, 400, 400, 400, 400], 0]);
  }),
);

test(
  'finished within the handler: that is the status, once [CMD-EXEC-5]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    const kept: Execution[] = [];
    device.client.onExecute(SENSOR, 'ID', (execution) => {
      kept.push(execution);
      execution.finish(404);
      return undefined;
    });
    device.client.onExecute(SENSOR, 'Setting', (execution) => {
      execution.finish(0);
      return undefined;
    });
    assert.equal(await device.codes(['EXEC', `${SENSOR}/left/ID`], ['EXEC', `${SENSOR}/left/Setting`]), [404, 500]);
    kept[0].finish(500);
    await device.idle();
    assert.equal(device.client.executions(), []);
    assert.equal([otherAlerts(stage.server.packages), stage.seen], [[], ['#1', '#3 404 500']]);
  }),
);

test(
  'a handler may use the tree; the next command sees it [SES-11]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    device.client.onExecute(SENSOR, '', ({ clientUri }) => {
      device.client.local.write(`${clientUri}ID`, 'executed');
      return 200;
    });
    const put = ['HPUT', `${stage.server.origin}/put`, `${SENSOR}/left/ID`];
    assert.equal(await device.codes(['EXEC', `${SENSOR}/left/`], put), [200, 200]);
    assert.equal(elementsOf(stage.server.requests[0])[0].MOData, { ID: 'executed' });
  }),
);

test(
  'what cannot be kept is not begun: 413 or 500, and the handler is not called [ST-413 ST-500]',
  onStage(async (stage) => {
    const device = await withSensors(stage, { limits: { objects: 7 } });
    let executed = 0;
    device.client.onExecute(SENSOR, '', () => {
      executed += 1;
      return undefined;
    });
    const exec = ['EXEC', `${SENSOR}/left/`, `${stage.server.origin}/dm/r`];
    const codes = await device.codes(...Array.from({ length: 8 }, () => exec));
    const accepted = codes.filter((code) => code === 202).length;
    assert.ok(accepted > 0 && codes.slice(accepted).every((code) => code === 413), String(codes));
    await device.idle();
    assert.equal([executed, device.client.executions().length], [accepted, accepted]);
  }),
);

test(
  'an alert that is too long is not reported, and may be tried again',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    device.client.onExecute(SENSOR, '', () => undefined);
    assert.equal(await device.codes(['EXEC', `${SENSOR}/left/`]), [202]);
    const [execution] = device.client.executions();
    assert.throws(() => execution.finish(200, 'x'.repeat(2000)), withCode('TOO_LONG'));
    assert.is(device.client.executions().length, 1);
    execution.finish(200, 'short');
    await device.idle();
    assert.is(otherAlerts(stage.server.packages)[0][1].Data, 'short');
  }),
);

test(
  'a result with data that comes at once goes as an alert [CMD-EXEC-9]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    device.client.onExecute(SENSOR, 'Setting', ({ finish }) => {
      finish(200, 'calibrated');
      return undefined;
    });
    assert.equal(await device.codes(['EXEC', `${SENSOR}/left/Setting`]), [202]);
    await device.idle();
    assert.equal(
      otherAlerts(stage.server.packages).map(([, { Data }]) => Data),
      ['calibrated'],
    );
    assert.equal(device.client.executions(), []);
  }),
);

test(
  'where as many are unfinished as the limit allows, nothing is executed [CMD-EXEC-10 ST-413]',
  onStage(async (stage) => {
    const device = await withSensors(stage, { limits: { executions: 2 } });
    const begun: Execution[] = [];
    device.client.onExecute(SENSOR, 'Setting', (execution) => {
      begun.push(execution);
      return undefined;
    });
    const exec = ['EXEC', `${SENSOR}/left/Setting`];
    assert.equal(await device.codes(exec, exec, exec, [...exec, '{origin}/later']), [202, 202, 413, 413]);
    assert.is(begun.length, 2);
    begun[0].finish(200);
    await device.idle();
    assert.equal(await device.codes(exec), [202]);
  }),
);

test.run();
