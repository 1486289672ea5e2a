import { FlashResult } from 'dmlet';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { accountElement, bootstrapWith, DEVINFO, MMS } from '../support/device-bootstrap.js';
import { onStage } from '../support/device-fixture.js';
import type { MemoryFlash } from '../support/memory-flash.js';
import { ignored, signed, unsigned, withNoti } from '../support/notified.js';
import { sessionAlerts } from '../support/sent-alerts.js';

// PROTOCOL.md §9: what a notification makes the client do.
const test = suite('notifications');

const ASKED = 'urn:oma:at:dm:2.0:ServerInitiatedMgmt';

test(
  'an accepted one opens a session, whose alert says which it was [SES-1 SES-2 PKG-0 ALERT-7 ALERT-8 NOTI-12]',
  onStage(async (stage) => {
    const device = await stage.start();
    assert.is(device.client.notify(unsigned({ id: 4711 })), '');
    assert.equal(stage.seen, [], 'from the event loop');
    await device.idle();
    assert.equal(stage.seen, ['#1']);
    assert.equal(sessionAlerts(stage.server.packages), [{ AlertType: ASKED, Data: '4711' }]);
    assert.equal([device.client.ignored, device.client.dueCount], [[], 0]);
  }),
);

test(
  'without a NOTIFICATION-ID the alert has no data [ALERT-7]',
  onStage(async (stage) => {
    const device = await stage.start();
    assert.is(device.client.notify(unsigned()), '');
    await device.idle();
    assert.equal(sessionAlerts(stage.server.packages), [{ AlertType: ASKED }]);
  }),
);

test(
  'the session has MOS where REQ-MOS asked for it, and only there [PKG1-3 NOTI-15]',
  onStage(async (stage) => {
    const device = await stage.start();
    for (const wantsMos of [true, false]) {
      device.client.notify(unsigned({ id: 0, wantsMos }));
      await device.idle();
    }
    const [with_, without] = stage.server.packages.map(({ body }) => body as { MOS?: { MOID: string }[] });
    assert.equal(without.MOS, undefined);
    const moids = with_.MOS?.map(({ MOID }) => MOID) ?? [];
    assert.ok(moids.includes(MMS) && moids.includes(DEVINFO), String(moids));
  }),
);

test(
  'the session is with the server that sent it [NOTI-10]',
  onStage(async (stage) => {
    const second = accountElement({ miid: 'second', srvId: 'zw\u00f6lf', srvUri: '{origin}/dm/two' });
    const device = await stage.start({ bootstrap: bootstrapWith({ mo: [second] }) });
    assert.is(device.client.notify(unsigned({ serverId: 'zw\u00f6lf' })), '');
    await device.idle();
    assert.equal(
      stage.server.packages.map(({ path }) => path),
      ['/dm/two'],
    );
  }),
);

test(
  'an unknown server, and bytes that are no notification, have no effect but a count [NOTI-19 NOTI-24 NOTI-25]',
  onStage(async (stage) => {
    const device = await stage.start();
    const { client } = device;
    const before = device.state;
    const { writes } = device.flash as MemoryFlash;
    assert.is(client.notify(unsigned({ serverId: 'nobody' })), 'NO_ACCOUNT');
    for (const bytes of [new Uint8Array(0), Uint8Array.of(0x20, 0), unsigned().subarray(0, 5)]) {
      assert.is(client.notify(bytes), 'BAD_NOTIFICATION');
    }
    assert.is(client.notify(unsigned({ serverId: 'nobody' })), 'NO_ACCOUNT');
    await device.idle();
    assert.equal(ignored(client), ['NO_ACCOUNT 2', 'BAD_NOTIFICATION 3']);
    assert.equal([stage.seen, device.state, (device.flash as MemoryFlash).writes], [[], before, writes]);
  }),
);

test(
  'with Auth/Noti the digest must be there and right [NOTI-16 NOTI-17 NOTI-20]',
  onStage(async (stage) => {
    const device = await stage.start({ bootstrap: withNoti() });
    const { client } = device;
    const forged = signed({ id: 1 });
    forged[forged.length - 1] ^= 1;
    for (const bytes of [
      unsigned({ id: 1 }),
      forged,
      signed({ id: 1, secret: Buffer.from('guess') }),
      signed({ id: 1, data: Buffer.from('other') }),
    ]) {
      assert.is(client.notify(bytes), 'NOT_AUTHENTIC');
    }
    await device.idle();
    assert.equal([stage.seen, ignored(client)], [[], ['NOT_AUTHENTIC 4']]);
    assert.is(client.notify(signed({ id: 1 })), '');
    await device.idle();
    assert.equal(stage.seen, ['#1']);
  }),
);

