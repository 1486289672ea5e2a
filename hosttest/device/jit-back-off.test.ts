import type { ServerResponse } from 'node:http';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../server/loopback.js';
import { bootstrapWith, MMS, mmsDocument } from '../support/device-bootstrap.js';
import { DeviceClock } from '../support/device-clock.js';
import {
  type Configuration,
  type DeviceSetup,
  onStage,
  type Stage,
  type TestDevice,
} from '../support/device-fixture.js';
import { restarted } from '../support/device-reports.js';

// PROTOCOL.md JIT-17, JIT-25 to JIT-31, PH-22, PH-23, HTTP-13: just-in-time configuration when the server is not there.
const test = suite('just in time, back-off');

const DOWN = { fault: { kind: 'status', status: 500 } } as const;
const UP = { document: mmsDocument({ Name: 'good' }) };
const GET = 'GET /262/mms';

/** A device with a DEFAULT for MMS; each wait is half of its bound. */
function withDefault(stage: Stage, clock: DeviceClock, setup: DeviceSetup = {}): Promise<TestDevice> {
  const cmd = [['DEFAULT', '{origin}/[MCC]/mms', MMS]];
  return stage.start({ bootstrap: bootstrapWith({ cmd }), clock, random: 0.5, ...setup });
}

function urgent(device: TestDevice): Promise<Configuration> {
  return new Promise((resolve) =>
    device.client.requestConfiguration(MMS, (error, uris) => resolve({ code: error?.code ?? '', error, uris }), true),
  );
}

test(
  'a request during a back-off fails at once, with the seconds until the next try [JIT-27, JIT-31]',
  onStage(async (stage) => {
    const clock = new DeviceClock();
    const device = await withDefault(stage, clock);
    stage.server.setResource('/262/mms', DOWN);
    assert.is((await device.configure(MMS)).code, 'HTTP_STATUS');
    clock.advance(4500);
    const { code, error } = await device.configure(MMS);
    assert.equal([code, error?.retryAfter, stage.seen], ['BACK_OFF', 11, [GET]]);
  }),
);

test(
  'a Retry-After is the time that is told [JIT-31, HTTP-8]',
  onStage(async (stage) => {
    const clock = new DeviceClock();
    const device = await withDefault(stage, clock, { random: 0 });
    stage.server.setResource('/262/mms', { fault: { kind: 'status', status: 503, retryAfter: 120 } });
    assert.is((await device.configure(MMS)).error?.retryAfter, 120);
    assert.is((await device.configure(MMS)).error?.retryAfter, 120);
    clock.advance(119999);
    assert.is((await device.configure(MMS)).error?.retryAfter, 1);
  }),
);

test(
  'an urgent request is tried, once in a back-off [JIT-28]',
  onStage(async (stage) => {
    const clock = new DeviceClock();
    const device = await withDefault(stage, clock);
    stage.server.setResource('/262/mms', DOWN);
    await device.configure(MMS);
    assert.is((await urgent(device)).code, 'HTTP_STATUS');
    assert.is((await urgent(device)).code, 'BACK_OFF');
    assert.equal(stage.seen, [GET, GET]);
    // The wait that ends by itself begins a new back-off.
    clock.advance(30000);
    await device.idle();
    assert.equal(stage.seen, [GET, GET, GET]);
    stage.server.setResource('/262/mms', UP);
    assert.equal((await urgent(device)).uris, [`${MMS}/m1/`]);
    assert.is(device.client.dueCount, 0);
  }),
);

test(
  'what failed is tried again in the background, stored, and tells who watches [JIT-25, HTTP-5]',
  onStage(async (stage) => {
    const clock = new DeviceClock();
    const device = await withDefault(stage, clock);
    stage.server.setResource('/262/mms', { ...UP, ...DOWN, faultTimes: 2 });
    await device.configure(MMS);
    const seen: string[] = [];
    device.client.local.watch(`${MMS}//`, (uri) => seen.push(uri));
    clock.advance(15000);
    await device.idle();
    assert.equal(device.client.local.instances(MMS), []);
    clock.advance(30000);
    await device.idle();
    assert.equal(
      [device.client.local.instances(MMS), stage.seen, device.client.dueCount],
      [['m1'], [GET, GET, GET], 0],
    );
    assert.equal(seen, [`${MMS}/m1/`]);
  }),
);

test(
  'the retry and the bound of its waits survive a restart [HTTP-12, JIT-25]',
  onStage(async (stage) => {
    const clock = new DeviceClock();
    const device = await withDefault(stage, clock);
    stage.server.setResource('/262/mms', DOWN);
    await device.configure(MMS);
    clock.advance(15000);
    await device.idle();
    const later = new DeviceClock();
    const again = await restarted(stage, device, { clock: later });
    assert.equal(stage.seen, []);
    assert.is((await again.configure(MMS)).error?.retryAfter, 30);
    later.advance(30000);
    await again.idle();
    assert.is((await again.configure(MMS)).error?.retryAfter, 33);
    assert.equal(stage.seen, [GET]);
  }),
);

