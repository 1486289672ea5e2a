import { accountsOf } from 'dmlet';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MMS } from '../support/device-bootstrap.js';
import { onStage, withCode } from '../support/device-fixture.js';
import { SENSOR, withSensors } from '../support/sensors.js';

// A client that is called before it is started, or closed from inside of a callback.
const test = suite('a client that is not ready');

test(
  'nothing that is called before the start writes over what is in flash',
  onStage(async (stage) => {
    const device = await stage.start();
    const uri = device.client.local.create(MMS, 'MMS');
    device.close();
    const again = stage.device({ flash: device.flash });
    again.client.identityChanged();
    assert.throws(() => again.client.local.create(MMS, 'MMS'), withCode('BAD_ARGUMENT'));
    assert.throws(() => again.client.applyBootstrap(again.resource('# none')), withCode('BAD_BOOTSTRAP'));
    assert.is(again.start(), false);
    assert.equal(again.client.local.list(uri), []);
    assert.is(accountsOf(again.client.device).length, 1);
  }),
);

test(
  'a handler that closes the client: nothing is fetched any more, and the session is not answered',
  onStage(async (stage) => {
    const device = await withSensors(stage, { limits: { readAheadTime: 1 } });
    stage.server.setResource('/late', { document: [] });
    device.client.onExecute(SENSOR, 'Setting', () => {
      device.client.close();
      return 200;
    });
    const CMD = [
      ['EXEC', `${SENSOR}/left/Setting`],
      ['HGET', `${stage.server.origin}/late`],
    ];
    stage.server.setSessions([{ packages: [{ CMD }] }]);
    const before = stage.seen.length;
    device.client.openSession('', () => assert.unreachable());
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(stage.seen.slice(before), ['#1']);
  }),
);

test.run();
