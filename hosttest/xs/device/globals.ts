import { Buffer } from '../node/buffer.js';
import { XsUrl } from '../node/url.js';
import type { Host } from './host.js';

declare const host: Host;

// What tests find on Node beside the language. Loaded before the machine is frozen, and so without state.

class XsTextEncoder {
  encode(text: string): Uint8Array {
    return new Uint8Array(host.encode(text));
  }
}

/** Keeps no part of a character: what it gets in a stream ends with whole ones. */
class XsTextDecoder {
  decode(bytes?: Uint8Array): string {
    return bytes === undefined ? '' : host.decode(bytes, 0, bytes.length);
  }
}

/** A timer that begins anew; its handle names the one that runs. */
function setInterval(callback: () => void, delay: number): { timer: number } {
  const handle = { timer: 0 };
  const begin = (): void => {
    handle.timer = host.after(delay, () => {
      begin();
      callback();
    });
  };
  begin();
  return handle;
}

function log(...items: unknown[]): void {
  host.print(items.join(' '));
}

Object.assign(globalThis, {
  Buffer,
  URL: XsUrl,
  TextEncoder: XsTextEncoder,
  TextDecoder: XsTextDecoder,
  console: { log, error: log },
  performance: { now: () => host.now() / 1000 },
  gc: () => host.gc(),
  process: {
    env: {},
    once: () => {},
    off: () => {},
    getActiveResourcesInfo: () => [],
    memoryUsage: () => ({ arrayBuffers: 0, heapUsed: host.used() }),
  },
  setTimeout: (callback: () => void, delay = 0) => host.after(delay, callback),
  clearTimeout: (timer: number | undefined) => timer !== undefined && host.cancel(timer),
  setInterval,
  clearInterval: (handle: { timer: number }) => host.cancel(handle.timer),
  setImmediate: (callback: () => void) => host.after(0, callback),
  clearImmediate: (timer: number) => host.cancel(timer),
});

// What an object inherits from a frozen one cannot be set, only defined. Errors of tests and of their runner set their names.
Object.defineProperty(Error.prototype, 'name', {
  get: () => 'Error',
  set(value: string) {
    Object.defineProperty(this, 'name', { value });
  },
});
// The runner cuts the stack of an error into lines; this engine, as on a device, keeps none.
Object.defineProperty(Error.prototype, 'stack', { value: '' });
