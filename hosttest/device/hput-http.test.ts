import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { onStage, type Stage, type TestDevice } from '../support/device-fixture.js';
import { elementsOf, LEFT, SENSOR, withSensors } from '../support/sensors.js';

// PROTOCOL.md §3 HPUT and HPOST, §12: what a Data Repository may answer to an upload.
const test = suite('HPUT, HPOST: answers');

function upload(device: TestDevice, url: string, method = 'HPUT'): Promise<number[]> {
  return device.codes([method, url, `${SENSOR}/left/`]);
}

function answers(stage: Stage, path: string, answer: (response: ServerResponse) => void): string {
  stage.server.setResource(path, (request, response) => {
    request.resume().on('end', () => answer(response));
  });
  return stage.server.origin + path;
}

function redirect(stage: Stage, path: string, to: string, status: number): string {
  stage.server.setResource(path, { fault: { kind: 'redirect', status, to } });
  return stage.server.origin + path;
}

test(
  'any 2xx is status 200, whatever its body says [CMD-HPUT-4 ST-200]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    for (const status of [200, 201, 202, 203, 204, 205, 206, 226, 299]) {
      const url = answers(stage, '/up', (response) =>
        response.writeHead(status, { 'Content-Type': 'text/html' }).end(status === 204 ? '' : 'x'.repeat(5000)),
      );
      assert.equal(await upload(device, url), [200], `PUT ${status}`);
      assert.equal(await upload(device, url, 'HPOST'), [200], `POST ${status}`);
    }
  }),
);

test(
  '4xx and 5xx are passed on as they came [ST-HTTP ST-1]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    for (const status of [400, 401, 403, 404, 405, 409, 411, 413, 415, 422, 429, 500, 501, 503, 507, 599]) {
      const url = answers(stage, '/up', (response) => response.writeHead(status).end('no'));
      const get = ['GET', `${SENSOR}/left/ID`];
      assert.equal(await device.codes(['HPUT', url, `${SENSOR}/left/`], get), [status, 200]);
      assert.equal(await upload(device, url, 'HPOST'), [status]);
    }
  }),
);

test(
  'a challenge is not answered [HTTP-22]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    const url = answers(stage, '/up', (response) =>
      response.writeHead(401, { 'WWW-Authenticate': 'Digest realm="r", nonce="n", qop="auth"' }).end(),
    );
    assert.equal(await upload(device, url), [401]);
    assert.is(stage.server.requests.length, 1);
  }),
);

test(
  'no connection: 503; no answer in time: 408; an answer that is none: 502 [ST-408 ST-502 ST-503]',
  onStage(async (stage) => {
    const device = await withSensors(stage, { limits: { headersTime: 250 } });
    const other = await stage.open();
    await other.close();
    stage.server.setResource('/silent', { fault: { kind: 'stall', after: -1 } });
    stage.server.setResource('/garbage', { fault: { kind: 'garbage', text: 'nonsense\r\n\r\n' } });
    const { origin } = stage.server;
    assert.equal(await upload(device, `${other.origin}/up`), [503]);
    assert.equal(await upload(device, `${origin}/silent`), [408]);
    assert.equal(await upload(device, `${origin}/garbage`), [502]);
  }),
);

for (const status of [307, 308]) {
  test(
    `${status} is followed, by the same method with the whole body [HTTP-16]`,
    onStage(async (stage) => {
      const device = await withSensors(stage);
      const url = redirect(stage, '/a', '{origin}/b', status);
      assert.equal(await upload(device, url), [200]);
      assert.equal(await upload(device, url, 'HPOST'), [200]);
      const sent = stage.server.requests;
      assert.equal(
        sent.map(({ method, path }) => `${method} ${path}`),
        ['PUT /a', 'PUT /b', 'POST /a', 'POST /b'],
      );
      for (const request of sent) {
        assert.equal(elementsOf(request), [LEFT]);
        assert.is(request.headers['content-length'], String(request.bodyLength));
      }
    }),
  );
}

for (const status of [300, 301, 302, 303, 304]) {
  test(
    `${status} is not followed: its code is the status [HTTP-16 HTTP-17]`,
    onStage(async (stage) => {
      const device = await withSensors(stage);
      const url = redirect(stage, '/a', '{origin}/b', status);
      assert.equal(await upload(device, url), [status]);
      assert.equal(await upload(device, url, 'HPOST'), [status]);
      assert.equal(
        stage.server.requests.map(({ path }) => path),
        ['/a', '/a'],
      );
    }),
  );
}

test(
  'three redirects are followed, a fourth is not [HTTP-17 HTTP-18]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    for (const [path, to] of ['ab', 'bc', 'cd', 'de']) redirect(stage, `/${path}`, `{origin}/${to}`, 307);
    assert.equal(await upload(device, `${stage.server.origin}/b`), [200]);
    assert.equal(await upload(device, `${stage.server.origin}/a`), [307]);
    assert.equal(
      stage.server.requests.map(({ path }) => path),
      ['/b', '/c', '/d', '/e', '/a', '/b', '/c', '/d'],
    );
  }),
);

test(
  'a kept connection that turns out closed: the upload is sent once more, whole, on a new one [HTTP-36]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    const seen: Socket[] = [];
    stage.server.setResource('/up', (request, response) => {
      const isUsed = seen.includes(request.socket);
      seen.push(request.socket);
      if (isUsed) request.socket.destroy();
      else request.resume().on('end', () => response.writeHead(200).end());
    });
    for (const method of ['HPUT', 'HPOST']) {
      const command = [method, `${stage.server.origin}/up`, `${SENSOR}/left/`];
      assert.equal(await device.codes(command, command), [200, 200]);
    }
    const repeated = seen.filter((socket, index) => seen.indexOf(socket) < index);
    assert.ok(repeated.length >= 2, 'uploads met dead connections');
    const answered = stage.server.requests.filter((_, index) => seen.indexOf(seen[index]) === index);
    assert.equal(
      answered.map((request) => [request.method, elementsOf(request)]),
      ['PUT', 'PUT', 'POST', 'POST'].map((method) => [method, [LEFT]]),
    );
  }),
);

test(
  'a connection that breaks when the body is out: 502, and the upload is not sent again [ST-502]',
  onStage(async (stage) => {
    const device = await withSensors(stage);
    // No package has gone there: the connection is new.
    const other = await stage.open();
    let requests = 0;
    other.setResource('/up', (request) => {
      requests += 1;
      request.resume().on('end', () => request.socket.destroy());
    });
    assert.equal(await upload(device, `${other.origin}/up`, 'HPOST'), [502]);
    assert.is(requests, 1);
  }),
);

test.run();
