import { Buffer } from './buffer.js';
import { Emitter } from './emitter.js';

export { absent as request } from './absent.js';

/** What the other end of a connection gets. */
export interface Peer {
  header(status: number, headers: ReadonlyMap<string, string>): void;
  body(bytes: Uint8Array): void;
  /** The response has ended. */
  end(): void;
  /** Something that is no response. */
  garbage(): void;
  closed(): void;
}

/** A connection within the machine, for one exchange. */
export class Socket extends Emitter {
  destroyed = false;

  constructor(readonly peer: Peer) {
    super();
  }

  get writable(): boolean {
    return !this.destroyed;
  }

  /** A response without a reason phrase, written by hand: its header as a whole, and then its body. */
  write(content: string | Uint8Array): void {
    if (typeof content !== 'string') this.peer.body(content);
    else if (content.startsWith('HTTP/1.1 ')) {
      const [status, ...headers] = content.split('\r\n').filter((line) => line !== '');
      const pairs = headers.map((line) => line.split(': ') as [string, string]);
      this.peer.header(Number(status.slice(9)), new Map(pairs.map(([name, value]) => [name.toLowerCase(), value])));
    } else this.peer.garbage();
  }

  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.peer.closed();
    setTimeout(() => this.emit('close'));
  }

  destroySoon(): void {
    setTimeout(() => this.destroy());
  }
}

/** A request as a server gets it. */
export class IncomingMessage extends Emitter {
  private isRead = false;

  constructor(
    readonly socket: Socket,
    readonly method: string,
    readonly url: string,
    readonly headers: Readonly<Record<string, string>>,
    private readonly content: Uint8Array,
  ) {
    super();
  }

  override on(name: string, listener: (...values: unknown[]) => void): this {
    return name === 'data' ? super.on(name, listener).resume() : super.on(name, listener);
  }

  resume(): this {
    if (!this.isRead) setTimeout(() => this.give());
    this.isRead = true;
    return this;
  }

  private give(): void {
    if (this.socket.destroyed) return;
    if (this.content.length > 0) this.emit('data', this.content);
    this.emit('end');
  }
}

/** A response as a server writes it. */
export class ServerResponse extends Emitter {
  statusCode = 200;
  headersSent = false;
  private readonly headers = new Map<string, string>();

  constructor(
    readonly req: IncomingMessage,
    readonly socket: Socket,
  ) {
    super();
    socket.once('close', () => this.emit('close'));
  }

  setHeader(name: string, value: string): this {
    this.headers.set(name.toLowerCase(), value);
    return this;
  }

  writeHead(status: number, headers: Readonly<Record<string, string>> = {}): this {
    this.statusCode = status;
    for (const [name, value] of Object.entries(headers)) this.setHeader(name, value);
    return this;
  }

  write(content: string | Uint8Array): void {
    this.sendHeader();
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    if (this.req.method !== 'HEAD' && bytes.length > 0) this.socket.peer.body(bytes);
  }

  end(content: string | Uint8Array = ''): void {
    this.write(content);
    this.socket.peer.end();
    this.socket.destroySoon();
  }

  private sendHeader(): void {
    if (this.headersSent) return;
    this.headersSent = true;
    this.socket.peer.header(this.statusCode, this.headers);
  }
}

type OnRequest = (request: IncomingMessage, response: ServerResponse) => void;

/** Servers that listen, by port. */
const state = { servers: new Map<number, Server>() };

/** A server within the machine. */
class Server extends Emitter {
  private port = 0;

  constructor(private readonly onRequest: OnRequest) {
    super();
  }

  listen(port: number, _host: string, done: () => void): void {
    this.port = port;
    for (let free = 40000; this.port === 0 || (port === 0 && state.servers.has(this.port)); free += 1) this.port = free;
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

  /** Takes a connection and the one request that comes with it. */
  accept(socket: Socket, method: string, url: string, headers: Record<string, string>, content: Uint8Array): void {
    this.emit('connection', socket);
    const request = new IncomingMessage(socket, method, url, headers, content);
    this.onRequest(request, new ServerResponse(request, socket));
  }
}

export function createServer(first: OnRequest | object, second?: OnRequest): Server {
  return new Server(second ?? (first as OnRequest));
}

export function serverAt(port: number): Server | undefined {
  return state.servers.get(port);
}