test(
  'without data the digest is made of secret and message alone; without a secret nothing is right [NOTI-16 NOTI-17 NOTI-20]',
  onStage(async (stage) => {
    const bare = await stage.start({ bootstrap: withNoti({ Secret: 's' }) });
    assert.is(bare.client.notify(signed({ secret: Buffer.from('s'), data: undefined })), '');
    const empty = await stage.start({ bootstrap: withNoti({ Type: 'SHA256' }) });
    assert.is(empty.client.notify(signed({ secret: new Uint8Array(0), data: undefined })), 'NOT_AUTHENTIC');
    assert.is(empty.client.notify(unsigned()), 'NOT_AUTHENTIC');
    await bare.idle();
  }),
);

test(
  'without Auth/Noti one with a digest is ignored [NOTI-21 NOTI-25]',
  onStage(async (stage) => {
    const device = await stage.start();
    assert.is(device.client.notify(signed()), 'NOT_AUTHENTIC');
    await device.idle();
    assert.equal([stage.seen, ignored(device.client)], [[], ['NOT_AUTHENTIC 1']]);
  }),
);

test(
  'an accepted one is in flash before anything is done: a restart holds its session [NOTI-29 NOTI-30]',
  onStage(async (stage) => {
    const device = await stage.start();
    assert.is(device.client.notify(unsigned({ id: 7, wantsMos: true })), '');
    device.close();
    assert.equal(stage.seen, []);
    const again = stage.device({ ...device.setup, flash: device.flash });
    again.start();
    await again.idle();
    assert.equal(sessionAlerts(stage.server.packages), [{ AlertType: ASKED, Data: '7' }]);
    assert.ok('MOS' in (stage.server.packages[0].body as object));
    const last = await stage.restart(again);
    assert.equal([stage.seen, last.client.dueCount], [[], 0]);
  }),
);

test(
  'flash that refuses: it is ignored, and nothing is begun [NOTI-25 NOTI-29]',
  onStage(async (stage) => {
    const device = await stage.start({ bootstrap: withNoti() });
    const flash = device.flash as MemoryFlash;
    flash.refusals.push(FlashResult.Failed);
    assert.is(device.client.notify(signed({ id: 9 })), 'FLASH_FAILED');
    flash.refusals.push(FlashResult.Full);
    assert.is(device.client.notify(signed({ id: 9 })), 'FLASH_FULL');
    await device.idle();
    assert.equal([stage.seen, ignored(device.client)], [[], ['FLASH_FAILED 1', 'FLASH_FULL 1']]);
    assert.is(device.client.notify(signed({ id: 9 })), '', 'it was not seen before');
    await device.idle();
    assert.equal(stage.seen, ['#1']);
  }),
);

test(
  'a session that fails is held again, with the same alert [NOTI-30 HTTP-5]',
  onStage(async (stage) => {
    const device = await stage.start();
    const busy = { packages: [{ fault: { kind: 'status' as const, status: 503 } }] };
    stage.server.setSessions([busy, busy]);
    device.client.notify(unsigned({ id: 3 }));
    await device.settled();
    assert.equal(
      sessionAlerts(stage.server.packages).map(({ Data }) => Data),
      ['3', '3', '3'],
    );
  }),
);

test(
  'a session that is refused for good is not [HTTP-10]',
  onStage(async (stage) => {
    const device = await stage.start();
    stage.server.setSessions([{ packages: [{ fault: { kind: 'status', status: 403 } }] }]);
    device.client.notify(unsigned({ id: 3 }));
    await device.settled();
    assert.equal(stage.seen, ['#1']);
  }),
);

test(
  'several before the session: one session serves them, that of the last whose digest holds, with MOS if one asked [PKG1-3]',
  onStage(async (stage) => {
    const device = await stage.start({ bootstrap: withNoti() });
    for (const content of [{ id: 1 }, { id: 2, wantsMos: true }, { id: 3 }]) {
      assert.is(device.client.notify(signed(content)), '');
    }
    await device.idle();
    assert.equal(stage.seen, ['#1']);
    assert.equal(sessionAlerts(stage.server.packages), [{ AlertType: ASKED, Data: '3' }]);
    assert.ok('MOS' in (stage.server.packages[0].body as object));
  }),
);

test(
  'many without a digest write flash once',
  onStage(async (stage) => {
    const device = await stage.start();
    const flash = device.flash as MemoryFlash;
    assert.is(device.client.notify(unsigned({ id: 1 })), '');
    const { writes } = flash;
    for (let id = 2; id < 50; id += 1) assert.is(device.client.notify(unsigned({ id })), '');
    assert.is(flash.writes, writes);
    await device.idle();
    assert.equal(sessionAlerts(stage.server.packages), [{ AlertType: ASKED, Data: '1' }]);
  }),
);

test(
  'one whose digest holds, during the session of another, gets a session too [SES-2]',
  onStage(async (stage) => {
    const device = await stage.start({ bootstrap: withNoti() });
    let isFirst = true;
    device.log.package = (number) => {
      if (number === 2 && isFirst) assert.is(device.client.notify(signed({ id: 2 })), '');
      isFirst = isFirst && number !== 2;
    };
    device.client.notify(signed({ id: 1 }));
    await device.idle();
    assert.equal(
      sessionAlerts(stage.server.packages).map(({ Data }) => Data),
      ['1', '2'],
    );
  }),
);

test.run();
