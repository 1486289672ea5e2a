import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ACCOUNT,
  accountElement,
  bootstrapWith,
  DEV_ID,
  DEVINFO,
  devInfoElement,
  MMS,
  NAP,
} from '../support/device-bootstrap.js';
import { onStage } from '../support/device-fixture.js';

// PROTOCOL.md SES-3 to SES-5, PKG1-1 to PKG1-7, PKG3-1, ALERT-6, ALERT-9, ALERT-10: what goes out in a session, and when.
const test = suite('session: packages');

const CLIENT_INITIATED = { Alert: [{ AlertType: 'urn:oma:at:dm:2.0:ClientInitiatedMgmt' }] };
const GET_ID = ['GET', `${DEVINFO}//DevID`];

test(
  'a new account gets one session with BootstrapComplete and all management objects [ALERT-6 ALERT-10 BOOT-16 PKG-1 PKG1-4 PKG1-5 PKG1-7]',
  onStage(async (stage) => {
    const mms = { ClientURI: `${MMS}/left/`, MOData: { MMS: { Name: 'left' } } };
    const more = { ClientURI: `${MMS}/right/`, MOData: { MMS: { Name: 'right' } } };
    const device = stage.device({
      bootstrap: bootstrapWith({ account: { perm: [MMS, NAP, DEVINFO] }, mo: [mms, more] }),
    });
    device.start();
    await device.idle();
    assert.equal(stage.seen, ['#1']);
    assert.equal(stage.server.packages[0].body, {
      MOS: [
        { MOID: MMS, MIID: ['left', 'right'] },
        { MOID: NAP, MIID: [] },
        { MOID: DEVINFO, MIID: ['m1'] },
      ],
      Alert: [{ AlertType: 'urn:oma:at:dm:2.0:BootstrapComplete' }],
    });
  }),
);

test(
  'management objects that are not on the Perm list are not listed',
  onStage(async (stage) => {
    const device = stage.device({ bootstrap: bootstrapWith({ account: { perm: [] } }) });
    device.start();
    await device.idle();
    assert.equal(stage.server.packages[0].body, {
      MOS: [],
      Alert: [{ AlertType: 'urn:oma:at:dm:2.0:BootstrapComplete' }],
    });
  }),
);

test(
  'every new account gets its session, in the order of the bootstrap [BOOT-15]',
  onStage(async (stage) => {
    const accounts = ['first', 'second'].map((srvId) =>
      accountElement({ miid: srvId, srvId, srvUri: `{origin}/dm/${srvId}`, perm: [MMS] }),
    );
    const device = stage.device({ bootstrap: { MO: [...accounts, devInfoElement()] } });
    device.start();
    await device.idle();
    assert.equal(
      stage.server.packages.map(({ path }) => path),
      ['/dm/first', '/dm/second'],
    );
    assert.equal(device.log.about('finished'), ['finished session first ok', 'finished session second ok']);
  }),
);

test(
  'a session that the device opens says so, and lists no management objects [ALERT-2 ALERT-5 ALERT-6 ALERT-9 PKG1-2 SES-1]',
  onStage(async (stage) => {
    const device = await stage.start();
    assert.is(await device.session(), undefined);
    assert.equal(
      stage.server.packages.map(({ body }) => body),
      [CLIENT_INITIATED],
    );
  }),
);

test(
  'the session goes to the account that is asked for [PKG-1]',
  onStage(async (stage) => {
    const other = accountElement({ miid: 'other', srvId: 'other.example', srvUri: '{origin}/dm/other' });
    const device = await stage.start({ bootstrap: bootstrapWith({ mo: [other] }) });
    assert.is(await device.session('other.example'), undefined);
    assert.is(await device.session('dm.example'), undefined);
    assert.is(await device.session(), undefined);
    assert.equal(
      stage.server.packages.map(({ path }) => path),
      ['/dm/other', '/dm', '/dm'],
    );
    assert.is((await device.session('nobody.example'))?.code, 'NO_ACCOUNT');
    assert.is(stage.server.packages.length, 3);
  }),
);

test(
  'a device without account opens no session',
  onStage(async (stage) => {
    const device = await stage.start({ bootstrap: null });
    assert.is((await device.session())?.code, 'NO_ACCOUNT');
    assert.equal(stage.seen, []);
  }),
);

test(
  'every package carries the DevID and the headers of its kind [PKG-5 PKG1-1 PKG3-1 SES-5 HTTP-1 MO-24]',
  onStage(async (stage) => {
    const device = await stage.start();
    await device.converse([{ CMD: [GET_ID] }, { CMD: [GET_ID] }]);
    const headers = stage.server.packages.map(({ headers }) => headers);
    assert.equal(
      headers.map((all) => all['omadm-devid']),
      [DEV_ID, DEV_ID, DEV_ID],
    );
    assert.equal(
      headers.map((all) => all.accept),
      Array(3).fill('application/vnd.oma.dm.request+json'),
    );
    assert.equal(
      headers.map((all) => all['content-type']),
      [
        'application/vnd.oma.dm.initiation+json',
        'application/vnd.oma.dm.response+json',
        'application/vnd.oma.dm.response+json',
      ],
    );
    assert.equal(
      headers.map((all) => all['content-length']),
      stage.server.packages.map(({ text }) => String(text.length)),
    );
  }),
);

