import { NodeClock } from 'dmlet/node';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bootstrapWith } from '../support/device-bootstrap.js';
import { onStage, type Stage, type TestDevice } from '../support/device-fixture.js';

// PROTOCOL.md HTTP-31, HTTP-32: what a device says that does not know the time.
const test = suite('clock');

class UnsetClock extends NodeClock {
  override isSet(): boolean {
    return false;
  }
}

/** Nothing listens at either port 1: what counts is what is said before. */
async function notes(stage: Stage, srvUri: string, clock: NodeClock): Promise<string[]> {
  const device: TestDevice = await stage.start({
    bootstrap: bootstrapWith({ account: { srvUri } }),
    clock,
    random: 0.99,
  });
  assert.is((await device.session())?.code, 'NO_CONNECTION');
  return device.log.about('note CLOCK_UNSET');
}

test(
  'a request over TLS while the clock is not set is told of: nobody can judge the dates of a certificate [HTTP-31] [HTTP-32]',
  onStage(async (stage) => {
    const said = await notes(stage, 'https://127.0.0.1:1/dm', new UnsetClock());
    assert.is(said.length > 0, true);
    assert.match(said[0], 'https://127.0.0.1:1/dm');
  }),
);

test(
  'with the clock set, or without TLS, nothing is said [HTTP-32]',
  onStage(async (stage) => {
    assert.equal(await notes(stage, 'https://127.0.0.1:1/dm', new NodeClock()), []);
    assert.equal(await notes(stage, 'http://127.0.0.1:1/dm', new UnsetClock()), []);
  }),
);

test.run();
