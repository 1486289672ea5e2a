import type { IncomingMessage } from 'node:http';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../server/loopback.js';
import { onStage, orUncaught, type Stage, type TestDevice } from '../support/device-fixture.js';
import { MemoryFlash } from '../support/memory-flash.js';
import { narrow } from '../support/narrow-http.js';
import { elementsOf, LEFT, SENSOR, withSensors } from '../support/sensors.js';

// PROTOCOL.md §12: a body goes out piece by piece, while other things happen.
const test = suite('HPUT, HPOST: bodies');

const LONG = 'v'.repeat(4000);

/** A device with much to send: 40 KB below `left`. */
async function large(stage: Stage): Promise<TestDevice> {
  const device = await withSensors(stage, {
    limits: { tree: 131072 },
    flash: new MemoryFlash({ capacity: 1 << 20 }),
  });
  for (let i = 0; i < 10; i += 1) device.client.local.write(`${SENSOR}/left/V${i}`, LONG);
  return device;
}

test(
  'a large body goes through a small window as it is [HTTP-24 MO-24]',
  onStage(async (stage) => {
    const device = await large(stage);
    const sizes: number[] = [];
    narrow(device.platform.http, 100, (_, written) => sizes.push(written));
    assert.equal(await device.codes(['HPUT', `${stage.server.origin}/up`, `${SENSOR}/left/`]), [200]);
    const [request] = stage.server.requests;
    assert.ok(request.bodyLength > 40000 && sizes.length > 400, `${request.bodyLength} in ${sizes.length}`);
    assert.is(request.headers['content-length'], String(request.bodyLength));
    const values = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`V${i}`, LONG]));
    const { Sensor } = LEFT.MOData as { Sensor: object };
    assert.equal(elementsOf(request)[0].MOData, { Sensor: { ...Sensor, ...values } });
  }),
);

for (const [what, change, expected] of [
  ['a value that grows', { ID: 'much longer than before' }, { ID: 'much longer than before' }],
  ['a new node', { New: 'node' }, { ID: 'GPS', New: 'node' }],
] as const) {
  test(
    `${what} while the body is being sent: it is sent anew, as it is then [HTTP-47]`,
    onStage(async (stage) => {
      const device = await withSensors(stage);
      let changes = 0;
      narrow(device.platform.http, 16, (url, written) => {
        if (!url.endsWith('/up') || written < 64 || changes > 0) return;
        changes += 1;
        for (const [name, value] of Object.entries(change)) device.client.local.write(`${SENSOR}/left/${name}`, value);
      });
      const codes = await device.codes(
        ['HPUT', `${stage.server.origin}/up`, `${SENSOR}/left/`],
        ['GET', `${SENSOR}/left/ID`],
      );
      assert.equal([codes, changes], [[200, 200], 1]);
      const whole = stage.server.requests.filter(
        ({ headers, bodyLength }) => headers['content-length'] === `${bodyLength}`,
      );
      assert.is(whole.length, 1);
      const { Sensor } = elementsOf(whole[0])[0].MOData as { Sensor: Record<string, unknown> };
      for (const [name, value] of Object.entries(expected)) assert.is(Sensor[name], value);
    }),
  );
}

test(
  'a change elsewhere in the tree while the body is being sent harms nothing [HTTP-47]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    let changes = 0;
    narrow(device.platform.http, 16, (url, written) => {
      if (!url.endsWith('/up') || written !== 32 || changes === 3) return;
      changes += 1;
      device.client.local.write(`${SENSOR}/right/Setting`, `0xB${changes}`);
    });
    assert.equal(await device.codes(['HPOST', `${stage.server.origin}/up`, `${SENSOR}/left/`]), [200]);
    assert.is(changes, 3);
    assert.equal(elementsOf(stage.server.requests[stage.server.requests.length - 1]), [LEFT]);
  }),
);

