import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bootstrapWith, DEVINFO } from '../support/device-bootstrap.js';
import { onStage, type Stage, type TestDevice } from '../support/device-fixture.js';
import type { MemoryFlash } from '../support/memory-flash.js';
import { showTree } from '../support/tree-text.js';

// PROTOCOL.md DEF-5 to DEF-14, MO-20, MO-31, TERM-11, PKG1-5 to PKG1-8: the application's MO definitions, as sessions meet them.
const test = suite('definitions in sessions');

const METER = 'urn:example:mo:meter:1.0';
const DDF = 'https://maker.example/ddf/meter-1.0.xml';

const DEFINITIONS = [
  {
    moid: METER,
    ddf: DDF,
    nodes: [
      '. node RW *',
      'Id chr R 1 P',
      'Rate float RW ?',
      'Image bin RW ?',
      'Since date RW ?',
      'Reset null RX ?',
      'Log node RW ? P',
      'Log/* node RW 3',
      'Log/*/Count int RW 1',
    ],
  },
];

const BOOT = { Id: 'no-1', Rate: 1, Image: 'AAEC', Since: '2026-01-01', Reset: null, Log: { a: { Count: 1 } } };

function deviceFor(stage: Stage, definitions = DEFINITIONS): Promise<TestDevice> {
  const mo = [{ ClientURI: `${METER}/m/`, MOData: { Meter: BOOT } }];
  return stage.start({ bootstrap: bootstrapWith({ account: { perm: [METER, DEVINFO] }, mo }), definitions });
}

/** Stores a value below the MO root. @returns the code; where it is an error nothing may have changed. */
async function store(stage: Stage, device: TestDevice, path: string, value: unknown): Promise<number> {
  const { state } = device;
  const name = path.split('/').pop() || 'Meter';
  stage.server.setResource('/w', {
    document: [{ ClientURI: `${METER}/m/${path}`, MOData: { [name]: value } }],
    etag: null,
  });
  const [plain] = await device.codes(['HGET', '{origin}/w']);
  if (plain !== 200) assert.is(device.state, state);
  assert.equal(await device.codes(['HGET', '{origin}/w', `${METER}/m/${path}`]), [plain]);
  return plain;
}

function shown(device: TestDevice): string {
  return String(showTree(device.client.device.tree).find((line) => line.startsWith(METER)));
}

/** What a server stores, and what it comes to. */
const ROWS: [string, unknown, number, string][] = [
  ['Id', 'no-2', 405, 'DEF-6'],
  ['', { Id: 'no-1', Rate: 2 }, 405, 'DEF-6'],
  ['', { Rate: 2 }, 200, 'MO-31'],
  ['Rate', 2, 200, 'DEF-11'],
  ['Rate', 2.5, 200, 'DEF-11'],
  ['Rate', '2', 422, 'DEF-11'],
  ['Image', 'AA==', 200, 'DEF-11'],
  ['Image', 'no base64!', 422, 'DEF-11'],
  ['Since', '2026-02-02', 200, 'DEF-11'],
  ['Since', 7, 422, 'DEF-11'],
  ['Since', {}, 422, 'DEF-11'],
  ['Reset', null, 405, 'DEF-6'],
  ['More', 1, 422, 'DEF-12'],
  ['', { More: 1 }, 422, 'DEF-12'],
  ['Log/b', { Count: 1 }, 200, 'DEF-9'],
  ['Log/b', {}, 422, 'DEF-13'],
  ['Log/a', { Count: 1, More: 1 }, 422, 'DEF-12'],
  ['Log', { a: { Count: 1 }, b: { Count: 2 }, c: { Count: 3 } }, 200, 'DEF-14'],
  ['Log', { a: { Count: 1 }, b: { Count: 2 }, c: { Count: 3 }, d: { Count: 4 } }, 422, 'DEF-14'],
  ['Log/a/Count', 1.5, 422, 'DEF-11'],
];

for (const [path, value, code, id] of ROWS) {
  test(
    `HGET of ${JSON.stringify(value)} to "${path}" comes to ${code} [${id}]`,
    onStage(async (stage) => {
      assert.is(await store(stage, await deviceFor(stage), path, value), code);
    }),
  );
}

test(
  'one too many is refused where it comes alone [DEF-8] [DEF-14]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    assert.is(await store(stage, device, 'Log', { a: { Count: 1 }, b: { Count: 2 }, c: { Count: 3 } }), 200);
    assert.is(await store(stage, device, 'Log/d', { Count: 4 }), 422);
    assert.is(await store(stage, device, 'Log/c', { Count: 4 }), 200);
  }),
);

