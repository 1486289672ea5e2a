import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { accountElement, bootstrapWith, DEVINFO, MMS } from '../support/device-bootstrap.js';
import { onStage, withCode } from '../support/device-fixture.js';
import { otherAlerts, type SentAlert, sessionAlerts } from '../support/sent-alerts.js';

// PROTOCOL.md §8: alerts of applications on their way to the servers.
const test = suite('alerts');

const GET_ID = ['GET', `${DEVINFO}//DevID`];
const TWO = bootstrapWith({ mo: [accountElement({ miid: 'second', srvId: 'two', srvUri: '{origin}/dm/two' })] });

/** Package, path and type of each alert. */
function lines(sent: [string, SentAlert][]): string[] {
  return sent.map(([at, { AlertType }]) => `${at} ${AlertType}`);
}

test(
  'every member goes as it was given; only AlertType must be there [ALERT-1 ALERT-2]',
  onStage(async (stage) => {
    const device = await stage.start();
    device.client.alert({
      type: 'urn:example:at:all',
      source: `${MMS}/m1/`,
      target: 'urn:example:target',
      mark: 'minor',
      dataType: 'chr',
      data: 'ä "quoted" \\ \u0001 \u{1f600}',
    });
    device.client.alert({ type: 'urn:example:at:bare' });
    assert.is(await device.session(), undefined);
    assert.equal(
      otherAlerts(stage.server.packages).map(([, alert]) => alert),
      [
        {
          AlertType: 'urn:example:at:all',
          SourceURI: `${MMS}/m1/`,
          TargetURI: 'urn:example:target',
          Mark: 'minor',
          DataType: 'chr',
          Data: 'ä "quoted" \\ \u0001 \u{1f600}',
        },
        { AlertType: 'urn:example:at:bare' },
      ],
    );
  }),
);

test(
  'an alert opens no session; it goes with the next Package#1, behind the session alert, in its order [ALERT-6 ALERT-9 ALERT-12 ALERT-23]',
  onStage(async (stage) => {
    const device = await stage.start();
    for (const type of ['a', 'b', 'c']) device.client.alert({ type });
    await device.idle();
    assert.equal([stage.seen, device.client.dueCount], [[], 0]);
    await device.converse([{ CMD: [GET_ID] }]);
    assert.equal(lines(otherAlerts(stage.server.packages)), ['#1 /dm a', '#1 /dm b', '#1 /dm c']);
    assert.equal(sessionAlerts(stage.server.packages), [{ AlertType: 'urn:oma:at:dm:2.0:ClientInitiatedMgmt' }]);
  }),
);

test(
  'one that comes during a session goes with its next Package#3 [ALERT-12 PKG3-5]',
  onStage(async (stage) => {
    const device = await stage.start();
    stage.server.setResource('/up', (request, response) => {
      device.client.alert({ type: String(request.method) });
      request.resume().on('end', () => response.writeHead(404).end());
    });
    await device.converse([
      { CMD: [GET_ID] },
      { CMD: [['HGET', `${stage.server.origin}/up`, `${MMS}//`]] },
      { CMD: [['HPOST', `${stage.server.origin}/up`, `${DEVINFO}//DevID`]] },
      { CMD: [GET_ID] },
    ]);
    assert.equal(
      stage.seen.filter((line) => line.startsWith('#3')),
      ['#3 200', '#3 404', '#3 404', '#3 200'],
    );
    assert.equal(lines(otherAlerts(stage.server.packages)), ['#3 /dm GET', '#3 /dm POST']);
    const bodies = stage.server.packages.map(({ body }) => Object.keys(body as object).join());
    assert.equal(bodies, ['Alert', 'Status', 'Status,Alert', 'Status,Alert', 'Status']);
  }),
);

test(
  'one that comes in a package with END waits for the next session [ALERT-12 SES-15]',
  onStage(async (stage) => {
    const device = await stage.start();
    stage.server.setResource('/up', (_, response) => {
      device.client.alert({ type: 'late' });
      response.writeHead(404).end();
    });
    await device.converse([{ CMD: [['HGET', `${stage.server.origin}/up`, `${MMS}//`], ['END']] }]);
    assert.equal(lines(otherAlerts(stage.server.packages)), []);
    await device.session();
    assert.equal(lines(otherAlerts(stage.server.packages)), ['#1 /dm late']);
  }),
);

