import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bootstrapWith, DEVINFO, FOREIGN, MMS, NAP } from '../support/device-bootstrap.js';
import { onStage, type Stage, type TestDevice } from '../support/device-fixture.js';

// PROTOCOL.md CMD-HGET-3, CMD-HGET-8, URI-22, URI-23, MO-4, MO-12, MO-32: HGET with a ClientURI stores what it gets there.
const test = suite('HGET with a ClientURI');

const LEFT = { ClientURI: `${MMS}/left/`, MOData: { MMS: { Name: 'left', To: { 1: { Id: 'a' }, 2: { Id: 'b' } } } } };
const RIGHT = { ClientURI: `${MMS}/right/`, MOData: { MMS: { Name: 'right' } } };

async function deviceFor(stage: Stage): Promise<TestDevice> {
  return stage.start({ bootstrap: bootstrapWith({ mo: [LEFT, RIGHT] }) });
}

/** Fetches a document to a place. @returns the status, without which nothing comes back. */
async function fetchTo(device: TestDevice, stage: Stage, document: unknown, target: string): Promise<number> {
  stage.server.setResource('/doc', { document });
  const [status] = await device.run(['HGET', `${stage.server.origin}/doc`, target]);
  assert.equal(Object.keys(status), ['sc'], 'no URI: the server named the place itself');
  return status.sc;
}

test(
  'replaces a leaf, an interior node, an instance [CMD-HGET-3 MO-4 MO-30]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    const { local } = device.client;
    assert.is(await fetchTo(device, stage, { MOData: { Name: 'new' } }, `${MMS}/left/Name`), 200);
    assert.is(local.read(`${MMS}/left/Name`), 'new');
    assert.equal(local.list(`${MMS}/left/To`), ['1', '2']);
    assert.is(await fetchTo(device, stage, [{ MOData: { To: { 3: { Id: 'c' } } } }], `${MMS}/left/To`), 200);
    assert.equal(local.list(`${MMS}/left/To`), ['3']);
    assert.is(await fetchTo(device, stage, [{ MOData: { MMS: { Only: true } } }], `${MMS}/left/`), 200);
    assert.equal(local.list(`${MMS}/left/`), ['Only']);
    assert.is(local.read(`${MMS}/right/Name`), 'right');
  }),
);

test(
  'a leaf may become an interior node, and an interior node a leaf',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    const { local } = device.client;
    assert.is(await fetchTo(device, stage, { MOData: { Name: { Long: 'x', Short: 'y' } } }, `${MMS}/left/Name`), 200);
    assert.equal(local.list(`${MMS}/left/Name`), ['Long', 'Short']);
    assert.is(await fetchTo(device, stage, { MOData: { To: 7 } }, `${MMS}/left/To`), 200);
    assert.is(local.read(`${MMS}/left/To`), 7);
  }),
);

test(
  'makes a node that does not exist, below one that does [URI-23 ST-404 ST-405]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    const { local } = device.client;
    assert.is(await fetchTo(device, stage, { MOData: { Addr: 'http://x/' } }, `${MMS}/left/Addr`), 200);
    assert.equal(local.list(`${MMS}/left/`), ['Name', 'To', 'Addr']);
    assert.is(await fetchTo(device, stage, { MOData: { 9: { Id: 'n' } } }, `${MMS}/left/To/9`), 200);
    assert.is(local.read(`${MMS}/left/To/9/Id`), 'n');
    assert.is(await fetchTo(device, stage, { MOData: { Id: 'n' } }, `${MMS}/left/To/8/Id`), 404);
    assert.is(await fetchTo(device, stage, { MOData: { X: 'n' } }, `${MMS}/left/Name/X`), 405);
  }),
);

test(
  'makes the only instance, and replaces it the next time [MO-28 URI-6]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    const { local } = device.client;
    assert.is(await fetchTo(device, stage, { MOData: { NAP: { NapId: '1' } } }, `${NAP}//`), 200);
    assert.is(await fetchTo(device, stage, { MOData: { NAP: { NapId: '2' } } }, `${NAP}//`), 200);
    assert.equal(local.instances(NAP), ['m1']);
    assert.is(local.read(`${NAP}//NapId`), '2');
  }),
);

test(
  'a MIID that does not exist: 404; several places: 409; and nothing is fetched [ACC-10 CMD-HGET-8 ST-409 STD-6 TERM-11 URI-5 URI-6 ST-403 ST-404 ST-405 URI-22]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    const document = { MOData: { MMS: { Name: 'x' } } };
    const { state } = device;
    for (const [target, status] of [
      [`${MMS}/middle/`, 404],
      [`${MMS}/middle/Name`, 404],
      [`${NAP}//Name`, 404],
      [`${MMS}/left/No/Such`, 404],
      [`${MMS}//`, 409],
      [`${MMS}//Name`, 409],
      [`${MMS}/*/Name`, 409],
      [`${MMS}/*/`, 409],
      [`${MMS}/left/To/*/Id`, 409],
      [`${MMS}/(x)/?nv=(x)/Name:middle`, 404],
      [`${MMS}/left/To/(x)/Other`, 409],
      [`${FOREIGN}//`, 403],
      [`${DEVINFO}//`, 405],
      [`${DEVINFO}//Lang`, 405],
      [`${DEVINFO}//Ext`, 405],
    ] as const) {
      assert.is(await fetchTo(device, stage, document, target), status, target);
    }
    assert.equal(stage.server.requests, []);
    assert.is(device.state, state);
  }),
);

