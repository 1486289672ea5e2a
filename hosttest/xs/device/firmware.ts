import { DmClient, type Limits, type Platform } from 'dmlet';
import { ModdableClock } from '../../../src/platform/moddable/clock.js';
import { ModdableHttp } from '../../../src/platform/moddable/http.js';
import { KeyValueFlash, type KeyValueStore } from '../../../src/platform/moddable/key-value-flash.js';
import { ModdableRandom } from '../../../src/platform/moddable/random.js';
import { ModdableText } from '../../../src/platform/moddable/text.js';
import { answers, endSession } from './client.js';
import type { Host, Xs } from './host.js';
import { InputResource, XsDigests } from './platform.js';
import { servedNetwork } from './sockets.js';

declare const host: Host;

/** NVS, beside the machine. */
class HostStore implements KeyValueStore {
  read(key: string): ArrayBuffer | undefined;
  read(key: string, into: Uint8Array): number | undefined;
  read(key: string, into?: Uint8Array): ArrayBuffer | number | undefined {
    const length = host.flashRead(key, into ?? new Uint8Array(0));
    if (length < 0) return undefined;
    if (into !== undefined) return length;
    const bytes = new Uint8Array(length);
    host.flashRead(key, bytes);
    return bytes.buffer;
  }

  write(key: string, value: Uint8Array): void {
    host.flashWrite(key, value, 0, value.length);
  }

  delete(key: string): void {
    host.flashRemove(key);
  }

  [Symbol.iterator](): Iterator<string> {
    const keys: string[] = [];
    host.flashKeys((key) => keys.push(key));
    return keys[Symbol.iterator]();
  }
}

/** Everything that the core needs, by the adapters of the SDK, on stand-ins for what the SDK has in C. */
function firmwarePlatform(): Platform {
  const timers = {
    set: (callback: () => void, delay: number) => host.after(delay, callback),
    repeat: () => 0,
    clear: (timer: unknown) => host.cancel(timer as number),
  };
  const coder = {
    encode: (text: string) => new Uint8Array(host.encode(text)),
    decode: (bytes: Uint8Array) => host.decode(bytes, 0, bytes.length),
  };
  const ticks = {
    get ticks(): number {
      return host.uptime();
    },
  };
  const clock = new ModdableClock(timers, ticks, Date);
  const text = new ModdableText(coder, coder, (String as unknown as Xs).fromArrayBuffer);
  const https = servedNetwork(answers());
  return {
    http: new ModdableHttp({ http: https, https, timers: clock, text }),
    flash: new KeyValueFlash(new HostStore(), { keySize: 15, valueSize: 4000, capacity: 0, overhead: 0 }),
    clock,
    random: new ModdableRandom(Math.random, ''),
    digests: new XsDigests(),
    text,
    identity: { value: () => '' },
  };
}

/** As `runSession` of client.ts, with the adapters of the SDK. */
export function runFirmware(limits: Partial<Limits>, moid: string, brought: boolean): void {
  const client = new DmClient(firmwarePlatform(), { limits });
  client.start(new InputResource(0));
  endSession(client, moid, brought);
}
