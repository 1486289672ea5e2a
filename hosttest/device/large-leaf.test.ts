import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ACCOUNT, bootstrapWith, NAP } from '../support/device-bootstrap.js';
import { type DeviceSetup, onStage, type Stage, type TestDevice, withCode } from '../support/device-fixture.js';
import { MemoryFlash } from '../support/memory-flash.js';
import { utf8 } from '../support/utf8.js';

// PROTOCOL.md HTTP-27, HTTP-51 to HTTP-57: leaves that are larger than the memory for values.
const test = suite('large leaves');

const MEGABYTE = 1 << 20;

/** A MiB of UTF-8, in which JSON escapes some characters; a prime's length, so that every character meets every edge. */
const PART = 'firmware "\\\n\u0001 \u00e9\u20ac\u{1f600} 0123456789abc';
const LARGE = PART.repeat(Math.floor(MEGABYTE / utf8.encode(PART).length));

const LEFT = { ClientURI: `${NAP}/left/`, MOData: { NAP: { Name: 'left' } } };

/** A device with room for two megabytes in flash, and 2.5 KB for the tree. */
function deviceFor(stage: Stage, setup: DeviceSetup = {}): Promise<TestDevice> {
  return stage.start({
    bootstrap: bootstrapWith({ mo: [LEFT] }),
    flash: new MemoryFlash({ capacity: 5 * MEGABYTE }),
    limits: { tree: 2560, value: 512 },
    ...setup,
  });
}

function offer(stage: Stage, path: string, data: object): string[] {
  stage.server.setResource(path, { document: [{ ClientURI: `${NAP}/left/`, MOData: { NAP: data } }] });
  return ['HGET', `${stage.server.origin}${path}`];
}

/** The bodies that are put to /up: the server itself keeps no more than a megabyte of each. */
function collect(stage: Stage): string[] {
  const bodies: string[] = [];
  stage.server.setResource('/up', (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      bodies.push(Buffer.concat(chunks).toString());
      response.writeHead(204).end();
    });
  });
  return bodies;
}

/** The whole value, as an application reads it. */
function readAll({ client }: TestDevice, uri: string, window = 1000): string {
  const into = new Uint8Array(window);
  const chunks: Uint8Array[] = [];
  for (let at = 0, count = 1; count > 0; at += count) {
    count = client.local.readInto(uri, at, into);
    chunks.push(into.slice(0, count));
  }
  return Buffer.concat(chunks).toString();
}

test(
  'a leaf of a megabyte comes by HGET, goes out by HPUT and GET and to the application as it came, also after a restart [HTTP-27 HTTP-54]',
  onStage(async (stage) => {
    let device = await deviceFor(stage);
    const uploads = collect(stage);
    const data = { Name: 'new', Image: LARGE, Behind: 'x' };
    const hget = offer(stage, '/large', data);
    assert.equal(await device.codes(hget), [200]);
    for (let again = 0; again < 2; again += 1) {
      assert.equal(await device.codes(['HPUT', `${stage.server.origin}/up`, `${NAP}/left/`]), [200]);
      assert.equal(JSON.parse(uploads.pop() ?? '')[0].MOData, { NAP: data });
      const [{ sc, Data }] = await device.run(['GET', `${NAP}/left/Image`]);
      assert.is(sc, 200);
      assert.equal(Data?.[0].MOData, { Image: LARGE });
      assert.is(readAll(device, `${NAP}/left/Image`), LARGE);
      device = await stage.restart(device);
    }
    assert.is(device.client.local.read(`${NAP}/left/Behind`), 'x');
  }),
);

/** One that is large here. */
const TEXT = PART.repeat(20);

test(
  'an application that reads it whole is told to read it by pieces; what it writes may be as large',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    const { local } = device.client;
    local.write(`${NAP}/left/Own`, TEXT);
    assert.throws(() => local.read(`${NAP}/left/Own`), withCode('TOO_LONG'));
    assert.is(readAll(device, `${NAP}/left/Own`, 7), TEXT);
    assert.is(readAll(device, `${NAP}/left/Name`, 3), 'left');
    assert.throws(() => local.readInto(`${NAP}/left/`, 0, new Uint8Array(1)), withCode('NOT_ALLOWED'));
    assert.is(local.readInto(`${NAP}/left/Own`, utf8.encode(TEXT).length, new Uint8Array(1)), 0);
    const { records } = device.client.device;
    const { generation } = records;
    local.write(`${NAP}/left/Own`, TEXT);
    assert.is(records.generation, generation);
    local.write(`${NAP}/left/Own`, 'short');
    assert.is((await stage.restart(device)).client.local.read(`${NAP}/left/Own`), 'short');
    assert.is(largeRecords(device), 0);
  }),
);

