import { ModdableHttp } from '../../src/platform/moddable/http.js';
import type {
  Network,
  Socket,
  SocketCallbacks,
  SocketClass,
  SocketOptions,
} from '../../src/platform/moddable/network.js';
import type { HttpUnderTest } from '../support/device-http-stage.js';
import { FakeResolver, FakeUdp } from './moddable-dns.js';

const TEXT = {
  encode: (text: string): Uint8Array => new TextEncoder().encode(text),
  decode: (bytes: Uint8Array, from: number, to: number): string =>
    new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(from, to)),
};

/** Timers that keep no test waiting, nor the process alive. */
const TIMERS = {
  after: (delay: number, callback: () => void): unknown =>
    delay === 0 ? setImmediate(callback) : setTimeout(callback, delay),
  cancel(timer: unknown): void {
    clearTimeout(timer as NodeJS.Timeout);
    clearImmediate(timer as NodeJS.Immediate);
  },
};

/** TLS whose handshake never ends. */
class EndlessTls implements Socket {
  format = 'buffer';
  private readonly tcp: Socket;

  constructor(options: SocketCallbacks) {
    const { TCP } = options as { TCP: SocketOptions };
    this.tcp = new TCP.io({ ...options, onReadable() {}, onWritable() {} });
  }

  read(): undefined {}

  write(): undefined {}

  close(): void {
    this.tcp.close();
  }
}

/** What a firmware finds at `device.network`, on one of the SDK's TCP stacks. */
export function network(tcp: SocketClass): Network {
  return { dns: { io: FakeResolver, socket: { io: FakeUdp } }, socket: { io: tcp } };
}

/** @param secure the class of TLS sockets, with its options. */
export function moddableHttp(
  tcp: SocketClass,
  secure: { io: SocketClass } = { io: EndlessTls },
  timers: typeof TIMERS = TIMERS,
): HttpUnderTest {
  const http = network(tcp);
  const https = { ...http, socket: { ...secure, TCP: http.socket } };
  const client = new ModdableHttp({ http, https, timers, text: TEXT });
  return { http: client, close: () => client.close() };
}
