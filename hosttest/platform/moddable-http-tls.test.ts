import { HttpFailure } from 'dmlet';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../server/loopback.js';
import { LOOPBACK_TLS } from '../server/loopback-certificate.js';
import { HttpRecorder, quiet } from '../support/device-http-recorder.js';
import { RawServer } from '../support/device-raw-server.js';
import { httpTlsContract } from './http-contract-tls.js';
import { moddableHttp } from './moddable-stack.js';
import { STACKS } from './moddable-tcp.js';
import { secureSocket } from './moddable-tls.js';

/** Records in the clear, before the handshake is done. */
const IN_THE_CLEAR: [what: string, record: string][] = [
  ['close_notify', '\x15\x03\x03\x00\x02\x01\x00'],
  ['a fatal alert', '\x15\x03\x03\x00\x02\x02\x28'],
  ['an answer', '\x17\x03\x03\x00\x13HTTP/1.1 200 OK\r\n\r\n'],
];

for (const [name, tcp] of STACKS) {
  const make = (ca?: string) => moddableHttp(tcp, secureSocket(ca));
  httpTlsContract(`ModdableHttp on ${name}`, make);

  const test = suite(`TLS of the SDK: ${name}`);

  for (const [what, record] of IN_THE_CLEAR) {
    test(`${what} in the clear within the handshake: the request does not go out`, async () => {
      const server = await RawServer.start();
      const url = server.origin.replace('http:', 'https:');
      const recorder = new HttpRecorder(make().http, { url, method: 'POST' }, { body: Buffer.from('secret') });
      const connection = await server.connection();
      await until(() => connection.received.length > 0, 'the greeting');
      connection.send(record);
      await until(() => connection.closed, 'the end of the connection');
      assert.equal([recorder.events, recorder.failure], [['failure'], HttpFailure.Tls]);
      assert.not.ok(connection.received.includes('POST'));
      await server.close();
    });
  }

  for (const event of ['writable', 'response', 'readable']) {
    test(`closed within ${event}: what the SDK then throws does no harm`, async () => {
      const server = await RawServer.start(LOOPBACK_TLS);
      const recorder = new HttpRecorder(make(LOOPBACK_TLS.cert).http, { url: server.origin }, { closes: event });
      const connection = await server.connection();
      if (event !== 'writable') {
        await connection.request();
        connection.send('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      }
      await until(() => connection.closed, 'the end of the connection');
      await quiet();
      assert.equal([recorder.events.at(-1), recorder.broken, recorder.detail], [event, [], '']);
      await server.close();
    });
  }

  test('bodies of many records, in both directions, on a connection that is used again', async () => {
    const server = await RawServer.start(LOOPBACK_TLS);
    const client = make(LOOPBACK_TLS.cert);
    const body = Buffer.alloc(20000, 'abcdefg');
    for (const turn of [1, 2]) {
      const recorder = new HttpRecorder(client.http, { url: server.origin, method: 'POST' }, { body, piece: 7 });
      const connection = await server.connection();
      assert.ok((await connection.request(turn)).endsWith(`\r\n\r\n${body}`));
      connection.send(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
      await recorder.over();
      assert.is(recorder.body, String(body));
    }
    assert.is(server.connections.length, 1);
    client.close();
    await server.close();
  });

  test.run();
}

const options = suite('TLS options');

/** The options for TLS that a socket gets from a firmware with these of its own. */
async function tlsOptions(own: object): Promise<unknown> {
  const [[, tcp]] = STACKS;
  return await new Promise((resolve) => {
    class Recorder extends tcp {
      constructor(options: ConstructorParameters<typeof tcp>[0]) {
        resolve((options as { secure?: object }).secure);
        super(options);
      }
    }
    const { http } = moddableHttp(tcp, { io: Recorder, ...own });
    const request = {
      method: 'GET',
      url: 'https://127.0.0.1:9/',
      headers: [],
      bodyLength: 0,
      newConnection: false,
      wanted: [],
    };
    http.request(request, {
      onWritable() {},
      onHeader() {},
      onResponse() {},
      onReadable() {},
      onEnd() {},
      onFailure() {},
    });
  });
}

options('ModdableHttp asks servers for TLS records of 1 KB, unless the firmware asks for others', async () => {
  assert.equal(await tlsOptions({}), { tls_max_fragment_length: 1024 });
  assert.equal(await tlsOptions({ secure: { verify: true } }), { tls_max_fragment_length: 1024, verify: true });
  assert.equal(await tlsOptions({ secure: { tls_max_fragment_length: 4096 } }), { tls_max_fragment_length: 4096 });
});

options.run();
