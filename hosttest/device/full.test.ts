import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bootstrapWith, DEVINFO, IMS, MMS, NAP } from '../support/device-bootstrap.js';
import { onStage, type Stage, type TestDevice } from '../support/device-fixture.js';
import { MemoryFlash } from '../support/memory-flash.js';

// PROTOCOL.md SES-18 to SES-21, ST-413, HTTP-26 to HTTP-30: 413 wherever something is full; nothing of what did not fit is stored, and the session goes on.
const test = suite('what does not fit');

const GET_ID = ['GET', `${DEVINFO}//DevID`];

/** Fetches each document to its own place without a target, in one session. */
async function fetchAll(stage: Stage, device: TestDevice, ...documents: unknown[]): Promise<number[]> {
  const commands = documents.map((document, index) => {
    stage.server.setResource(`/${index}`, { document });
    return ['HGET', `${stage.server.origin}/${index}`];
  });
  return device.codes(...commands);
}

/** As many leaves of `size` bytes. */
function leaves(count: number, size: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`n${index}`, 'v'.repeat(size)]));
}

function napOf(data: Record<string, unknown>): unknown {
  return [{ ClientURI: `${NAP}//`, MOData: { NAP: data } }];
}

test(
  'the reply: a GET that does not fit is 413, smaller ones behind it are answered [ST-413]',
  onStage(async (stage) => {
    const mo = [{ ClientURI: `${NAP}//`, MOData: { NAP: leaves(4, 300) } }];
    const device = await stage.start({ bootstrap: bootstrapWith({ mo }), limits: { reply: 900 } });
    const replies = await device.run(
      GET_ID,
      ['GET', `${NAP}//`],
      ['GET', `${NAP}//n1`],
      ['GET', `${NAP}//n2`],
      ['GET', `${MMS}//`],
    );
    assert.equal(
      replies.map(({ sc }) => sc),
      [200, 413, 200, 413, 404],
    );
    assert.equal(
      replies.map(({ Data }) => Data?.length),
      [1, undefined, 1, undefined, undefined],
    );
  }),
);

test(
  'the reply is full: commands behind it are not executed, and get 413; the next package is [SES-18 SES-21]',
  onStage(async (stage) => {
    const device = await stage.start({ limits: { reply: 240 } });
    const fill = Array.from({ length: 30 }, (_, index) => (index % 2 === 0 ? ['NONSENSE'] : ['GET']));
    const set = ['DEFAULT', 'https://cfg.example/', MMS];
    const { code, statuses } = await device.converse([
      { CMD: [...fill, set, GET_ID] },
      { CMD: [['GET', `${MMS}//`], set] },
    ]);
    assert.is(code, '');
    assert.is(statuses[0].length, 32);
    assert.equal(statuses[0].slice(-2), [413, 413]);
    assert.ok(statuses[0].indexOf(413) > 5);
    assert.equal(statuses[1], [404, 200]);
  }),
);

test(
  'the reply is full: a DEFAULT behind it is not stored [SES-21]',
  onStage(async (stage) => {
    const device = await stage.start({ limits: { reply: 96 } });
    const fill = Array.from({ length: 30 }, (_, index) => (index % 2 === 0 ? ['NONSENSE'] : ['GET']));
    await device.converse([{ CMD: [...fill, ['DEFAULT', 'https://cfg.example/', MMS]] }]);
    assert.is(device.client.device.defaults.rows.length, 0);
  }),
);

test(
  'equal statuses take no room: any number of them fits the smallest reply [SES-19]',
  onStage(async (stage) => {
    const device = await stage.start({ limits: { reply: 96 } });
    const commands = Array.from({ length: 500 }, () => ['GET', `${MMS}//`]);
    assert.equal(
      await device.codes(...commands),
      commands.map(() => 404),
    );
  }),
);

test(
  'the reply: an HGET whose addresses do not fit stores nothing [ST-2 ST-413]',
  onStage(async (stage) => {
    const document = Array.from({ length: 8 }, (_, index) => ({
      ClientURI: `${NAP}//`,
      MOData: { NAP: { NapId: String(index) } },
    }));
    stage.server.setResource('/many', { document });
    const device = await stage.start({ limits: { reply: 150 } });
    const { state } = device;
    const command = ['HGET', `${stage.server.origin}/many`];
    assert.equal(await device.codes(command), [413]);
    assert.is(device.state, state);
  }),
);

