import { DEFAULT_LIMITS, DmClient, type Limits } from 'dmlet';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bootstrapWith, DEVINFO, MMS, mmsDocument, NAP } from '../support/device-bootstrap.js';
import { onStage, withCode } from '../support/device-fixture.js';

// PROTOCOL.md HTTP-24 to HTTP-26: limits are configuration; what is no limit is refused when the client is made.
const test = suite('limits');

const NAMES = Object.keys(DEFAULT_LIMITS) as (keyof Limits)[];

/** Buffers and tables without which nothing works. */
const NEEDED: readonly (keyof Limits)[] = [
  'jsonDepth',
  'depth',
  'name',
  'value',
  'uri',
  'command',
  'notification',
  'tree',
  'names',
  'nameBytes',
  'objects',
  'record',
  'reply',
  'readAhead',
  'writeWindow',
];

test(
  'what is no number, or less than nothing, is refused; of what is needed, nothing as well',
  onStage(async (stage) => {
    const taken: string[] = [];
    for (const name of NAMES) {
      for (const value of [-1, Number.NaN, ...(NEEDED.includes(name) ? [0] : [])]) {
        const { platform } = stage.device();
        try {
          new DmClient(platform, { limits: { [name]: value } });
          taken.push(`${name} ${value}`);
        } catch (error) {
          if (!withCode('BAD_ARGUMENT')(error)) taken.push(`${name} ${value}: ${error}`);
        }
      }
    }
    assert.equal(taken, []);
  }),
);

test(
  'a record without room for anything is refused',
  onStage(async (stage) => {
    for (let record = 1; record <= 14; record += 1) {
      const { platform } = stage.device();
      assert.throws(() => new DmClient(platform, { limits: { record } }), withCode('BAD_ARGUMENT'), String(record));
    }
  }),
);

test(
  'more than a machine can have is refused as well',
  onStage(async (stage) => {
    for (const name of NEEDED) {
      const { platform } = stage.device();
      try {
        new DmClient(platform, { limits: { [name]: 1e15 } });
      } catch (error) {
        assert.is((error as { code: string }).code, 'BAD_ARGUMENT', `${name}: ${error}`);
      }
    }
  }),
);

test(
  'a time longer than a clock takes is refused, or is long',
  onStage(async (stage) => {
    stage.server.setResource('/mms', { document: mmsDocument(), fault: { kind: 'delay', ms: 30 } });
    for (const name of ['connectTime', 'headersTime', 'idleTime', 'wholeTime', 'readAheadTime'] as const) {
      let device: ReturnType<typeof stage.device>;
      try {
        device = stage.device({ limits: { [name]: 2 ** 31 } });
      } catch (error) {
        assert.is((error as { code: string }).code, 'BAD_ARGUMENT', name);
        continue;
      }
      device.start();
      await device.idle();
      assert.equal(await device.codes(['HGET', `${stage.server.origin}/mms`]), [200], name);
    }
  }),
);

test(
  'buffers of any size do [HTTP-24 HTTP-26]',
  onStage(async (stage) => {
    const text = 'ä€😀'.repeat(60);
    stage.server.setResource('/mms', { document: mmsDocument({ Name: text }) });
    for (const size of [1, 2, 7, 64, 4096]) {
      const device = await stage.start({ limits: { readAhead: size, writeWindow: size }, bootstrap: bootstrapWith() });
      const replies = await device.run(
        ['HGET', `${stage.server.origin}/mms`],
        ['GET', `${DEVINFO}//DevID`],
        ['GET', `${MMS}//Name`],
        ['GET', `${NAP}//`],
        ['DELETE', `${MMS}//`],
      );
      assert.equal(
        replies.map(({ sc }) => sc),
        [200, 200, 200, 404, 200],
        String(size),
      );
      assert.equal(replies[2].Data?.[0].MOData, { Name: text });
    }
  }),
);

test(
  'records of any size do',
  onStage(async (stage) => {
    const mo = [{ ClientURI: `${NAP}/a/`, MOData: { NAP: { Text: 'ä€😀'.repeat(20) } } }];
    for (const record of [32, 33, 40, 64, 4000]) {
      const device = await stage.start({ limits: { record }, bootstrap: bootstrapWith({ mo }) });
      assert.is((await stage.restart(device)).durable, device.durable, String(record));
    }
  }),
);

test.run();
