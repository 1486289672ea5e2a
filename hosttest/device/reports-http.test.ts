import type { IncomingMessage, ServerResponse } from 'node:http';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../server/loopback.js';
import { MMS } from '../support/device-bootstrap.js';
import { DeviceClock } from '../support/device-clock.js';
import { onStage, type Stage, type TestDevice } from '../support/device-fixture.js';
import { reporting, reports } from '../support/device-reports.js';

// PROTOCOL.md §3, SUB, and §12: what the server that gets the reports answers, and when it does.
const test = suite('reports over HTTP');

const NAME = `${MMS}/m1/Name`;
const MO_TYPE = 'application/vnd.oma.dm.mo+json';
const SECOND = `/r ${NAME} {"Name":"second"}`;

/** A device that has subscribed to NAME. */
async function subscribed(stage: Stage, setup = {}): Promise<TestDevice> {
  const device = await reporting(stage, setup);
  assert.equal(await device.codes(['SUB', `${stage.server.origin}/r`, NAME]), [200]);
  return device;
}

function types(stage: Stage): (string | undefined)[] {
  return stage.server.requests.map(({ headers }) => headers['content-type']);
}

for (const status of [200, 201, 202, 204, 299]) {
  test(
    `${status}: the report has arrived [CMD-SUB-12]`,
    onStage(async (stage) => {
      const device = await subscribed(stage);
      stage.server.setResource('/r', (_request, response) => {
        response.writeHead(status).end();
      });
      device.client.local.write(NAME, 'second');
      await device.idle();
      assert.equal([reports(stage), device.client.dueCount], [[SECOND], 0]);
    }),
  );
}

for (const status of [400, 403, 404, 405, 410, 301]) {
  test(
    `${status}: that report is dropped; the next change is reported [CMD-SUB-13, HTTP-10, HTTP-16]`,
    onStage(async (stage) => {
      const device = await subscribed(stage);
      stage.server.setResource('/r', { fault: { kind: 'status', status } });
      device.client.local.write(NAME, 'second');
      await device.idle();
      device.client.local.write(`${MMS}/m1/Addr/Port`, 5);
      await device.idle();
      assert.equal([reports(stage), device.client.dueCount], [[SECOND], 0]);
      const again = await stage.restart(device);
      assert.equal(reports(stage), []);
      again.client.local.write(NAME, 'third');
      await again.idle();
      assert.equal(reports(stage), [`/r ${NAME} {"Name":"third"}`]);
    }),
  );
}

for (const fault of [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 429, retryAfter: 0 },
  { kind: 'status', status: 408 },
  { kind: 'close', after: -1 },
] as const) {
  test(
    `${JSON.stringify(fault)}: the report is tried again [CMD-SUB-14, HTTP-5, HTTP-11]`,
    onStage(async (stage) => {
      const device = await subscribed(stage);
      stage.server.setResource('/r', { fault, faultTimes: 3 });
      device.client.local.write(NAME, 'second');
      await until(() => stage.server.requests.length === 4 && device.client.dueCount === 0, 'the report');
      assert.equal(reports(stage), [SECOND, SECOND, SECOND, SECOND]);
    }),
  );
}

test(
  'the try after a failure reports what is so then, also what was so before [CMD-SUB-8, CMD-SUB-10]',
  onStage(async (stage) => {
    const clock = new DeviceClock();
    const device = await subscribed(stage, { clock, random: 0.5 });
    stage.server.setResource('/r', { fault: { kind: 'status', status: 500 }, faultTimes: 1 });
    device.client.local.write(NAME, 'second');
    await device.idle();
    device.client.local.write(NAME, 'first');
    await device.idle();
    clock.advance(15000);
    await device.idle();
    // The answer 500 does not say that the server did not take it.
    assert.equal(reports(stage), [SECOND, `/r ${NAME} {"Name":"first"}`]);
  }),
);

test(
  '415 with an OMADM-Accept that names a format of ours: once more in that, and later ones at once [HTTP-4, HTTP-38, HTTP-39]',
  onStage(async (stage) => {
    const device = await subscribed(stage);
    stage.server.setResource('/r', {
      headers: { 'OMADM-Accept': 'text/xml, application/json' },
      fault: { kind: 'status', status: 415 },
      faultTimes: 1,
    });
    device.client.local.write(NAME, 'second');
    await device.idle();
    assert.equal(
      [reports(stage), types(stage)],
      [
        [SECOND, SECOND],
        [MO_TYPE, 'application/json'],
      ],
    );
    device.client.local.write(NAME, 'third');
    await device.idle();
    assert.equal(types(stage), [MO_TYPE, 'application/json', 'application/json']);
  }),
);

