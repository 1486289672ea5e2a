import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  accountElement,
  bootstrapWith,
  MMS,
  mmsDocument,
  NAP,
  napDocument,
  SRV_ID,
} from '../support/device-bootstrap.js';
import { DeviceClock } from '../support/device-clock.js';
import { onStage, type Stage, type TestDevice } from '../support/device-fixture.js';
import { restarted } from '../support/device-reports.js';
import type { MemoryFlash } from '../support/memory-flash.js';

// PROTOCOL.md §12, retry policy: what a whole device does when its servers are not there, and in what order it works.
const test = suite('retry');

const HOUR = 3600000;

/** A device that has just been bootstrapped, and whose first session the server did not take. */
async function refused(
  stage: Stage,
  clock: DeviceClock,
  retryAfter?: number | string,
  random = 0.5,
): Promise<TestDevice> {
  stage.server.setSessions([{ packages: [{ fault: { kind: 'status', status: 503, retryAfter } }] }]);
  const device = stage.device({ clock, random });
  device.start();
  await device.idle();
  return device;
}

test(
  'a session that failed is held again when its wait is over, not before [HTTP-5, HTTP-6, SES-10]',
  onStage(async (stage) => {
    const clock = new DeviceClock();
    const device = await refused(stage, clock);
    clock.advance(14999);
    await device.idle();
    assert.equal(stage.seen, ['#1']);
    clock.advance(1);
    await device.idle();
    assert.equal([stage.seen, device.client.dueCount], [['#1', '#1'], 0]);
  }),
);

test(
  'Retry-After in seconds is kept to, also over a restart [HTTP-8, HTTP-9, HTTP-34]',
  onStage(async (stage) => {
    const device = await refused(stage, new DeviceClock(), 3600);
    const clock = new DeviceClock();
    const again = await restarted(stage, device, { clock, random: 0 });
    clock.advance(HOUR - 1);
    await again.idle();
    assert.equal(stage.seen, []);
    clock.advance(1);
    await again.idle();
    assert.equal(stage.seen, ['#1']);
  }),
);

test(
  'Retry-After as a date is kept to where the clock is set [HTTP-9]',
  onStage(async (stage) => {
    const clock = new DeviceClock();
    const date = new Date((clock.now() + 7200) * 1000).toUTCString();
    const device = await refused(stage, clock, date);
    clock.advance(2 * HOUR - 1);
    await device.idle();
    assert.equal(stage.seen, ['#1']);
    clock.advance(15001);
    await device.idle();
    assert.equal(stage.seen, ['#1', '#1']);
  }),
);

test(
  'a Retry-After of years is kept to for 7 days [HTTP-50]',
  onStage(async (stage) => {
    const clock = new DeviceClock();
    const device = await refused(stage, clock, 0x7fffffff);
    clock.advance(168 * HOUR - 1);
    await device.idle();
    assert.equal(stage.seen, ['#1']);
    clock.advance(15001);
    await device.idle();
    assert.equal(stage.seen, ['#1', '#1']);
  }),
);

test(
  'a date is as none where the clock is not set [HTTP-33]',
  onStage(async (stage) => {
    const clock = new DeviceClock();
    clock.epoch = undefined;
    const device = await refused(stage, clock, new Date(1700007200 * 1000).toUTCString());
    clock.advance(15000);
    await device.idle();
    assert.equal(stage.seen, ['#1', '#1']);
  }),
);

test(
  'days without a server cost 22 writes, and the server is found again [HTTP-7, HTTP-42]',
  onStage(async (stage) => {
    const clock = new DeviceClock();
    const device = await refused(stage, clock, undefined, 1);
    const flash = device.flash as MemoryFlash;
    const before = flash.writes;
    const packages = Array.from({ length: 100 }, () => ({
      packages: [{ fault: { kind: 'close', after: -1 } } as const],
    }));
    stage.server.setSessions(packages);
    for (let i = 0; i < 45; i += 1) {
      clock.advance(6 * HOUR);
      await device.idle();
    }
    // The first of the eleven was written when the server refused.
    assert.is(flash.writes - before, 20);
    stage.server.setSessions([]);
    clock.advance(6 * HOUR);
    await device.idle();
    assert.is(device.client.dueCount, 0);
  }),
);

