import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DEVINFO } from '../support/device-bootstrap.js';
import { onStage } from '../support/device-fixture.js';

// PROTOCOL.md CMD-CONT-1: CONT carries the session on elsewhere.
const test = suite('session: CONT');

const GET_ID = ['GET', `${DEVINFO}//DevID`];

test(
  'every later package of the session goes to the new address [CMD-CONT CMD-CONT-1]',
  onStage(async (stage) => {
    const device = await stage.start();
    const { code, statuses } = await device.converse([
      { CMD: [['CONT', '{origin}/dm/two?a=1'], GET_ID] },
      { CMD: [GET_ID] },
      { CMD: [['CONT', '{origin}/dm/three']] },
      { CMD: [GET_ID] },
    ]);
    assert.equal([code, statuses], ['', [[200, 200], [200], [200], [200]]]);
    assert.equal(
      stage.server.packages.map(({ path }) => path),
      ['/dm', '/dm/two?a=1', '/dm/two?a=1', '/dm/three', '/dm/three'],
    );
  }),
);

test(
  'the next session begins at the address of the account again',
  onStage(async (stage) => {
    const device = await stage.start();
    await device.converse([{ CMD: [['CONT', '{origin}/dm/two']] }]);
    assert.is(await device.session(), undefined);
    assert.equal(
      stage.server.packages.map(({ path }) => path),
      ['/dm', '/dm/two', '/dm'],
    );
  }),
);

test(
  'of two CONT in one package the last one counts',
  onStage(async (stage) => {
    const device = await stage.start();
    await device.converse([
      {
        CMD: [
          ['CONT', '{origin}/dm/two'],
          ['CONT', '{origin}/dm/three'],
        ],
      },
    ]);
    assert.equal(
      stage.server.packages.map(({ path }) => path),
      ['/dm', '/dm/three'],
    );
  }),
);

test(
  'the session may go on at another server',
  onStage(async (stage) => {
    const other = await stage.open();
    const device = await stage.start();
    const sent: string[] = [];
    // A server judges a Package#3 by the session that it has seen itself: this one has seen none, so it is no reference server.
    other.setResource('/elsewhere', (request, response) => {
      sent.push(`${request.method} ${request.headers['omadm-devid']}`);
      request.resume().on('end', () => {
        response.setHeader('Content-Type', 'application/vnd.oma.dm.request+json');
        response.end(JSON.stringify({ CMD: sent.length === 1 ? [GET_ID] : [['END']] }));
      });
    });
    const { code } = await device.converse([{ CMD: [['CONT', `${other.origin}/elsewhere`]] }, { CMD: [GET_ID] }]);
    assert.is(code, '');
    const devId = String(stage.server.packages[0].headers['omadm-devid']);
    assert.equal(sent, [`POST ${devId}`, `POST ${devId}`]);
    assert.is(stage.server.packages.length, 1);
  }),
);

test(
  'an address that cannot be used changes nothing',
  onStage(async (stage) => {
    const device = await stage.start();
    const { statuses } = await device.converse([
      {
        CMD: [
          ['CONT', '{origin}/dm/[Nonsense]'],
          ['CONT', 'urn:x'],
          ['CONT'],
          ['CONT', 'http://'],
          ['CONT', '{origin}/dm/[IMSI]'],
        ],
      },
      {
        CMD: [
          ['CONT', '{origin}/dm/[SwV]'],
          ['CONT', `{origin}/dm/${'x'.repeat(1100)}`],
        ],
      },
    ]);
    assert.equal(statuses, [
      [400, 400, 400, 400, 400],
      [503, 413],
    ]);
    assert.equal(
      stage.server.packages.map(({ path }) => path),
      ['/dm', '/dm', '/dm'],
    );
  }),
);

test(
  'placeholders in the new address are replaced',
  onStage(async (stage) => {
    const device = await stage.start();
    await device.converse([{ CMD: [['CONT', '{origin}/dm/[MCC]-[MNC]']] }]);
    assert.equal(
      stage.server.packages.map(({ path }) => path),
      ['/dm', '/dm/262-01'],
    );
  }),
);

test.run();