test(
  'what is being sent is removed: 404, from the event loop, and the next command runs [CMD-HPUT-5 HTTP-47]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    let during = '';
    narrow(device.platform.http, 16, (url, written) => {
      if (!url.endsWith('/up') || written !== 64) return;
      const before = device.log.lines.length;
      device.client.local.remove(`${SENSOR}/left/`);
      during = device.log.lines.slice(before).join();
    });
    const codes = await orUncaught(
      device.codes(['HPUT', `${stage.server.origin}/up`, `${SENSOR}/left/`], ['GET', `${SENSOR}/right/ID`]),
    );
    assert.equal([codes, during], [[404, 200], `removed ${SENSOR}/left/`]);
  }),
);

test(
  'several changes at once begin the exchange anew once [HTTP-47]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    const { http } = device.platform;
    let changes = 0;
    narrow(http, 16, (url, written) => {
      if (!url.endsWith('/up') || written !== 32 || changes > 0) return;
      for (const name of ['A', 'B', 'C']) device.client.local.write(`${SENSOR}/right/${name}`, 1);
      changes += 1;
    });
    const request = http.request.bind(http);
    let begun = 0;
    http.request = (what, listener) => {
      if (what.url.endsWith('/up')) begun += 1;
      return request(what, listener);
    };
    assert.equal(await device.codes(['HPUT', `${stage.server.origin}/up`, `${SENSOR}/left/`]), [200]);
    assert.equal([begun, changes], [2, 1]);
  }),
);

test(
  'an answer before the body is out: a refusal is passed on at once [ST-HTTP]',
  onStage(async (stage) => {
    const device = await large(stage);
    narrow(device.platform.http, 16);
    stage.server.setResource('/up', (_, response) => {
      response.writeHead(413, { Connection: 'close' }).end('too large');
    });
    assert.equal(await device.codes(['HPUT', `${stage.server.origin}/up`, `${SENSOR}/left/`]), [413]);
    assert.ok(stage.server.requests[0].bodyLength < 40000);
  }),
);

test(
  'a success that is over before the body is out: 502, and no connection is left behind [HTTP-49 ST-502 SES-26]',
  onStage(async (stage) => {
    const device = await large(stage);
    narrow(device.platform.http, 16);
    const seen: IncomingMessage[] = [];
    stage.server.setResource('/up', (request, response) => {
      seen.push(request);
      response.writeHead(204).end();
    });
    const command = ['HPUT', `${stage.server.origin}/up`, `${SENSOR}/left/`];
    assert.equal(await device.codes(command, command, command), [502, 502, 502]);
    assert.is(seen.length, 3);
    await until(() => stage.server.openSockets() <= 2, 'the end of the connections');
  }),
);

/** Answers at once, and ends its answer when it has the whole request. `seen` gets the length of each body. */
function hasty(stage: Stage, seen: number[]): string {
  stage.server.setResource('/up', (request, response) => {
    let length = 0;
    response.writeHead(200, { 'Content-Length': '2' }).write('o');
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
    });
    request.on('end', () => {
      seen.push(length);
      response.end('k');
    });
  });
  return `${stage.server.origin}/up`;
}

test(
  'a success that begins before the body is out: it counts when all of the body is [HTTP-48 CMD-HPUT-4]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    let behind = 0;
    narrow(device.platform.http, 16, (_, __, isAnswered) => {
      if (isAnswered) behind += 1;
    });
    const seen: number[] = [];
    assert.equal(await device.codes(['HPUT', hasty(stage, seen), `${SENSOR}/left/`]), [200]);
    assert.ok(behind > 0, 'pieces went out behind the beginning of the answer');
    const [request] = stage.server.requests;
    assert.equal([`${seen}`, elementsOf(request)], [request.headers['content-length'], [LEFT]]);
  }),
);

test(
  'the tree changes behind an early answer: all of it is sent anew [HTTP-47]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    let changes = 0;
    narrow(device.platform.http, 16, (url, _, isAnswered) => {
      if (!url.endsWith('/up') || !isAnswered || changes > 0) return;
      changes += 1;
      device.client.local.write(`${SENSOR}/left/ID`, 'another one');
    });
    assert.equal(await device.codes(['HPUT', hasty(stage, []), `${SENSOR}/left/`]), [200]);
    assert.is(changes, 1);
    const sent = stage.server.requests[stage.server.requests.length - 1];
    assert.is((elementsOf(sent)[0].MOData as { Sensor: { ID: string } }).Sensor.ID, 'another one');
  }),
);

test.run();
