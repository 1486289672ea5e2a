import { DmClient } from 'dmlet';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../server/loopback.js';
import { ACCESS, bootstrapWith, DEVINFO, MMS, mmsDocument, NAP } from '../support/device-bootstrap.js';
import { onStage, orUncaught, withCode } from '../support/device-fixture.js';

// The client as applications meet it: order of work, errors, the end.
const test = suite('client');

const GET_ID = ['GET', `${DEVINFO}//DevID`];
const JIT = bootstrapWith({ cmd: [['DEFAULT', '{origin}/jit', MMS]] });

test(
  'touches neither flash nor network before it is started',
  onStage(async (stage) => {
    const device = stage.device();
    const done: (string | undefined)[] = [];
    device.client.openSession('', (error) => done.push(error?.code));
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal([stage.seen, done], [[], []]);
    device.start();
    await device.idle();
    assert.equal(done, [undefined]);
    assert.is(stage.seen.length, 2);
  }),
);

test(
  'limits out of range are refused when it is made',
  onStage(async (stage) => {
    for (const tree of [0, 63, 200000, Number.NaN]) {
      assert.throws(
        () => new DmClient(stage.device().platform, { limits: { tree } }),
        withCode('BAD_ARGUMENT'),
        String(tree),
      );
    }
  }),
);

test(
  'no callback is called from inside the call that takes it',
  onStage(async (stage) => {
    stage.server.setResource('/jit', { document: mmsDocument() });
    const device = await stage.start({ bootstrap: JIT });
    const called: string[] = [];
    const { client } = device;
    client.openSession('', () => called.push('session'));
    client.openSession('nobody', () => called.push('no account'));
    client.requestConfiguration(NAP, () => called.push('no default'));
    client.requestConfiguration(MMS, () => called.push('configuration'));
    client.configureMissing(() => called.push('missing'));
    client.whenIdle(() => called.push('idle'));
    assert.equal(called, []);
    await until(() => called.length === 6, 'the last callback');
    assert.equal(called.slice().sort(), ['configuration', 'idle', 'missing', 'no account', 'no default', 'session']);
  }),
);

test(
  'idle comes when all that was asked for is done',
  onStage(async (stage) => {
    stage.server.setResource('/jit', { document: mmsDocument(), fault: { kind: 'delay', ms: 10 } });
    const device = await stage.start({ bootstrap: JIT });
    const order: string[] = [];
    device.client.requestConfiguration(MMS, () => order.push('configuration'));
    device.client.openSession('', () => order.push('session'));
    await device.idle();
    assert.equal(order, ['configuration', 'session']);
  }),
);

test(
  'everybody who asks is told of idleness',
  onStage(async (stage) => {
    const device = await stage.start();
    const told: number[] = [];
    for (const who of [1, 2, 3]) device.client.whenIdle(() => told.push(who));
    await until(() => told.length > 0, 'the first');
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(told, [1, 2, 3]);
  }),
);

test(
  'an application that throws in a callback does not stop the client',
  onStage(async (stage) => {
    stage.server.setResource('/jit', { document: mmsDocument() });
    const device = await stage.start({ bootstrap: JIT });
    const { client } = device;
    const bang = (): never => {
      throw new Error('application');
    };
    for (const ask of [
      () => client.openSession('', bang),
      () => client.openSession('nobody', bang),
      () => client.requestConfiguration(MMS, bang),
      () => client.requestConfiguration(NAP, bang),
      () => client.configureMissing(bang),
      () => client.whenIdle(bang),
    ]) {
      ask();
      const outcome = await orUncaught(
        Promise.race([device.session(), new Promise((resolve) => setTimeout(resolve, 300, 'stuck'))]),
      );
      assert.is(outcome, undefined, String(ask));
    }
  }),
);

test(
  'sessions beyond those that may wait are BUSY',
  onStage(async (stage) => {
    const device = await stage.start({ limits: { requests: 2 } });
    const codes = await Promise.all([1, 2, 3, 4].map(() => device.session().then((error) => error?.code)));
    assert.equal(codes.filter((code) => code === 'BUSY').length >= 1, true);
    assert.equal(codes.filter((code) => code === undefined).length >= 2, true);
    assert.is(await device.session(), undefined);
  }),
);

test(
  'close ends a session at any point; nothing is called afterwards, and every connection goes',
  onStage(async (stage) => {
    stage.server.setResource('/mms', { document: mmsDocument(), fault: { kind: 'stall', after: 20 } });
    for (const packages of [
      [{ package: { CMD: [GET_ID] }, fault: { kind: 'stall' as const, after: -1 } }],
      [{ package: { CMD: [GET_ID] }, fault: { kind: 'stall' as const, after: 5 } }],
      [{ CMD: [['HGET', '{origin}/mms'], GET_ID] }],
    ]) {
      const device = await stage.start();
      stage.server.setSessions([{ packages }]);
      let called = 0;
      device.client.openSession('', () => {
        called += 1;
      });
      device.client.requestConfiguration(MMS, () => {});
      await until(() => stage.server.packages.length > 0, 'Package#1');
      await new Promise((resolve) => setTimeout(resolve, 10));
      device.close();
      await until(() => stage.server.openSockets() === 0, 'the end of the connections');
      assert.is(called, 0);
    }
  }),
);

