import type { ResourceHandler } from 'dmlet/server';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bootstrapWith, MMS, mmsDocument, NAP, napDocument } from '../support/device-bootstrap.js';
import { onStage, type Stage, type TestDevice } from '../support/device-fixture.js';
import type { MemoryFlash } from '../support/memory-flash.js';

// PROTOCOL.md JIT-21 to JIT-24: the ETag makes a request conditional only while URL and instances are as they were.
const test = suite('just in time: ETag');

const DEFAULT = ['DEFAULT', '{origin}/[MCC]/mms', MMS];
const BOTH = [...mmsDocument(), ...napDocument()];

/** A device that was configured once, from a document with both kinds of objects. */
async function configured(stage: Stage, document: unknown = BOTH): Promise<TestDevice> {
  for (const mcc of ['262', '310']) stage.server.setResource(`/${mcc}/mms`, { document, etag: '"v1"' });
  const device = await stage.start({ bootstrap: bootstrapWith({ cmd: [DEFAULT] }) });
  assert.is((await device.configure(MMS)).code, '');
  stage.forget(device);
  return device;
}

/** Asks once more. @returns the `If-None-Match` of the request, and how it was answered. */
async function askAgain(stage: Stage, device: TestDevice): Promise<[string | undefined, number]> {
  const { code, uris } = await device.configure(MMS);
  assert.equal([code, uris], ['', [`${MMS}/m1/`, `${NAP}/m1/`]]);
  const { requests } = stage.server;
  const { headers, status } = requests[requests.length - 1];
  return [headers['if-none-match'], status];
}

test(
  'unchanged: the request is conditional, and 304 keeps what is there, without a write [JIT-21 JIT-22 JIT-23]',
  onStage(async (stage) => {
    const device = await configured(stage);
    const { state } = device;
    const flash = device.flash as MemoryFlash;
    const { writes } = flash;
    for (let round = 0; round < 3; round += 1) assert.equal(await askAgain(stage, device), ['"v1"', 304]);
    assert.is(device.state, state);
    assert.is(flash.writes, writes);
  }),
);

test(
  'the ETag is found again after a restart [JIT-21]',
  onStage(async (stage) => {
    const device = await stage.restart(await configured(stage));
    assert.equal(await askAgain(stage, device), ['"v1"', 304]);
    assert.equal(await askAgain(stage, await stage.restart(device)), ['"v1"', 304]);
  }),
);

test(
  'a new version is taken, and its ETag is used from then on',
  onStage(async (stage) => {
    const device = await configured(stage);
    const document = [...mmsDocument({ Name: 'v2' }), ...napDocument()];
    stage.server.setResource('/262/mms', { document, etag: 'W/"v2"' });
    assert.equal(await askAgain(stage, device), ['"v1"', 200]);
    assert.is(device.client.local.read(`${MMS}//Name`), 'v2');
    assert.equal(await askAgain(stage, device), ['W/"v2"', 304]);
  }),
);

/** What makes the next request unconditional. */
const CHANGES: [string, (device: TestDevice, origin: string) => unknown][] = [
  ['a leaf was written locally', ({ client }) => client.local.write(`${MMS}//Name`, 'mine')],
  ['a leaf of the other object was written locally', ({ client }) => client.local.write(`${NAP}//Addr`, 'mine')],
  ['a leaf was added locally', ({ client }) => client.local.write(`${MMS}//Extra`, 1)],
  ['a server deleted the instance', (device) => device.codes(['DELETE', `${MMS}//`])],
  ['a server deleted the other instance', (device) => device.codes(['DELETE', `${NAP}//`])],
  ['a server deleted a leaf', (device) => device.codes(['DELETE', `${NAP}//Addr`])],
  ['a server wrote a leaf', (device, origin) => device.codes(['HGET', `${origin}/leaf`, `${MMS}//Name`])],
  [
    'another SIM',
    ({ identity }) => {
      identity.MCC = '310';
    },
  ],
  ['a new DEFAULT', (device, origin) => device.codes(['DEFAULT', `${origin}/310/mms`, MMS])],
  ['a new DEFAULT for the same place', (device, origin) => device.codes(['DEFAULT', `${origin}/262/mms?`, MMS])],
];

