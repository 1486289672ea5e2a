import { Buffer } from './buffer.js';
import { type Peer, Socket, type serverAt } from './http.js';

/** The connection's end in net.ts, which imports this file. */
interface Wire {
  on(name: 'close', listener: () => void): unknown;
  on(name: 'data', listener: (bytes: Uint8Array) => void): unknown;
  write(bytes: string | Uint8Array): unknown;
  end(): unknown;
}

type Server = NonNullable<ReturnType<typeof serverAt>>;

/** Serves one request that comes over a connection within the machine, and ends the connection behind the answer. */
export function serveHttp(server: Server, wire: Wire): void {
  let received = Buffer.alloc(0);
  let isServed = false;
  const peer: Peer = {
    header(status, headers) {
      const lines = [...headers].map(([name, value]) => `${name}: ${value}\r\n`);
      wire.write(`HTTP/1.1 ${status} Status\r\nConnection: close\r\n${lines.join('')}\r\n`);
    },
    body: (bytes) => wire.write(bytes),
    end: () => wire.end(),
    garbage: () => wire.write('garbage\r\n'),
    closed: () => wire.end(),
  };
  const socket = new Socket(peer);
  wire.on('close', () => socket.destroy());
  wire.on('data', (bytes: Uint8Array) => {
    received = Buffer.concat([received, bytes]);
    const text = received.toString('latin1');
    const end = text.indexOf('\r\n\r\n');
    if (isServed || end < 0) return;
    const [first, ...lines] = text.slice(0, end).split('\r\n');
    const headers: Record<string, string> = {};
    for (const line of lines) headers[line.split(':')[0].toLowerCase()] = line.slice(line.indexOf(':') + 1).trim();
    const length = Number(headers['content-length'] ?? 0);
    if (received.length < end + 4 + length) return;
    isServed = true;
    const [method, url] = first.split(' ');
    server.accept(socket, method, url, headers, received.slice(end + 4, end + 4 + length));
  });
}
