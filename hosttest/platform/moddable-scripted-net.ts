import type { Resolver, Socket, SocketCallbacks } from '../../src/platform/moddable/network.js';
import type { FakeTimers } from './moddable-modules.js';

/** Answers a whole request with a whole response. */
export type Peer = (request: string) => string;

/** Bytes that arrive at once. */
const SEGMENT = 100;

const WINDOW = 1000;

/** `device.network` with a peer in the same program: no socket, and no time but the timers'. */
export function scriptedNetwork(timers: FakeTimers, peer: Peer): object {
  class ScriptedResolver implements Resolver {
    resolve(request: { host: string; onResolved(host: string, address: string): void }): void {
      timers.set(() => request.onResolved(request.host, '127.0.0.1'), 0);
    }
    close(): void {}
  }

  class ScriptedTcp implements Socket {
    format = 'buffer';
    private request = '';
    private response: Uint8Array = new Uint8Array(0);
    private arrived = 0;
    private isClosed = false;

    constructor(private readonly options: SocketCallbacks) {
      this.later(() => this.options.onWritable?.call(this, WINDOW));
    }

    read(into?: Uint8Array): number | undefined {
      const count = this.format === 'number' ? 1 : (into as Uint8Array).length;
      const bytes = this.response.subarray(0, count);
      if (count > this.arrived) throw new Error('invalid');
      this.response = this.response.slice(count);
      this.arrived -= count;
      if (this.arrived === 0) this.later(() => this.arrive());
      if (this.format === 'number') return bytes[0];
      (into as Uint8Array).set(bytes);
      return count;
    }

    write(bytes: Uint8Array): number {
      this.request += Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
      const [head, body] = this.request.split('\r\n\r\n');
      const length = /content-length: (\d+)/i.exec(head);
      if (body !== undefined && body.length === Number(length?.[1] ?? 0)) {
        const response = peer(this.request);
        this.request = '';
        this.response = Uint8Array.from(response, (character) => character.charCodeAt(0));
        this.later(() => this.arrive());
      } else this.later(() => this.options.onWritable?.call(this, WINDOW));
      return WINDOW;
    }

    close(): void {
      this.isClosed = true;
    }

    private arrive(): void {
      if (this.response.length === this.arrived) return;
      this.arrived = Math.min(this.response.length, this.arrived + SEGMENT);
      this.options.onReadable?.call(this, this.arrived);
    }

    private later(act: () => void): void {
      timers.set(() => {
        if (!this.isClosed) act();
      }, 0);
    }
  }

  return {
    http: { io: Object, dns: { io: ScriptedResolver, socket: { io: ScriptedTcp } }, socket: { io: ScriptedTcp } },
  };
}
