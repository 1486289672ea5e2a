import { Buffer } from './buffer.js';
import { serverAt } from './http.js';
import { serveHttp } from './http-over-net.js';

type Bytes = ReturnType<typeof Buffer.alloc>;
type Listener = (...values: never[]) => void;

/** Most bytes that lie unread at one end. */
const ROOM = 16384;
/** Milliseconds that bytes are on their way. */
const LATENCY = 1;

/** As much of Node's `EventEmitter` as sockets use. */
class Events {
  private readonly listeners: [name: string, listener: Listener][] = [];

  on(name: string, listener: Listener): this {
    this.listeners.push([name, listener]);
    return this;
  }

  removeAllListeners(name: string): this {
    for (let i = this.listeners.length - 1; i >= 0; i -= 1)
      if (this.listeners[i][0] === name) this.listeners.splice(i, 1);
    return this;
  }

  emit(name: string, ...values: unknown[]): boolean {
    const found = this.listeners.filter((entry) => entry[0] === name);
    for (const [, listener] of found) (listener as (...all: unknown[]) => void)(...values);
    return found.length > 0;
  }
}

/** One end of a connection within the machine. What it does, it does from the event loop. */
export class Socket extends Events {
  destroyed = false;
  peer: Socket | undefined;
  /** Bytes on their way to the peer, the last of them with who wants to know that they are out. */
  private readonly leaving: [bytes: Bytes, done: () => void][] = [];
  private arrived: Bytes = Buffer.alloc(0);
  private isPaused = false;
  private isFull = false;
  private isEnding = false;
  private hasEnd = false;
  private isEnded = false;
  private isDue = false;

  get readableLength(): number {
    return this.arrived.length;
  }

  get writable(): boolean {
    return !this.destroyed && !this.isEnding;
  }

  setNoDelay(): void {}

  read(count: number): Bytes | null {
    const bytes = this.arrived.slice(0, count) as Bytes;
    this.arrived = this.arrived.slice(count) as Bytes;
    this.turn();
    this.peer?.turn();
    return bytes.length === 0 ? null : bytes;
  }

  /** @returns false where not all is out: then `drain` comes. */
  write(bytes: Uint8Array | string, done: () => void = () => {}): boolean {
    if (this.destroyed) return false;
    this.leaving.push([Buffer.from(bytes), done]);
    this.isFull = this.leaving.length > 1 || bytes.length > ROOM;
    this.turn();
    return !this.isFull;
  }

  end(): void {
    this.isEnding = true;
    this.turn();
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
    this.turn();
  }

  override on(name: string, listener: Listener): this {
    super.on(name, listener);
    this.turn();
    return this;
  }

  /** What is on its way still arrives. */
  destroy(): void {
    if (this.destroyed) return;
    this.push();
    this.finish();
    if (this.peer !== undefined) this.peer.hasEnd = true;
    this.peer?.turn();
  }

  resetAndDestroy(): void {
    const { peer } = this;
    this.finish();
    if (peer === undefined || peer.destroyed) return;
    peer.arrived = Buffer.alloc(0);
    setTimeout(() => {
      peer.emit('error', new Error('reset'));
      peer.finish();
    });
  }

  /** Gives up. */
  fail(): void {
    this.emit('error', new Error('refused'));
    this.finish();
  }

  turn(): void {
    if (this.isDue) return;
    this.isDue = true;
    setTimeout(() => {
      this.isDue = false;
      if (!this.destroyed) this.work();
    }, LATENCY);
  }

  private finish(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    setTimeout(() => this.emit('close'));
  }

  private work(): void {
    this.push();
    this.give();
    if (this.leaving.length === 0 && this.isFull) {
      this.isFull = false;
      this.emit('drain');
    }
    if (this.hasEnd && this.arrived.length === 0 && !this.isEnded) {
      this.isEnded = true;
      this.emit('end');
      this.isEnding = true;
    }
    if (this.leaving.length > 0 || !this.isEnding || this.peer === undefined) return;
    if (!this.peer.hasEnd) {
      this.peer.hasEnd = true;
      this.peer.turn();
    }
    if (this.isEnded) this.finish();
  }

  /** Hands what leaves to the peer, as far as there is room. */
  private push(): void {
    const { peer } = this;
    if (peer?.destroyed) this.leaving.length = 0;
    while (peer !== undefined && this.leaving.length > 0) {
      const [entry] = this.leaving;
      const count = Math.min(entry[0].length, ROOM - peer.arrived.length);
      peer.arrived = Buffer.concat([peer.arrived, entry[0].slice(0, count)]);
      if (count > 0) peer.turn();
      entry[0] = entry[0].slice(count) as Bytes;
      if (entry[0].length > 0) return;
      this.leaving.shift();
      setTimeout(entry[1]);
    }
  }

  private give(): void {
    if (this.isPaused || this.arrived.length === 0) return;
    if (this.emit('readable')) return;
    const bytes = this.arrived;
    if (!this.emit('data', bytes)) return;
    this.arrived = Buffer.alloc(0);
    this.peer?.turn();
  }
}

/** Servers that listen, by port. */
const state = { servers: new Map<number, Server>(), port: 50000 };

class Server extends Events {
  private port = 0;

  listen(_port: number, _host: string, done: () => void): void {
    state.port += 1;
    this.port = state.port;
    state.servers.set(this.port, this);
    setTimeout(done);
  }

  address(): { port: number } {
    return { port: this.port };
  }

  close(done: () => void): void {
    state.servers.delete(this.port);
    setTimeout(done);
  }
}

export function createServer(): Server {
  return new Server();
}

export function connect({ host, port }: { host: string; port: number }): Socket {
  const socket = new Socket();
  setTimeout(() => {
    const server = host === '127.0.0.1' ? state.servers.get(port) : undefined;
    const httpServer = serverAt(port);
    if (socket.destroyed) return;
    if (server === undefined && httpServer === undefined) {
      socket.fail();
      return;
    }
    const peer = new Socket();
    peer.peer = socket;
    socket.peer = peer;
    if (httpServer !== undefined) serveHttp(httpServer, peer);
    server?.emit('connection', peer);
    socket.emit('connect');
    socket.turn();
  });
  return socket;
}

/** Whether a text is an address of IPv4. */
export function isIPv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => String(Number(part)) === part && Number(part) < 256);
}
