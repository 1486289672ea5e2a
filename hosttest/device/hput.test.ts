import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ACCOUNT, bootstrapWith, DEV_ID, DEVINFO, FOREIGN } from '../support/device-bootstrap.js';
import { onStage } from '../support/device-fixture.js';
import { elementsOf, LEFT, SENSOR, withSensors } from '../support/sensors.js';

// PROTOCOL.md §3 HPUT and HPOST: what is sent, and what is not.
const test = suite('HPUT, HPOST');

const MO = 'application/vnd.oma.dm.mo+json';

test(
  'the addressed data is sent by PUT, with HPOST by POST [CMD-HPUT CMD-HPUT-1 CMD-HPUT-2 CMD-HPOST CMD-HPOST-1 MO-3 MO-22 HTTP-1]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    const { origin, requests } = stage.server;
    const codes = await device.codes(
      ['HPUT', `${origin}/put`, `${SENSOR}/left/`],
      ['HPOST', `${origin}/post`, `${SENSOR}/right/Data/1`],
    );
    assert.equal(codes, [200, 200]);
    assert.equal(
      requests.map(({ method, path, headers }) => [method, path, headers['content-type'], headers.accept]),
      [
        ['PUT', '/put', MO, '*/*'],
        ['POST', '/post', MO, '*/*'],
      ],
    );
    assert.equal(requests.map(elementsOf), [
      [LEFT],
      [{ ClientURI: `${SENSOR}/right/Data/1`, MOData: { 1: { Value: 30 } } }],
    ]);
  }),
);

test(
  'one element for each match of each address, in their order [CMD-HPUT-3 MO-1 URI-21]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    const uris = [`${SENSOR}/*/Setting`, `${SENSOR}/left/ID`, `${SENSOR}/(x)/Data/*/Value?nv=(x)/ID:GPS`];
    assert.equal(await device.codes(['HPUT', `${stage.server.origin}/put`, ...uris]), [200]);
    assert.equal(elementsOf(stage.server.requests[0]), [
      { ClientURI: `${SENSOR}/left/Setting`, MOData: { Setting: '0xA1' } },
      { ClientURI: `${SENSOR}/right/Setting`, MOData: { Setting: '0xB2' } },
      { ClientURI: `${SENSOR}/left/ID`, MOData: { ID: 'GPS' } },
      { ClientURI: `${SENSOR}/left/Data/1/Value`, MOData: { Value: 100 } },
      { ClientURI: `${SENSOR}/left/Data/2/Value`, MOData: { Value: 200 } },
    ]);
  }),
);

test(
  'the length is announced, in bytes [MO-24 MO-25]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    device.client.local.write(`${SENSOR}/left/ID`, 'ä€\u{1f600} "\\\u0001');
    assert.equal(await device.codes(['HPUT', `${stage.server.origin}/put`, `${SENSOR}/left/ID`]), [200]);
    const [{ headers, body, bodyLength }] = stage.server.requests;
    assert.equal([headers['content-length'], headers['transfer-encoding']], [String(bodyLength), undefined]);
    assert.ok(body.length > body.toString().length);
    assert.equal(JSON.parse(body.toString())[0].MOData, { ID: 'ä€\u{1f600} "\\\u0001' });
  }),
);

test(
  'where nothing matches: 404, and nothing is sent [CMD-HPUT-5 ST-404]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    const put = ['HPUT', `${stage.server.origin}/put`];
    const codes = await device.codes(
      [...put, `${SENSOR}/left/No`],
      [...put, `${SENSOR}/no/`],
      [...put, `${SENSOR}/*/No`],
      [...put, `${SENSOR}/left/ID`, `${SENSOR}/(x)/ID?nv=(x)/ID:No`],
    );
    assert.equal(codes, [404, 404, 404, 404]);
    assert.equal(stage.server.requests, []);
  }),
);

test(
  'where no match holds data: 204, and nothing is sent; beside one that does it is sent [CMD-HPUT-6 ST-204]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    const put = ['HPUT', `${stage.server.origin}/put`];
    const none = [`${SENSOR}/right/None`, `${SENSOR}/right/Null`];
    assert.equal(await device.codes([...put, none[0]], [...put, none[1]], [...put, ...none]), [204, 204, 204]);
    assert.equal(stage.server.requests, []);
    assert.equal(await device.codes([...put, ...none, `${SENSOR}/right/ID`]), [200]);
    assert.equal(
      elementsOf(stage.server.requests[0]).map(({ MOData }) => MOData),
      [{ None: {} }, { Null: null }, { ID: 'Temperature' }],
    );
  }),
);

test(
  'several instances for an empty MIID: 409; what is no ClientURI: 400 [ST-400 ST-409 URI-5]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    const put = ['HPUT', `${stage.server.origin}/put`];
    const codes = await device.codes(
      [...put, `${SENSOR}//`],
      [...put, 'nonsense'],
      [...put, `${SENSOR}/left/(x)/(x)`],
      put,
      ['HPUT', `${SENSOR}/left/`, `${SENSOR}/left/`],
      [...put, `${stage.server.origin}/second`],
    );
    assert.equal(codes, [409, 400, 400, 400, 400, 400]);
    assert.equal(stage.server.requests, []);
  }),
);