test(
  'a failure for good is not tried again, and no back-off follows [HTTP-10]',
  onStage(async (stage) => {
    const device = await withDefault(stage, new DeviceClock());
    assert.is((await device.configure(MMS)).code, 'HTTP_STATUS');
    assert.is(device.client.dueCount, 0);
    stage.server.setResource('/262/mms', UP);
    assert.is((await device.configure(MMS)).code, '');
  }),
);

test(
  'the last good configuration stays until a new one is whole [JIT-26]',
  onStage(async (stage) => {
    const clock = new DeviceClock();
    const device = await withDefault(stage, clock);
    stage.server.setResource('/262/mms', UP);
    await device.configure(MMS);
    const { durable } = device;
    const fresh = { document: mmsDocument({ Name: 'fresh' }) };
    for (const fault of [DOWN.fault, { kind: 'truncated', at: 60 }, { kind: 'broken', at: 60 }] as const) {
      stage.server.setResource('/262/mms', { ...fresh, fault });
      assert.is.not((await urgent(device)).code, '');
      assert.is(device.client.local.read(`${MMS}//Name`), 'good');
      clock.advance(21600000);
    }
    await device.idle();
    assert.ok(device.durable.startsWith(durable));
    stage.server.setResource('/262/mms', fresh);
    clock.advance(21600000);
    await device.idle();
    assert.is(device.client.local.read(`${MMS}//Name`), 'fresh');
  }),
);

test(
  'a later DEFAULT cancels the retry: the next request goes to the new place at once [HTTP-13]',
  onStage(async (stage) => {
    const device = await withDefault(stage, new DeviceClock());
    stage.server.setResource('/262/mms', DOWN);
    stage.server.setResource('/new', UP);
    await device.configure(MMS);
    assert.is(device.client.dueCount, 1);
    assert.equal(await device.codes(['DEFAULT', `${stage.server.origin}/new`, MMS]), [200]);
    assert.is(device.client.dueCount, 0);
    assert.is((await device.configure(MMS)).code, '');
  }),
);

test(
  'an equal DEFAULT cancels nothing [HTTP-13]',
  onStage(async (stage) => {
    const device = await withDefault(stage, new DeviceClock());
    const same = ['DEFAULT', `${stage.server.origin}/down`, MMS];
    stage.server.setResource('/down', DOWN);
    await device.codes(same);
    await device.configure(MMS);
    await device.codes(same);
    assert.is((await device.configure(MMS)).code, 'BACK_OFF');
  }),
);

test(
  "a bootstrap's DEFAULT cancels the retry too [HTTP-13, BOOT-25]",
  onStage(async (stage) => {
    const device = await withDefault(stage, new DeviceClock());
    stage.server.setResource('/262/mms', DOWN);
    stage.server.setResource('/new', UP);
    await device.configure(MMS);
    device.client.applyBootstrap(device.resource({ CMD: [['DEFAULT', '{origin}/new', MMS]] }));
    assert.is((await device.configure(MMS)).code, '');
    assert.is(device.client.dueCount, 0);
  }),
);

test(
  'a request while the retry is under way shares it [JIT-17]',
  onStage(async (stage) => {
    const clock = new DeviceClock();
    const device = await withDefault(stage, clock);
    stage.server.setResource('/262/mms', DOWN);
    await device.configure(MMS);
    const held: ServerResponse[] = [];
    stage.server.setResource('/262/mms', (_request, response) => {
      held.push(response);
    });
    clock.advance(15000);
    await until(() => held.length === 1, 'the retry');
    const asked = [device.configure(MMS), urgent(device)];
    held[0].writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(UP.document));
    const answers = await Promise.all(asked);
    assert.equal(
      answers.map(({ uris }) => uris),
      [[`${MMS}/m1/`], [`${MMS}/m1/`]],
    );
    assert.is(stage.server.requests.length, 2);
  }),
);

test(
  'a value that is missing is no back-off: the request fails for that, and is done when the identity has it [PH-21, PH-22, PH-23]',
  onStage(async (stage) => {
    const clock = new DeviceClock();
    const device = await withDefault(stage, clock, { identity: {} });
    stage.server.setResource('/262/mms', UP);
    assert.is((await device.configure(MMS)).code, 'NO_VALUE');
    assert.is((await device.configure(MMS)).code, 'NO_VALUE');
    device.client.identityChanged();
    await device.idle();
    assert.equal([stage.seen, device.client.dueCount], [[], 1]);
    device.identity.MCC = '262';
    device.client.identityChanged();
    await device.idle();
    assert.equal([stage.seen, device.client.local.instances(MMS), device.client.dueCount], [[GET], ['m1'], 0]);
  }),
);

test(
  'a value that came while the device was off is used at its start [PH-22]',
  onStage(async (stage) => {
    const device = await withDefault(stage, new DeviceClock(), { identity: {} });
    stage.server.setResource('/262/mms', UP);
    await device.configure(MMS);
    const again = await restarted(stage, device, { identity: { MCC: '262' } });
    assert.equal([stage.seen, again.client.dueCount], [[GET], 0]);
  }),
);

test.run();
