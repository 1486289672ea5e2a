import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ACCESS,
  ACCOUNT,
  bootstrapWith,
  DEVINFO,
  devInfoElement,
  FOREIGN,
  MMS,
  mmsDocument,
  NAP,
  napDocument,
} from '../support/device-bootstrap.js';
import { onStage, type Stage, type TestDevice } from '../support/device-fixture.js';

// PROTOCOL.md CMD-HGET-1 to CMD-HGET-7, ST-2, ST-3, §6, §7, HTTP-37: HGET without a ClientURI, what it asks for, and what it returns.
const test = suite('HGET');

const LEFT = { ClientURI: `${MMS}/left/`, MOData: { MMS: { Name: 'left', Addr: 'http://left/' } } };
const RIGHT = { ClientURI: `${MMS}/right/`, MOData: { MMS: { Name: 'right' } } };

/** A device with two MMS objects, and a document at /doc. */
function deviceFor(stage: Stage, document: unknown): Promise<TestDevice> {
  stage.server.setResource('/doc', { document });
  return stage.start({ bootstrap: bootstrapWith({ mo: [LEFT, RIGHT] }) });
}

test(
  'a new instance gets a MIID from the client, and its address is returned [CMD-HGET CMD-HGET-2 CMD-HGET-4 CMD-HGET-5 CMD-HGET-6 CMD-HGET-7 PKG3-4 ST-200]',
  onStage(async (stage) => {
    const device = await deviceFor(stage, napDocument());
    const command = ['HGET', `${stage.server.origin}/doc`];
    assert.equal(await device.run(command), [{ sc: 200, URI: [`${NAP}/m1/`] }]);
    assert.equal(device.client.local.instances(NAP), ['m1']);
    assert.is(device.client.local.read(`${NAP}/m1/Addr`), 'apn.example');
    assert.equal(device.log.about('stored'), [`stored ${NAP}/m1/`, `stored ${ACCESS}/m1/1`]);
  }),
);

test(
  'the MIID is one that no instance of the MOID has [CMD-HGET-7 MO-29 TERM-6]',
  onStage(async (stage) => {
    const taken = { ClientURI: `${NAP}/m1/`, MOData: { NAP: { NapId: 'taken' } } };
    const document = [...napDocument(), ...napDocument({ NapId: 'n2' })];
    stage.server.setResource('/doc', { document });
    const device = await stage.start({ bootstrap: bootstrapWith({ mo: [] }) });
    assert.equal((await device.run(['HGET', `${stage.server.origin}/doc`]))[0].URI, [`${NAP}/m1/`, `${NAP}/m2/`]);
    await device.run(['DELETE', `${NAP}/m1/`]);
    stage.server.setResource('/doc', { document: [{ ...taken, ClientURI: `${NAP}/m2/` }] });
    assert.equal((await device.run(['HGET', `${stage.server.origin}/doc`]))[0].URI, [`${NAP}/m2/`]);
    assert.equal(device.client.local.instances(NAP), ['m2']);
  }),
);

test(
  'an existing instance that the document names is replaced, and nothing else [CMD-HGET-2 MO-27 MO-30]',
  onStage(async (stage) => {
    const device = await deviceFor(stage, [
      { ClientURI: `${MMS}/left/`, MOData: { MMS: { Name: 'new', Extra: { Deep: 1 } } } },
    ]);
    assert.equal(await device.run(['HGET', `${stage.server.origin}/doc`]), [{ sc: 200, URI: [`${MMS}/left/`] }]);
    assert.equal(device.client.local.list(`${MMS}/left/`), ['Name', 'Extra']);
    assert.is(device.client.local.read(`${MMS}/left/Extra/Deep`), 1);
    assert.is(device.client.local.read(`${MMS}/right/Name`), 'right');
  }),
);

test(
  'a MIID that does not exist: 404; the empty one where there are several: 409 [CMD-HGET-8 URI-5]',
  onStage(async (stage) => {
    const device = await deviceFor(stage, [{ ClientURI: `${MMS}/middle/`, MOData: { MMS: { Name: 'x' } } }]);
    const { state } = device;
    assert.equal(await device.codes(['HGET', `${stage.server.origin}/doc`]), [404]);
    stage.server.setResource('/doc', { document: mmsDocument() });
    assert.equal(await device.codes(['HGET', `${stage.server.origin}/doc`]), [409]);
    assert.is(device.state, state);
  }),
);

