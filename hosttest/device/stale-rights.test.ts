import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { accountElement, DEVINFO, devInfoElement, NAP, napDocument, SRV_ID } from '../support/device-bootstrap.js';
import { onStage, type Stage, type TestDevice } from '../support/device-fixture.js';
import { MemoryFlash } from '../support/memory-flash.js';

// PROTOCOL.md ACC-20: who creates an instance has all rights on it, alone, also where rights on an earlier one are left.
const test = suite('stale rights');

const OTHER = 'other.example';

/** A device with two servers, of which the first has made an access point. */
async function deviceFor(stage: Stage, flash: MemoryFlash): Promise<TestDevice> {
  const account = { perm: [NAP, DEVINFO] };
  const MO = [accountElement(account), accountElement({ ...account, miid: 'o', srvId: OTHER }), devInfoElement()];
  stage.server.setResource('/nap', { document: napDocument() });
  const device = await stage.start({ flash, bootstrap: { MO } });
  assert.equal(await device.codes(['HGET', `${stage.server.origin}/nap`]), [200]);
  return device;
}

test(
  'an instance whose record was damaged is made anew by another server: its creator has the rights, the earlier one none',
  onStage(async (stage) => {
    const flash = new MemoryFlash();
    const device = await deviceFor(stage, flash);
    for (const bytes of flash.values.values()) if (Buffer.from(bytes).includes('"NapId"')) bytes[bytes.length - 1] ^= 1;
    const again = await stage.restart(device);
    assert.equal(again.client.local.instances(NAP), []);
    const makes = [
      ['HGET', `${stage.server.origin}/nap`],
      ['GET', `${NAP}//`],
    ];
    assert.equal((await again.converse([{ CMD: makes }], OTHER)).statuses, [[200, 200]]);
    assert.equal((await again.converse([{ CMD: [['GET', `${NAP}//`]] }], SRV_ID)).statuses, [[403]]);
    assert.is((await stage.restart(again)).durable, again.durable);
  }),
);

test.run();
