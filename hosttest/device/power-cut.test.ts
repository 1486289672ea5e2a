import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  accountElement,
  type BootstrapDocument,
  bootstrapWith,
  devInfoElement,
  IMS,
  MMS,
  mmsDocument,
  NAP,
  napDocument,
} from '../support/device-bootstrap.js';
import { CUTS, type Cut, CutFlash } from '../support/device-cut-flash.js';
import { onStage, type Stage, type TestDevice } from '../support/device-fixture.js';
import { MemoryFlash } from '../support/memory-flash.js';

// PROTOCOL.md BOOT-11, BOOT-22, ST-2: the power goes at every single operation on flash; afterwards it is wholly before or wholly after.
const test = suite('power cut');

const LONG = 'v'.repeat(1500);

const FIRST = bootstrapWith({
  mo: [
    { ClientURI: `${MMS}/a/`, MOData: { MMS: { Name: 'first', Text: LONG } } },
    { ClientURI: `${NAP}/n/`, MOData: { NAP: { Id: 'first' } } },
  ],
  cmd: [
    ['DEFAULT', 'https://first.example/', MMS],
    ['HGET', 'https://first.example/hget'],
  ],
});

const SECOND: BootstrapDocument = {
  MO: [
    accountElement({ miid: 'moved', srvUri: '{origin}/dm/second', perm: [MMS, NAP, IMS] }),
    { ClientURI: `${MMS}/a/`, MOData: { MMS: { Name: 'second', More: LONG } } },
    { ClientURI: `${MMS}/b/`, MOData: { MMS: { Name: 'b' } } },
    devInfoElement({ DevID: 'IMEI:2' }),
  ],
  CMD: [
    ['DEFAULT', 'https://second.example/', MMS],
    ['DEFAULT', 'https://second.example/ims', IMS],
    ['HGET', 'https://second.example/hget'],
  ],
};

/** What a device has after a restart without power cuts and without a bootstrap. */
function stateAfter(stage: Stage, flash: MemoryFlash): string {
  const device = stage.device({ flash: CutFlash.copyOf(flash), bootstrap: null });
  device.start();
  return device.durable;
}

