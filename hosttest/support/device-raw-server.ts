import * as net from 'node:net';
import * as tls from 'node:tls';
import { until } from '../server/loopback.js';

/** One connection to a raw server. */
export class RawConnection {
  /** All that came, one character a byte. */
  received = '';
  closed = false;

  constructor(readonly socket: net.Socket) {
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      this.received += chunk.toString('latin1');
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.closed = true;
    });
  }

  /** Sends bytes as they are, one character a byte. */
  send(text: string): void {
    this.socket.write(Buffer.from(text, 'latin1'));
  }

  /** The requests that came whole, each from its first line to the end of its body. */
  get requests(): string[] {
    const all: string[] = [];
    let rest = this.received;
    for (;;) {
      const end = rest.indexOf('\r\n\r\n') + 4;
      const length = end + Number(/^content-length: (\d+)/im.exec(rest.slice(0, end))?.[1] ?? 0);
      if (end < 4 || rest.length < length) return all;
      all.push(rest.slice(0, length));
      rest = rest.slice(length);
    }
  }

  /** Waits for so many whole requests. */
  async request(count = 1): Promise<string> {
    await until(() => this.requests.length >= count, `request ${count}`);
    return this.requests[count - 1];
  }
}

/** A server that knows nothing of HTTP: the test says every byte. */
export class RawServer {
  readonly connections: RawConnection[] = [];

  private constructor(
    private readonly server: net.Server,
    readonly origin: string,
  ) {}

  /** @param secure key and certificate (PEM), for TLS. */
  static async start(secure?: { key: string; cert: string }): Promise<RawServer> {
    const server = secure === undefined ? net.createServer() : tls.createServer(secure);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    const raw = new RawServer(server, `${secure === undefined ? 'http' : 'https'}://127.0.0.1:${port}`);
    server.on(secure === undefined ? 'connection' : 'secureConnection', (socket: net.Socket) =>
      raw.connections.push(new RawConnection(socket)),
    );
    server.on('tlsClientError', () => {});
    return raw;
  }

  /** Waits for connection `count`, counted from 1. */
  async connection(count = 1): Promise<RawConnection> {
    await until(() => this.connections.length >= count, `connection ${count}`);
    return this.connections[count - 1];
  }

  /** Connections that are open. */
  get open(): number {
    return this.connections.filter(({ closed }) => !closed).length;
  }

  async close(): Promise<void> {
    for (const { socket } of this.connections) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
