import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { accountElement, bootstrapWith, DEVINFO } from '../support/device-bootstrap.js';
import { onStage, type Stage, type TestDevice } from '../support/device-fixture.js';
import {
  ACCESS,
  accessElement,
  BOX,
  boxes,
  codesAs,
  entry,
  SESSION,
  severalAccounts,
} from '../support/device-rights.js';

// PROTOCOL.md §13: the two gates that every command passes, the Perm list and the rights on the instance.
const test = suite('rights');

const ITEM = `${BOX}/a/v`;
const WHOLE = [{ ClientURI: ITEM, MOData: { v: 'new' } }];

/** Each command on `BOX/a`, the right that it needs, and what it comes to with it. UNSUB and DELETE undo, so they stand last. */
const COMMANDS: [string[], string, number][] = [
  [['GET', ITEM], 'R', 200],
  [['GET', `${BOX}/b/v`, ITEM], 'R', 200],
  [['HPUT', '{origin}/put', ITEM], 'R', 200],
  [['HPOST', '{origin}/post', ITEM], 'R', 200],
  [['SUB', '{origin}/sub', ITEM], 'R', 200],
  [['EXEC', `${BOX}/a/Run`], 'X', 200],
  [['EXEC', `${BOX}/a/Run`, '{origin}/dm'], 'X', 202],
  [['HGET', '{origin}/doc'], 'W', 200],
  [['HGET', '{origin}/doc', ITEM], 'W', 200],
  [['HGET', '{origin}/doc', `${BOX}/a/new`], 'W', 502],
  [['DELETE', ITEM], 'W', 200],
];

/** Commands that are about no instance. */
const FREE: [string[], number][] = [
  [['SHOW', 'https://page.example/'], 200],
  [['CONT', '{origin}/dm'], 200],
  [['UNSUB', `${BOX}/b/v`], 404],
];

/** A device whose server has these rights on `BOX/a`, and all on `BOX/b`. */
async function deviceWith(stage: Stage, rights: string, perm = [BOX, DEVINFO]): Promise<TestDevice> {
  stage.server.setResource('/doc', { document: WHOLE, etag: null });
  stage.server.setResource('/sub', (_request, response) => response.writeHead(204).end());
  const mo = [...boxes(), accessElement(entry(`${BOX}/a/`, { 'dm.example': rights }))];
  const bootstrap = bootstrapWith({ account: { perm }, mo });
  const device = await stage.start({ bootstrap, limits: { reply: 16384, settleTime: 1 } });
  device.client.onExecute(BOX, 'Run', () => 200);
  device.platform.ui = { show: () => {} };
  return device;
}

for (const rights of ['RWXD', 'R', 'W', 'X', 'D', 'WXD', 'RXD', 'RWD', 'RWX', '']) {
  test(
    `with the rights "${rights}" each command does what it may, and is refused with 403 otherwise [ACC-11] [ACC-13] [ACC-15] [ACC-16] [ACC-17] [ST-403]`,
    onStage(async (stage) => {
      const device = await deviceWith(stage, rights);
      const codes = await device.codes(...COMMANDS.map(([command]) => command), ...FREE.map(([command]) => command));
      const expected = COMMANDS.map(([, right, code]) => (rights.includes(right) ? code : 403));
      assert.equal(codes, [...expected, ...FREE.map(([, code]) => code)]);
      await device.idle();
    }),
  );
}

test(
  'a refused command leaves all as it was, asks nobody, and sends nothing [ACC-11] [ST-2]',
  onStage(async (stage) => {
    const device = await deviceWith(stage, '');
    const { state } = device;
    const commands = COMMANDS.map(([command]) => command).filter((command) => command.join() !== 'HGET,{origin}/doc');
    assert.ok((await device.codes(...commands)).every((code) => code === 403));
    await device.idle();
    assert.equal(stage.seen, ['#1', `#3${' 403'.repeat(commands.length)}`]);
    assert.is(device.state, state);
  }),
);

test(
  'a MOID that is not on the Perm list is refused by every command that names one, before it is looked for [ACC-5] [ACC-10] [JIT-5] [ST-403]',
  onStage(async (stage) => {
    const device = await deviceWith(stage, 'RWXD', [DEVINFO]);
    const { state } = device;
    const missing = COMMANDS.map(([command]) => command.map((word) => word.replace('/a/', '/none/')));
    const commands = [...COMMANDS.map(([command]) => command), ...missing, ['DEFAULT', '{origin}/doc', BOX]];
    assert.equal(
      await device.codes(...commands),
      commands.map(() => 403),
    );
    assert.equal(
      await device.codes(...FREE.map(([command]) => command)),
      FREE.map(([, code]) => code),
    );
    assert.is(device.state, state);
    assert.not(
      stage.seen.some((line) => line.startsWith('P')),
      stage.seen.join(),
    );
  }),
);

