import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ResourceHandler } from 'dmlet/server';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../server/loopback.js';
import { bootstrapWith, DEVINFO, MMS, mmsDocument, NAP } from '../support/device-bootstrap.js';
import { onStage } from '../support/device-fixture.js';
import { RawServer } from '../support/device-raw-server.js';

// PROTOCOL.md SES-26, HTTP-24, HTTP-36, ST-7, ST-503: connections that are kept, that turn out dead, that end late or early.
const test = suite('connections');

const GET_ID = ['GET', `${DEVINFO}//DevID`];
const MO = 'application/vnd.oma.dm.mo+json';
const REQUEST = 'application/vnd.oma.dm.request+json';

/** Answers the first request of each connection; the others find it closed. */
function once(answer: (response: ServerResponse) => void): { handler: ResourceHandler; seen: Socket[] } {
  const seen: Socket[] = [];
  return {
    seen,
    handler(request, response) {
      const isDead = seen.includes(request.socket);
      seen.push(request.socket);
      if (isDead) request.socket.destroy();
      else answer(response);
    },
  };
}

test(
  'connections are kept and used again',
  onStage(async (stage) => {
    const sockets = new Set<Socket>();
    stage.server.setResource('/mms', (request, response) => {
      sockets.add(request.socket);
      response.setHeader('Content-Type', MO).end(JSON.stringify(mmsDocument()));
    });
    const device = await stage.start();
    const hget = ['HGET', `${stage.server.origin}/mms`, `${MMS}//`];
    assert.equal(await device.codes(hget, hget, hget, hget), [200, 200, 200, 200]);
    assert.ok(sockets.size <= 2, String(sockets.size));
  }),
);

test(
  'a kept connection that the server closed meanwhile: the request is sent again, once [HTTP-36]',
  onStage(async (stage) => {
    const { handler, seen } = once((response) =>
      response.setHeader('Content-Type', MO).end(JSON.stringify(mmsDocument())),
    );
    stage.server.setResource('/mms', handler);
    const device = await stage.start();
    const hget = ['HGET', `${stage.server.origin}/mms`, `${MMS}//`];
    assert.equal(await device.codes(hget, hget, hget), [200, 200, 200]);
    assert.is(seen.length - new Set(seen).size >= 1, true, 'a request met a dead connection');
  }),
);

test(
  'a package on a connection that the server closed meanwhile is sent again, as it was [HTTP-36]',
  onStage(async (stage) => {
    const packages: { body: string; isDead: boolean }[] = [];
    const seen: Socket[] = [];
    stage.server.setResource('/dm-server', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', () => {
        const isDead = seen.includes(request.socket);
        seen.push(request.socket);
        packages.push({ body: Buffer.concat(chunks).toString(), isDead });
        const answered = packages.filter((one) => !one.isDead).length;
        const CMD = answered === 4 ? [['END']] : [['NONSENSE', String(answered)]];
        if (isDead) request.socket.destroy();
        else response.setHeader('Content-Type', REQUEST).end(JSON.stringify({ CMD }));
      });
    });
    const device = await stage.start({ bootstrap: bootstrapWith({ account: { srvUri: '{origin}/dm-server' } }) });
    packages.length = 0;
    seen.length = 0;
    assert.is(await device.session(), undefined);
    assert.is(packages.filter(({ isDead }) => !isDead).length, 4);
    const repeated = packages.flatMap(({ isDead }, index) => (isDead ? [index] : []));
    assert.ok(repeated.length > 0, 'a package met a dead connection');
    for (const index of repeated) assert.is(packages[index + 1].body, packages[index].body);
  }),
);

test(
  'at most two connections are open, however many servers there are [SES-26]',
  onStage(async (stage) => {
    const servers = [await stage.open(), await stage.open(), await stage.open()];
    const open: number[] = [];
    for (const server of servers) {
      server.setResource('/mms', (_, response) => {
        open.push([stage.server, ...servers].reduce((sum, one) => sum + one.openSockets(), 0));
        response.setHeader('Content-Type', MO).end(JSON.stringify(mmsDocument()));
      });
    }
    const device = await stage.start();
    const CMD = servers.map(({ origin }) => ['HGET', `${origin}/mms`, `${MMS}//`]);
    const { code, statuses } = await device.converse([{ CMD }, { CMD }]);
    assert.equal(
      [code, statuses],
      [
        '',
        [
          [200, 200, 200],
          [200, 200, 200],
        ],
      ],
    );
    assert.ok(Math.max(...open) <= 2, `${open}`);
  }),
);

