import type { Fault, ReferenceServer } from 'dmlet/server';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LOOPBACK_TLS } from '../server/loopback-certificate.js';
import { bootstrapWith, MMS, mmsDocument, NAP } from '../support/device-bootstrap.js';
import { onStage, type Stage, type TestDevice } from '../support/device-fixture.js';

// PROTOCOL.md ST-1 to ST-3, ST-408, ST-415, ST-502, ST-503, ST-HTTP: whatever a Data Repository does, the command has its status, the tree is untouched, and the session goes on.
const test = suite('repository: faults');

const DOCUMENT = [{ ClientURI: `${MMS}/a/`, MOData: { MMS: { Name: 'new', Addr: 'http://new/' } } }];
const TEXT = JSON.stringify(DOCUMENT);

function deviceFor(stage: Stage, limits = {}): Promise<TestDevice> {
  const mo = [{ ClientURI: `${MMS}/a/`, MOData: { MMS: { Name: 'old', To: { 1: { Id: 'x' } } } } }];
  return stage.start({ bootstrap: bootstrapWith({ mo }), limits, http: { ca: LOOPBACK_TLS.cert } });
}

/** Fetches `url`, then something good, in one session. The first must leave no trace. @returns its status. */
async function statusOf(stage: Stage, device: TestDevice, url: string): Promise<number> {
  stage.server.setResource('/good', { document: [{ ClientURI: `${NAP}//`, MOData: { NAP: { NapId: 'n' } } }] });
  // The first instance that a server makes brings the access control MO, which stays.
  const [first, gone] = await device.codes(['HGET', `${stage.server.origin}/good`], ['DELETE', `${NAP}//`]);
  assert.equal([first, gone], [200, 200]);
  const { state } = device;
  const [bad, good, removed] = await device.run(
    ['HGET', url],
    ['HGET', `${stage.server.origin}/good`],
    ['DELETE', `${NAP}//`],
  );
  assert.equal([good.sc, removed.sc], [200, 200], 'the next commands');
  assert.equal(Object.keys(bad), ['sc']);
  assert.is(device.state, state, 'the tree');
  assert.equal((await stage.restart(device)).durable, device.durable, 'what is in flash');
  return bad.sc;
}

/** Meets the document of the suite with a fault. */
async function meet(stage: Stage, fault: Fault, limits = {}): Promise<number> {
  stage.server.setResource('/doc', { text: TEXT, fault });
  return statusOf(stage, await deviceFor(stage, limits), `${stage.server.origin}/doc`);
}

/** Fault by fault, the status that the digest has for it. */
const FAULTS: [string, Fault, number][] = [
  ['closes before the header', { kind: 'close', after: -1 }, 502],
  ['closes behind the header', { kind: 'close', after: 0 }, 502],
  ['closes in the body', { kind: 'close', after: 20 }, 502],
  ['closes before the last byte', { kind: 'close', after: TEXT.length - 1 }, 502],
  ['announces more than it sends', { kind: 'length', by: 1 }, 502],
  ['announces less than it sends', { kind: 'length', by: -1 }, 502],
  ['announces nothing, and sends something', { kind: 'length', by: -TEXT.length }, 502],
  ['204', { kind: 'status', status: 204 }, 502],
  ['206', { kind: 'status', status: 206 }, 502],
  ['304 that nobody asked for', { kind: 'status', status: 304 }, 304],
  ['400', { kind: 'status', status: 400 }, 400],
  ['401', { kind: 'status', status: 401 }, 401],
  ['403', { kind: 'status', status: 403 }, 403],
  ['404', { kind: 'status', status: 404 }, 404],
  ['410', { kind: 'status', status: 410 }, 410],
  ['429 with seconds to wait', { kind: 'status', status: 429, retryAfter: 3600 }, 429],
  ['429 with a date to wait for', { kind: 'status', status: 429, retryAfter: 'Fri, 31 Dec 2100 23:59:59 GMT' }, 429],
  ['500', { kind: 'status', status: 500 }, 500],
  ['503', { kind: 'status', status: 503, retryAfter: 1 }, 503],
  ['599', { kind: 'status', status: 599 }, 599],
  ['another type', { kind: 'type', type: 'text/html' }, 415],
  ['a type that only begins well', { kind: 'type', type: 'application/jsonx' }, 415],
  ['a type of packages', { kind: 'type', type: 'application/vnd.oma.dm.request+json' }, 415],
  ['broken JSON, at the start', { kind: 'broken', at: 0 }, 502],
  ['broken JSON, in the middle', { kind: 'broken', at: 40 }, 502],
  ['broken JSON, at the end', { kind: 'broken', at: TEXT.length - 1 }, 502],
  ['bytes that are no UTF-8', { kind: 'broken', at: TEXT.indexOf('new'), byte: 0xff }, 502],
  ['a document cut short', { kind: 'truncated', at: 30 }, 502],
  ['a document cut by one byte', { kind: 'truncated', at: TEXT.length - 1 }, 502],
  ['nothing at all', { kind: 'truncated', at: 0 }, 502],
  ['garbage', { kind: 'garbage', text: '220 ftp.example FTP server ready\r\n' }, 502],
  ['garbage without an end', { kind: 'garbage', text: 'x' }, 502],
  ['a header that ends early', { kind: 'garbage', text: 'HTTP/1.1 200 OK\r\nContent-Le' }, 502],
  ['a header without end', { kind: 'headers', count: 1000, size: 1000 }, 502],
  ['a header line without end', { kind: 'headers', count: 1, size: 100000 }, 502],
];

