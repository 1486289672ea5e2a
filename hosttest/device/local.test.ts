import type { LeafValue } from 'dmlet';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ACCOUNT, bootstrapWith, DEVINFO, MMS, NAP } from '../support/device-bootstrap.js';
import { onStage, type Stage, type TestDevice, withCode } from '../support/device-fixture.js';
import { MemoryFlash } from '../support/memory-flash.js';

// The tree as applications on the device see it.
const test = suite('local access');

const MO = [
  { ClientURI: `${MMS}/a/`, MOData: { MMS: { Name: 'a', To: { 1: { Id: 'x' }, 2: { Id: 'y' } }, Empty: {} } } },
  { ClientURI: `${MMS}/b/`, MOData: { MMS: { Name: 'b' } } },
  {
    ClientURI: `${NAP}/n/`,
    MOData: { NAP: { Text: 't', Int: -7, Float: 2.5, Yes: true, No: false, Null: null, None: '' } },
  },
];

function deviceFor(stage: Stage): Promise<TestDevice> {
  return stage.start({ bootstrap: bootstrapWith({ mo: MO, account: { more: { Auth: { Noti: { Secret: 's' } } } } }) });
}

test(
  'reads a leaf of any format',
  onStage(async (stage) => {
    const { local } = (await deviceFor(stage)).client;
    const names = ['Text', 'Int', 'Float', 'Yes', 'No', 'Null', 'None'];
    assert.equal(
      names.map((name) => local.read(`${NAP}//${name}`)),
      ['t', -7, 2.5, true, false, null, ''],
    );
    assert.is(local.read(`${MMS}/(x)/Name?nv=(x)/Name:b`), 'b');
    assert.is(local.read(`${MMS}/a/*/2/Id`), 'y');
    assert.is(local.read(`${ACCOUNT}//Auth/Noti/Secret`), 's');
  }),
);

test(
  'what cannot be read is an error with a code',
  onStage(async (stage) => {
    const { local } = (await deviceFor(stage)).client;
    for (const [uri, code] of [
      [`${MMS}/a/No`, 'NOT_FOUND'],
      [`${MMS}/c/Name`, 'NOT_FOUND'],
      ['urn:no//Name', 'NOT_FOUND'],
      [`${MMS}/a/Name/Deeper`, 'NOT_FOUND'],
      [`${MMS}//Name`, 'AMBIGUOUS'],
      [`${MMS}/*/Name`, 'AMBIGUOUS'],
      [`${MMS}/a/`, 'NOT_ALLOWED'],
      [`${MMS}/a/To`, 'NOT_ALLOWED'],
      ['nonsense', 'BAD_URI'],
      ['', 'BAD_URI'],
      [`${MMS}/a/%G0`, 'BAD_URI'],
    ]) {
      assert.throws(() => local.read(uri), withCode(code), uri);
      if (code !== 'NOT_ALLOWED') assert.throws(() => local.list(uri), withCode(code), uri);
    }
  }),
);

test(
  'lists children and instances',
  onStage(async (stage) => {
    const { local } = (await deviceFor(stage)).client;
    assert.equal(local.list(`${MMS}/a/`), ['Name', 'To', 'Empty']);
    assert.equal(local.list(`${MMS}/a/To`), ['1', '2']);
    assert.equal([local.list(`${MMS}/a/Empty`), local.list(`${MMS}/a/Name`)], [[], []]);
    assert.equal([local.instances(MMS), local.instances(NAP), local.instances('urn:no')], [['a', 'b'], ['n'], []]);
  }),
);

/** Every kind of value, at its limits. */
const VALUES: LeafValue[] = [
  'text',
  '',
  ' "\\/\b\f\n\r\t\u0000\u0001\u007f\u00e4\u20ac\u{1f600}\u2028',
  'v'.repeat(4096),
  0,
  -1,
  2147483647,
  -2147483648,
  2147483648,
  4294967296.5,
  0.1,
  -1.5e-7,
  5e-324,
  1.7976931348623157e308,
  1e21,
  true,
  false,
  null,
];

test(
  'writes a leaf of any kind, durably',
  onStage(async (stage) => {
    const device = await stage.start({ bootstrap: bootstrapWith({ mo: MO }), limits: { tree: 32768 } });
    const { local } = device.client;
    for (const [index, value] of VALUES.entries()) {
      local.write(`${NAP}//v${index}`, value);
      local.write(`${NAP}//Text`, value);
      assert.is(local.read(`${NAP}//Text`), value);
    }
    const again = await stage.restart(device);
    for (const [index, value] of VALUES.entries()) assert.is(again.client.local.read(`${NAP}//v${index}`), value);
    assert.is(again.durable, device.durable);
  }),
);

test(
  'what is written is what a server gets',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    const values: Record<string, LeafValue> = {
      Text: 'new',
      Int: 5,
      Float: 0.5,
      Yes: false,
      Null: 'now text',
      Added: true,
    };
    for (const [name, value] of Object.entries(values)) device.client.local.write(`${NAP}/n/${name}`, value);
    const [reply] = await device.run(['GET', `${NAP}//`]);
    assert.equal(reply.Data?.[0].MOData, { NAP: { ...MO[2].MOData.NAP, ...values } });
    assert.equal(device.log.about('stored')[0], `stored ${NAP}/n/Text`);
  }),
);

test(
  'a number that is whole is int, also where it was float',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    device.client.local.write(`${NAP}//Float`, 3);
    device.client.local.write(`${NAP}//Int`, 3.5);
    assert.match(device.durable, '["Float","int 3"]');
    assert.match(device.durable, '["Int","float 3.5"]');
  }),
);