test(
  'a document of several objects is taken as a whole, each to its place [CMD-HGET-4 CMD-HGET-5 MO-26]',
  onStage(async (stage) => {
    const document = [
      ...napDocument(),
      { ClientURI: `${MMS}/right/Addr`, MOData: { Addr: 'http://right/' } },
      { ClientURI: `${MMS}/left/`, MOData: { MMS: { Name: 'l2' } } },
    ];
    const device = await deviceFor(stage, document);
    assert.equal(await device.run(['HGET', `${stage.server.origin}/doc`]), [
      { sc: 200, URI: [`${NAP}/m1/`, `${MMS}/right/Addr`, `${MMS}/left/`] },
    ]);
    assert.equal(device.client.local.list(`${MMS}/right/`), ['Name', 'Addr']);
    assert.equal(device.client.local.list(`${MMS}/left/`), ['Name']);
  }),
);

/** Whatever is wrong with one element, nothing of the others is taken. */
const BAD_ELEMENTS: [string, unknown, number][] = [
  ['a MOID that is not on the Perm list', { ClientURI: `${FOREIGN}//`, MOData: { X: { A: 1 } } }, 403],
  ['DevInfo', devInfoElement({ DevID: 'forged' }), 405],
  ['a MIID that does not exist', { ClientURI: `${MMS}/middle/`, MOData: { MMS: { Name: 'x' } } }, 404],
  ['no ClientURI', { MOData: { MMS: { Name: 'x' } } }, 502],
  ['a ClientURI that does not parse', { ClientURI: 'nonsense', MOData: { MMS: { Name: 'x' } } }, 502],
  ['no MOData', { ClientURI: `${MMS}/left/` }, 502],
  ['two top members', { ClientURI: `${MMS}/left/`, MOData: { MMS: { A: 1 }, Other: { B: 2 } } }, 502],
  ['an empty MOData', { ClientURI: `${MMS}/left/`, MOData: {} }, 502],
  ['MOData that is no object', { ClientURI: `${MMS}/left/`, MOData: 5 }, 502],
  ['an array in the data', { ClientURI: `${MMS}/left/`, MOData: { MMS: { A: [1] } } }, 502],
  ['a node of an instance that does not exist', { ClientURI: `${NAP}//Name`, MOData: { Name: 'x' } }, 404],
  ['a node below a leaf', { ClientURI: `${MMS}/left/Name/Deeper`, MOData: { Deeper: 'x' } }, 405],
  ['a node below nothing', { ClientURI: `${MMS}/left/No/Deeper`, MOData: { Deeper: 'x' } }, 404],
  ['another name than the node has', { ClientURI: `${MMS}/left/Name`, MOData: { Nome: 'x' } }, 502],
  ['an overlap', { ClientURI: `${MMS}/right/Name`, MOData: { Name: 'x' } }, 422],
];

for (const [what, element, status] of BAD_ELEMENTS) {
  test(
    `one element with ${what}: ${status}, and nothing of the document is taken [ST-2]`,
    onStage(async (stage) => {
      const whole = { ClientURI: `${MMS}/right/`, MOData: { MMS: { Name: 'changed' } } };
      for (const document of [
        [...napDocument(), whole, element],
        [element, whole, ...napDocument()],
      ]) {
        const device = await deviceFor(stage, document);
        const { state } = device;
        assert.equal(await device.codes(['HGET', `${stage.server.origin}/doc`]), [status]);
        assert.is(device.state, state);
        assert.equal(device.log.about('stored'), []);
      }
    }),
  );
}

test(
  'what only a bootstrap writes in an account is not written by a server, even where it is on the Perm list',
  onStage(async (stage) => {
    const account = { SrvID: 'dm.example', SrvURI: `${stage.server.origin}/dm` };
    const parts: [string, string, unknown][] = [
      ['Perm', 'Perm', { 1: { MOID: MMS } }],
      ['Perm/1', '1', { MOID: MMS }],
      ['Perm/1/MOID', 'MOID', MMS],
      ['Perm/9', '9', { MOID: MMS }],
      ['Auth/Bootstrap', 'Bootstrap', { ServerURI: 'https://mine/' }],
      ['Auth/Bootstrap/ServerURI', 'ServerURI', 'https://mine/'],
      ['Auth', 'Auth', { Bootstrap: { ServerURI: 'https://mine/' } }],
      ['', 'DMAcc', { ...account, Perm: { 1: { MOID: MMS } } }],
      ['', 'DMAcc', { ...account, Auth: { Bootstrap: { ServerURI: 'https://mine/' } } }],
    ];
    const more = { Auth: { Bootstrap: { ServerURI: 'https://boot/' } } };
    const device = await stage.start({ bootstrap: bootstrapWith({ account: { perm: [ACCOUNT, DEVINFO], more } }) });
    const { state } = device;
    const url = `${stage.server.origin}/doc`;
    for (const [path, name, value] of parts) {
      const element = { ClientURI: `${ACCOUNT}//${path}`, MOData: { [name]: value } };
      stage.server.setResource('/doc', { document: [element] });
      assert.equal(await device.codes(['HGET', url], ['HGET', url, `${ACCOUNT}//${path}`]), [405, 405], path);
      assert.is(device.state, state, path);
    }
    stage.server.setResource('/doc', { document: [{ ClientURI: `${ACCOUNT}//`, MOData: { DMAcc: account } }] });
    assert.equal(await device.codes(['HGET', url]), [200]);
    assert.is(device.state, state, 'what is left out stays');
  }),
);