test(
  'what does not fit into flash gets 413, and its room is given back; the next one that fits is stored [HTTP-53 ST-413]',
  onStage(async (stage) => {
    const flash = new MemoryFlash({ capacity: MEGABYTE / 2 });
    const device = await deviceFor(stage, { flash });
    const { state } = device;
    const { bytes } = flash;
    assert.equal(await device.codes(offer(stage, '/large', { Image: LARGE })), [413]);
    assert.is(device.state, state);
    assert.is(flash.bytes, bytes);
    assert.equal(await device.codes(offer(stage, '/less', { Image: TEXT })), [200]);
    assert.is(readAll(device, `${NAP}/left/Image`), TEXT);
  }),
);

test(
  'by default a large value may have 1,048,576 bytes, and is 413 beyond [HTTP-52 ST-413]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    const { state } = device;
    assert.equal(await device.codes(offer(stage, '/more', { Image: 'v'.repeat(MEGABYTE + 1) })), [413]);
    assert.is(device.state, state);
    assert.equal(await device.codes(offer(stage, '/most', { Image: 'v'.repeat(MEGABYTE) })), [200]);
  }),
);

test(
  'GET tells what was there at the command, whatever comes later; then the value goes [HTTP-56]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    device.client.local.write(`${NAP}/left/Image`, TEXT);
    const replies = await device.run(
      ['GET', `${NAP}/left/Image`],
      offer(stage, '/other', { Image: TEXT.repeat(2) }),
      ['GET', `${NAP}/left/`, `${NAP}/left/Image`],
      ['DELETE', `${NAP}/left/Image`],
      ['GET', `${NAP}/left/Image`],
    );
    assert.equal(
      replies.map(({ sc }) => sc),
      [200, 200, 200, 200, 404],
    );
    assert.equal(replies[0].Data?.[0].MOData, { Image: TEXT });
    assert.equal(
      replies[2].Data?.map(({ MOData }) => MOData),
      [{ NAP: { Image: TEXT.repeat(2) } }, { Image: TEXT.repeat(2) }],
    );
    assert.is(largeRecords(device), 0);
    assert.is(device.state.split('in use')[1], (await stage.restart(device)).state.split('in use')[1]);
  }),
);

test(
  'a GET that does not fit into the reply keeps nothing of it [ST-413]',
  onStage(async (stage) => {
    const device = await deviceFor(stage, { limits: { tree: 2560, value: 512, reply: 400 } });
    device.client.local.write(`${NAP}/left/Image`, TEXT);
    device.client.local.write(`${NAP}/left/Long`, 'x'.repeat(500));
    const { state } = device;
    assert.equal(await device.codes(['GET', `${NAP}/left/`], ['GET', `${NAP}/left/Image`]), [413, 200]);
    assert.is(device.state, state);
  }),
);

test(
  'a value that is damaged gets 500, and all else goes on [HTTP-55 ST-500]',
  onStage(async (stage) => {
    const flash = new MemoryFlash({ capacity: MEGABYTE });
    const first = await deviceFor(stage, { flash });
    first.client.local.write(`${NAP}/left/Image`, TEXT);
    for (const [key, record] of flash.values) if (isLarge(key)) record[record.length - 9] ^= 4;
    const device = await stage.restart(first);
    const hput = ['HPUT', `${stage.server.origin}/up`, `${NAP}/left/`];
    const get = (path: string): string[] => ['GET', `${NAP}/left/${path}`];
    assert.equal(await device.codes(get('Image'), get('Name'), hput, get('Name')), [500, 200, 500, 200]);
    assert.throws(() => readAll(device, `${NAP}/left/Image`), withCode('FLASH_FAILED'));
    assert.is(device.client.local.read(`${NAP}/left/Name`), 'left');
    assert.equal(await device.codes(offer(stage, '/again', { Image: TEXT }), get('Image')), [200, 200]);
    assert.is(readAll(device, `${NAP}/left/Image`), TEXT);
  }),
);