test(
  'wildcards and x-names that fit one place only will do [URI-22]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    const { local } = device.client;
    assert.is(await fetchTo(device, stage, { MOData: { Name: 'r2' } }, `${MMS}/(x)/Name?nv=(x)/Name:right`), 200);
    assert.is(local.read(`${MMS}/right/Name`), 'r2');
    assert.is(await fetchTo(device, stage, { MOData: { Id: 'b2' } }, `${MMS}/*/To/(y)/Id?nv=(y)/Id:b`), 200);
    assert.is(local.read(`${MMS}/left/To/2/Id`), 'b2');
    assert.is(await fetchTo(device, stage, { MOData: { New: 1 } }, `${MMS}/(x)/New?nv=(x)/Name:r2`), 200);
    assert.is(local.read(`${MMS}/right/New`), 1);
  }),
);

test(
  'of a document that is rooted at the MO root, the part of the target is taken [MO-12]',
  onStage(async (stage) => {
    const MMSData = { Junk: { Name: 'no' }, To: { 1: { Id: 'first', Extra: 1 }, 2: { Id: 'second' } }, Name: 'no' };
    for (const document of [
      [{ ClientURI: `${MMS}/left/`, MOData: { MMS: MMSData } }],
      [{ MOData: { MMS: MMSData }, ClientURI: `${MMS}/left/` }],
      { MOData: { MMS: MMSData } },
    ]) {
      const device = await deviceFor(stage);
      const { local } = device.client;
      assert.is(await fetchTo(device, stage, document, `${MMS}/left/To/1`), 200, JSON.stringify(document));
      assert.equal(local.list(`${MMS}/left/To/1`), ['Id', 'Extra']);
      assert.is(local.read(`${MMS}/left/To/2/Id`), 'b');
      assert.is(local.read(`${MMS}/left/Name`), 'left');
      assert.is(await fetchTo(device, stage, { MOData: { MMS: MMSData } }, `${MMS}/left/To/7`), 502);
      assert.is(await fetchTo(device, stage, { MOData: { Other: MMSData } }, `${MMS}/left/To/1`), 502);
    }
  }),
);

test(
  'a document of any size, of which little is kept [HTTP-25]',
  onStage(async (stage) => {
    const junk = Object.fromEntries(
      Array.from({ length: 3000 }, (_, index) => [`name${index}`, { [`v${index}`]: 'x'.repeat(90) }]),
    );
    const device = await deviceFor(stage);
    for (const MOData of [
      { MMS: { Junk: junk, To: { 1: { Id: 'kept' } }, More: junk } },
      { MMS: { To: { 0: junk, 1: { Id: 'kept again' }, 2: junk } } },
    ]) {
      const document = [
        { ClientURI: `${NAP}//`, MOData: { NAP: junk } },
        { ClientURI: `${MMS}/left/`, MOData },
      ];
      assert.ok(JSON.stringify(document).length > 700000);
      assert.is(await fetchTo(device, stage, document, `${MMS}/left/To/1`), 200);
    }
    assert.is(device.client.local.read(`${MMS}/left/To/1/Id`), 'kept again');
    assert.equal([device.client.local.list(`${MMS}/left/`), device.client.local.instances(NAP)], [['Name', 'To'], []]);
  }),
);

test(
  'elements of other MOIDs are passed over; two of the same are a conflict [MO-32 MO-34 ST-422]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    const other = { ClientURI: `${NAP}//`, MOData: { NAP: { NapId: 'other' } } };
    const name = { ClientURI: `${MMS}/left/Name`, MOData: { Name: 'one' } };
    assert.is(await fetchTo(device, stage, [other, name, other], `${MMS}/left/Name`), 200);
    assert.is(device.client.local.read(`${MMS}/left/Name`), 'one');
    assert.equal(device.client.local.instances(NAP), []);
    const { state } = device;
    assert.is(await fetchTo(device, stage, [name, name], `${MMS}/left/Name`), 422);
    assert.is(await fetchTo(device, stage, [other], `${MMS}/left/Name`), 502);
    assert.is(await fetchTo(device, stage, [], `${MMS}/left/Name`), 502);
    assert.is(device.state, state);
  }),
);

test(
  'the same data again writes nothing, and tells nobody',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    let told = 0;
    device.client.local.watch(`${MMS}/left/`, () => {
      told += 1;
    });
    const before = (device.flash as { writes?: number }).writes;
    assert.is(await fetchTo(device, stage, LEFT, `${MMS}/left/`), 200);
    await device.idle();
    assert.is((device.flash as { writes?: number }).writes, before);
    assert.equal([told, device.log.about('stored')], [0, []]);
  }),
);

test(
  'names are percent-decoded in addresses, and kept as they are in data [URI-19]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    const { local } = device.client;
    assert.is(await fetchTo(device, stage, { MOData: { 'a/b ?': 'odd' } }, `${MMS}/left/a%2Fb%20%3F`), 200);
    assert.equal(local.list(`${MMS}/left/`), ['Name', 'To', 'a/b ?']);
    assert.is(local.read(`${MMS}/left/a%2fb%20%3f`), 'odd');
    assert.is(await fetchTo(device, stage, { MOData: { '*': 1 } }, `${MMS}/left/%2A`), 200);
    assert.is(await fetchTo(device, stage, { MOData: { '(x)': 2 } }, `${MMS}/left/%28x%29`), 200);
    const [reply] = await device.run(['GET', `${MMS}/left/%2A`, `${MMS}/left/%28x%29`, `${MMS}/left/a%2Fb%20%3F`]);
    assert.equal(
      reply.Data?.map(({ MOData }) => MOData),
      [{ '*': 1 }, { '(x)': 2 }, { 'a/b ?': 'odd' }],
    );
    const uris = reply.Data?.map(({ ClientURI }) => String(ClientURI)) ?? [];
    assert.equal(
      uris.map((uri) => local.read(uri)),
      [1, 2, 'odd'],
    );
  }),
);

test.run();
