import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ACCOUNT, bootstrapWith, DEVINFO, FOREIGN, MMS, NAP } from '../support/device-bootstrap.js';
import { onStage, type Stage, type TestDevice } from '../support/device-fixture.js';

// PROTOCOL.md CMD-DELETE-1, ST-404, ST-405, ST-409, URI-22: DELETE takes a node away, and all below it.
const test = suite('DELETE');

const MO = [
  { ClientURI: `${MMS}/left/`, MOData: { MMS: { Name: 'left', To: { 1: { Id: 'a' }, 2: { Id: 'b' } } } } },
  { ClientURI: `${MMS}/right/`, MOData: { MMS: { Name: 'right' } } },
  { ClientURI: `${FOREIGN}/a/`, MOData: { X: { A: 1 } } },
];

function deviceFor(stage: Stage): Promise<TestDevice> {
  return stage.start({ bootstrap: bootstrapWith({ mo: MO }) });
}

test(
  'a leaf, a subtree, an instance, the last instance [CMD-DELETE CMD-DELETE-1]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    const { local } = device.client;
    assert.equal(await device.codes(['DELETE', `${MMS}/left/To/1/Id`]), [200]);
    assert.equal(local.list(`${MMS}/left/To/1`), []);
    assert.equal(await device.codes(['DELETE', `${MMS}/left/To`]), [200]);
    assert.equal(local.list(`${MMS}/left/`), ['Name']);
    assert.equal(await device.codes(['DELETE', `${MMS}/left/`]), [200]);
    assert.equal(local.instances(MMS), ['right']);
    assert.equal(await device.codes(['DELETE', `${MMS}//`]), [200]);
    assert.equal(local.instances(MMS), []);
    assert.equal(device.log.about('removed'), [
      `removed ${MMS}/left/To/1/Id`,
      `removed ${MMS}/left/To`,
      `removed ${MMS}/left/`,
      `removed ${MMS}/right/`,
    ]);
    const again = await stage.restart(device);
    assert.equal(again.client.local.instances(MMS), []);
  }),
);

test(
  'what is deleted is gone for the commands that follow [ST-404]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    const codes = await device.codes(
      ['DELETE', `${MMS}/left/Name`],
      ['GET', `${MMS}/left/Name`],
      ['DELETE', `${MMS}/left/Name`],
      ['DELETE', `${MMS}/right/`],
      ['GET', `${MMS}//`],
      ['DELETE', `${MMS}//`],
      ['DELETE', `${MMS}//`],
    );
    assert.equal(codes, [200, 404, 404, 200, 200, 200, 404]);
  }),
);

test(
  'nothing there: 404; several: 409; no right: 403; DevInfo: 405; and nothing is deleted [ACC-10 ST-409 STD-5 STD-6 TERM-11 URI-5 URI-6 ST-403 ST-404 ST-405 URI-22]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    const { state } = device;
    for (const [uri, status] of [
      [`${MMS}/middle/`, 404],
      [`${MMS}/left/No`, 404],
      [`${MMS}/left/Name/Deeper`, 404],
      [`${NAP}//`, 404],
      [`${MMS}//`, 409],
      [`${MMS}/*/`, 409],
      [`${MMS}/*/Name`, 409],
      [`${MMS}/left/To/*`, 409],
      [`${MMS}/left/To/(x)`, 409],
      [`${FOREIGN}/a/`, 403],
      [`${FOREIGN}/a/A`, 403],
      [`${FOREIGN}/b/`, 403],
      [`${ACCOUNT}//`, 403],
      [`${DEVINFO}//`, 405],
      [`${DEVINFO}//DevID`, 405],
      [`${DEVINFO}/m1/DmV`, 405],
    ] as const) {
      assert.equal(await device.codes(['DELETE', uri]), [status], uri);
      assert.is(device.state, state, uri);
    }
  }),
);

test(
  'a wildcard or an x-name that fits one node only will do [URI-22]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    assert.equal(
      await device.codes(['DELETE', `${MMS}/(x)/?nv=(x)/Name:right`], ['DELETE', `${MMS}/*/To/(y)?nv=(y)/Id:b`]),
      [200, 200],
    );
    assert.equal(device.client.local.instances(MMS), ['left']);
    assert.equal(device.client.local.list(`${MMS}/left/To`), ['1']);
  }),
);

test(
  'an account cannot be deleted by its server, even where it is on the Perm list',
  onStage(async (stage) => {
    const device = await stage.start({ bootstrap: bootstrapWith({ account: { perm: [ACCOUNT] } }) });
    const uris = [`${ACCOUNT}//`, `${ACCOUNT}//SrvID`, `${ACCOUNT}//Perm`];
    assert.equal(await device.codes(...uris.map((uri) => ['DELETE', uri])), [405, 405, 405]);
    assert.is(await device.session(), undefined);
  }),
);

test(
  'an instance deleted and one made anew do not mix',
  onStage(async (stage) => {
    stage.server.setResource('/doc', { document: [{ ClientURI: `${MMS}//`, MOData: { MMS: { Fresh: 1 } } }] });
    const device = await deviceFor(stage);
    const hget = ['HGET', `${stage.server.origin}/doc`];
    assert.equal(await device.codes(['DELETE', `${MMS}/left/`], ['DELETE', `${MMS}/right/`], hget), [200, 200, 200]);
    const again = await stage.restart(device);
    assert.equal(again.client.local.instances(MMS), ['m1']);
    assert.equal(again.client.local.list(`${MMS}//`), ['Fresh']);
  }),
);

test.run();
