import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ACCOUNT, bootstrapWith, DEVINFO } from '../support/device-bootstrap.js';
import { onStage } from '../support/device-fixture.js';

// PROTOCOL.md URI-26: commands with several ClientURIs.
const test = suite('several ClientURIs');

test(
  'one that addresses nothing, or may not be read, fails the command, and nothing is sent [URI-26]',
  onStage(async (stage) => {
    const device = await stage.start({ bootstrap: bootstrapWith({ account: { perm: [ACCOUNT, DEVINFO] } }) });
    const good = `${DEVINFO}//DevID`;
    for (const [bad, status] of [
      [`${DEVINFO}//NoSuch`, 404],
      [`${ACCOUNT}//Perm`, 403],
    ] as const) {
      for (const uris of [
        [good, bad],
        [bad, good],
      ]) {
        const codes = await device.codes(
          ['GET', ...uris],
          ['HPUT', '{origin}/a', ...uris],
          ['HPOST', '{origin}/b', ...uris],
        );
        assert.equal(codes, [status, status, status]);
      }
    }
    assert.equal((await device.run(['GET', good]))[0].sc, 200);
  }),
);

test.run();
