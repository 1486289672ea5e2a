import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { accountElement } from '../support/device-bootstrap.js';
import { onStage, type TestDevice } from '../support/device-fixture.js';
import { DATA, SECRET, signed, unsigned, withNoti } from '../support/notified.js';

// PROTOCOL.md NOTI-22, NOTI-23, NOTI-26 to NOTI-28: notifications that came before.
const test = suite('notifications: replay');

type Content = Parameters<typeof signed>[0];

/** What the device says to each. */
function judged(device: TestDevice, ...contents: Content[]): string[] {
  return contents.map((content) => device.client.notify(signed(content)));
}

function ids(from: number, to: number): Content[] {
  return Array.from({ length: to - from + 1 }, (_, index) => ({ id: from + index }));
}

test(
  'a NOTIFICATION-ID among the last 8 is ignored; the ninth before is forgotten [NOTI-12 NOTI-22]',
  onStage(async (stage) => {
    const device = await stage.start({ bootstrap: withNoti() });
    assert.equal(judged(device, ...ids(1, 8)), Array(8).fill(''));
    assert.equal(judged(device, ...ids(1, 8)), Array(8).fill('REPEATED'));
    assert.equal(judged(device, { id: 9 }, { id: 2 }, { id: 1 }, { id: 2 }), ['', 'REPEATED', '', '']);
    await device.idle();
  }),
);

test(
  'a TIMESTAMP older than the newest is ignored, an equal one is not [NOTI-14 NOTI-23]',
  onStage(async (stage) => {
    const device = await stage.start({ bootstrap: withNoti() });
    const times = [1000, 1000, 999, 5000000000, 4294967295, 5000000000, 0];
    assert.equal(judged(device, ...times.map((timestamp, id) => ({ id, timestamp }))), [
      '',
      '',
      'REPEATED',
      '',
      'REPEATED',
      '',
      'REPEATED',
    ]);
    assert.equal(judged(device, { id: 100 }), [''], 'one without a TIMESTAMP');
    await device.idle();
  }),
);

test(
  'one that is ignored moves nothing: its NOTIFICATION-ID and its TIMESTAMP are still good [NOTI-25 NOTI-26]',
  onStage(async (stage) => {
    const device = await stage.start({ bootstrap: withNoti() });
    assert.equal(judged(device, { id: 1, timestamp: 1000 }), ['']);
    assert.equal(judged(device, { id: 2, timestamp: 999 }, { id: 1, timestamp: 3000 }), ['REPEATED', 'REPEATED']);
    assert.equal(judged(device, { id: 2, timestamp: 2000 }), ['']);
    await device.idle();
  }),
);

test(
  'a forged one locks nobody out [NOTI-26]',
  onStage(async (stage) => {
    const device = await stage.start({ bootstrap: withNoti() });
    const last = { id: 7, timestamp: 4000000000 };
    assert.is(device.client.notify(signed({ ...last, secret: Buffer.from('guess') })), 'NOT_AUTHENTIC');
    assert.is(device.client.notify(unsigned(last)), 'NOT_AUTHENTIC');
    assert.equal(judged(device, { id: 7, timestamp: 1000 }), ['']);
    await device.idle();
  }),
);

test(
  'without Auth/Noti nothing is remembered: nobody vouches for it [NOTI-26]',
  onStage(async (stage) => {
    const device = await stage.start();
    for (const timestamp of [4000000000, 1000]) {
      assert.is(device.client.notify(unsigned({ id: 1, timestamp })), '');
      await device.idle();
    }
    assert.equal(stage.seen, ['#1', '#1']);
    assert.equal(device.client.device.replay.rows, []);
  }),
);

test(
  'each server has its own replay state [NOTI-22 NOTI-23]',
  onStage(async (stage) => {
    const noti = { Auth: { Noti: { Secret: SECRET, Data: DATA } } };
    const bootstrap = withNoti();
    bootstrap.MO?.push(accountElement({ miid: 'second', srvId: 'two', srvUri: '{origin}/dm/two', more: noti }));
    const device = await stage.start({ bootstrap });
    const content = { id: 1, timestamp: 1000 };
    assert.equal(judged(device, content, { ...content, serverId: 'two' }), ['', '']);
    assert.equal(judged(device, content, { ...content, serverId: 'two' }), ['REPEATED', 'REPEATED']);
    assert.equal(judged(device, { id: 2, timestamp: 2000 }, { id: 2, timestamp: 1500, serverId: 'two' }), ['', '']);
    await device.idle();
  }),
);

test(
  'the replay state outlives a restart [NOTI-27]',
  onStage(async (stage) => {
    const device = await stage.start({ bootstrap: withNoti() });
    assert.equal(judged(device, ...ids(1, 8), { id: 9, timestamp: 1000 }), Array(9).fill(''));
    await device.idle();
    const again = await stage.restart(device);
    assert.equal(
      judged(again, { id: 9 }, { id: 2 }, { id: 10, timestamp: 999 }, { id: 10, timestamp: 1000 }, { id: 1 }),
      ['REPEATED', 'REPEATED', 'REPEATED', '', ''],
    );
    await again.idle();
  }),
);

test(
  'while the clock is not set, TIMESTAMP is neither judged nor remembered [NOTI-28]',
  onStage(async (stage) => {
    const device = await stage.start({ bootstrap: withNoti() });
    const { clock } = device.platform;
    assert.equal(judged(device, { id: 1, timestamp: 1000 }), ['']);
    const isSet = clock.isSet.bind(clock);
    clock.isSet = () => false;
    assert.equal(judged(device, { id: 2, timestamp: 10 }, { id: 3, timestamp: 4000000000 }), ['', '']);
    assert.equal(judged(device, { id: 3, timestamp: 4000000000 }), ['REPEATED'], 'the NOTIFICATION-ID is judged');
    clock.isSet = isSet;
    assert.equal(judged(device, { id: 4, timestamp: 999 }, { id: 5, timestamp: 1000 }), ['REPEATED', '']);
    await device.idle();
  }),
);

test.run();
