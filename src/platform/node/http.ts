import * as crypto from 'node:crypto';
import * as http from 'node:http';
import * as https from 'node:https';
import * as tls from 'node:tls';
import {
  type HttpClient,
  type HttpExchange,
  HttpFailure,
  type HttpListener,
  type HttpRequest,
} from '../../hal/http.js';

/** Bytes of a response header; a longer one is a protocol error. */
const MAX_HEADER = 16384;

const NAME_FAILURES = ['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'EAI_NONAME'];

/** How the Node client connects. Each may hold several certificates, one after another. */
export interface NodeHttpOptions {
  /** Certificates (PEM) of the authorities to trust, instead of the system's own. */
  ca?: string | string[];
  /** The client's certificate and key (PEM), for servers that want to know who asks. Neither is of use without the other. */
  cert?: string;
  key?: string;
}

interface Agents {
  'http:': http.Agent;
  'https:': https.Agent;
}

/** Closes the connections that nobody uses, but for those to `host`: a device has no memory for more. */
function closeIdle(agents: Agents, host: string): void {
  for (const agent of [agents['http:'], agents['https:']]) {
    for (const sockets of Object.values(agent.freeSockets)) {
      for (const socket of sockets ?? []) if (hosts.get(socket) !== host) socket.destroy();
    }
  }
}

/** The host that a connection was made to. */
const hosts = new WeakMap<object, string>();

/** HTTP and HTTPS over Node's own clients. Connections are kept alive until `close`. */
export class NodeHttp implements HttpClient {
  private readonly agents: Agents;

  /** @throws the TLS library's error for PEM that it cannot read, and for a key that is another certificate's. */
  constructor({ ca, cert, key }: NodeHttpOptions = {}) {
    // Node would skip what it cannot read, and trust nobody.
    for (const pem of [ca ?? []].flat()) new crypto.X509Certificate(pem);
    // Made once: each connection would read the certificates again, and only then find fault with them.
    const secureContext = tls.createSecureContext({ ca, cert, key });
    this.agents = {
      'http:': new http.Agent({ keepAlive: true }),
      'https:': new https.Agent({ keepAlive: true, secureContext }),
    };
  }

  request(request: HttpRequest, listener: HttpListener): HttpExchange {
    return new NodeExchange(request, listener, this.agents);
  }

  /** Closes kept-alive connections. */
  close(): void {
    this.agents['http:'].destroy();
    this.agents['https:'].destroy();
  }
}

class NodeExchange implements HttpExchange {
  private readonly listener: HttpListener;
  private readonly request: http.ClientRequest | undefined;
  private response: http.IncomingMessage | undefined;
  private bodyLeft: number;
  private connected = false;
  /** The listener knows that there is something to read, and has not read all of it. */
  private announced = false;
  private over = false;
  /** How the exchange failed, while bytes that had come before are still to be read. */
  private failed: { failure: HttpFailure; detail: string } | undefined;

  constructor(request: HttpRequest, listener: HttpListener, agents: Agents) {
    this.listener = listener;
    this.bodyLeft = Math.max(0, request.bodyLength);
    try {
      this.request = this.open(request, agents);
    } catch (thrown) {
      // A URL or header that Node refuses before it connects.
      setImmediate(() => this.fail(HttpFailure.Protocol, String(thrown)));
      return;
    }
    const client = this.request;
    const connected = client.protocol === 'https:' ? 'secureConnect' : 'connect';
    client.on('socket', (socket) => {
      hosts.set(socket, new URL(request.url).host);
      if (client.reusedSocket || !socket.connecting) setImmediate(() => this.writable());
      else socket.once(connected, () => this.writable());
    });
    client.on('drain', () => this.writable());
    client.on('response', (response) => this.begin(response, request.wanted));
    // Nobody asked for it: without a listener Node ends the connection, and says nothing.
    client.on('upgrade', (response) => this.fail(HttpFailure.Protocol, `status ${response.statusCode}`));
    client.on('error', (error: NodeJS.ErrnoException) => this.fail(this.failureOf(error), error.message));
    if (request.bodyLength < 0) client.end();
    else client.flushHeaders();
    if (request.bodyLength === 0) client.end();
  }

  write(bytes: Uint8Array, from: number, to: number): void {
    const client = this.request as http.ClientRequest;
    this.bodyLeft -= to - from;
    client.write(Buffer.from(bytes.subarray(from, to)));
    if (this.bodyLeft === 0) client.end();
  }

  read(into: Uint8Array, from: number, to: number): number {
    const response = this.response;
    if (response === undefined || this.over) return 0;
    const count = Math.min(to - from, response.readableLength);
    if (count === response.readableLength) this.announced = false;
    const chunk: Buffer | null = count === 0 ? null : response.read(count);
    // A read of nothing tells the stream to fetch more.
    if (response.readableLength === 0) response.read(0);
    if (response.readableLength === 0 && this.failed !== undefined) setImmediate(() => this.conclude());
    if (chunk === null) return 0;
    into.set(chunk, from);
    return chunk.length;
  }

  close(): void {
    if (this.over) return;
    this.over = true;
    this.request?.destroy();
  }

  private open(request: HttpRequest, agents: Agents): http.ClientRequest {
    const url = new URL(request.url);
    const headers: string[] = ['Host', url.host, ...request.headers];
    if (request.bodyLength >= 0) headers.push('Content-Length', String(request.bodyLength));
    const options = { method: request.method, headers, maxHeaderSize: MAX_HEADER };
    closeIdle(agents, request.newConnection ? '' : url.host);
    return url.protocol === 'https:'
      ? https.request(url, { ...options, agent: agents['https:'] })
      : http.request(url, { ...options, agent: agents['http:'] });
  }

  private writable(): void {
    if (this.over) return;
    this.connected = true;
    const client = this.request as http.ClientRequest;
    const room = Math.max(1, client.writableHighWaterMark - client.writableLength);
    this.listener.onWritable(Math.min(this.bodyLeft, room));
    if (!this.over && this.bodyLeft > 0 && !client.writableNeedDrain) setImmediate(() => this.writable());
  }

  private begin(response: http.IncomingMessage, wanted: readonly string[]): void {
    if (this.over) return;
    this.response = response;
    const raw = response.rawHeaders;
    for (let i = 0; i < raw.length; i += 2) {
      const index = wanted.indexOf(raw[i].toLowerCase());
      if (index >= 0) this.listener.onHeader(index, raw[i + 1]);
    }
    response.on('readable', () => {
      if (this.over) return;
      if (response.readableLength > 0) this.readable();
      // Nothing to read: the end has come, and is told to one who reads.
      else response.read();
    });
    response.on('end', () => {
      if (this.over) return;
      this.over = true;
      // A peer that answered without the whole body would wait for the rest on this connection.
      if (this.bodyLeft > 0) this.request?.destroy();
      this.listener.onEnd();
    });
    response.on('error', (error) => this.fail(HttpFailure.Closed, error.message));
    response.on('close', () => this.fail(HttpFailure.Closed, 'closed in the body'));
    this.listener.onResponse(response.statusCode as number);
  }

  private readable(): void {
    if (this.announced) return;
    this.announced = true;
    this.listener.onReadable();
  }

  private fail(failure: HttpFailure, detail: string): void {
    if (this.over || this.failed !== undefined) return;
    this.failed = { failure, detail };
    if (this.response !== undefined && this.response.readableLength > 0) this.readable();
    else this.conclude();
  }

  /** The connection is gone, and nothing is left to read. */
  private conclude(): void {
    if (this.over || this.failed === undefined) return;
    this.over = true;
    this.request?.destroy();
    // What came behind a whole response, or that the connection closed then, is no fault of the response.
    if (this.response?.complete) this.listener.onEnd();
    else this.listener.onFailure(this.failed.failure, this.failed.detail);
  }

  private failureOf(error: NodeJS.ErrnoException): HttpFailure {
    const code = error.code ?? '';
    const client = this.request as http.ClientRequest;
    if (NAME_FAILURES.includes(code)) return HttpFailure.Name;
    if (code.startsWith('HPE_')) return HttpFailure.Protocol;
    // Also where it closes before a byte of the request is out.
    if (client.reusedSocket && this.response === undefined) return HttpFailure.Stale;
    if (error.syscall === 'connect') return HttpFailure.Connect;
    if (!this.connected) return client.protocol === 'https:' ? HttpFailure.Tls : HttpFailure.Connect;
    if (code.startsWith('ERR_TLS') || code.startsWith('ERR_SSL') || code.includes('CERT') || code === 'EPROTO')
      return HttpFailure.Tls;
    return HttpFailure.Closed;
  }
}
