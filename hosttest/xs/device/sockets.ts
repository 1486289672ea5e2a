import type { Resolver, SecureNetwork, Socket, SocketCallbacks } from '../../../src/platform/moddable/network.js';
import type { Host } from './host.js';
import type { Answer } from './http.js';

declare const host: Host;

/** What a radio module hands over, and takes, at once. */
const SEGMENT = 536;

/** Milliseconds without a byte after which a request is whole. */
const PAUSE = 50;

const GET = 'G'.charCodeAt(0);

/** A socket with a server behind it. What the server sends takes no memory of the machine but a header. */
class ServedSocket implements Socket {
  format: string;
  private readonly options: SocketCallbacks;
  private readonly answer: (method: string) => Answer;
  private timer: number;
  private method: string;
  private header: Uint8Array;
  private input: number;
  private total: number;
  private offset: number;
  private arrived: number;

  constructor(options: SocketCallbacks, answer: (method: string) => Answer) {
    this.options = options;
    this.answer = answer;
    this.format = 'buffer';
    this.method = '';
    this.header = new Uint8Array(0);
    this.input = 0;
    this.total = 0;
    this.offset = 0;
    this.arrived = 0;
    this.timer = host.after(0, () => this.options.onWritable?.call(this, SEGMENT));
  }

  write(bytes: Uint8Array): number {
    if (this.method === '') this.method = bytes[0] === GET ? 'GET' : 'POST';
    host.sent(bytes, 0, bytes.length);
    host.cancel(this.timer);
    this.timer = host.after(PAUSE, () => this.respond());
    return SEGMENT;
  }

  read(into?: Uint8Array): number {
    const bytes = into ?? new Uint8Array(1);
    if (bytes.length > this.arrived - this.offset) throw new Error('invalid');
    const head = this.header.length;
    let at = 0;
    for (; at < bytes.length && this.offset + at < head; at += 1) bytes[at] = this.header[this.offset + at];
    if (at < bytes.length) host.read(this.input, this.offset + at - head, bytes, at, bytes.length);
    this.offset += bytes.length;
    if (this.offset === this.arrived && this.offset < this.total) this.timer = host.after(0, () => this.arrive());
    return into === undefined ? bytes[0] : bytes.length;
  }

  close(): void {
    host.cancel(this.timer);
  }

  private respond(): void {
    const { status, headers, input } = this.answer(this.method);
    const size = host.inputSize(input);
    const header = `HTTP/1.1 ${status} OK\r\n${headers[0]}: ${headers[1]}\r\nContent-Length: ${size}\r\n\r\n`;
    this.header = new Uint8Array(host.encode(header));
    this.input = input;
    this.total = this.header.length + size;
    this.method = '';
    this.offset = 0;
    this.arrived = 0;
    this.arrive();
  }

  private arrive(): void {
    this.arrived = Math.min(this.total, this.arrived + SEGMENT);
    this.options.onReadable?.call(this, this.arrived - this.offset);
  }
}

class OneAddress implements Resolver {
  resolve({ host: name, onResolved }: { host: string; onResolved(host: string, address: string): void }): void {
    host.after(0, () => onResolved(name, '127.0.0.1'));
  }

  close(): void {}
}

/** `device.network.https` with such sockets, as `device.network.http`, too. */
export function servedNetwork(answer: (method: string) => Answer): SecureNetwork {
  class Served extends ServedSocket {
    constructor(options: SocketCallbacks) {
      super(options, answer);
    }
  }
  const socket = { io: Served, TCP: { io: Served } };
  return { dns: { io: OneAddress, socket }, socket };
}