test(
  'a MOID that is not on the Perm list, an instance without the right to read it: 403 [ACC-10 ACC-11 ACC-13 ACC-15 ST-403]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    const own = device.client.local.create(SENSOR, 'Sensor');
    device.client.local.write(`${own}ID`, 'private');
    const put = ['HPUT', `${stage.server.origin}/put`];
    const codes = await device.codes(
      [...put, `${FOREIGN}/a/`],
      [...put, `${FOREIGN}/*/`],
      [...put, own],
      [...put, `${own}ID`],
      [...put, `${SENSOR}/left/`, own],
    );
    assert.equal(codes, [403, 403, 403, 403, 403]);
    assert.equal(stage.server.requests, []);
  }),
);

test(
  'wildcards leave out what may not be read [ACC-12]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    const own = device.client.local.create(SENSOR, 'Sensor');
    device.client.local.write(`${own}ID`, 'private');
    device.client.local.write(`${own}Only`, 'private');
    const put = ['HPUT', `${stage.server.origin}/put`];
    const codes = await device.codes([...put, `${SENSOR}/*/ID`], [...put, `${SENSOR}/*/Only`]);
    assert.equal(codes, [200, 404]);
    assert.equal(
      elementsOf(stage.server.requests[0]).map(({ ClientURI }) => ClientURI),
      [`${SENSOR}/left/ID`, `${SENSOR}/right/ID`],
    );
  }),
);

test(
  'secrets are never sent [ACC-7 ACC-8]',
  onStage(async (stage) => {
    const more = { Name: 'Operator', Auth: { Trsp: { Data: 'user', Secret: 'hidden' } } };
    const device = await stage.start({ bootstrap: bootstrapWith({ account: { perm: [ACCOUNT], more } }) });
    const put = ['HPUT', `${stage.server.origin}/put`];
    const codes = await device.codes(
      [...put, `${ACCOUNT}//`],
      [...put, `${ACCOUNT}//Perm`],
      [...put, `${ACCOUNT}//Auth/Trsp/Secret`],
      ['HPOST', `${stage.server.origin}/post`, `${ACCOUNT}/*/Auth/*/*`],
    );
    assert.equal(codes, [200, 403, 403, 200]);
    const [whole, some] = stage.server.requests.map(elementsOf);
    const account = { SrvID: 'dm.example', SrvURI: `${stage.server.origin}/dm`, Name: 'Operator' };
    assert.equal(whole[0].MOData, { DMAcc: { ...account, Auth: { Trsp: { Data: 'user' } } } });
    assert.equal(some, [{ ClientURI: `${ACCOUNT}/operator/Auth/Trsp/Data`, MOData: { Data: 'user' } }]);
  }),
);

test(
  'placeholders of the ServerURI are replaced; [MOID] is that of the first address [PH-2 PH-10 PH-12 PH-18 PH-19 PH-20]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    const uris = [`${SENSOR}/left/ID`, `${DEVINFO}//DevID`];
    const codes = await device.codes(
      ['HPUT', `${stage.server.origin}/[DevID]/[MCC]/[MOID]`, ...uris],
      ['HPUT', `${stage.server.origin}/[Nonsense]`, ...uris],
      ['HPUT', `${stage.server.origin}/[SwV]`, ...uris],
    );
    assert.equal(codes, [200, 400, 503]);
    const path = `/${encodeURIComponent(DEV_ID)}/262/${encodeURIComponent(SENSOR)}`;
    assert.equal(
      stage.seen.filter((line) => line.startsWith('PUT')),
      [`PUT ${path}`],
    );
  }),
);

test(
  'a validator that is current: 304, and nothing is sent; what several addresses leave is sent [CV-4 CV-5 CV-6 CV-9 CV-10 ST-304]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    const put = ['HPUT', `${stage.server.origin}/put`];
    await device.codes([...put, `${SENSOR}/left/`, `${SENSOR}/right/`]);
    const [left, right] = (JSON.parse(stage.server.requests[0].body.toString()) as { CV: string }[]).map(
      ({ CV }) => `?cv=${CV}`,
    );
    stage.server.requests.length = 0;
    const both = [...put, `${SENSOR}/left/${left}`, `${SENSOR}/right/ID${right}`];
    assert.equal(await device.codes([...put, `${SENSOR}/left/${left}`], both), [304, 304]);
    assert.equal(stage.server.requests, []);
    device.client.local.write(`${SENSOR}/right/ID`, 'new');
    assert.equal(await device.codes(both), [200]);
    assert.equal(elementsOf(stage.server.requests[0]), [{ ClientURI: `${SENSOR}/right/ID`, MOData: { ID: 'new' } }]);
  }),
);

test(
  'the next command runs when the upload is answered [SES-12]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    stage.server.setResource('/slow', (_, response) => {
      setTimeout(() => response.writeHead(204).end(), 20);
    });
    const { origin } = stage.server;
    const codes = await device.codes(
      ['HPUT', `${origin}/slow`, `${SENSOR}/left/`],
      ['DELETE', `${SENSOR}/left/`],
      ['HPOST', `${origin}/last`, `${SENSOR}/*/ID`],
    );
    assert.equal(codes, [200, 200, 200]);
    assert.equal(stage.server.requests.map(elementsOf), [
      [LEFT],
      [{ ClientURI: `${SENSOR}/right/ID`, MOData: { ID: 'Temperature' } }],
    ]);
  }),
);

test.run();
