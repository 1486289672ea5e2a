import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LOOPBACK_TLS } from '../server/loopback-certificate.js';
import { type BootstrapDocument, bootstrapWith, DEVINFO, MMS, mmsDocument } from '../support/device-bootstrap.js';
import { type DeviceSetup, onStage } from '../support/device-fixture.js';

// PROTOCOL.md HTTP-20, HTTP-21, HTTP-43 to HTTP-46: who gets the account's password.
const test = suite('Basic authentication');

const GET_ID = ['GET', `${DEVINFO}//DevID`];
const TRUSTING: DeviceSetup = { http: { ca: LOOPBACK_TLS.cert } };
const SECURE = { tls: LOOPBACK_TLS };
const SENT = `Basic ${Buffer.from('us\u00e9r:pass:w\u00f6rd').toString('base64')}`;

function withPassword(
  trsp: Record<string, unknown> = { Data: 'us\u00e9r', Secret: 'pass:w\u00f6rd' },
): BootstrapDocument {
  return bootstrapWith({ account: { more: { Auth: { Trsp: trsp } } } });
}

test(
  'every package to the account’s server over https has it, without being asked [HTTP-21 HTTP-43 HTTP-46]',
  onStage(async (stage) => {
    const device = await stage.start({ ...TRUSTING, bootstrap: withPassword() });
    await device.converse([{ CMD: [GET_ID] }, { CMD: [['CONT', '{origin}/dm/two']] }, { CMD: [GET_ID] }]);
    assert.equal(
      stage.server.packages.map(({ path, headers }) => [path, headers.authorization]),
      ['/dm', '/dm', '/dm/two', '/dm/two'].map((path) => [path, SENT]),
    );
  }, SECURE),
);

test(
  'over http nobody gets it [HTTP-44]',
  onStage(async (stage) => {
    const device = await stage.start({ bootstrap: withPassword() });
    await device.converse([{ CMD: [GET_ID] }]);
    assert.equal(
      stage.server.packages.map(({ headers }) => headers.authorization),
      [undefined, undefined],
    );
  }),
);

test(
  'an account without a secret sends none; one without a user sends an empty one [HTTP-46]',
  onStage(async (stage) => {
    for (const [trsp, expected] of [
      [{ Data: 'user' }, undefined],
      [{ Data: 'user', Secret: '' }, undefined],
      [{ Secret: 's' }, `Basic ${Buffer.from(':s').toString('base64')}`],
    ] as const) {
      const device = await stage.start({ ...TRUSTING, bootstrap: withPassword(trsp) });
      assert.is(await device.session(), undefined);
      assert.is(stage.server.packages[0].headers.authorization, expected, JSON.stringify(trsp));
    }
  }, SECURE),
);

test(
  'CONT to another server, also to one at the same host: it gets none [HTTP-20 HTTP-45]',
  onStage(async (stage) => {
    const other = await stage.open(SECURE);
    const plain = await stage.open();
    const seen: unknown[] = [];
    for (const server of [other, plain]) {
      server.setResource('/elsewhere', (request, response) => {
        seen.push(request.headers.authorization);
        const CMD = [
          seen.length === 1 ? ['CONT', `${plain.origin}/elsewhere`] : ['CONT', `${stage.server.origin}/end`],
        ];
        request.resume().on('end', () => {
          response.setHeader('Content-Type', 'application/vnd.oma.dm.request+json').end(JSON.stringify({ CMD }));
        });
      });
    }
    stage.server.setResource('/end', (request, response) => {
      seen.push(request.headers.authorization);
      request.resume().on('end', () => response.writeHead(200).end('{"CMD":[["END"]]}'));
    });
    const device = await stage.start({ ...TRUSTING, bootstrap: withPassword() });
    const { code } = await device.converse([{ CMD: [['CONT', `${other.origin}/elsewhere`]] }]);
    assert.equal([code, seen], ['', [undefined, undefined, SENT]]);
  }, SECURE),
);

test(
  'a redirect to another server: it gets none; one within the server keeps it [HTTP-20 HTTP-45]',
  onStage(async (stage) => {
    const other = await stage.open(SECURE);
    const device = await stage.start({ ...TRUSTING, bootstrap: withPassword() });
    stage.server.setSessions([
      { packages: [{ fault: { kind: 'redirect', status: 307, to: '/dm/two' } }, { CMD: [['END']] }] },
      { packages: [{ fault: { kind: 'redirect', status: 308, to: `${other.origin}/dm` } }] },
    ]);
    assert.is(await device.session(), undefined);
    assert.is(await device.session(), undefined);
    assert.equal(
      [...stage.server.packages, ...other.packages].map(({ path, headers }) => [path, headers.authorization]),
      [
        ['/dm', SENT],
        ['/dm/two', SENT],
        ['/dm', SENT],
        ['/dm', undefined],
      ],
    );
  }, SECURE),
);

test(
  'data repositories get none, not even at the account’s server [HTTP-45]',
  onStage(async (stage) => {
    stage.server.setResource('/mms', { document: mmsDocument() });
    const device = await stage.start({ ...TRUSTING, bootstrap: withPassword() });
    const { origin } = stage.server;
    const codes = await device.codes(
      ['HGET', `${origin}/mms`],
      ['HPUT', `${origin}/up`, `${MMS}//`],
      ['HPOST', `${origin}/up`, `${MMS}//`],
    );
    assert.equal(codes, [200, 200, 200]);
    assert.equal(
      stage.server.requests.map(({ headers }) => headers.authorization),
      [undefined, undefined, undefined],
    );
  }, SECURE),
);

test.run();
