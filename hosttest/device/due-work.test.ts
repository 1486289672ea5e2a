import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  accountElement,
  bootstrapWith,
  devInfoElement,
  FOREIGN,
  IMS,
  MMS,
  mmsDocument,
  NAP,
  napDocument,
} from '../support/device-bootstrap.js';
import { onStage, type Stage, type TestDevice } from '../support/device-fixture.js';

// PROTOCOL.md BOOT-13 to BOOT-16, HTTP-6 to HTTP-11, HTTP-35: what a bootstrap leaves to do, and does not forget.
const test = suite('due work');

const HGET_MMS = ['HGET', '{origin}/[MCC]/mms'];
const PATH = '/262/mms';

/** Starts a device with these commands, and waits until nothing runs. */
async function bootstrapped(stage: Stage, cmd: string[][], random = 0): Promise<TestDevice> {
  const device = stage.device({ bootstrap: bootstrapWith({ cmd }), random });
  device.start();
  await device.idle();
  return device;
}

/** Waits until the retries that a device makes at once have done their work. */
async function until(device: TestDevice, done: () => boolean): Promise<void> {
  for (let tries = 0; !done(); tries += 1) {
    if (tries > 1000) throw new Error('never done');
    await new Promise((resolve) => setTimeout(resolve, 1));
    await device.idle();
  }
}

test(
  'the fetches of a bootstrap are done behind it, then the session is held [BOOT-14 BOOT-15]',
  onStage(async (stage) => {
    stage.server.setResource(PATH, { document: mmsDocument() });
    stage.server.setResource('/nap', { document: napDocument() });
    const device = await bootstrapped(stage, [HGET_MMS, ['HGET', '{origin}/nap', `${NAP}//`]]);
    assert.equal(stage.seen, [`GET ${PATH}`, 'GET /nap', '#1']);
    assert.equal(
      [MMS, NAP].map((moid) => device.client.local.instances(moid)),
      [['m1'], ['m1']],
    );
    assert.is(device.client.dueCount, 0);
    assert.equal(device.log.about('finished'), [
      'finished hget {origin}/[MCC]/mms ok'.replace('{origin}', stage.server.origin),
      `finished hget ${stage.server.origin}/nap ok`,
      'finished session dm.example ok',
    ]);
  }),
);

test(
  'what is done is not done again',
  onStage(async (stage) => {
    stage.server.setResource(PATH, { document: mmsDocument() });
    const device = await bootstrapped(stage, [HGET_MMS]);
    stage.forget(device);
    device.close();
    const again = stage.device({ ...device.setup, flash: device.flash });
    again.start();
    await again.idle();
    assert.equal(stage.seen, []);
  }),
);

test(
  'a fetch of a bootstrap may name a new instance, of a MOID that an account has [BOOT-9]',
  onStage(async (stage) => {
    stage.server.setResource('/named', { document: [{ ClientURI: `${MMS}/named/`, MOData: { MMS: { A: 1 } } }] });
    stage.server.setResource('/foreign', { document: [{ ClientURI: `${FOREIGN}//`, MOData: { X: { A: 1 } } }] });
    stage.server.setResource('/devinfo', { document: [devInfoElement({ DevID: 'x' })] });
    const cmd = ['named', 'foreign', 'devinfo'].map((name) => ['HGET', `{origin}/${name}`]);
    const device = await bootstrapped(stage, cmd);
    assert.equal(device.client.local.instances(MMS), ['named']);
    assert.equal(device.client.local.instances(FOREIGN), []);
    const codes = device.log.about('finished hget').map((line) => line.split(' ')[3]);
    assert.equal([codes, device.client.dueCount], [['ok', 'FORBIDDEN', 'NOT_ALLOWED'], 0]);
  }),
);

test(
  'a unit without network bootstraps; its work waits [BOOT-14]',
  onStage(async (stage) => {
    const gone = await stage.open();
    await gone.close();
    const account = { srvUri: `${gone.origin}/dm` };
    const device = stage.device({
      bootstrap: bootstrapWith({ account, cmd: [['HGET', `${gone.origin}/mms`]] }),
      random: 0.99,
    });
    assert.is(device.start(), true);
    await device.idle();
    assert.is(device.client.dueCount, 2);
    assert.equal(
      device.log.about('note RETRY').map((line) => line.split(' in ')[1]),
      ['30 s', '30 s'],
    );
    assert.is((await device.configure(MMS)).code, 'NO_DEFAULT');
  }),
);

