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

test.run();