test(
  'the request names what it takes, has no body, and its placeholders are replaced [CMD-HGET-1 PH-2 PH-6 PH-7 PH-8 PH-9 PH-10 HTTP-1]',
  onStage(async (stage) => {
    stage.server.setResource(`/${encodeURIComponent('IMEI:490154203237518')}/262/01?net=208-10`, {
      document: napDocument(),
    });
    const device = await stage.start();
    assert.equal(await device.codes(['HGET', `${stage.server.origin}/[DevID]/[MCC]/[MNC]?net=[CMCC]-[CMNC]`]), [200]);
    const [request] = stage.server.requests;
    assert.is(request.method, 'GET');
    assert.is(request.bodyLength, 0);
    assert.match(String(request.headers.accept), 'application/vnd.oma.dm.mo+json');
    assert.match(String(request.headers.accept), 'application/json');
    assert.is(request.headers['if-none-match'], undefined);
    assert.is(request.headers.authorization, undefined);
    assert.is(request.headers['omadm-devid'], undefined);
    assert.is(request.headers.host, new URL(stage.server.origin).host);
  }),
);

test(
  '[MOID] is the MOID at hand [PH-12]',
  onStage(async (stage) => {
    const device = await deviceFor(stage, []);
    const path = `/moid/${encodeURIComponent(NAP)}`;
    stage.server.setResource(path, { document: napDocument() });
    const [withTarget, without] = await device.codes(
      ['HGET', `${stage.server.origin}/moid/[MOID]`, `${NAP}//`],
      ['HGET', `${stage.server.origin}/moid/[MOID]`],
    );
    assert.equal([withTarget, without], [200, 503]);
    assert.equal(
      stage.server.requests.map((request) => request.path),
      [path],
    );
  }),
);

test(
  'a placeholder without a value now: 503, and nothing is asked [PH-18 PH-20 ST-503]',
  onStage(async (stage) => {
    const device = await deviceFor(stage, napDocument());
    device.identity.MCC = '';
    assert.equal(
      await device.codes(['HGET', `${stage.server.origin}/[MCC]`], ['HGET', `${stage.server.origin}/doc`]),
      [503, 200],
    );
    assert.equal(
      stage.server.requests.map(({ path }) => path),
      ['/doc'],
    );
  }),
);

test(
  'the media types of MO data: case and parameters do not matter, and it may be missing [HTTP-37 MO-23 PKG-6 PKG-7]',
  onStage(async (stage) => {
    const device = await deviceFor(stage, []);
    const types = ['application/vnd.oma.dm.mo+json', 'Application/DMMO+JSON', 'application/json; charset=UTF-8', null];
    for (const type of types) {
      stage.server.setResource('/doc', { document: napDocument(), type });
      assert.equal(await device.codes(['HGET', `${stage.server.origin}/doc`]), [200], String(type));
    }
  }),
);

test(
  'one bare object is a document of one [MO-5]',
  onStage(async (stage) => {
    const device = await deviceFor(stage, napDocument()[0]);
    assert.equal(await device.run(['HGET', `${stage.server.origin}/doc`]), [{ sc: 200, URI: [`${NAP}/m1/`] }]);
  }),
);

test(
  'members in any order, unknown ones beside them [MO-2 MO-6 MO-7]',
  onStage(async (stage) => {
    const device = await deviceFor(stage, [
      { CV: '1', MOData: { NAP: { NapId: 'n1' } }, X: [{ MOData: 1 }], ClientURI: `${NAP}//`, DDF: 'http://x/' },
      { MOData: { MMS: { Name: 'late' } }, ClientURI: `${MMS}/left/` },
    ]);
    assert.equal(await device.run(['HGET', `${stage.server.origin}/doc`]), [
      { sc: 200, URI: [`${NAP}/m1/`, `${MMS}/left/`] },
    ]);
    assert.is(device.client.local.read(`${MMS}/left/Name`), 'late');
  }),
);

test.run();
