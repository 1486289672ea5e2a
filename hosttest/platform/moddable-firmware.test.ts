import * as fs from 'node:fs';
import * as path from 'node:path';
import { encodeNotification } from 'dmlet/server';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ROOT } from '../xs/build.js';
import { machine } from '../xs/xs-suite.js';
import { FIRMWARE, type Firmware, runOnNode, runOnXs } from './moddable-firmware.js';
import type { Given, Outcome } from './moddable-scenario.js';

// The firmware that `npm run build` leaves, on fakes of the SDK: main, the client, an application. On Node and on the XS machine.

const MO = 'application/vnd.oma.dm.mo+json';
const REQUEST = 'application/vnd.oma.dm.request+json';
const SETTINGS = 'GET /Settings/262/01/MMS 127.0.0.1:8462';
const SESSION = 'POST /dm 127.0.0.1:8462';

const bootstrap = fs.readFileSync(path.join(ROOT, 'src/factory/demo/bootstrap.json'), 'utf8');
const library = JSON.parse(fs.readFileSync(path.join(ROOT, 'src/platform/moddable/manifest.json'), 'utf8'));

const mms = JSON.stringify([
  { ClientURI: 'urn:oma:mo:oma-mms:1.3//', MOData: { MMS: { Addr: 'http://mmsc.operator.example' } } },
]);

const dmlet = { ...library.config.dmlet, identity: { MCC: '262', MNC: '01' }, port: 4000 };

const FIRST: Given = {
  config: { dmlet },
  resources: { 'bootstrap.json': bootstrap },
  flash: [],
  datagrams: [],
  answers: { 'POST /dm': [REQUEST, '{"CMD":[["END"]]}'], 'GET /Settings/262/01/MMS': [MO, mms] },
};

const notification = encodeNotification({
  serverId: 'dm.operator.example',
  secret: Buffer.from('open-sesame'),
  data: Buffer.from('nonce'),
  id: 1,
});

type RunFirmware = (given: Given, firmware?: Firmware) => Promise<Outcome>;

function firmwareTests(name: string, run: RunFirmware): void {
  const test = suite(`firmware on ${name}`);

  test('the first start applies the bootstrap, opens its session, and the application gets its settings just in time', async () => {
    const { traced, requests } = await run(FIRST);
    assert.equal([...requests].sort(), [SETTINGS, SESSION]);
    assert.ok(traced.includes('MMS: messages go to http://mmsc.operator.example\n'), traced.join(''));
    assert.ok(traced.includes('dmlet: finished session dm.operator.example ok\n'), traced.join(''));
  });

  test('a restart applies nothing, asks nobody, and the application has its settings', async () => {
    const { flash } = await run(FIRST);
    const again = await run({ ...FIRST, flash });
    assert.equal(again.requests, []);
    assert.equal(again.traced, ['MMS: messages go to http://mmsc.operator.example\n']);
    assert.equal(again.flash, flash);
  });

  test('a notification that comes to the UDP port opens a session; one that is not authentic is noted', async () => {
    const { flash } = await run(FIRST);
    const forged = Uint8Array.from(notification);
    forged[forged.length - 1] ^= 1;
    const got = [forged, notification].map((bytes) => Array.from(bytes));
    const { requests, traced } = await run({ ...FIRST, flash, datagrams: got });
    assert.equal(requests, [SESSION]);
    assert.is(traced.filter((line) => line.startsWith('dmlet: note NOT_AUTHENTIC')).length, 1, traced.join(''));
  });

  test('the command line moves everything to a server in the laboratory, and silences the log', async () => {
    const config = { dmlet, 'dmlet.server': 'http://lab.example:99', 'dmlet.log': '0', 'dmlet.port': '0' };
    const { requests, traced } = await run({ ...FIRST, config, datagrams: [Array.from(notification)] });
    assert.equal([...requests].sort(), ['GET /Settings/262/01/MMS lab.example:99', 'POST /dm lab.example:99']);
    assert.equal(traced, ['MMS: messages go to http://mmsc.operator.example\n']);
  });

  test('with a bootstrap that is none, nothing starts but the device, and it says why', async () => {
    const { requests, traced } = await run({ ...FIRST, resources: { 'bootstrap.json': '{"MO":' } });
    assert.equal(requests, []);
    assert.is(traced.length, 1);
    assert.match(traced[0], /^dmlet: not started: .*BAD_BOOTSTRAP/);
  });

  test('without a bootstrap the client runs, and knows no DEFAULT', async () => {
    const { requests, traced } = await run({ ...FIRST, resources: {} });
    assert.equal(requests, []);
    assert.ok(traced.includes('MMS: no settings: NO_DEFAULT\n'), traced.join(''));
  });

  test('https without TLS in the firmware is a connection that fails', async () => {
    const secure = bootstrap.replaceAll('http://127', 'https://127');
    const { requests, traced } = await run({ ...FIRST, resources: { 'bootstrap.json': secure } });
    assert.equal(requests, []);
    assert.ok(traced.includes('MMS: no settings: NO_CONNECTION\n'), traced.join(''));
  });

  test('another firmware has dmlet as a library, with a main and an identity of its own', async () => {
    const gateway = {
      ...FIRMWARE,
      main: 'moddable/example/gateway.js',
      'dmlet/identity': 'moddable/example/gateway-identity.js',
    };
    const { requests, traced } = await run(FIRST, gateway);
    assert.ok(requests.includes(SESSION));
    assert.ok(traced.includes('gateway: NO_DEFAULT\n'), traced.join(''));
  });

  test('with the bounds for 32 KB the firmware does the same, but for what is larger', async () => {
    const small = { ...FIRMWARE, 'dmlet/limits': 'moddable/limits-32k.js' };
    const { requests } = await run(FIRST, small);
    assert.equal([...requests].sort(), [SETTINGS, SESSION]);
    const more = Array.from({ length: 8 }, (_, i) => `"More${i}":"${'m'.repeat(500)}",`);
    const large = mms.replace(/"MMS": *\{/, (start) => start + more.join(''));
    const answers: Given['answers'] = { ...FIRST.answers, 'GET /Settings/262/01/MMS': [MO, large] };
    const { traced } = await run({ ...FIRST, answers }, small);
    assert.ok(traced.includes('MMS: no settings: TREE_FULL\n'), traced.join(''));
  });

  test('the manifest may set any bound', async () => {
    const config = { dmlet: { ...dmlet, limits: { tree: 256 } } };
    const { traced } = await run({ ...FIRST, config });
    assert.match(traced[0], /^dmlet: not started: .*TREE_FULL/);
  });

  test.run();
}

firmwareTests('Node', runOnNode);
const xs = machine;
if (xs !== undefined) firmwareTests('XS', (given, firmware) => runOnXs(xs, given, firmware));