test(
  'a lone surrogate becomes the replacement character',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    device.client.local.write(`${NAP}//Text`, 'a\ud800b');
    assert.is((await stage.restart(device)).client.local.read(`${NAP}//Text`), 'a\ufffdb');
  }),
);

test(
  'a new leaf is made where the node above it exists, and nowhere else',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    const { local } = device.client;
    local.write(`${MMS}/a/To/1/New`, 1);
    local.write(`${MMS}/(x)/Second?nv=(x)/Name:b`, 2);
    assert.equal(
      [local.list(`${MMS}/a/To/1`), local.list(`${MMS}/b/`)],
      [
        ['Id', 'New'],
        ['Name', 'Second'],
      ],
    );
    const { state } = device;
    for (const [uri, code] of [
      [`${MMS}/a/No/New`, 'NOT_FOUND'],
      [`${MMS}/c/New`, 'NOT_FOUND'],
      [`${MMS}/c/`, 'NOT_FOUND'],
      ['urn:no//New', 'NOT_FOUND'],
      ['urn:no//', 'NOT_ALLOWED'],
      [`${MMS}/a/Name/New`, 'NOT_ALLOWED'],
      [`${MMS}/a/To`, 'NOT_ALLOWED'],
      [`${MMS}/a/`, 'NOT_ALLOWED'],
      [`${MMS}//New`, 'AMBIGUOUS'],
      [`${MMS}/*/New`, 'AMBIGUOUS'],
      [`${MMS}/a/No*`, ''],
      ['nonsense', 'BAD_URI'],
    ]) {
      if (code === '') continue;
      assert.throws(() => local.write(uri, 'x'), withCode(code), uri);
    }
    assert.is(device.state, state);
  }),
);

test(
  'numbers that JSON has not are refused',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    const { state } = device;
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      assert.throws(() => device.client.local.write(`${NAP}//Int`, value), withCode('BAD_ARGUMENT'), String(value));
    }
    assert.is(device.state, state);
  }),
);

test(
  'what does not fit is refused, and leaves nothing behind',
  onStage(async (stage) => {
    const device = await stage.start({ bootstrap: bootstrapWith({ mo: MO }), limits: { tree: 2500 } });
    const { local } = device.client;
    const { state } = device;
    assert.throws(() => local.write(`${NAP}//Text`, 'v'.repeat(0x100001)), withCode('TOO_LONG'));
    assert.throws(() => local.write(`${NAP}//Text`, 'v'.repeat(2500)), withCode('TREE_FULL'));
    assert.throws(() => local.write(`${NAP}//New`, 'v'.repeat(2500)), withCode('TREE_FULL'));
    assert.throws(() => local.write(`${NAP}//${'n'.repeat(256)}`, 1), withCode('TOO_LONG'));
    assert.is(device.state, state);
  }),
);

test(
  'flash that is full or fails: the old value stays',
  onStage(async (stage) => {
    const flash = new MemoryFlash();
    const device = await stage.start({ bootstrap: bootstrapWith({ mo: MO }), flash });
    const { state } = device;
    for (const [refusals, code] of [
      [[1], 'FLASH_FULL'],
      [[2], 'FLASH_FAILED'],
      [[0, 1], 'FLASH_FULL'],
      [[0, 2], 'FLASH_FAILED'],
    ] as const) {
      flash.refusals.push(...refusals);
      assert.throws(() => device.client.local.write(`${NAP}//Text`, 'new'), withCode(code));
      assert.throws(() => device.client.local.read(`${NAP}//New`), withCode('NOT_FOUND'));
      assert.is(device.state, state);
      flash.refusals.length = 0;
    }
    device.client.local.write(`${NAP}//Text`, 'new');
    assert.is((await stage.restart(device)).client.local.read(`${NAP}//Text`), 'new');
  }),
);

test(
  'the same value again writes nothing',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    const flash = device.flash as MemoryFlash;
    const { writes } = flash;
    device.client.local.write(`${NAP}//Text`, 't');
    device.client.local.write(`${NAP}//Null`, null);
    device.client.local.write(`${NAP}//Yes`, true);
    assert.is(flash.writes, writes);
    device.client.local.write(`${NAP}//Yes`, 'true');
    assert.is(flash.writes, writes + 2);
  }),
);

test(
  'a write while a session runs is seen by the next command',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    stage.server.setResource('/x', (_, response) => {
      device.client.local.write(`${NAP}//Text`, 'meanwhile');
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify({ MOData: { Name: 'fetched' } }));
    });
    const [hget, get] = await device.run(
      ['HGET', `${stage.server.origin}/x`, `${MMS}/b/Name`],
      ['GET', `${NAP}//Text`],
    );
    assert.is(hget.sc, 200);
    assert.equal(get.Data?.[0].MOData, { Text: 'meanwhile' });
  }),
);

test(
  'the target of a fetch goes while the fetch is under way: 404, and nothing else happens',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    stage.server.setResource('/x', (_, response) => {
      device.client.device.transaction.remove(
        device.client.device.tree.firstChild(device.client.device.tree.instance(MMS, 'b')),
      );
      device.client.device.transaction.commit();
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify({ MOData: { Name: 'fetched' } }));
    });
    const codes = await device.codes(['HGET', `${stage.server.origin}/x`, `${MMS}/b/Name`], ['GET', `${DEVINFO}//`]);
    assert.equal(codes, [404, 200]);
    assert.equal(device.client.local.instances(MMS), ['a']);
  }),
);

test.run();