test(
  'a factory bootstrap brings large values, all of it or nothing [BOOT-3 HTTP-51]',
  onStage(async (stage) => {
    const mo = [{ ClientURI: `${NAP}/left/`, MOData: { NAP: { Image: TEXT, Name: 'n' } } }];
    const broken = stage.device({ bootstrap: JSON.stringify(bootstrapWith({ mo })).slice(0, -2) });
    assert.throws(() => broken.start(), withCode('BAD_BOOTSTRAP'));
    assert.is((broken.flash as MemoryFlash).values.size, 0);
    const device = await deviceFor(stage, { bootstrap: bootstrapWith({ mo }) });
    assert.is(readAll(device, `${NAP}/left/Image`), TEXT);
    assert.is(readAll(await stage.restart(device), `${NAP}/left/Image`), TEXT);
  }),
);

test(
  'what the client itself reads is never large [HTTP-57]',
  onStage(async (stage) => {
    const device = await deviceFor(stage, { bootstrap: bootstrapWith({ account: { perm: [ACCOUNT] } }) });
    const account = { SrvID: 'other', SrvURI: 'https://other.example/', Name: TEXT };
    stage.server.setResource('/account', { document: [{ ClientURI: `${ACCOUNT}//`, MOData: { DMAcc: account } }] });
    const { state } = device;
    assert.equal(await device.codes(['HGET', `${stage.server.origin}/account`]), [413]);
    assert.throws(() => device.client.local.write(`${ACCOUNT}//Name`, TEXT), withCode('TOO_LONG'));
    const bootstrap = { MO: [{ ClientURI: `${ACCOUNT}/other/`, MOData: { DMAcc: account } }], CMD: [] };
    assert.throws(() => device.client.applyBootstrap(device.resource(bootstrap)), withCode('BAD_BOOTSTRAP'));
    assert.is(device.state, state);
  }),
);

test(
  'no condition holds on a large value [HTTP-58]',
  onStage(async (stage) => {
    const device = await deviceFor(stage, { limits: { value: 64 } });
    device.client.local.write(`${NAP}/left/Long`, 'v'.repeat(65));
    device.client.local.write(`${NAP}/left/Short`, 'v'.repeat(64));
    const get = (rel: string): string[] => ['GET', `${NAP}/(x)/?nv=(x)/${rel}`];
    assert.equal(await device.codes(get(`Long:${'v'.repeat(65)}`), get(`Short:${'v'.repeat(64)}`)), [404, 200]);
  }),
);

test(
  'a large value is taken as base64 where it is that, and keeps its format [DEF-11]',
  onStage(async (stage) => {
    const moid = 'urn:example:mo:image:1.0';
    const definitions = [{ moid, nodes: ['. node RW *', 'Data b64 RW ?'] }];
    const bootstrap = bootstrapWith({ account: { perm: [moid] } });
    const device = await deviceFor(stage, { bootstrap, definitions });
    const hget = (path: string, text: string): string[] => {
      stage.server.setResource(path, { document: [{ ClientURI: `${moid}//`, MOData: { Image: { Data: text } } }] });
      return ['HGET', `${stage.server.origin}${path}`];
    };
    const image = Buffer.from(TEXT).toString('base64');
    assert.equal(await device.codes(hget('/no', `${image}!`), hget('/yes', image)), [422, 200]);
    const { tree } = (await stage.restart(device)).client.device;
    const leaf = tree.firstChild(tree.firstRoot(moid));
    assert.equal([tree.formatName(leaf), tree.isLarge(leaf)], ['bin', true]);
  }),
);

test(
  'a change of a large value is reported, and no other change reads it',
  onStage(async (stage) => {
    const device = await deviceFor(stage, { limits: { tree: 2560, value: 512, settleTime: 0 } });
    device.client.local.write(`${NAP}/left/Image`, TEXT);
    const bodies = collect(stage);
    assert.equal(await device.codes(['SUB', `${stage.server.origin}/up`, `${NAP}/left/`]), [200]);
    device.client.local.write(`${NAP}/left/Image`, TEXT.repeat(2));
    await device.settled();
    assert.equal(
      bodies.map((body) => JSON.parse(body)[0].MOData.NAP.Image),
      [TEXT.repeat(2)],
    );
    device.client.local.write(`${NAP}/left/Image`, TEXT.repeat(2));
    await device.settled();
    assert.is(bodies.length, 1);
    const again = await stage.restart(device);
    await again.settled();
    assert.is(bodies.length, 1);
  }),
);

function isLarge(key: string): boolean {
  return key.length === 12 && key > '300';
}

function largeRecords({ flash }: TestDevice): number {
  return [...(flash as MemoryFlash).values.keys()].filter(isLarge).length;
}

test.run();