test(
  'an application may close the client in any callback',
  onStage(async (stage) => {
    stage.server.setResource('/jit', { document: mmsDocument() });
    const ways: ((client: DmClient, close: () => void) => void)[] = [
      (client, close) => client.openSession('', close),
      (client, close) => client.openSession('nobody', close),
      (client, close) => client.requestConfiguration(MMS, close),
      (client, close) => client.requestConfiguration(NAP, close),
      (client, close) => client.configureMissing(close),
      (client, close) => client.whenIdle(close),
      (client, close) => {
        client.local.watch(`${MMS}//`, close);
        client.requestConfiguration(MMS, () => {});
      },
    ];
    for (const [index, way] of ways.entries()) {
      const device = await stage.start({ bootstrap: JIT });
      let closed = 0;
      way(device.client, () => {
        closed += 1;
        device.close();
      });
      device.client.openSession('', () => {});
      await until(() => closed > 0, `callback ${index}`);
      await until(() => stage.server.openSockets() === 0, 'the end of the connections');
      assert.is(closed, 1, String(index));
    }
  }),
);

test(
  'an application that closes the client inside of a command: no further command of its package runs, and nothing that was to come',
  onStage(async (stage) => {
    const box = { ClientURI: `${NAP}/m1/`, MOData: { NAP: { Run: 'now', Later: 'then' } } };
    const device = await stage.start({ bootstrap: bootstrapWith({ mo: [box] }) });
    const { client } = device;
    const ran: string[] = [];
    client.onExecute(NAP, 'Later', () => {
      ran.push('later');
      return 200;
    });
    client.onExecute(NAP, 'Run', () => {
      ran.push('run');
      client.close();
      return 200;
    });
    client.local.watch(`${NAP}//`, () => ran.push('watch'));
    const CMD = [
      ['EXEC', `${NAP}//Later`, `${stage.server.origin}/result`],
      ['EXEC', `${NAP}//Run`],
      ['EXEC', `${NAP}//Run`],
      ['DELETE', `${NAP}//Run`],
    ];
    stage.server.setSessions([{ packages: [{ CMD }] }]);
    client.openSession('', () => ran.push('session'));
    await until(() => ran.length > 0, 'the command');
    client.local.write(`${NAP}//Later`, 'changed');
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal([ran, client.local.read(`${NAP}//Run`)], [['run'], 'now']);
  }),
);

test(
  'a platform that throws where a package is to be sent ends the session with an error, and the client goes on',
  onStage(async (stage) => {
    const device = await stage.start();
    const { http } = device.platform;
    const request = http.request.bind(http);
    for (const failing of [1, 2]) {
      let requests = 0;
      stage.server.setSessions([{ packages: [{ CMD: [GET_ID] }] }]);
      http.request = (what, listener) => {
        requests += 1;
        if (requests === failing) throw new Error('adapter');
        return request(what, listener);
      };
      assert.is((await orUncaught(device.session()))?.code, 'INTERNAL', `request ${failing}`);
      assert.is(await device.session(), undefined);
      http.request = request;
    }
  }),
);

test(
  'close ends a retry that waits: no timer keeps the process alive',
  onStage(async (stage) => {
    stage.server.setSessions([{ packages: [{ fault: { kind: 'status', status: 503 } }] }]);
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    const device = stage.device({ random: 0.99 });
    device.start();
    await device.idle();
    assert.is(device.client.dueCount, 1);
    device.close();
    device.client.close();
    assert.ok(timers() <= before);
  }),
);

test(
  'an idle client has no timer',
  onStage(async (stage) => {
    stage.server.setResource('/jit', { document: mmsDocument() });
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    const device = await stage.start({ bootstrap: JIT });
    await device.configure(MMS);
    await device.codes(GET_ID);
    assert.ok(timers() <= before);
  }),
);

test(
  'what a device says of its work, from the first start on',
  onStage(async (stage) => {
    stage.server.setResource('/jit', { document: mmsDocument() });
    stage.server.setSessions([
      { packages: [{ CMD: [GET_ID, ['HGET', '{origin}/jit', `${MMS}//`], ['DELETE', `${MMS}//`]] }] },
    ]);
    const device = stage.device({ bootstrap: JIT });
    device.start();
    await device.idle();
    assert.equal(
      device.log.lines.map((line) => line.replaceAll(stage.server.origin, '').replace(/ \d+$/, '')),
      [
        'stored urn:oma:mo:oma-dm-dmacc:1.2/operator/',
        `stored ${DEVINFO}/m1/`,
        `stored ${ACCESS}/m1/`,
        `stored ${DEVINFO}/m1/DmV`,
        'package 1 /dm',
        'package 2 /dm',
        `session GET ${DEVINFO}//DevID`,
        'exchange GET /jit 200',
        `stored ${MMS}/m1/`,
        `stored ${ACCESS}/m1/1`,
        `session HGET /jit ${MMS}//`,
        `removed ${MMS}/m1/`,
        `removed ${ACCESS}/m1/1`,
        `session DELETE ${MMS}//`,
        'package 3 /dm',
        'package 2 /dm',
        'session END',
        'finished session dm.example ok',
      ],
    );
  }),
);

test(
  'a client without a log works the same',
  onStage(async (stage) => {
    stage.server.setResource('/jit', { document: mmsDocument() });
    const device = stage.device({ bootstrap: JIT });
    device.platform.log = undefined;
    device.start();
    await device.idle();
    assert.is((await device.configure(MMS)).code, '');
    assert.equal(
      await device.codes(GET_ID, ['HGET', `${stage.server.origin}/nothing`], ['DELETE', `${MMS}//`]),
      [200, 404, 200],
    );
  }),
);

test.run();