test(
  'for every size of the reply, the answer is a package, and statuses are those of the commands or 413',
  onStage(async (stage) => {
    const mo = [{ ClientURI: `${NAP}//`, MOData: { NAP: { A: 'x'.repeat(20) } } }];
    const commands = [
      ['GET', `${NAP}//A`],
      ['NONSENSE'],
      ['GET', `${NAP}//A`],
      ['GET'],
      ['GET', `${NAP}//`],
      ['NONSENSE'],
    ];
    const expected = [200, 501, 200, 400, 200, 501];
    const flash = new MemoryFlash();
    for (let reply = 72; reply < 700; reply += 9) {
      const device = await stage.start({ bootstrap: bootstrapWith({ mo }), flash, limits: { reply } });
      const codes = await device.codes(...commands);
      assert.is(codes.length, expected.length);
      for (const [index, code] of codes.entries())
        assert.ok(code === expected[index] || code === 413, `${reply}: ${codes}`);
      device.close();
    }
  }),
);

test(
  'the tree: a document that does not fit is 413, the next one that does is stored [HTTP-26 ST-413]',
  onStage(async (stage) => {
    const device = await stage.start({ limits: { tree: 2048 } });
    const { state } = device;
    assert.equal(await fetchAll(stage, device, napOf(leaves(10, 200))), [413]);
    assert.is(device.state, state);
    assert.equal(await fetchAll(stage, device, napOf(leaves(4, 100))), [200]);
  }),
);

test(
  'the tree: replacing needs room for both, and says so',
  onStage(async (stage) => {
    const { used } = (await stage.start()).client.device.tree;
    const device = await stage.start({ limits: { tree: used + 1500 } });
    assert.equal(await fetchAll(stage, device, napOf(leaves(5, 150))), [200]);
    const { state } = device;
    assert.equal(await fetchAll(stage, device, napOf(leaves(6, 150))), [413]);
    assert.is(device.state, state);
    assert.equal(await device.codes(['DELETE', `${NAP}//`]), [200]);
    assert.equal(await fetchAll(stage, device, napOf(leaves(6, 150))), [200]);
  }),
);

test(
  'the tree fills and empties again and again, without losing room',
  onStage(async (stage) => {
    const device = await stage.start({ limits: { tree: 3000 } });
    // The first instance that a server makes brings the access control MO, which stays.
    assert.equal(await fetchAll(stage, device, napOf({})), [200]);
    assert.equal(await device.codes(['DELETE', `${NAP}//`]), [200]);
    const { state } = device;
    for (let round = 0; round < 20; round += 1) {
      const document = napOf(
        Object.fromEntries(Object.entries(leaves(5, 250)).map(([name, value]) => [`${name}-${round}`, value])),
      );
      assert.equal(await fetchAll(stage, device, document, napOf(leaves(40, 200))), [200, 413], `round ${round}`);
      assert.equal(await device.codes(['DELETE', `${NAP}//`]), [200]);
      assert.is(device.state, state);
    }
  }),
);

test(
  'names: one longer than 255 bytes, or too many of them: 413 [HTTP-29 ST-413]',
  onStage(async (stage) => {
    const device = await stage.start({ limits: { names: 60 } });
    const { state } = device;
    assert.equal(
      await fetchAll(stage, device, napOf({ ['n'.repeat(256)]: 1 }), napOf({ ['\u00e4'.repeat(128)]: 1 })),
      [413, 413],
    );
    assert.equal(await fetchAll(stage, device, napOf(leaves(60, 1))), [413]);
    assert.is(device.state, state);
    assert.equal(await fetchAll(stage, device, napOf({ ['n'.repeat(255)]: 1, ['\u00e4'.repeat(127)]: 2 })), [200]);
    const again = await stage.restart(device);
    assert.is(again.client.local.read(`${NAP}//${'n'.repeat(255)}`), 1);
  }),
);

test(
  'a value of 4 KB fits into memory, one byte more does not, and is 413 where there are no large values [HTTP-27 ST-413]',
  onStage(async (stage) => {
    const device = await stage.start({ limits: { tree: 16384, largeValue: 0 } });
    const { state } = device;
    assert.equal(await fetchAll(stage, device, napOf({ Big: 'v'.repeat(4097) })), [413]);
    assert.equal(await fetchAll(stage, device, napOf({ Big: '\u20ac'.repeat(1366) })), [413]);
    assert.is(device.state, state);
    assert.equal(await fetchAll(stage, device, napOf({ Big: 'v'.repeat(4096) })), [200]);
    assert.is(String((await stage.restart(device)).client.local.read(`${NAP}//Big`)).length, 4096);
  }),
);

