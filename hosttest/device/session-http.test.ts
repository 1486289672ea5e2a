import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LOOPBACK_TLS } from '../server/loopback-certificate.js';
import { bootstrapWith, DEVINFO, MMS, mmsDocument } from '../support/device-bootstrap.js';
import { onStage } from '../support/device-fixture.js';

// PROTOCOL.md SES-8, SES-9, PKG-6, PKG-7, PKG2-1 to PKG2-3, HTTP-16: what HTTP says around the packages.
const test = suite('session: HTTP');

const GET_ID = ['GET', `${DEVINFO}//DevID`];
const PACKAGE = { CMD: [GET_ID] };
const REQUEST = 'application/vnd.oma.dm.request+json';

for (const status of [400, 401, 403, 404, 408, 429, 500, 503, 204, 206, 301, 302, 303, 304]) {
  test(
    `status ${status} for Package#1 ends the session with that status [SES-8 SES-9]`,
    onStage(async (stage) => {
      const device = await stage.start();
      const { error } = await device.converse([{ package: PACKAGE, fault: { kind: 'status', status } }]);
      assert.equal([error?.code, error?.status], ['HTTP_STATUS', status]);
      assert.equal(stage.seen, ['#1']);
    }),
  );
}

for (const status of [400, 404, 500, 503]) {
  test(
    `status ${status} for Package#3 ends the session, and what ran stays [SES-8 SES-9]`,
    onStage(async (stage) => {
      const device = await stage.start();
      const commands = [['DEFAULT', 'https://cfg.example/', 'urn:oma:mo:oma-mms:1.3']];
      const { error } = await device.converse([
        { CMD: commands },
        { package: PACKAGE, fault: { kind: 'status', status } },
        PACKAGE,
      ]);
      assert.equal([error?.code, error?.status], ['HTTP_STATUS', status]);
      assert.equal(stage.seen, ['#1', '#3 200']);
      assert.is(device.client.device.defaults.rows.length, 1);
    }),
  );
}

test(
  'the session that was refused is not repeated by itself; the next one begins anew [SES-9]',
  onStage(async (stage) => {
    const device = await stage.start();
    stage.server.setSessions([
      { packages: [{ fault: { kind: 'status', status: 503, retryAfter: 0 } }] },
      { packages: [PACKAGE] },
    ]);
    assert.is((await device.session())?.code, 'HTTP_STATUS');
    await device.idle();
    assert.equal(stage.seen, ['#1']);
    assert.is(await device.session(), undefined);
    assert.equal(stage.seen, ['#1', '#1', '#3 200']);
  }),
);

test(
  'Retry-After comes to the caller',
  onStage(async (stage) => {
    const device = await stage.start();
    const { error } = await device.converse([{ fault: { kind: 'status', status: 503, retryAfter: 120 } }]);
    assert.equal([error?.retryAfter, error?.transient], [120, true]);
  }),
);

test(
  'the media type of a Package#2: case and parameters do not matter, and it may be missing [PKG-6 PKG-7 PKG2-1 PKG2-2]',
  onStage(async (stage) => {
    const device = await stage.start();
    const types = [REQUEST.toUpperCase(), `${REQUEST}; charset=utf-8`, `${REQUEST} ;CharSet="UTF-8"`, null];
    for (const type of types) {
      const { code, statuses } = await device.converse([{ package: PACKAGE, type }]);
      assert.equal([code, statuses], ['', [[200]]], String(type));
    }
  }),
);

test(
  'a Package#2 of another media type is unreadable: none of its commands runs [PKG2-1 PKG2-3]',
  onStage(async (stage) => {
    const device = await stage.start();
    for (const type of ['application/json', 'text/html', `${REQUEST}x`, 'application/vnd.oma.dm.response+json']) {
      const { code, statuses } = await device.converse([
        { package: { CMD: [['DEFAULT', 'https://cfg.example/', 'urn:oma:mo:oma-mms:1.3']] }, type },
        { CMD: [] },
      ]);
      assert.equal([code, statuses], ['', [[400], []]], type);
    }
    assert.is(device.client.device.defaults.rows.length, 0);
  }),
);

test(
  '307 and 308 send a package again, elsewhere; the session goes on where it was [HTTP-16]',
  onStage(async (stage) => {
    const device = await stage.start();
    for (const status of [307, 308]) {
      stage.forget(device);
      const redirect = { fault: { kind: 'redirect' as const, status, to: '{origin}/dm/moved' } };
      const { code, statuses } = await device.converse([redirect, PACKAGE, redirect, PACKAGE]);
      assert.equal([code, statuses], ['', [[200], [200], [200]]]);
      const sent = stage.server.packages.map(({ number, path }) => `${number} ${path}`);
      assert.equal(sent, ['1 /dm', '1 /dm/moved', '3 /dm', '3 /dm/moved', '3 /dm']);
      const { packages } = stage.server;
      assert.is(packages[1].text, packages[0].text);
    }
  }),
);