test(
  'work that waits holds up nothing else',
  onStage(async (stage) => {
    const clock = new DeviceClock();
    stage.server.setResource('/mms', {
      document: mmsDocument(),
      fault: { kind: 'status', status: 500 },
      faultTimes: 1,
    });
    stage.server.setResource('/nap', {
      document: napDocument(),
      fault: { kind: 'status', status: 503, retryAfter: 60 },
      faultTimes: 1,
    });
    const cmd = [
      ['HGET', '{origin}/mms'],
      ['HGET', '{origin}/nap'],
    ];
    const device = stage.device({ bootstrap: bootstrapWith({ cmd }), clock, random: 0.5 });
    device.start();
    await device.idle();
    assert.equal(stage.seen, ['GET /mms', 'GET /nap', '#1']);
    clock.advance(15000);
    await device.idle();
    assert.equal([device.client.local.instances(MMS), device.client.local.instances(NAP)], [['m1'], []]);
    clock.advance(60000);
    await device.idle();
    assert.equal([device.client.local.instances(NAP), device.client.dueCount], [['m1'], 0]);
  }),
);

test(
  'configuration goes first, then sessions that were asked for, then what is due [JIT-18]',
  onStage(async (stage) => {
    stage.server.setResource('/mms', { document: mmsDocument() });
    stage.server.setResource('/due', { document: napDocument() });
    const other = accountElement({ miid: 'other', srvId: 'other.example', srvUri: '{origin}/dm/other' });
    const cmd = [
      ['HGET', '{origin}/due'],
      ['DEFAULT', '{origin}/mms', MMS],
    ];
    const device = stage.device({ bootstrap: bootstrapWith({ mo: [other], cmd }) });
    device.start();
    const session = device.session('other.example');
    await device.configure(MMS);
    await session;
    await device.idle();
    assert.equal(stage.seen, ['GET /mms', '#1', 'GET /due', '#1', '#1']);
    assert.equal(
      stage.server.packages.map(({ path }) => path),
      ['/dm/other', '/dm', '/dm/other'],
    );
  }),
);

test(
  'every idle callback is called once, and work that waits for its next try does not keep it',
  onStage(async (stage) => {
    const clock = new DeviceClock();
    const device = await refused(stage, clock);
    let calls = 0;
    device.client.whenIdle(() => {
      calls += 1;
      throw new Error('of the application');
    });
    device.client.whenIdle(() => {
      calls += 10;
    });
    await device.idle();
    clock.advance(HOUR);
    await device.idle();
    assert.is(calls, 11);
    assert.is(device.log.about('note INTERNAL callback').length, 1);
  }),
);

test(
  'without a DevID a session waits for the identity [PH-23, HTTP-34]',
  onStage(async (stage) => {
    const clock = new DeviceClock();
    const device = stage.device({ bootstrap: { MO: [accountElement()] }, clock });
    device.start();
    await device.idle();
    clock.advance(5 * HOUR);
    await device.idle();
    assert.equal([stage.seen, device.client.dueCount], [[], 1]);
    device.identity.DevID = 'IMEI:1';
    device.client.identityChanged();
    await device.idle();
    assert.equal([stage.seen, device.client.dueCount], [['#1'], 0]);
  }),
);

test(
  'a result that comes while the results before it are delivered opens a session of its own [ALERT-20]',
  onStage(async (stage) => {
    const device = await stage.start({
      bootstrap: bootstrapWith({ mo: [{ ClientURI: `${MMS}/m1/`, MOData: { MMS: { A: 1, B: 2 } } }] }),
    });
    device.client.onExecute(MMS, '*', () => undefined);
    assert.equal(await device.codes(['EXEC', `${MMS}/m1/A`], ['EXEC', `${MMS}/m1/B`]), [202, 202]);
    const [first, second] = device.client.executions();
    stage.forget(device);
    stage.server.setResource('/slow', { document: mmsDocument(), fault: { kind: 'delay', ms: 20 } });
    stage.server.setSessions([{ packages: [{ CMD: [['HGET', '{origin}/slow'], ['END']] }] }]);
    first.finish(200);
    const started = new Promise<void>((resolve) => {
      const timer = setInterval(() => {
        if (!stage.seen.includes('#1')) return;
        clearInterval(timer);
        resolve();
      }, 1);
    });
    await started;
    await new Promise((resolve) => setTimeout(resolve, 5));
    second.finish(204);
    await device.idle();
    assert.equal(stage.seen, ['#1', 'GET /slow', '#1']);
    const alerts = stage.server.packages.map(({ body }) => (body as { Alert: { Data?: string }[] }).Alert[1].Data);
    assert.equal(alerts, ['200', '204']);
    assert.is(device.client.device.alerts.waiting(SRV_ID, '').length, 0);
  }),
);

test.run();
