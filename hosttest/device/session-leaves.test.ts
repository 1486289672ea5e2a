import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bootstrapWith, DEVINFO } from '../support/device-bootstrap.js';
import { onStage, type Stage, type TestDevice } from '../support/device-fixture.js';
import { SESSION_INFORMATION } from '../support/tree-text.js';

// PROTOCOL.md STD-4, STD-10, STD-11: Session Information, whatever the application does to it.
const test = suite('session information');

/** A device whose server may look at Session Information. */
function deviceFor(stage: Stage, identity: Record<string, string>): Promise<TestDevice> {
  return stage.start({ identity, bootstrap: bootstrapWith({ account: { perm: [SESSION_INFORMATION, DEVINFO] } }) });
}

test(
  'a leaf that the application removed stays away, and the tree is whole',
  onStage(async (stage) => {
    const device = await deviceFor(stage, { Bearer: '1', Roaming: '1' });
    device.client.local.remove(`${SESSION_INFORMATION}//CBT`);
    const { durable } = device;
    const [reply] = await device.run(['GET', `${SESSION_INFORMATION}//`]);
    assert.equal(reply.Data?.[0].MOData, { SessionInfo: { ROAMING: 1 } });
    assert.is(device.durable, durable);
  }),
);

test(
  'what the device says of itself as a number is one, and null is what it does not know',
  onStage(async (stage) => {
    const identity: Record<string, string> = { Bearer: '2', Roaming: '0' };
    const device = await deviceFor(stage, identity);
    const shown = async (): Promise<unknown> =>
      (await device.run(['GET', `${SESSION_INFORMATION}//`]))[0].Data?.[0].MOData;
    assert.equal(await shown(), { SessionInfo: { CBT: 2, ROAMING: 0 } });
    for (const value of ['', 'LTE', 'NaN', '1.5', '01', ' 1', '99999999999']) {
      identity.Bearer = value;
      assert.equal(await shown(), { SessionInfo: { CBT: null, ROAMING: 0 } }, value);
    }
    identity.Bearer = '3';
    assert.equal(await shown(), { SessionInfo: { CBT: 3, ROAMING: 0 } });
  }),
);

test.run();
