import type { Resource } from 'dmlet';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ACCOUNT,
  accountElement,
  bootstrapWith,
  DEV_ID,
  DEVINFO,
  devInfoElement,
  IMS,
  MMS,
  NAP,
} from '../support/device-bootstrap.js';
import { onStage, type Stage, type TestDevice } from '../support/device-fixture.js';
import { MemoryFlash } from '../support/memory-flash.js';

// PROTOCOL.md BOOT-3 to BOOT-10, BOOT-12, BOOT-15, BOOT-17, BOOT-23: a factory bootstrap.
const test = suite('bootstrap');

const MMS_ELEMENT = { ClientURI: `${MMS}/main/`, MOData: { MMS: { Name: 'MMS', CrMode: 1, To: { 1: { Id: 'x' } } } } };
const MMS_DEFAULT = ['DEFAULT', 'https://prov.example/[MCC]/[MNC]/MMS', MMS];

/** The DEFAULT table as lines. */
function defaults(device: TestDevice): string[] {
  return device.client.device.defaults.rows.map(({ fields: [moid, serverUri] }) => `${moid} ${serverUri}`);
}

/** Starts a device with this text, applied. */
async function started(stage: Stage, bootstrap: string): Promise<TestDevice> {
  const device = stage.device({ bootstrap });
  assert.is(device.start(), true);
  await device.idle();
  return device;
}

test(
  'accounts, objects under the names it gives, DevInfo and DEFAULTs [ACC-4 BOOT-3 BOOT-4 BOOT-9 JIT-1 JIT-2 STD-2]',
  onStage(async (stage) => {
    const device = await started(stage, JSON.stringify(bootstrapWith({ mo: [MMS_ELEMENT], cmd: [MMS_DEFAULT] })));
    const { local } = device.client;
    assert.equal(
      [ACCOUNT, MMS, DEVINFO].map((moid) => local.instances(moid)),
      [['operator'], ['main'], ['m1']],
    );
    assert.equal([local.read(`${MMS}/main/CrMode`), local.read(`${MMS}//To/1/Id`)], [1, 'x']);
    assert.is(local.read(`${DEVINFO}//DevID`), DEV_ID);
    assert.is(local.read(`${ACCOUNT}//SrvURI`), `${stage.server.origin}/dm`);
    assert.equal(defaults(device), [`${MMS} https://prov.example/[MCC]/[MNC]/MMS`]);
    const again = await stage.restart(device);
    assert.is(again.durable, device.durable);
  }),
);

test(
  'the members of the document come in any order, once or more [BOOT-6 BOOT-12]',
  onStage(async (stage) => {
    const mo = (...elements: unknown[]): string => `"MO":${JSON.stringify(elements)}`;
    const cmd = (...commands: string[][]): string => `"CMD":${JSON.stringify(commands)}`;
    const nap = ['DEFAULT', 'https://prov.example/NAP', NAP];
    const account = accountElement();
    const texts = [
      `{${cmd(MMS_DEFAULT, nap)},${mo(account, devInfoElement(), MMS_ELEMENT)}}`,
      `{${mo(MMS_ELEMENT, account, devInfoElement())},${cmd(MMS_DEFAULT, nap)}}`,
      `{${cmd(MMS_DEFAULT)},${mo(MMS_ELEMENT)},${cmd()},${mo(account, devInfoElement())},${mo()},${cmd(nap)}}`,
      ` \r\n\t{ "X" : {"MO":[1],"CMD":"no"} ,${mo(devInfoElement(), MMS_ELEMENT, account)}, "" : [[]] , ${cmd(MMS_DEFAULT, nap)} , "mo":5 }\n\n`,
    ];
    for (const text of texts) {
      const device = await started(stage, text);
      assert.equal(device.client.local.instances(MMS), ['main'], text);
      assert.equal(defaults(device), [`${MMS} ${MMS_DEFAULT[1]}`, `${NAP} ${nap[1]}`], text);
      assert.is(stage.server.packages.length, 1, text);
      stage.forget(device);
    }
  }),
);

test(
  'an object without a name of its own gets one [BOOT-10]',
  onStage(async (stage) => {
    const nap = (id: string): unknown => ({ ClientURI: `${NAP}//`, MOData: { NAP: { Id: id } } });
    const text = JSON.stringify({
      MO: [nap('a'), { ClientURI: `${NAP}/m1/`, MOData: { NAP: { Id: 'b' } } }, nap('c')],
    });
    const device = await started(stage, text);
    const { local } = device.client;
    assert.is(local.instances(NAP).length, 3);
    assert.is(local.read(`${NAP}/m1/Id`), 'b');
    const ids = local.instances(NAP).map((miid) => local.read(`${NAP}/${miid}/Id`));
    assert.equal(ids.sort(), ['a', 'b', 'c']);
  }),
);

test(
  'of two DEFAULTs for a MOID the last one counts [CMD-DEFAULT-2]',
  onStage(async (stage) => {
    const text = JSON.stringify(
      bootstrapWith({
        cmd: [
          ['DEFAULT', 'https://one.example/', MMS],
          ['DEFAULT', 'https://two.example/', MMS],
        ],
      }),
    );
    assert.equal(defaults(await started(stage, text)), [`${MMS} https://two.example/`]);
  }),
);