/** Failures that pass, and the sentence that says so. */
const TRANSIENT = [
  [{ kind: 'status', status: 500 }, 'HTTP-11'],
  [{ kind: 'status', status: 503, retryAfter: 0 }, 'HTTP-11'],
  [{ kind: 'status', status: 429, retryAfter: 0 }, 'HTTP-11'],
  [{ kind: 'status', status: 408 }, 'HTTP-11'],
  [{ kind: 'status', status: 425 }, 'HTTP-11'],
  [{ kind: 'close', after: -1 }, 'HTTP-11'],
  [{ kind: 'close', after: 5 }, 'HTTP-11'],
  [{ kind: 'garbage', text: 'x\r\n' }, 'HTTP-35'],
  [{ kind: 'truncated', at: 10 }, 'HTTP-35'],
  [{ kind: 'type', type: 'text/html' }, 'HTTP-35'],
  [{ kind: 'broken', at: 3 }, 'HTTP-35'],
] as const;

for (const [fault, clause] of TRANSIENT) {
  test(
    `${JSON.stringify(fault)}: the fetch is tried again, until it succeeds [BOOT-14 ${clause}]`,
    onStage(async (stage) => {
      stage.server.setResource(PATH, { document: mmsDocument(), fault, faultTimes: 3 });
      const device = await bootstrapped(stage, [HGET_MMS]);
      await until(device, () => device.client.dueCount === 0);
      assert.equal(device.client.local.instances(MMS), ['m1']);
      assert.equal(stage.seen.filter((line) => line.startsWith('GET')).length, 4);
    }),
  );
}

test(
  'a server that cannot be reached, and one that does not answer: the fetch waits for its next try [HTTP-11]',
  onStage(async (stage) => {
    const gone = await stage.open();
    await gone.close();
    stage.server.setResource(PATH, { document: mmsDocument(), fault: { kind: 'stall', after: -1 } });
    const cmd = [['HGET', `${gone.origin}/mms`], HGET_MMS];
    const limits = { headersTime: 100 };
    const device = stage.device({ bootstrap: bootstrapWith({ cmd }), random: 0.99, limits });
    device.start();
    await device.idle();
    assert.equal(
      device.log.about('finished hget').map((line) => line.split(' ')[3]),
      ['NO_CONNECTION', 'TIMEOUT'],
    );
    assert.is(device.log.about('note RETRY hget').length, 2);
    assert.is(device.client.dueCount, 2);
  }),
);

for (const status of [400, 401, 403, 404, 410, 302, 304]) {
  test(
    `${status}: the fetch is given up [HTTP-10]`,
    onStage(async (stage) => {
      stage.server.setResource(PATH, { document: mmsDocument(), fault: { kind: 'status', status } });
      const device = await bootstrapped(stage, [HGET_MMS]);
      assert.equal(stage.seen, [`GET ${PATH}`, '#1']);
      assert.is(device.client.dueCount, 0);
      assert.is((await stage.restart(device)).client.dueCount, 0);
    }),
  );
}

test(
  'work that waits does not hold up the other',
  onStage(async (stage) => {
    stage.server.setResource(PATH, { fault: { kind: 'status', status: 500 } });
    stage.server.setResource('/nap', { document: napDocument() });
    const device = await bootstrapped(stage, [HGET_MMS, ['HGET', '{origin}/nap']], 0.99);
    assert.equal(stage.seen, [`GET ${PATH}`, 'GET /nap', '#1']);
    assert.is(device.client.dueCount, 1);
    assert.is(await device.session(), undefined);
  }),
);

