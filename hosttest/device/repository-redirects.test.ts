import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LOOPBACK_TLS } from '../server/loopback-certificate.js';
import { bootstrapWith, MMS, mmsDocument } from '../support/device-bootstrap.js';
import { onStage, type Stage, type TestDevice } from '../support/device-fixture.js';

// PROTOCOL.md HTTP-15, HTTP-17 to HTTP-19: GET follows 301, 302, 303, 307 and 308; at most three, never from https to http.
const test = suite('repository: redirects');

/** One hop: `to` is where it points. */
function redirect(stage: Stage, path: string, to: string, status = 302): void {
  stage.server.setResource(path, { fault: { kind: 'redirect', status, to } });
}

/** Fetches a document without a place. @returns its status, and what was asked for. */
async function follow(stage: Stage, device: TestDevice, url: string): Promise<[number, string[]]> {
  stage.seen.length = 0;
  const [status] = await device.codes(['HGET', url]);
  return [status, stage.seen.filter((line) => line.startsWith('GET')).map((line) => line.slice(4))];
}

for (const status of [301, 302, 303, 307, 308]) {
  test(
    `${status} is followed [HTTP-15]`,
    onStage(async (stage) => {
      redirect(stage, '/a', '{origin}/b', status);
      stage.server.setResource('/b', { document: mmsDocument() });
      const device = await stage.start();
      assert.equal(await follow(stage, device, `${stage.server.origin}/a`), [200, ['/a', '/b']]);
      assert.equal(device.client.local.instances(MMS), ['m1']);
      assert.match(String(stage.server.requests[1].headers.accept), 'application/vnd.oma.dm.mo+json');
    }),
  );
}

for (const status of [300, 304, 305, 306, 309]) {
  test(
    `${status} is not followed [HTTP-15 HTTP-17]`,
    onStage(async (stage) => {
      redirect(stage, '/a', '{origin}/b', status);
      stage.server.setResource('/b', { document: mmsDocument() });
      assert.equal(await follow(stage, await stage.start(), `${stage.server.origin}/a`), [status, ['/a']]);
    }),
  );
}

test(
  'a Location may be relative in every way',
  onStage(async (stage) => {
    const device = await stage.start();
    const authority = new URL(stage.server.origin).host;
    stage.server.setResource('/deep/doc?q=1', { status: 404 });
    for (const [to, expected] of [
      ['/x/y', '/x/y'],
      ['y', '/deep/y'],
      ['../y?a=1', '/y?a=1'],
      ['?q=1', '/deep/doc?q=1'],
      [`//${authority}/z`, '/z'],
      ['{origin}/w#part', '/w'],
      ['y#part', '/deep/y'],
      ['./a:b', '/deep/a:b'],
    ] as const) {
      redirect(stage, '/deep/doc', to);
      assert.equal(await follow(stage, device, `${stage.server.origin}/deep/doc`), [404, ['/deep/doc', expected]], to);
    }
  }),
);

test(
  'three redirects are followed, the fourth is not: its status is the command\u2019s [HTTP-17 HTTP-18]',
  onStage(async (stage) => {
    redirect(stage, '/1', '/2', 301);
    redirect(stage, '/2', '/3', 303);
    redirect(stage, '/3', '/4', 307);
    stage.server.setResource('/4', { document: mmsDocument() });
    const device = await stage.start();
    assert.equal(await follow(stage, device, `${stage.server.origin}/1`), [200, ['/1', '/2', '/3', '/4']]);
    redirect(stage, '/4', '/5', 308);
    stage.server.setResource('/5', { document: mmsDocument() });
    assert.equal(await follow(stage, device, `${stage.server.origin}/1`), [308, ['/1', '/2', '/3', '/4']]);
  }),
);

test(
  'a loop ends [HTTP-18]',
  onStage(async (stage) => {
    redirect(stage, '/a', '/a');
    assert.equal(await follow(stage, await stage.start(), `${stage.server.origin}/a`), [302, ['/a', '/a', '/a', '/a']]);
  }),
);

test(
  'the number of redirects begins anew with each command',
  onStage(async (stage) => {
    redirect(stage, '/1', '/2');
    redirect(stage, '/2', '/3');
    stage.server.setResource('/3', { document: mmsDocument() });
    const device = await stage.start();
    const hget = ['HGET', `${stage.server.origin}/1`, `${MMS}//`];
    assert.equal(await device.codes(hget, hget, hget), [200, 200, 200]);
  }),
);

test(
  'no Location, or one that leads nowhere: the status of the redirect [HTTP-17]',
  onStage(async (stage) => {
    const device = await stage.start();
    stage.server.setResource('/a', { fault: { kind: 'status', status: 302 } });
    assert.equal(await follow(stage, device, `${stage.server.origin}/a`), [302, ['/a']]);
    for (const to of ['', 'ftp://data.example/', 'file:///etc/passwd', 'javascript:x', 'urn:x']) {
      redirect(stage, '/a', to);
      assert.equal(await follow(stage, device, `${stage.server.origin}/a`), [302, ['/a']], to);
    }
  }),
);

test(
  'a Location longer than a ServerURI may be is not followed, nor is its beginning',
  onStage(async (stage) => {
    const device = await stage.start();
    for (const length of [1025, 1100, 5000]) {
      redirect(stage, '/a', `${stage.server.origin}/b`.padEnd(length, 'x'));
      assert.equal(await follow(stage, device, `${stage.server.origin}/a`), [302, ['/a']], String(length));
    }
    const longest = `${stage.server.origin}/b`.padEnd(1024, 'x');
    redirect(stage, '/a', longest);
    const [status, asked] = await follow(stage, device, `${stage.server.origin}/a`);
    assert.equal([status, asked[1]], [404, longest.slice(stage.server.origin.length)]);
  }),
);

test(
  'from one server to another',
  onStage(async (stage) => {
    const other = await stage.open();
    other.setResource('/b', { document: mmsDocument() });
    redirect(stage, '/a', `${other.origin}/b`);
    assert.equal(await follow(stage, await stage.start(), `${stage.server.origin}/a`), [200, ['/a', '/b']]);
    assert.is(other.requests.length, 1);
  }),
);

test(
  'from http to https, but never back [HTTP-19]',
  onStage(async (stage) => {
    const secure = await stage.open({ tls: LOOPBACK_TLS });
    const device = await stage.start({ bootstrap: bootstrapWith(), http: { ca: LOOPBACK_TLS.cert } });
    secure.setResource('/b', { document: mmsDocument() });
    redirect(stage, '/a', `${secure.origin}/b`);
    assert.equal(await follow(stage, device, `${stage.server.origin}/a`), [200, ['/a', '/b']]);
    stage.server.setResource('/plain', { document: mmsDocument() });
    for (const to of [`${stage.server.origin}/plain`, `HTTP:${stage.server.origin.slice(5)}/plain`]) {
      secure.setResource('/b', { fault: { kind: 'redirect', status: 302, to } });
      assert.equal(await follow(stage, device, `${secure.origin}/b`), [302, ['/b']], to);
    }
    secure.setResource('/b', { fault: { kind: 'redirect', status: 302, to: '/c' } });
    secure.setResource('/c', { document: mmsDocument() });
    assert.equal(await follow(stage, device, `${secure.origin}/b`), [200, ['/b', '/c']]);
  }),
);

test.run();