test(
  'wildcards and x-names leave out the instances that may not be read [ACC-12]',
  onStage(async (stage) => {
    const device = await deviceWith(stage, 'WXD');
    const replies = await device.run(
      ['GET', `${BOX}/*/v`],
      ['GET', `${BOX}/(x)/v`],
      ['GET', `${BOX}/(x)/v?nv=(x)/v:in%20a`],
      ['GET', `${BOX}/*/v`, `${BOX}/b/`],
      ['HPUT', '{origin}/put', `${BOX}/*/`],
      ['EXEC', `${BOX}/*/Run`],
      ['DELETE', `${BOX}/(x)/v?nv=(x)/v:in%20a`],
      ['DELETE', `${BOX}/(x)/v`],
    );
    const found = replies.map(({ sc, Data }) => [sc, ...(Data ?? []).map(({ ClientURI }) => ClientURI)]);
    const b = `${BOX}/b/v`;
    assert.equal(found, [[200, b], [200, b], [404], [200, b, `${BOX}/b/`], [200], [200], [404], [200]]);
    const put = JSON.parse(String(stage.server.requests[0].body)) as { ClientURI: string }[];
    assert.equal(
      put.map(({ ClientURI }) => ClientURI),
      [`${BOX}/b/`],
    );
    assert.is(device.client.local.read(ITEM), 'in a');
  }),
);

test(
  'an exact address that may not be read gets 403, whatever stands beside it [ACC-13]',
  onStage(async (stage) => {
    const device = await deviceWith(stage, 'WXD');
    const commands = [
      ['GET', `${BOX}/a/`],
      ['GET', ITEM],
      ['GET', `${BOX}/a/Run`],
      ['GET', `${BOX}/b/`, `${BOX}/a/`],
      ['GET', `${BOX}/*/v`, ITEM],
      ['SUB', '{origin}/sub', `${BOX}/a/`],
    ];
    assert.equal(
      await device.codes(...commands),
      commands.map(() => 403),
    );
  }),
);

test(
  'no condition tells what an instance holds that may not be read [ACC-13] [URI-25]',
  onStage(async (stage) => {
    const device = await deviceWith(stage, '');
    const guess = (value: string): string[][] => [
      ['GET', `${BOX}/a/(x)?nv=(x)/w:${value}`],
      ['GET', `${BOX}/(y)/v?nv=(y)/v:${value}`],
      ['DELETE', `${BOX}/a/(x)?nv=(x)/w:${value}`],
      ['EXEC', `${BOX}/a/(x)?nv=(x)/w:${value}`],
      ['HGET', '{origin}/doc', `${BOX}/a/(x)/v?nv=(x)/w:${value}`],
    ];
    device.client.local.write(`${BOX}/a/Run/w`, 'right');
    assert.equal(await device.codes(...guess('right')), await device.codes(...guess('wrong')));
  }),
);

test(
  'DevInfo and Session Information are readable for every account that has them, and writable for none [ACC-22] [STD-6] [STD-14]',
  onStage(async (stage) => {
    const perm = [DEVINFO, SESSION];
    const device = await severalAccounts(stage, { accounts: [{ perm }, { perm }, { perm: [BOX] }] });
    stage.server.setResource('/lang', { document: { MOData: { Lang: 'x' } }, etag: null });
    stage.server.setResource('/cbt', { document: { MOData: { CBT: 9 } }, etag: null });
    const commands = [
      ['GET', `${DEVINFO}//`],
      ['GET', `${SESSION}//`],
      ['DELETE', `${DEVINFO}//`],
      ['DELETE', `${SESSION}//`],
      ['EXEC', `${DEVINFO}//`],
      ['HGET', '{origin}/lang', `${DEVINFO}//Lang`],
      ['HGET', '{origin}/cbt', `${SESSION}//CBT`],
    ];
    for (const srvId of ['one', 'two'])
      assert.equal(await codesAs(device, srvId, ...commands), [200, 200, 405, 405, 405, 405, 405]);
    assert.equal(
      await codesAs(device, 'three', ...commands),
      commands.map(() => 403),
    );
  }),
);

test(
  'a bootstrap that takes a MOID off the Perm list takes all rights on it, also in the reports of SUB [ACC-5] [ACC-10] [CMD-SUB-8]',
  onStage(async (stage) => {
    const device = await severalAccounts(stage, { mo: boxes() });
    stage.server.setResource('/sub', (_request, response) => response.writeHead(204).end());
    assert.equal(await codesAs(device, 'one', ['SUB', '{origin}/sub', `${BOX}/a/v`]), [200]);
    device.client.applyBootstrap(
      device.resource({ MO: [accountElement({ miid: 'one', srvId: 'one', perm: [ACCESS] })] }),
    );
    await device.idle();
    stage.forget(device);
    device.client.local.write(ITEM, 'not for one');
    await device.idle();
    for (const { body } of stage.server.requests) assert.is(String(body), '[]');
    assert.equal(await codesAs(device, 'one', ['GET', ITEM]), [403]);
    assert.equal(await codesAs(device, 'two', ['GET', ITEM]), [200]);
  }),
);

test.run();