test(
  'a restart finishes what was not done, and only that [BOOT-13]',
  onStage(async (stage) => {
    stage.server.setResource(PATH, { fault: { kind: 'status', status: 500 } });
    stage.server.setResource('/nap', { document: napDocument() });
    const device = await bootstrapped(stage, [HGET_MMS, ['HGET', '{origin}/nap']], 0.99);
    device.close();
    stage.forget(device);
    stage.server.setResource(PATH, { document: mmsDocument() });
    const again = stage.device({ ...device.setup, flash: device.flash, random: 0 });
    assert.is(again.start(), false);
    await until(again, () => again.client.dueCount === 0);
    assert.equal(stage.seen, [`GET ${PATH}`]);
    assert.equal([again.client.dueCount, again.client.local.instances(MMS)], [0, ['m1']]);
  }),
);

test(
  'a restart does not end the wait for the next try',
  onStage(async (stage) => {
    stage.server.setResource(PATH, { fault: { kind: 'status', status: 500 } });
    const device = await bootstrapped(stage, [HGET_MMS], 0.99);
    const again = await stage.restart(device);
    assert.equal(stage.seen, []);
    assert.is(again.client.dueCount, 1);
  }),
);

test(
  'switched off before anything was done: the restart does it all [BOOT-13 BOOT-16]',
  onStage(async (stage) => {
    stage.server.setResource(PATH, { document: mmsDocument() });
    const device = stage.device({ bootstrap: bootstrapWith({ cmd: [HGET_MMS] }) });
    device.start();
    device.close();
    const again = stage.device({ ...device.setup, flash: device.flash });
    again.start();
    await again.idle();
    assert.equal(stage.seen, [`GET ${PATH}`, '#1']);
    assert.match(stage.server.packages[0].text, 'BootstrapComplete');
  }),
);

test(
  'the session after a bootstrap is tried again, with the same alert and all objects [BOOT-16]',
  onStage(async (stage) => {
    stage.server.setSessions([
      { packages: [{ fault: { kind: 'status', status: 503, retryAfter: 0 } }] },
      { packages: [{ fault: { kind: 'close', after: -1 } }] },
    ]);
    const device = await bootstrapped(stage, []);
    await until(device, () => device.client.dueCount === 0);
    const texts = stage.server.packages.map(({ text }) => text);
    assert.equal([texts.length, new Set(texts).size], [3, 1]);
    assert.match(texts[0], 'BootstrapComplete');
  }),
);

test(
  'a session that the server refuses for good is not held again',
  onStage(async (stage) => {
    stage.server.setSessions([{ packages: [{ fault: { kind: 'status', status: 403 } }] }]);
    const device = await bootstrapped(stage, []);
    assert.equal([stage.seen, device.client.dueCount], [['#1'], 0]);
  }),
);

test(
  'Retry-After is respected, and the wait grows with the tries',
  onStage(async (stage) => {
    stage.server.setResource(PATH, { fault: { kind: 'status', status: 503, retryAfter: 7200 } });
    const device = await bootstrapped(stage, [HGET_MMS], 0.5);
    assert.equal(device.log.about('note RETRY'), [`note RETRY hget ${stage.server.origin}/[MCC]/mms in 7215 s`]);
  }),
);

test(
  'a fetch without a value for a placeholder waits, and is done when there is one',
  onStage(async (stage) => {
    stage.server.setResource(PATH, { document: mmsDocument() });
    const device = stage.device({
      bootstrap: bootstrapWith({ cmd: [HGET_MMS] }),
      identity: {},
      limits: { retryFirst: 10 },
      random: 0.5,
    });
    device.start();
    await device.idle();
    assert.is(device.client.dueCount, 1);
    device.identity.MCC = '262';
    device.client.identityChanged();
    await until(device, () => device.client.dueCount === 0);
    assert.equal(device.client.local.instances(MMS), ['m1']);
  }),
);

test(
  'a bootstrap applied again while work of the first is due: each piece is done once',
  onStage(async (stage) => {
    stage.server.setResource(PATH, { fault: { kind: 'status', status: 500 } });
    const device = await bootstrapped(stage, [HGET_MMS], 0.99);
    device.close();
    stage.forget(device);
    stage.server.setResource(PATH, { document: mmsDocument() });
    const update = { MO: [accountElement({ perm: [MMS, IMS] })], CMD: [HGET_MMS] };
    const again = stage.device({ flash: device.flash, bootstrap: update });
    assert.is(again.start(), true);
    await again.idle();
    assert.equal(stage.seen, [`GET ${PATH}`, '#1']);
  }),
);

test.run();