test(
  'permanent nodes, and such as no server writes, stay where a document leaves them out, also after a restart [MO-31] [TERM-11]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    assert.is(await store(stage, device, '', { Rate: 3 }), 200);
    const kept = `${METER}/m Meter{Rate float 3,Id chr"no-1",Reset null,Log{a{Count int 1}}}`;
    assert.is(shown(device), kept);
    assert.is(shown(await stage.restart(device)), kept);
  }),
);

test(
  'DELETE of what is permanent, has no W or is the last that is required gets 405 [TERM-11] [DEF-6] [DEF-8] [ST-405]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    const paths = ['Id', 'Reset', 'Log', 'Log/a/Count', 'Log/a', 'Rate', ''];
    const codes = await device.codes(...paths.map((path) => ['DELETE', `${METER}/m/${path}`]));
    assert.equal(codes, [405, 405, 405, 405, 200, 200, 200]);
  }),
);

test(
  'EXEC needs X, and a handler [DEF-7] [ST-405]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    assert.equal(await device.codes(['EXEC', `${METER}/m/Reset`]), [405]);
    device.client.onExecute(METER, '*', () => 200);
    assert.equal(await device.codes(['EXEC', `${METER}/m/Reset`], ['EXEC', `${METER}/m/Rate`]), [200, 405]);
  }),
);

test(
  'formats are there after a restart, and a re-fetch of the same document writes nothing [DEF-11] [CV-2]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    const value = { Rate: 3, Image: 'AA==', Since: '2026-03-03' };
    assert.is(await store(stage, device, '', value), 200);
    const before = shown(device);
    assert.ok(before.includes('Rate float 3,Image bin"AA==",Since date"2026-03-03"'), before);
    const again = await stage.restart(device);
    assert.is(shown(again), before);
    assert.is(await store(stage, again, '', { ...value, Log: { a: { Count: 1 } } }), 200);
    const { writes } = again.flash as MemoryFlash;
    const third = await stage.restart(again);
    assert.is(await store(stage, third, '', { ...value, Log: { a: { Count: 1 } } }), 200);
    assert.is((third.flash as MemoryFlash).writes, writes);
  }),
);

test(
  'without its definition the same MO is open, and nothing of it is lost; with it again it is judged again [MO-20] [DEF-10]',
  onStage(async (stage) => {
    const device = await deviceFor(stage, []);
    assert.is(await store(stage, device, 'Id', 7), 200);
    assert.is(await store(stage, device, 'More', { x: 1 }), 200);
    const again = await stage.restart(device, { definitions: DEFINITIONS });
    assert.is(again.client.local.read(`${METER}/m/More/x`), 1);
    assert.is(await store(stage, again, 'Rate', 'x'), 422);
    assert.equal(await again.codes(['DELETE', `${METER}/m/More`]), [200]);
  }),
);

test(
  'a bootstrap that breaks a definition is refused [DEF-13] [BOOT-11]',
  onStage(async (stage) => {
    const mo = [{ ClientURI: `${METER}/m/`, MOData: { Meter: { Rate: 1 } } }];
    const device = stage.device({ bootstrap: bootstrapWith({ mo }), definitions: DEFINITIONS });
    assert.throws(() => device.start(), /BAD_BOOTSTRAP/);
  }),
);

test(
  'DDF is told in MOS, and with MO data that is sent [PKG1-5] [PKG1-6] [PKG1-7] [PKG1-8] [MO-2]',
  onStage(async (stage) => {
    const mo = ['m', 'n'].map((miid) => ({ ClientURI: `${METER}/${miid}/`, MOData: { Meter: BOOT } }));
    const bootstrap = bootstrapWith({ account: { perm: [METER, DEVINFO] }, mo });
    const device = stage.device({ bootstrap, definitions: DEFINITIONS });
    device.start();
    await device.idle();
    assert.equal((stage.server.packages[0].body as { MOS: unknown }).MOS, [
      { DDF, MOID: METER, MIID: ['m', 'n'] },
      { MOID: DEVINFO, MIID: ['m1'] },
    ]);
    await device.session();
    assert.not('MOS' in (stage.server.packages[stage.server.packages.length - 1].body as object));
    const [{ Data }] = await device.run(['GET', `${METER}/m/`, `${METER}/m/Id`, `${DEVINFO}//DevID`]);
    assert.equal(
      Data?.map((element) => element.DDF),
      [DDF, DDF, undefined],
    );
  }),
);

test.run();
