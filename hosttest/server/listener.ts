import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

/** A client may break off at any point; only bytes that cannot be a request are bad. */
function isBadRequest(code = ''): boolean {
  return code.startsWith('HPE_') && code !== 'HPE_INVALID_EOF_STATE';
}

/** What a server with TLS shows, in PEM; with `ca` it wants clients to show a certificate of that authority. */
export interface ServerTls {
  key: string;
  cert: string;
  ca?: string;
}

/** A listening HTTP or HTTPS server that knows its connections. */
export class Listener {
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;
  private closing?: Promise<void>;

  /** @param onBadRequest hears of bytes that are no HTTP request. */
  constructor(
    private readonly tls: ServerTls | undefined,
    onRequest: RequestListener,
    onBadRequest: (reason: string) => void,
  ) {
    this.server = tls
      ? createTlsServer({ ...tls, requestCert: tls.ca !== undefined }, onRequest)
      : createServer(onRequest);
    // Time limits are the client's to test; a scripted silence must last as long as it likes.
    this.server.keepAliveTimeout = 0;
    this.server.headersTimeout = 0;
    this.server.requestTimeout = 0;
    this.server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
    this.server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      if (isBadRequest(error.code)) onBadRequest(error.message);
      if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      else socket.destroy();
    });
  }

  /** @returns the origin. @throws what the socket layer says, a port in use for instance. */
  listen(port: number): Promise<string> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, '127.0.0.1', () => {
        const { port: bound } = this.server.address() as AddressInfo;
        resolve(`${this.tls ? 'https' : 'http'}://127.0.0.1:${bound}`);
      });
    });
  }

  openSockets(): number {
    return this.sockets.size;
  }

  close(): Promise<void> {
    this.closing ??= this.closeAll();
    return this.closing;
  }

  /** The server reports its close before the last sockets do theirs. */
  private async closeAll(): Promise<void> {
    const gone = [...this.sockets].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await Promise.all([closed, ...gone]);
  }
}