test(
  'a package that is redirected for ever ends the session with the last status',
  onStage(async (stage) => {
    const device = await stage.start();
    const { error } = await device.converse([{ fault: { kind: 'redirect', status: 307, to: '{origin}/dm' } }]);
    assert.equal([error?.code, error?.status], ['HTTP_STATUS', 307]);
    assert.is(stage.server.packages.length, 4);
  }),
);

test(
  'a server that is not there, or has no address, ends the session with NO_CONNECTION',
  onStage(async (stage) => {
    const gone = await stage.open();
    await gone.close();
    for (const srvUri of [`${gone.origin}/dm`, 'http://no-such-host..invalid/dm']) {
      const device = await stage.start({ bootstrap: bootstrapWith({ account: { srvUri } }), random: 0.99 });
      assert.is((await device.session())?.code, 'NO_CONNECTION', srvUri);
    }
    assert.equal(stage.seen, []);
  }),
);

test(
  'a server that does not answer ends the session with TIMEOUT, in whatever place it stops [SES-7]',
  onStage(async (stage) => {
    const device = await stage.start({ limits: { headersTime: 200, idleTime: 200 } });
    for (const after of [-1, 0, 8]) {
      const { error, replies } = await device.converse([{ package: PACKAGE, fault: { kind: 'stall', after } }]);
      assert.equal([error?.code, replies], ['TIMEOUT', []], `after ${after}`);
    }
    assert.is(await device.session(), undefined);
  }),
);

test(
  'a connection that closes before the answer ends the session with CUT_SHORT',
  onStage(async (stage) => {
    const device = await stage.start();
    const { error } = await device.converse([PACKAGE, { fault: { kind: 'close', after: -1 } }]);
    assert.is(error?.code, 'CUT_SHORT');
    assert.is(await device.session(), undefined);
  }),
);

test(
  'an answer that is no HTTP ends the session with BAD_HTTP',
  onStage(async (stage) => {
    const device = await stage.start();
    const { error } = await device.converse([{ fault: { kind: 'garbage', text: 'SSH-2.0-OpenSSH\r\n' } }]);
    assert.is(error?.code, 'BAD_HTTP');
  }),
);

test(
  'a Package#2 in chunks, in drops, without a reason phrase or with many headers is as good as any',
  onStage(async (stage) => {
    const device = await stage.start();
    const { code, statuses } = await device.converse([
      { package: PACKAGE, fault: { kind: 'chunked', size: 1 } },
      { package: PACKAGE, fault: { kind: 'drip', bytes: 1, interval: 0 } },
      { package: PACKAGE, fault: { kind: 'noreason' } },
      { package: PACKAGE, fault: { kind: 'headers', count: 100, size: 100 } },
    ]);
    assert.equal([code, statuses], ['', [[200], [200], [200], [200]]]);
  }),
);

test(
  'a session, a fetch and just-in-time configuration over TLS',
  onStage(
    async (stage) => {
      stage.server.setResource('/mms', { document: mmsDocument(), etag: '"1"' });
      const device = await stage.start({
        bootstrap: bootstrapWith({ cmd: [['DEFAULT', '{origin}/mms', MMS]] }),
        http: { ca: LOOPBACK_TLS.cert },
      });
      assert.match(stage.server.origin, /^https:/);
      const { code, statuses } = await device.converse([
        PACKAGE,
        {
          CMD: [
            ['HGET', '{origin}/mms'],
            ['CONT', '{origin}/dm/two'],
          ],
        },
        PACKAGE,
      ]);
      assert.equal([code, statuses], ['', [[200], [200, 200], [200]]]);
      assert.equal((await device.configure(MMS)).uris, [`${MMS}/m1/`]);
    },
    { tls: LOOPBACK_TLS },
  ),
);

test(
  'a DM Server whose certificate is not trusted gets nothing of a session',
  onStage(
    async (stage) => {
      const device = await stage.start({ random: 0.99 });
      assert.is((await device.session())?.code, 'NO_CONNECTION');
      assert.equal(stage.server.packages, []);
    },
    { tls: LOOPBACK_TLS },
  ),
);

test(
  'a server may take its time between packages: only the limits of the client end the wait [SES-6]',
  onStage(async (stage) => {
    const late = { package: PACKAGE, fault: { kind: 'delay' as const, ms: 400 } };
    const device = await stage.start({ limits: { idleTime: 150, connectTime: 150, readAheadTime: 150 } });
    const { code, statuses } = await device.converse([late, late]);
    assert.equal([code, statuses], ['', [[200], [200]]]);
  }),
);

test.run();