const LINES = [
  '# first line',
  `DEFAULT https://prov.example/Settings/[MCC]/[MNC]/MMS ${MMS}`,
  '',
  `   DEFAULT\thttps://prov.example/RCS#part  \t ${IMS}   `,
  '  # a comment with DEFAULT in it, and \u00e4 \u20ac',
];

test(
  'commands as text, one a line [BOOT-7 BOOT-8]',
  onStage(async (stage) => {
    const expected = [`${MMS} https://prov.example/Settings/[MCC]/[MNC]/MMS`, `${IMS} https://prov.example/RCS#part`];
    for (const end of ['\n', '\r\n', '\n\n\n']) {
      for (const last of ['', end]) assert.equal(defaults(await started(stage, LINES.join(end) + last)), expected);
    }
    // The first window of the reader holds nothing but white space.
    assert.equal(defaults(await started(stage, ' \n'.repeat(300) + LINES.join('\n'))), expected);
    assert.equal(stage.seen, []);
  }),
);

test(
  'a text of comments only is a bootstrap, of nothing',
  onStage(async (stage) => {
    const device = await started(stage, '# nothing\n\n');
    assert.equal([defaults(device), device.client.local.instances(ACCOUNT)], [[], []]);
  }),
);

test(
  'the same one is not applied a second time, nor are its sessions held again [BOOT-17]',
  onStage(async (stage) => {
    const flash = new MemoryFlash();
    const device = await stage.start({ flash, bootstrap: bootstrapWith({ mo: [MMS_ELEMENT], cmd: [MMS_DEFAULT] }) });
    device.client.local.write(`${MMS}/main/Name`, 'mine');
    await device.codes(['DEFAULT', 'https://session.example/', MMS]);
    device.close();
    const { writes } = flash;
    stage.forget(device);
    const again = stage.device({ ...device.setup, flash });
    assert.is(again.start(), false);
    await again.idle();
    assert.equal(stage.seen, []);
    assert.is(flash.writes, writes);
    assert.is(again.client.local.read(`${MMS}/main/Name`), 'mine');
    assert.equal(defaults(again), [`${MMS} https://session.example/`]);
  }),
);

test(
  'a device without a bootstrap starts, and keeps what an earlier one brought',
  onStage(async (stage) => {
    const device = await stage.start({ bootstrap: bootstrapWith({ mo: [MMS_ELEMENT] }) });
    const without = stage.device({ flash: device.flash, bootstrap: null });
    device.close();
    assert.is(without.start(), false);
    assert.is(without.durable, device.durable);
    assert.is(await without.session(), undefined);
  }),
);

test(
  'a second start is refused',
  onStage(async (stage) => {
    const device = await stage.start();
    assert.throws(
      () => device.start(),
      (error: { code: string }) => error.code === 'BAD_ARGUMENT',
    );
    assert.is(await device.session(), undefined);
  }),
);

/** Several hundred KB, of which little is kept. */
function largeBootstrap(): string {
  const junk = JSON.stringify(
    Array.from({ length: 4000 }, (_, index) => ({ [`name${index}`]: [index, `value ${index}`, null] })),
  );
  const elements = [accountElement(), devInfoElement(), MMS_ELEMENT];
  const mo = elements.map(
    (element) => `{"Extra":${junk},${JSON.stringify(element).slice(1, -1)},"More":"${'m'.repeat(50000)}"}`,
  );
  return `{"Junk":${junk},"MO":[${mo.join(',')}],"Text":"${'t'.repeat(100000)}","CMD":${JSON.stringify([MMS_DEFAULT])}}`;
}

test(
  'several hundred KB of which little is kept',
  onStage(async (stage) => {
    const text = largeBootstrap();
    assert.ok(text.length > 600000);
    const device = await started(stage, text);
    assert.equal(device.client.local.instances(MMS), ['main']);
    assert.equal(defaults(device), [`${MMS} ${MMS_DEFAULT[1]}`]);
    const small = await stage.start({ bootstrap: bootstrapWith({ mo: [MMS_ELEMENT], cmd: [MMS_DEFAULT] }) });
    assert.is(device.state, small.state);
  }),
);

test(
  'a resource may give its bytes in pieces of any size, and is only read [BOOT-23]',
  onStage(async (stage) => {
    const text = JSON.stringify(bootstrapWith({ mo: [MMS_ELEMENT], cmd: [MMS_DEFAULT] })).replace(
      '{origin}',
      stage.server.origin,
    );
    const bytes = Buffer.from(text);
    const states = [1, 2, 7, 255, 256, 100000].map((most) => {
      const device = stage.device();
      const resource: Resource = {
        read(offset, into) {
          const piece = bytes.subarray(offset, offset + Math.min(most, into.length));
          into.set(piece);
          return piece.length;
        },
      };
      assert.is(device.client.start(resource), true);
      assert.is(bytes.toString(), text);
      return device.state;
    });
    assert.equal(new Set(states).size, 1);
  }),
);

test.run();
