import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { onStage, type Stage, type TestDevice } from '../support/device-fixture.js';
import { SENSOR, withSensors } from '../support/sensors.js';

// PROTOCOL.md HTTP-2, HTTP-3, HTTP-38 to HTTP-41: in which format a server takes uploads.
const test = suite('OMADM-Accept');

const MO = 'application/vnd.oma.dm.mo+json';
const JSON_TYPE = 'application/json';

/** Answers every request to a path with a status and what it takes. */
function accepts(stage: Stage, path: string, accept: string | string[], status = 200): string {
  stage.server.setResource(path, (request, response) => {
    request.resume().on('end', () => response.writeHead(status, { 'OMADM-Accept': accept }).end());
  });
  return stage.server.origin + path;
}

async function put(device: TestDevice, url: string, method = 'HPUT'): Promise<number> {
  return (await device.codes([method, url, `${SENSOR}/left/ID`]))[0];
}

/** The types of what was uploaded. */
function types(stage: Stage): unknown[] {
  return stage.server.requests.map(({ headers }) => headers['content-type']);
}

test(
  'what an answer says counts for later uploads to that server, wherever there [HTTP-2 HTTP-38 HTTP-39 MO-22]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    const url = accepts(stage, '/up', `text/plain, ${JSON_TYPE}`);
    assert.equal(
      [await put(device, url), await put(device, url), await put(device, `${stage.server.origin}/new`, 'HPOST')],
      [200, 200, 200],
    );
    assert.equal(types(stage), [MO, JSON_TYPE, JSON_TYPE]);
  }),
);

test(
  'the answer to an HGET, and one that refuses, count too [HTTP-2 HTTP-38]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    accepts(stage, '/get', JSON_TYPE, 404);
    accepts(stage, '/up', 'application/dmmo+json', 500);
    const { origin } = stage.server;
    await device.codes(['HGET', `${origin}/get`]);
    assert.equal([await put(device, `${origin}/up`), await put(device, `${origin}/new`)], [500, 200]);
    assert.equal(types(stage).slice(1), [JSON_TYPE, 'application/dmmo+json']);
  }),
);

test(
  'the header may come in several lines [HTTP-2]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    const url = accepts(stage, '/up', [JSON_TYPE, 'text/plain']);
    assert.equal([await put(device, url), await put(device, url)], [200, 200]);
    assert.equal(types(stage), [MO, JSON_TYPE]);
  }),
);

test(
  'where it names none of ours: 406 from then on, and nothing is sent [HTTP-3 HTTP-40 ST-406]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    const url = accepts(stage, '/up', 'text/plain, application/xml');
    assert.equal([await put(device, url), await put(device, url), await put(device, url, 'HPOST')], [200, 406, 406]);
    assert.is(stage.server.requests.length, 1);
  }),
);

test(
  'another server, and another start, know nothing of it [HTTP-38]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    const other = await stage.open();
    const url = accepts(stage, '/up', 'text/plain');
    assert.equal([await put(device, url), await put(device, `${other.origin}/up`)], [200, 200]);
    const again = await stage.restart(device);
    assert.is(await put(again, url), 200);
    assert.equal(types(stage), [MO]);
  }),
);

test(
  '415 is passed on, and not tried in another format: that is for reports [ST-HTTP HTTP-4]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    assert.is(await put(device, accepts(stage, '/up', JSON_TYPE, 415)), 415);
    assert.is(stage.server.requests.length, 1);
  }),
);

test(
  '415 that names none of ours: 406 [HTTP-41 ST-406]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    assert.is(await put(device, accepts(stage, '/up', 'text/plain', 415)), 406);
    assert.is(stage.server.requests.length, 1);
  }),
);

test(
  'behind a redirect it is the last server’s word that counts [HTTP-38 HTTP-41]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    const other = await stage.open();
    stage.server.setResource('/up', { fault: { kind: 'redirect', status: 307, to: `${other.origin}/up` } });
    other.setResource('/up', (request, response) => {
      request.resume().on('end', () => response.writeHead(415, { 'OMADM-Accept': 'text/plain' }).end());
    });
    const { origin } = stage.server;
    assert.equal([await put(device, `${origin}/up`), await put(device, `${origin}/new`)], [406, 200]);
    assert.is(await put(device, `${other.origin}/new`), 406);
  }),
);

test(
  'a report that gets 415 naming one of ours is sent once more, in that format; not a second time [HTTP-4]',
  onStage(async (stage) => {
    const device = await withSensors(stage, { limits: { settleTime: 1 } });
    let others = [JSON_TYPE, 'application/dmmo+json'];
    stage.server.setResource('/report', (request, response) => {
      const [accept] = others;
      request.resume().on('end', () => response.writeHead(415, { 'OMADM-Accept': accept }).end());
      others = [others[1], others[0]];
    });
    assert.equal(await device.codes(['SUB', `${stage.server.origin}/report`, `${SENSOR}/left/`]), [200]);
    device.client.local.write(`${SENSOR}/left/ID`, 'new');
    await device.idle();
    assert.equal(types(stage), [MO, JSON_TYPE]);
    assert.is(device.client.dueCount, 0);
  }),
);

test.run();