for (const [what, change] of CHANGES) {
  test(
    `${what}: unconditional; afterwards conditional again [JIT-22 JIT-24]`,
    onStage(async (stage) => {
      stage.server.setResource('/leaf', { document: { MOData: { Name: 'theirs' } } });
      const device = await configured(stage);
      await change(device, stage.server.origin);
      assert.equal(await askAgain(stage, device), [undefined, 200]);
      assert.is(device.client.local.read(`${MMS}//Name`), 'MMS');
      assert.is(device.client.local.read(`${NAP}//Addr`), 'apn.example');
      assert.equal(await askAgain(stage, device), ['"v1"', 304]);
    }),
  );
}

test(
  'a change before a restart counts after it [JIT-24]',
  onStage(async (stage) => {
    const device = await configured(stage);
    device.client.local.write(`${MMS}//Name`, 'mine');
    const again = await stage.restart(device);
    assert.equal(await askAgain(stage, again), [undefined, 200]);
  }),
);

test(
  'back to the first SIM: its old ETag is forgotten by then [JIT-22 JIT-24]',
  onStage(async (stage) => {
    const device = await configured(stage);
    stage.server.setResource('/310/mms', {
      document: [...mmsDocument({ Name: 'other' }), ...napDocument()],
      etag: '"v1"',
    });
    device.identity.MCC = '310';
    assert.equal(await askAgain(stage, device), [undefined, 200]);
    device.identity.MCC = '262';
    assert.equal(await askAgain(stage, device), [undefined, 200]);
    assert.is(device.client.local.read(`${MMS}//Name`), 'MMS');
  }),
);

test(
  'an answer without ETag is never asked for with a condition',
  onStage(async (stage) => {
    const device = await configured(stage);
    stage.server.setResource('/262/mms', { document: BOTH, etag: null });
    assert.equal(await askAgain(stage, device), ['"v1"', 200]);
    assert.equal(await askAgain(stage, device), [undefined, 200]);
    assert.equal(await askAgain(stage, await stage.restart(device)), [undefined, 200]);
  }),
);

test(
  'an ETag of an answer that was refused is not kept',
  onStage(async (stage) => {
    const device = await configured(stage);
    stage.server.setResource('/262/mms', { document: napDocument(), etag: '"bad"' });
    assert.is((await device.configure(MMS)).code, 'NOT_PROVIDED');
    stage.server.setResource('/262/mms', { document: BOTH, etag: '"v3"' });
    assert.equal(await askAgain(stage, device), ['"v1"', 200]);
    assert.equal(await askAgain(stage, device), ['"v3"', 304]);
  }),
);

test(
  'the same content under the same ETag writes nothing',
  onStage(async (stage) => {
    const device = await configured(stage);
    const ignorant: ResourceHandler = (_, response) => {
      response.setHeader('Content-Type', 'application/json').setHeader('ETag', '"v1"').end(JSON.stringify(BOTH));
    };
    stage.server.setResource('/262/mms', ignorant);
    const { writes } = device.flash as MemoryFlash;
    assert.equal(await askAgain(stage, device), ['"v1"', 200]);
    assert.is((device.flash as MemoryFlash).writes, writes);
  }),
);

test(
  'ETags of any form come back as they were',
  onStage(async (stage) => {
    let device = await configured(stage);
    for (const etag of ['"with space; and more"', 'W/"\u00e9\u00ff"', '""', `"${'x'.repeat(1000)}"`]) {
      stage.server.setResource('/262/mms', { document: [...mmsDocument({ Name: etag }), ...napDocument()], etag });
      await askAgain(stage, device);
      device = await stage.restart(device);
      assert.equal(await askAgain(stage, device), [etag, 304], etag);
    }
  }),
);

test(
  'the instances change while the request is under way: 304 does not hold for them',
  onStage(async (stage) => {
    const device = await configured(stage);
    const asked: (string | undefined)[] = [];
    stage.server.setResource('/262/mms', (request, response) => {
      asked.push(request.headers['if-none-match']);
      if (request.headers['if-none-match'] === undefined) {
        response.setHeader('Content-Type', 'application/json').setHeader('ETag', '"v1"').end(JSON.stringify(BOTH));
        return;
      }
      device.client.local.write(`${MMS}//Name`, 'meanwhile');
      response.writeHead(304).end();
    });
    const first = await device.configure(MMS);
    const second = await device.configure(MMS);
    assert.equal([second.code, second.uris], ['', [`${MMS}/m1/`, `${NAP}/m1/`]]);
    assert.is(asked[asked.length - 1], undefined);
    assert.is(device.client.local.read(`${MMS}//Name`), 'MMS');
    // Keeping what is there or fetching again would do; a failure that no later try can mend would not.
    assert.ok(first.code === '' || first.error?.transient, first.error?.message);
  }),
);

test.run();