test(
  'it goes to the account that it names, without one to every account, to each once [ALERT-12 ALERT-24]',
  onStage(async (stage) => {
    const device = await stage.start({ bootstrap: TWO });
    device.client.alert({ type: 'all' });
    device.client.alert({ type: 'first', srvId: 'dm.example' });
    device.client.alert({ type: 'second', srvId: 'two' });
    for (const srvId of ['two', 'dm.example', 'two', 'dm.example']) assert.is(await device.session(srvId), undefined);
    assert.equal(lines(otherAlerts(stage.server.packages)), [
      '#1 /dm/two all',
      '#1 /dm/two second',
      '#1 /dm all',
      '#1 /dm first',
    ]);
  }),
);

test(
  'it is taken off flash when the server has answered 200, not before [ALERT-13]',
  onStage(async (stage) => {
    const device = await stage.start();
    device.client.alert({ type: 'kept' });
    const { alerts } = device.client.device;
    for (const [status, left] of [
      [503, 1],
      [404, 1],
      [202, 1],
      [200, 0],
    ]) {
      stage.server.setSessions([{ packages: [{ fault: { kind: 'status', status } }] }]);
      await device.session();
      assert.is(alerts.rows.length, left, String(status));
    }
    stage.server.setSessions([{ packages: [{ fault: { kind: 'garbage', text: 'no answer\r\n\r\n' } }] }]);
    device.client.alert({ type: 'cut' });
    assert.is((await device.session())?.code, 'BAD_HTTP');
    assert.is(alerts.rows.length, 1);
    stage.forget(device);
    await device.session();
    await device.session();
    assert.equal(lines(otherAlerts(stage.server.packages)), ['#1 /dm cut']);
  }),
);

test(
  'the answer need not be readable: the server has got it [ALERT-14]',
  onStage(async (stage) => {
    const device = await stage.start();
    device.client.alert({ type: 'got' });
    await device.converse([{ text: 'nonsense' }]);
    await device.session();
    assert.equal(lines(otherAlerts(stage.server.packages)), ['#1 /dm got']);
  }),
);

test(
  'over a restart alerts keep their order [ALERT-11]',
  onStage(async (stage) => {
    const device = await stage.start();
    for (const type of ['a', 'b', 'c']) device.client.alert({ type });
    await device.session();
    for (const type of ['d', 'e']) device.client.alert({ type });
    const again = await stage.restart(device);
    for (const type of ['f', 'g', 'h']) again.client.alert({ type });
    const last = await stage.restart(again);
    await last.session();
    assert.equal(
      lines(otherAlerts(stage.server.packages)),
      ['d', 'e', 'f', 'g', 'h'].map((type) => `#1 /dm ${type}`),
    );
    assert.equal((await stage.restart(last)).client.device.alerts.rows, []);
  }),
);

test(
  'what is no alert is refused: no type, an unknown mark, an unknown account, one that is too long [ALERT-2 ALERT-3]',
  onStage(async (stage) => {
    const { client } = await stage.start({ bootstrap: TWO });
    assert.throws(() => client.alert({ type: '' }), withCode('BAD_ARGUMENT'));
    assert.throws(() => client.alert({ type: 'x', mark: 'urgent' as 'fatal' }), withCode('BAD_ARGUMENT'));
    assert.throws(() => client.alert({ type: 'x', srvId: 'nobody' }), withCode('NO_ACCOUNT'));
    assert.throws(() => client.alert({ type: 'x', data: 'd'.repeat(2000) }), withCode('TOO_LONG'));
    assert.equal(client.device.alerts.rows, []);
  }),
);

test(
  'an alert that no server could get is refused, and not lost unseen [ALERT-24]',
  onStage(async (stage) => {
    const { client } = await stage.start({ bootstrap: `DEFAULT {origin}/mms ${MMS}` });
    assert.throws(() => client.alert({ type: 'x' }), withCode('NO_ACCOUNT'));
  }),
);

test(
  'a captive portal takes no alert off the queue [ALERT-13]',
  onStage(async (stage) => {
    const device = await stage.start();
    const portal = { text: '<html>Please log in</html>', type: 'text/html' };
    device.client.alert({ type: 'urn:example:at:kept' });
    stage.server.setSessions([{ packages: [portal, portal] }]);
    assert.is((await device.session())?.code, 'BAD_PACKAGE');
    const before = stage.server.packages.length;
    assert.equal(await device.codes(GET_ID), [200]);
    assert.match(stage.server.packages[before].text, 'urn:example:at:kept');
    assert.equal(device.client.device.alerts.rows, []);
  }),
);

test.run();