function withoutDevInfo(state: string): string {
  return state.replace(/^\["urn:oma:mo:oma-dm-devinfo.*$/m, '');
}

/** Cuts the power at each operation of a bootstrap. @returns how many operations there are. */
function cutBootstrap(stage: Stage, before: MemoryFlash, bootstrap: BootstrapDocument, cut: Cut): number {
  const old = stateAfter(stage, before);
  const whole = CutFlash.copyOf(before);
  stage.device({ flash: whole, bootstrap }).start();
  const fresh = stateAfter(stage, whole);
  assert.is.not(old, fresh);
  for (let at = 1; at <= whole.operations; at += 1) {
    const flash = CutFlash.copyOf(before);
    flash.cutAt = at;
    flash.cut = cut;
    const device = stage.device({ flash, bootstrap });
    try {
      device.start();
    } catch (error) {
      assert.ok(['FLASH_FAILED', 'BAD_BOOTSTRAP'].includes((error as { code: string }).code), String(error));
    }
    const after = stateAfter(stage, flash);
    // DevInfo follows the device's identity by a write of its own, behind the bootstrap.
    const expected = [old, fresh].map(withoutDevInfo);
    assert.ok(expected.includes(withoutDevInfo(after)), `${cut} at ${at}: ${after}`);
    // Whatever was left, the next start with power brings all of it.
    const again = stage.device({ flash: CutFlash.copyOf(flash), bootstrap });
    again.start();
    assert.is(again.durable, fresh, `${cut} at ${at}: the next start`);
  }
  return whole.operations;
}

for (const cut of CUTS) {
  test(
    `${cut}: a first bootstrap [BOOT-11]`,
    onStage(async (stage) => {
      assert.ok(cutBootstrap(stage, new MemoryFlash(), FIRST, cut) > 8);
    }),
  );

  test(
    `${cut}: a bootstrap in the place of another [BOOT-11 BOOT-22]`,
    onStage(async (stage) => {
      const before = new MemoryFlash();
      stage.device({ flash: before, bootstrap: FIRST }).start();
      assert.ok(cutBootstrap(stage, before, SECOND, cut) > 15);
    }),
  );
}

/** The states that a device passes through, one a command: before the first, behind the first … */
async function passage(stage: Stage, before: MemoryFlash, commands: string[][]): Promise<string[]> {
  const states = [stateAfter(stage, before)];
  const flash = CutFlash.copyOf(before);
  const device = await stage.start({ flash, bootstrap: null });
  for (const command of commands) {
    assert.equal(await device.codes(command), [200]);
    states.push(stateAfter(stage, flash));
  }
  return states;
}

for (const cut of CUTS) {
  test(
    `${cut}: a session; nothing that was acknowledged is lost [ST-2]`,
    onStage(async (stage) => {
      stage.server.setResource('/mms', { document: mmsDocument({ Name: 'new', Text: LONG }) });
      stage.server.setResource('/nap', { document: napDocument() });
      const before = new MemoryFlash();
      await stage.start({ flash: before, bootstrap: bootstrapWith({ mo: FIRST.MO?.slice(2, 3) }) });
      const { origin } = stage.server;
      const commands = [
        ['DEFAULT', 'https://cfg.example/', MMS],
        ['HGET', `${origin}/mms`, `${MMS}//`],
        ['HGET', `${origin}/nap`],
        ['DEFAULT', 'https://other.example/', MMS],
        ['DELETE', `${MMS}//`],
      ];
      const states = await passage(stage, before, commands);
      let operations = 1;
      for (let at = 1; at <= operations; at += 1) {
        const flash = CutFlash.copyOf(before);
        const device = await stage.start({ flash, bootstrap: null });
        flash.cutAt = flash.operations + at;
        flash.cut = cut;
        const codes = await device.codes(...commands);
        if (!flash.isOff) break;
        operations = at + 1;
        // The last command before the cut may be done, and not told.
        const told = codes.findIndex((code) => code !== 200);
        const acknowledged = told < 0 ? commands.length : told;
        const found = states.lastIndexOf(stateAfter(stage, flash));
        assert.ok(found === acknowledged || found === acknowledged + 1, `${cut} at ${at}: ${codes} then ${found}`);
        device.close();
      }
      assert.ok(operations > 12, String(operations));
    }),
  );
}

/** Fetches configuration. @returns the code. */
async function configureOnce(device: TestDevice): Promise<string> {
  return (await device.configure(MMS)).code;
}

for (const cut of CUTS) {
  test(
    `${cut}: a just-in-time fetch; the ETag never stands without its data`,
    onStage(async (stage) => {
      stage.server.setResource('/jit', {
        document: [...mmsDocument({ Name: 'new' }), ...napDocument()],
        etag: '"new"',
      });
      const before = new MemoryFlash();
      const bootstrap = bootstrapWith({ mo: FIRST.MO?.slice(2), cmd: [['DEFAULT', '{origin}/jit', MMS]] });
      await stage.start({ flash: before, bootstrap });
      const old = stateAfter(stage, before);
      for (let at = 1; ; at += 1) {
        const flash = CutFlash.copyOf(before);
        const device = await stage.start({ flash, bootstrap });
        flash.cutAt = flash.operations + at;
        flash.cut = cut;
        const code = await configureOnce(device);
        device.close();
        const again = await stage.start({ flash: CutFlash.copyOf(flash), bootstrap });
        const isOld = again.durable === old;
        assert.ok(code !== '' || !isOld, `${cut} at ${at}: acknowledged, and lost`);
        assert.is(await configureOnce(again), '');
        const [request] = stage.server.requests;
        assert.is(request.headers['if-none-match'], isOld ? undefined : '"new"', `${cut} at ${at}`);
        assert.is(again.client.local.read(`${MMS}/a/Name`), 'new');
        again.close();
        if (!flash.isOff) break;
        assert.ok(at < 50);
      }
    }),
  );
}

test.run();