for (const [what, fault, status] of FAULTS) {
  test(
    `${what}: ${status} [${status === 415 || status === 502 ? `ST-3 ST-${status}` : 'ST-3'}]`,
    onStage(async (stage) => {
      assert.is(await meet(stage, fault), status);
    }),
  );
}

test(
  'silence: 408, wherever it begins [ST-408]',
  onStage(async (stage) => {
    const limits = { headersTime: 200, idleTime: 200 };
    for (const fault of [
      { kind: 'delay', ms: 60000 },
      { kind: 'stall', after: -1 },
      { kind: 'stall', after: 0 },
      { kind: 'stall', after: 30 },
      { kind: 'stall', after: TEXT.length - 1 },
    ] as const) {
      assert.is(await meet(stage, fault, limits), 408, JSON.stringify(fault));
    }
  }),
);

test(
  'drops that come in time, without end: 408 when the whole exchange takes too long [HTTP-25 ST-408]',
  onStage(async (stage) => {
    const long = [{ ClientURI: `${MMS}/a/`, MOData: { MMS: { Name: 'x'.repeat(2000) } } }];
    stage.server.setResource('/doc', { document: long, fault: { kind: 'drip', bytes: 1, interval: 5 } });
    const device = await deviceFor(stage, { wholeTime: 200 });
    assert.is(await statusOf(stage, device, `${stage.server.origin}/doc`), 408);
  }),
);

test(
  'a server that takes no connection: 503 [ST-503]',
  onStage(async (stage) => {
    const gone = await stage.open();
    await gone.close();
    assert.is(await statusOf(stage, await deviceFor(stage), `${gone.origin}/doc`), 503);
  }),
);

test(
  'a name that has no address: 503 [ST-503]',
  onStage(async (stage) => {
    assert.is(await statusOf(stage, await deviceFor(stage), 'http://no-such-host..invalid/doc'), 503);
  }),
);

test(
  'a certificate that is not trusted, a server without TLS: 503 [ST-503]',
  onStage(async (stage) => {
    const secure = await stage.open({ tls: LOOPBACK_TLS });
    const plain = stage.server.origin.replace('http:', 'https:');
    for (const origin of [secure.origin, plain]) {
      const untrusting = await stage.start({ bootstrap: bootstrapWith() });
      assert.is(await statusOf(stage, untrusting, `${origin}/doc`), 503, origin);
    }
    // The plain server heard a TLS greeting.
    stage.violations = stage.found;
    assert.ok(stage.violations.every((text) => text.startsWith('not an HTTP request')));
  }),
);

/** What a server may do, and a client must take. */
const HARMLESS: [string, Fault][] = [
  ['chunks of one byte', { kind: 'chunked', size: 1 }],
  ['chunks', { kind: 'chunked', size: 17 }],
  ['drops of one byte', { kind: 'drip', bytes: 1, interval: 0 }],
  ['no reason phrase', { kind: 'noreason' }],
  ['a long header', { kind: 'headers', count: 100, size: 100 }],
  ['a late answer', { kind: 'delay', ms: 20 }],
  ['a close behind the body', { kind: 'close', after: TEXT.length }],
  ['203 [HTTP-37]', { kind: 'status', status: 203 }],
];

for (const [what, fault] of HARMLESS) {
  test(
    `200 for ${what}`,
    onStage(async (stage) => {
      stage.server.setResource('/doc', { text: TEXT, fault });
      const device = await deviceFor(stage);
      assert.equal(await device.run(['HGET', `${stage.server.origin}/doc`]), [{ sc: 200, URI: [`${MMS}/a/`] }]);
      assert.is(device.client.local.read(`${MMS}/a/Addr`), 'http://new/');
    }),
  );
}

test(
  'data over TLS, from a server whose certificate is trusted',
  onStage(async (stage) => {
    const secure: ReferenceServer = await stage.open({ tls: LOOPBACK_TLS });
    secure.setResource('/doc', { document: mmsDocument() });
    const device = await deviceFor(stage);
    assert.equal(await device.run(['HGET', `${secure.origin}/doc`]), [{ sc: 200, URI: [`${MMS}/a/`] }]);
  }),
);

test.run();
