import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  accountElement,
  bootstrapWith,
  DEV_ID,
  devInfoElement,
  MMS,
  mmsDocument,
  NAP,
  napDocument,
} from '../support/device-bootstrap.js';
import { onStage, type TestDevice } from '../support/device-fixture.js';

// PROTOCOL.md BOOT-7, BOOT-9, BOOT-14 to BOOT-16, HTTP-35: the session that a bootstrap asks for, and fetches in its text form.
const test = suite('due sessions');

/** Waits until the work that is tried again at once is done. */
async function allDone(device: TestDevice): Promise<void> {
  for (let tries = 0; device.client.dueCount > 0; tries += 1) {
    if (tries > 300)
      throw new Error(`still due: ${device.durable.split('\n').filter((line) => line.startsWith('["due'))}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
    await device.idle();
  }
}

test(
  'a captive portal answers in place of the server: the session is held later [HTTP-35]',
  onStage(async (stage) => {
    const portal = { text: '<html>Please log in</html>', type: 'text/html' };
    stage.server.setSessions([{ packages: [portal, portal] }, { packages: [portal, portal] }]);
    const device = stage.device();
    device.start();
    await device.idle();
    await allDone(device);
    const initiations = stage.server.packages.filter(({ number }) => number === 1);
    assert.is(initiations.length, 3);
    for (const { text } of initiations) assert.match(text, 'BootstrapComplete');
  }),
);

test(
  'a device that learns its DevID later holds the session then',
  onStage(async (stage) => {
    const bootstrap = { MO: [accountElement()] };
    const device = stage.device({ bootstrap, random: 0.99 });
    device.start();
    await device.idle();
    assert.equal(stage.seen, []);
    device.close();
    const again = stage.device({ bootstrap, flash: device.flash, identity: { DevID: DEV_ID } });
    again.start();
    await again.idle();
    assert.equal(stage.seen, ['#1']);
    assert.match(stage.server.packages[0].text, 'BootstrapComplete');
  }),
);

test(
  'the commands of the session are done before the device is idle',
  onStage(async (stage) => {
    stage.server.setResource('/mms', { document: mmsDocument() });
    stage.server.setSessions([{ packages: [{ CMD: [['HGET', '{origin}/mms']] }] }]);
    const device = stage.device();
    device.start();
    await device.idle();
    assert.equal(stage.seen, ['#1', 'GET /mms', '#3 200']);
    assert.equal(device.client.local.instances(MMS), ['m1']);
  }),
);

test(
  'a session that broke off behind its first package is held again',
  onStage(async (stage) => {
    stage.server.setSessions([
      { packages: [{ CMD: [['NONSENSE']] }, { fault: { kind: 'close', after: -1 } }] },
      { packages: [{ CMD: [['NONSENSE']] }] },
    ]);
    const device = stage.device();
    device.start();
    await device.idle();
    await allDone(device);
    assert.equal(stage.seen, ['#1', '#3 501', '#1', '#3 501']);
  }),
);

test(
  'a session that an application asks for comes before those that are due',
  onStage(async (stage) => {
    const other = accountElement({ miid: 'other', srvId: 'other.example', srvUri: '{origin}/dm/other' });
    const device = stage.device({ bootstrap: bootstrapWith({ mo: [other] }) });
    device.start();
    assert.is(await device.session('other.example'), undefined);
    await device.idle();
    const sent = stage.server.packages.map(({ path, text }) => `${path} ${text.includes('BootstrapComplete')}`);
    assert.equal(sent, ['/dm/other false', '/dm true', '/dm/other true']);
  }),
);

test(
  'fetches of a bootstrap in its text form [BOOT-7 BOOT-9]',
  onStage(async (stage) => {
    stage.server.setResource('/mms', { document: mmsDocument() });
    stage.server.setResource('/nap', { document: { MOData: { NAP: { NapId: 'named' } } } });
    const bootstrap = `HGET {origin}/mms\nHGET {origin}/nap ${NAP}/named/\n`;
    const device = stage.device({ bootstrap });
    device.start();
    await device.idle();
    assert.equal(stage.seen, ['GET /mms', 'GET /nap']);
    assert.equal(
      [MMS, NAP].map((moid) => device.client.local.instances(moid)),
      [['m1'], ['named']],
    );
    assert.is((await stage.restart(device)).durable, device.durable);
  }),
);

test(
  'a fetch to a place that does not exist, and cannot be made, is given up',
  onStage(async (stage) => {
    stage.server.setResource('/nap', { document: napDocument() });
    const cmd = [['HGET', '{origin}/nap', `${NAP}/absent/Name`]];
    const device = stage.device({ bootstrap: bootstrapWith({ cmd }) });
    device.start();
    await device.idle();
    assert.equal([stage.seen, device.client.dueCount], [['#1'], 0]);
  }),
);

test(
  'what a second bootstrap makes superfluous is not asked for: one session for one server',
  onStage(async (stage) => {
    stage.server.setSessions([{ packages: [{ fault: { kind: 'status', status: 503 } }] }]);
    const device = stage.device({ random: 0.99 });
    device.start();
    await device.idle();
    device.close();
    stage.forget(device);
    const bootstrap = { MO: [accountElement({ srvUri: '{origin}/dm/new' }), devInfoElement()] };
    const again = stage.device({ bootstrap, flash: device.flash });
    again.start();
    await again.idle();
    assert.equal(
      stage.server.packages.map(({ path }) => path),
      ['/dm/new'],
    );
  }),
);

test.run();
