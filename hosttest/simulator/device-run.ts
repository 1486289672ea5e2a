import { createSocket } from 'node:dgram';
import * as fs from 'node:fs';
import type { AddressInfo } from 'node:net';
import * as path from 'node:path';
import { type ReferenceServer, startReferenceServer } from '../server/reference-server.js';
import { loadScript } from '../server/script.js';
import type { Checks } from './checks.js';
import { own, TOP, writeFirmware } from './firmware.js';
import { build, type Display, Simulator } from './simulator.js';
import type { Sample } from './xsbug.js';

// The firmware on the simulator's machine, with the demonstration's server: bootstrap, every command, just in time, a restart.

const DEMO = path.join(TOP, 'src/factory/demo');

/** Where the demonstration's bootstrap believes the server to be. */
const BOOTSTRAP_ORIGIN = 'http://127.0.0.1:8462';

/** Longest wait for one line of the trace; a machine that is busy needs seconds. */
const WAIT = 30000;

/** What the server signs its notifications with: the account's `Auth/Noti`. */
const NOTIFICATION = {
  serverId: 'dm.operator.example',
  secret: Buffer.from('open-sesame'),
  data: Buffer.from('nonce'),
};

/** Every command, with the status that the demonstration's come to: the device has no browser, and what EXEC began is told to another address later. */
const STATUSES: Record<string, string> = {
  GET: '200',
  HGET: '200',
  HPUT: '200',
  HPOST: '200',
  DELETE: '200',
  DEFAULT: '200',
  SUB: '200',
  UNSUB: '200',
  EXEC: '202',
  SHOW: '501',
  CONT: '200',
  END: '200',
};

const ADDRESS = 'MMS: messages go to http://mmsc.operator.example/mms';

/** Bytes of a slot of this machine, which has 64 bits; a chip's have 16. */
const SLOT = 32;

async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address() as AddressInfo;
  await new Promise<void>((resolve) => socket.close(resolve));
  return port;
}

function most(samples: readonly Sample[], what: keyof Sample): number {
  return Math.max(0, ...samples.map((sample) => sample[what]));
}

/** Waits until the server has got something. @throws Error where it does not come. */
async function until(what: string, isThere: () => boolean): Promise<void> {
  const end = Date.now() + WAIT;
  while (!isThere()) {
    if (Date.now() > end) throw new Error(`the server never saw ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A device with empty flash, from its bootstrap to an execution that the server asked for by a notification. */
async function firstStart(device: Simulator, server: ReferenceServer, port: number, checks: Checks): Promise<void> {
  const { xsbug } = device;
  await xsbug.line('finished session dm.operator.example ok', WAIT);
  await xsbug.line('finished report', WAIT);
  const [first] = server.packages;
  checks.check('bootstrap: the session after it says so', first.text.includes('BootstrapComplete'), first.text);
  await xsbug.line(ADDRESS, WAIT);
  checks.check('just in time: the MMS client has its address, and no server was told', server.packages.length === 4);

  await server.notify('127.0.0.1', port, { ...NOTIFICATION, id: 1, wantsMos: true });
  await xsbug.line('application: updates urn:oma:mo:oma-fumo:1.0/m1/Update', WAIT);
  await until('what EXEC came to', () => server.packages.some(({ path }) => path === '/dm/results'));
  checks.check('a notification opens a session', server.packages[4].text.includes('"MOS"'), server.packages[4].text);

  const done = xsbug.lines.filter((line) => line.startsWith('dmlet: command '));
  for (const [name, status] of Object.entries(STATUSES)) {
    const seen = done.filter((line) => line.split(' ')[3] === name);
    checks.check(
      `command ${name}`,
      seen.some((line) => line.endsWith(` ${status}`)),
      done.join('\n'),
    );
  }
}

/** The same flash after its power was cut. */
async function secondStart(device: Simulator, server: ReferenceServer, port: number, checks: Checks): Promise<void> {
  const { xsbug } = device;
  const packages = server.packages.length;
  const requests = server.requests.length;
  await xsbug.line(ADDRESS, WAIT);
  checks.check('restart: the MMS client has its address from flash', server.requests.length === requests);
  const leaf = 'urn:oma:mo:oma-connmo-nap:1.0//Addr';
  server.setSessions([{ packages: [{ CMD: [['GET', leaf]] }, { CMD: [['END']] }] }]);
  await server.notify('127.0.0.1', port, { ...NOTIFICATION, id: 2 });
  // What EXEC came to is told again where the power went before the device heard that it was got.
  const inSession = () => server.packages.slice(packages).filter(({ path }) => path !== '/dm/results');
  await until('the answer to GET', () => inSession().length === 2);
  const { text } = inSession()[1];
  checks.check('restart: what a server stored before is there', text.includes('internet.operator.example'), text);
  const [again] = server.packages.slice(packages);
  checks.check('restart: the bootstrap is not applied again', !again.text.includes('BootstrapComplete'), again.text);
}

/** Builds the firmware, runs it twice, and says what was seen. @throws Error where the SDK, the simulator or the device fails to come so far. */
export async function runDevice(display: Display, checks: Checks): Promise<void> {
  const port = await freeUdpPort();
  const server = await startReferenceServer({ script: loadScript(path.join(DEMO, 'script.json')) });
  try {
    const folder = writeFirmware({
      name: 'device',
      modules: { main: '$(DMLET)/main', application: own('application'), 'mms-client': '$(DMLET)/example/mms-client' },
      config: { dmlet: { log: 2, port, identity: { MCC: '262', MNC: '01', CMCC: '262', CMNC: '01', Bearer: '1' } } },
      data: {
        'bootstrap.json': fs
          .readFileSync(path.join(DEMO, 'bootstrap.json'), 'utf8')
          .replaceAll(BOOTSTRAP_ORIGIN, server.origin),
      },
    });
    const library = await build(folder);
    for (const run of [firstStart, secondStart]) {
      const device = await Simulator.start(library, path.join(folder, 'home'), display);
      try {
        await run(device, server, port, checks);
        const { breaks, samples } = device.xsbug.reader;
        checks.check('no break, no abort', breaks.length === 0, breaks.join(' '));
        console.log(
          `     with garbage, at most ${most(samples, 'slots') / SLOT} slots, ${most(samples, 'chunks')} bytes of chunks, ` +
            `${most(samples, 'stack') / SLOT} slots of stack, ${most(samples, 'keys')} names`,
        );
      } finally {
        await device.stop();
      }
    }
    checks.check('nothing against the protocol', server.violations.length === 0, server.violations.join('; '));
  } finally {
    await server.close();
  }
}