test(
  'a connection that closes before the answer, and was new: no repetition [HTTP-36]',
  onStage(async (stage) => {
    let requests = 0;
    stage.server.setResource('/mms', (request) => {
      requests += 1;
      request.socket.destroy();
    });
    const gone = await stage.open();
    gone.setResource('/mms', (request) => {
      requests += 1;
      request.socket.destroy();
    });
    const device = await stage.start();
    assert.equal(await device.codes(['HGET', `${gone.origin}/mms`]), [502]);
    assert.is(requests, 1);
  }),
);

/** Ends that come behind the data, in a packet of their own. */
const LATE_ENDS: [string, (response: ServerResponse, text: string) => void][] = [
  [
    'chunks',
    (response, text) => {
      response.write(text);
      setTimeout(() => response.end(), 30);
    },
  ],
  [
    'a close',
    (response, text) => {
      response.setHeader('Connection', 'close').removeHeader('Transfer-Encoding');
      response.useChunkedEncodingByDefault = false;
      response.write(text);
      setTimeout(() => response.end(), 30);
    },
  ],
];

for (const [what, answer] of LATE_ENDS) {
  test(
    `a document whose end is told by ${what}, later than its last byte`,
    onStage(async (stage) => {
      stage.server.setResource('/mms', (_, response) => {
        response.setHeader('Content-Type', MO);
        answer(response, JSON.stringify(mmsDocument()));
      });
      const device = await stage.start({ limits: { idleTime: 3000 } });
      assert.equal(await device.codes(['HGET', `${stage.server.origin}/mms`], GET_ID), [200, 200]);
    }),
  );

  test(
    `a package whose end is told by ${what}, later than its last byte`,
    onStage(async (stage) => {
      let packages = 0;
      stage.server.setResource('/dm-server', (request, response) => {
        request.resume().on('end', () => {
          packages += 1;
          response.setHeader('Content-Type', REQUEST);
          answer(response, JSON.stringify({ CMD: packages % 2 === 1 ? [GET_ID] : [['END']] }));
        });
      });
      const limits = { idleTime: 300 };
      const device = await stage.start({
        bootstrap: bootstrapWith({ account: { srvUri: '{origin}/dm-server' } }),
        limits,
        random: 0.99,
      });
      packages = 0;
      assert.is(await device.session(), undefined);
      assert.is(packages, 2);
    }),
  );
}

test(
  'the connection of a package closes while its first command fetches: what had come is run',
  onStage(async (stage) => {
    const commands = [
      ...Array.from({ length: 60 }, () => ['GET', `${NAP}//`]),
      ['DEFAULT', 'https://cfg.example/', NAP],
    ];
    const text = JSON.stringify({ CMD: [['HGET', `${stage.server.origin}/mms`], ...commands, GET_ID] });
    let dmSocket: Socket | undefined;
    let answers = 0;
    stage.server.setResource('/dm-server', (request, response) => {
      request.resume().on('end', () => {
        answers += 1;
        response.setHeader('Content-Type', REQUEST);
        if (answers > 1) {
          response.end('{"CMD":[["END"]]}');
          return;
        }
        dmSocket = request.socket;
        response.setHeader('Content-Length', text.length);
        response.write(text.slice(0, -10));
      });
    });
    stage.server.setResource('/mms', (_, response) => {
      // All of it is on this machine's side of the connection by now; then the server goes.
      dmSocket?.end();
      setTimeout(() => response.setHeader('Content-Type', MO).end(JSON.stringify(mmsDocument())), 50);
    });
    const device = await stage.start({ bootstrap: null });
    device.close();
    const srvUri = '{origin}/dm-server';
    answers = 1;
    const other = await stage.start({ bootstrap: bootstrapWith({ account: { srvUri } }) });
    answers = 0;
    assert.is(await other.session(), undefined);
    assert.is(answers, 2);
    assert.equal(
      other.client.device.defaults.rows.map(({ fields: [moid] }) => moid),
      [NAP],
    );
  }),
);

test(
  'a TLS handshake that the server breaks off: 503',
  onStage(async (stage) => {
    const raw = await RawServer.start();
    try {
      const device = await stage.start();
      const codes = device.codes(['HGET', `${raw.origin.replace('http:', 'https:')}/mms`], GET_ID);
      const connection = await raw.connection();
      await until(() => connection.received.length > 0, 'the greeting');
      connection.socket.destroy();
      assert.equal(await codes, [503, 200]);
    } finally {
      await raw.close();
    }
  }),
);

test(
  'a TLS handshake that never ends: 408',
  onStage(async (stage) => {
    const raw = await RawServer.start();
    try {
      const device = await stage.start({ limits: { connectTime: 200 } });
      assert.equal(await device.codes(['HGET', `${raw.origin.replace('http:', 'https:')}/mms`], GET_ID), [408, 200]);
    } finally {
      await raw.close();
    }
  }),
);

test.run();