test(
  'a second 415 ends it [HTTP-4, CMD-SUB-13]',
  onStage(async (stage) => {
    const device = await subscribed(stage);
    const headers = { 'OMADM-Accept': 'application/json' };
    stage.server.setResource('/r', { headers, fault: { kind: 'status', status: 415 } });
    device.client.local.write(NAME, 'second');
    await device.idle();
    assert.equal([types(stage), device.client.dueCount], [[MO_TYPE, 'application/json'], 0]);
  }),
);

for (const headers of [{}, { 'OMADM-Accept': 'text/xml' }] as Record<string, string>[]) {
  test(
    `415 with ${JSON.stringify(headers)}: not asked again [HTTP-41, CMD-SUB-13]`,
    onStage(async (stage) => {
      const device = await subscribed(stage);
      stage.server.setResource('/r', { headers, fault: { kind: 'status', status: 415 } });
      device.client.local.write(NAME, 'second');
      await device.idle();
      assert.equal([types(stage), device.client.dueCount], [[MO_TYPE], 0]);
    }),
  );
}

test(
  '307 and 308 are followed, with the report [HTTP-16]',
  onStage(async (stage) => {
    const device = await subscribed(stage);
    stage.server.setResource('/r', { fault: { kind: 'redirect', status: 307, to: '/s' } });
    stage.server.setResource('/s', { fault: { kind: 'redirect', status: 308, to: '/t' } });
    device.client.local.write(NAME, 'second');
    await device.idle();
    assert.equal(reports(stage), [SECOND, SECOND.replace('/r', '/s'), SECOND.replace('/r', '/t')]);
    assert.is(device.client.dueCount, 0);
  }),
);

/** Answers the requests to /r when the test says so. */
function heldBack(stage: Stage): ServerResponse[] {
  const held: ServerResponse[] = [];
  stage.server.setResource('/r', (request: IncomingMessage, response: ServerResponse) => {
    request.on('end', () => held.push(response));
  });
  return held;
}

test(
  'what changes while a report is under way is reported behind it, once [CMD-SUB-1, CMD-SUB-10]',
  onStage(async (stage) => {
    const device = await subscribed(stage);
    const held = heldBack(stage);
    device.client.local.write(NAME, 'second');
    await until(() => held.length === 1, 'the report');
    device.client.local.write(NAME, 'third');
    await new Promise((resolve) => setTimeout(resolve, 10));
    assert.is(held.length, 1, 'one at a time');
    held[0].writeHead(204).end();
    await until(() => held.length === 2, 'the second report');
    held[1].writeHead(204).end();
    await device.idle();
    assert.equal(reports(stage), [SECOND, `/r ${NAME} {"Name":"third"}`]);
  }),
);

test(
  'what changes before a byte of the report is sent goes with it [HTTP-47, CMD-SUB-10]',
  onStage(async (stage) => {
    const device = await subscribed(stage);
    device.client.local.write(NAME, 'second');
    const { http } = device.platform;
    const request = http.request.bind(http);
    http.request = (what, listener) => {
      http.request = request;
      const exchange = request(what, listener);
      setImmediate(() => device.client.local.write(NAME, 'third'));
      return exchange;
    };
    await device.idle();
    const arrived = reports(stage).filter((report) => report.includes('third'));
    assert.equal([arrived.length, device.client.dueCount], [1, 0]);
  }),
);

test(
  'UNSUB while its report is under way: the report ends, and nothing follows [CMD-UNSUB-1]',
  onStage(async (stage) => {
    const device = await subscribed(stage);
    const held = heldBack(stage);
    device.client.local.write(NAME, 'second');
    await until(() => held.length === 1, 'the report');
    // No session runs meanwhile: the application's way to the same state.
    const { subscriptions, transaction } = device.client.device;
    transaction.drop(subscriptions, subscriptions.rows[0]);
    transaction.commit();
    device.client.local.write(NAME, 'third');
    held[0].writeHead(204).end();
    await device.idle();
    assert.equal([reports(stage), device.client.dueCount], [[SECOND], 0]);
  }),
);

test(
  'a report waits for the session that runs [SES-26]',
  onStage(async (stage) => {
    stage.server.setResource('/second', { document: { MOData: { Name: 'second' } } });
    stage.server.setResource('/slow', { document: { MOData: { Addr: {} } }, fault: { kind: 'delay', ms: 10 } });
    const device = await subscribed(stage);
    const { origin } = stage.server;
    stage.seen.length = 0;
    await device.codes(['HGET', `${origin}/second`, NAME], ['HGET', `${origin}/slow`, `${MMS}/m1/Addr`]);
    await device.idle();
    assert.equal(stage.seen, ['#1', 'GET /second', 'GET /slow', '#3 200 200', 'PUT /r']);
  }),
);

test.run();
