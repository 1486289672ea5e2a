import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { httpTlsContract } from './http-contract-tls.js';
import { moddableHttp } from './moddable-stack.js';
import { STACKS } from './moddable-tcp.js';
import { secureSocket } from './moddable-tls.js';

for (const [name, tcp] of STACKS)
  httpTlsContract(`ModdableHttp on ${name}`, (ca) => moddableHttp(tcp, secureSocket(ca)));

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

test('ModdableHttp asks servers for TLS records of 1 KB, unless the firmware asks for others', async () => {
  assert.equal(await tlsOptions({}), { tls_max_fragment_length: 1024 });
  assert.equal(await tlsOptions({ secure: { verify: true } }), { tls_max_fragment_length: 1024, verify: true });
  assert.equal(await tlsOptions({ secure: { tls_max_fragment_length: 4096 } }), { tls_max_fragment_length: 4096 });
});

test.run();
