import * as path from 'node:path';
import { LOOPBACK_TLS } from '../server/loopback-certificate.js';
import { startReferenceServer } from '../server/reference-server.js';
import { AUTHORITY_DER, SERVER_TLS } from './certificates.js';
import type { Checks } from './checks.js';
import { own, writeFirmware } from './firmware.js';
import { build, type Display, Simulator } from './simulator.js';

// What HTTP and TLS add to the heap, measured in the machine itself.

/** Longest wait: the machine collects its garbage a thousand times a second. */
const WAIT = 60000;

/** Bytes of a slot of this machine, of 64 bits, and of a chip's, of 32. */
const SLOTS = [32, 16];

/** Of the document that is fetched: more than a TLS record of the server's takes. */
const DOCUMENT = { MOData: { Name: 'x'.repeat(20000) } };

/** The exchange that must fail. */
const UNKNOWN = 'an authority that nobody knows';

/** Builds the firmware that measures, runs it, and prints what it found. */
export async function runHeap(display: Display, checks: Checks): Promise<void> {
  const script = { repository: { '/document': { document: DOCUMENT } } };
  const plain = await startReferenceServer({ script });
  const secure = await startReferenceServer({ script, tls: SERVER_TLS });
  const unknown = await startReferenceServer({ script, tls: LOOPBACK_TLS });
  try {
    const port = ({ origin }: { origin: string }): number => Number(new URL(origin).port);
    const folder = writeFirmware({
      name: 'heap',
      modules: { main: own('heap') },
      include: [
        '$(MODDABLE)/modules/base/debug/manifest.json',
        '$(MODDABLE)/modules/base/instrumentation/manifest.json',
      ],
      config: {
        heap: { host: '127.0.0.1', ports: { http: port(plain), https: port(secure), unknown: port(unknown) } },
      },
      data: { 'authority.der': AUTHORITY_DER },
    });
    const device = await Simulator.start(await build(folder), path.join(folder, 'home'), display);
    try {
      await device.xsbug.line('heap: end', WAIT);
      for (const line of device.xsbug.lines) {
        const [, title, how, slots, chunks] =
          /^heap: ([^:]*): (.*), (\d+) bytes of slots, (\d+) bytes of chunks$/.exec(line) ?? [];
        if (title === undefined) continue;
        checks.check(`heap: ${title}: ${how}`, how === (title === UNKNOWN ? 'refused' : 'done'));
        const count = Number(slots) / SLOTS[0];
        console.log(
          `     ${count} slots, ${chunks} bytes of chunks; with slots of 16 bytes ${count * SLOTS[1] + Number(chunks)} bytes`,
        );
      }
    } finally {
      await device.stop();
    }
  } finally {
    await Promise.all([plain.close(), secure.close(), unknown.close()]);
  }
}