test(
  'a DevID that no header can carry, or none at all, prevents the session',
  onStage(async (stage) => {
    for (const DevID of ['', 'IMEI 49', 'IMEI:49\r\nX: y', 'IMEI:\u00e9']) {
      const device = await stage.start({ bootstrap: { MO: [accountElement(), devInfoElement({ DevID })] } });
      assert.is((await device.session())?.code, 'NO_DEVICE_ID', JSON.stringify(DevID));
    }
    assert.equal(stage.seen, []);
  }),
);

test(
  'placeholders in the address of a DM Server are replaced',
  onStage(async (stage) => {
    const device = await stage.start({
      bootstrap: bootstrapWith({ account: { srvUri: '{origin}/dm/[CMCC]/[DevID]' } }),
    });
    assert.is(await device.session(), undefined);
    assert.equal(
      stage.server.packages.map(({ path }) => path),
      [`/dm/208/${encodeURIComponent(DEV_ID)}`],
    );
    device.identity.CMCC = '';
    assert.is((await device.session())?.code, 'NO_VALUE');
    assert.is(stage.server.packages.length, 1);
  }),
);

test(
  'the session goes on until a package holds END [PKG-2 PKG-3 SES-3]',
  onStage(async (stage) => {
    const device = await stage.start();
    const { code, statuses } = await device.converse([
      { CMD: [GET_ID] },
      { CMD: [['GET', `${DEVINFO}//Nothing`], GET_ID] },
      { CMD: [] },
      { CMD: [GET_ID, GET_ID, GET_ID] },
      { CMD: [['END']] },
      { CMD: [GET_ID] },
    ]);
    assert.is(code, '');
    assert.equal(statuses, [[200], [404, 200], [], [200, 200, 200]]);
    assert.equal(stage.seen, ['#1', '#3 200', '#3 404 200', '#3', '#3 200 200 200']);
  }),
);

test(
  'an empty list of commands is answered with an empty list of statuses [PKG3-5]',
  onStage(async (stage) => {
    const device = await stage.start();
    await device.converse([{ CMD: [] }]);
    assert.is(stage.server.packages[1].text, '{"Status":[]}');
  }),
);

test(
  'two packages are never under way at once: each waits for the answer to the one before [SES-4]',
  onStage(async (stage) => {
    const device = await stage.start();
    await device.converse([{ CMD: [GET_ID] }, { CMD: [GET_ID] }]);
    const packages = device.log.about('package').map((line) => line.split(' ')[1]);
    assert.equal(packages, ['1', '2', '3', '2', '3', '2']);
  }),
);

test(
  'sessions that are asked for together run one after the other',
  onStage(async (stage) => {
    const device = await stage.start();
    stage.server.setSessions([{ packages: [{ CMD: [GET_ID] }] }, { packages: [{ CMD: [GET_ID, GET_ID] }] }]);
    const errors = await Promise.all([device.session(), device.session(), device.session()]);
    assert.equal(errors, [undefined, undefined, undefined]);
    assert.equal(stage.seen, ['#1', '#3 200', '#1', '#3 200 200', '#1']);
  }),
);

test(
  'the data of a Package#3 is what the tree held at the command [SES-20]',
  onStage(async (stage) => {
    const document = [{ ClientURI: `${MMS}//`, MOData: { MMS: { Name: 'new' } } }];
    stage.server.setResource('/mms', { document });
    const mo = [{ ClientURI: `${MMS}/a/`, MOData: { MMS: { Name: 'old' } } }];
    const device = await stage.start({ bootstrap: bootstrapWith({ mo }) });
    const get = ['GET', `${MMS}//Name`];
    const [before, hget, after] = await device.run(get, ['HGET', '{origin}/mms'], get);
    assert.equal(before.Data, [{ ClientURI: `${MMS}/a/Name`, MOData: { Name: 'old' } }]);
    assert.equal(hget, { sc: 200, URI: [`${MMS}/a/`] });
    assert.equal(after.Data, [{ ClientURI: `${MMS}/a/Name`, MOData: { Name: 'new' } }]);
  }),
);

test(
  'an account that may manage accounts is listed with all accounts',
  onStage(async (stage) => {
    const device = stage.device({ bootstrap: bootstrapWith({ account: { perm: [ACCOUNT] } }) });
    device.start();
    await device.idle();
    assert.equal((stage.server.packages[0].body as { MOS: unknown }).MOS, [{ MOID: ACCOUNT, MIID: ['operator'] }]);
  }),
);

test.run();