test(
  'a number of any length is a value, or 413 [ST-413]',
  onStage(async (stage) => {
    const device = await stage.start();
    const text = (digits: string): string => `[{"ClientURI":"${NAP}//","MOData":{"NAP":{"N":${digits}}}}]`;
    const codes: number[] = [];
    for (const digits of ['1'.repeat(64), `0.${'1'.repeat(62)}`, '1'.repeat(65), `1e${'1'.repeat(64)}`]) {
      stage.server.setResource('/n', { text: text(digits) });
      codes.push(...(await device.codes(['HGET', `${stage.server.origin}/n`])));
    }
    assert.equal(codes, [200, 200, 413, 413]);
  }),
);

test(
  'sixteen levels of nodes fit, one more does not: 413 [HTTP-30 ST-413]',
  onStage(async (stage) => {
    const nested = (levels: number): unknown => {
      let value: unknown = 'leaf';
      for (let level = levels; level > 1; level -= 1) value = { [`l${level}`]: value };
      return [{ ClientURI: `${NAP}//`, MOData: { l1: value } }];
    };
    const device = await stage.start();
    const { state } = device;
    assert.equal(await fetchAll(stage, device, nested(17), nested(40)), [413, 413]);
    assert.is(device.state, state);
    assert.equal(await fetchAll(stage, device, nested(16)), [200]);
    const again = await stage.restart(device);
    assert.is(again.durable, device.durable);
  }),
);

test(
  'levels below a target are counted from the root',
  onStage(async (stage) => {
    const device = await stage.start({ limits: { depth: 5 } });
    assert.equal(await fetchAll(stage, device, napOf({ A: { B: {} } })), [200]);
    stage.server.setResource('/fits', { document: { MOData: { B: { C: { D: 1 } } } } });
    stage.server.setResource('/deep', { document: { MOData: { B: { C: { D: { E: 1 } } } } } });
    const [deep, fits] = await device.codes(
      ['HGET', `${stage.server.origin}/deep`, `${NAP}//A/B`],
      ['HGET', `${stage.server.origin}/fits`, `${NAP}//A/B`],
    );
    assert.equal([deep, fits], [413, 200]);
    assert.is((await stage.restart(device)).durable, device.durable);
  }),
);

test(
  'the flash: what does not fit is 413, leaves no record behind, and the rest goes on [ST-413]',
  onStage(async (stage) => {
    const usual = new MemoryFlash();
    await stage.start({ flash: usual });
    const flash = new MemoryFlash({ capacity: usual.bytes + 500 });
    const device = await stage.start({ flash });
    const { state } = device;
    const { bytes } = flash;
    assert.equal(await fetchAll(stage, device, napOf(leaves(3, 200))), [413]);
    assert.equal(await device.codes(['DEFAULT', `https://cfg.example/${'x'.repeat(900)}`, MMS]), [413]);
    assert.is(device.state, state);
    assert.is(flash.bytes, bytes);
    assert.equal(await device.codes(['DEFAULT', 'https://cfg.example/', IMS], GET_ID), [200, 200]);
    assert.equal(await fetchAll(stage, device, napOf(leaves(1, 100))), [200]);
    assert.is((await stage.restart(device)).durable, device.durable);
  }),
);

test(
  'more objects than the flash index has: 413 [ST-413]',
  onStage(async (stage) => {
    const device = await stage.start({ limits: { objects: 6 } });
    const documents = Array.from({ length: 6 }, (_, index) => [
      { ClientURI: `${NAP}//`, MOData: { NAP: { Id: index } } },
    ]);
    const first = await fetchAll(stage, device, [
      ...documents[0],
      ...documents[1],
      ...documents[2],
      ...documents[3],
      ...documents[4],
    ]);
    assert.equal(first, [413]);
    assert.equal(await fetchAll(stage, device, [...documents[0], ...documents[1]]), [200]);
    assert.is((await stage.restart(device)).durable, device.durable);
  }),
);

test.run();
