import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DEV_ID, DEVINFO } from '../support/device-bootstrap.js';
import { onStage } from '../support/device-fixture.js';

// PROTOCOL.md §3 SHOW.
const test = suite('SHOW');

const GET_ID = ['GET', `${DEVINFO}//DevID`];

test(
  'the page is opened, its placeholders replaced, and the next command runs [CMD-SHOW CMD-SHOW-1 CMD-SHOW-2 PH-2]',
  onStage(async (stage) => {
    const device = await stage.start();
    const shown: string[] = [];
    device.platform.ui = { show: (url) => shown.push(`${url} ${device.log.about('session').length}`) };
    const codes = await device.codes(['SHOW', 'https://page.example/[DevID]?a=[MCC]'], GET_ID, [
      'SHOW',
      'http://two.example',
    ]);
    assert.equal(codes, [200, 200, 200]);
    assert.equal(shown, [`https://page.example/${encodeURIComponent(DEV_ID)}?a=262 0`, 'http://two.example 2']);
    assert.equal(stage.server.requests, []);
  }),
);

test(
  'without a browser: 501 [CMD-5 ST-501]',
  onStage(async (stage) => {
    const device = await stage.start();
    assert.equal(await device.codes(['SHOW', 'https://page.example/'], GET_ID), [501, 200]);
  }),
);

test(
  'what cannot be opened is not: 400, 503, 413 [PH-18 PH-19 PH-20 ST-400]',
  onStage(async (stage) => {
    const device = await stage.start();
    const shown: string[] = [];
    device.platform.ui = { show: (url) => shown.push(url) };
    const codes = await device.codes(
      ['SHOW', 'https://page.example/[Nonsense]'],
      ['SHOW', 'https://page.example/[SwV]'],
      ['SHOW', 'https://page.example/[IMSI]'],
      ['SHOW', 'javascript:alert(1)'],
      ['SHOW', 'file:///etc/passwd'],
      ['SHOW', 'https://'],
      ['SHOW'],
      ['SHOW', 'https://page.example/', 'https://page.example/'],
      ['SHOW', `https://page.example/${'x'.repeat(1100)}`],
    );
    assert.equal(codes, [400, 503, 400, 400, 400, 400, 400, 400, 413]);
    assert.equal(shown, []);
  }),
);

test(
  'a browser that throws: 500, and the session goes on [ST-500 ST-1]',
  onStage(async (stage) => {
    const device = await stage.start();
    device.platform.ui = {
      show() {
        throw new Error('no display');
      },
    };
    assert.equal(await device.codes(['SHOW', 'https://page.example/'], GET_ID), [500, 200]);
  }),
);

test.run();
