import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpClient, HttpExchange, HttpListener, HttpRequest } from 'dmlet';
import { NodeHttp } from 'dmlet/node';
import { Listener } from '../server/listener.js';
import { LOOPBACK_TLS } from '../server/loopback-certificate.js';
import { WatchedExchange } from './watched-exchange.js';

/** Nothing listens on this port. */
const NOWHERE = '127.0.0.1:1';

/** A request of the device. */
export interface Arrived {
  readonly method: string;
  /** As the transcript calls it. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined where there was no connection. */
  readonly body: Buffer | undefined;
  readonly response: ServerResponse | undefined;
}

/** A request, or what an application heard. */
export type Happening = Arrived | string;

/**
 * The world around a device: real HTTP and TLS over loopback, a listener for each host that the transcript names. The device sees the
 * hosts' own names.
 */
export class Hosts implements HttpClient {
  /** What happened and the transcript has not named yet. */
  readonly queue: Happening[] = [];
  /** Whether the request after `count` others finds no connection. */
  refuses: (count: number) => boolean = () => false;
  /** Exchanges that are not over. */
  underWay = 0;
  private count = 0;
  private http = new NodeHttp({ ca: LOOPBACK_TLS.cert });
  private readonly listeners: Listener[] = [];
  private readonly addresses = new Map<string, string>();

  /** @param origins such as `https://dm.example`. */
  static async open(origins: readonly string[]): Promise<Hosts> {
    const hosts = new Hosts();
    for (const origin of origins) {
      const tls = origin.startsWith('https:') ? LOOPBACK_TLS : undefined;
      const listener = new Listener(
        tls,
        (request, response) => hosts.receive(origin, request, response),
        (reason) =>
          hosts.queue.push({ method: reason, url: origin, headers: {}, body: undefined, response: undefined }),
      );
      hosts.listeners.push(listener);
      hosts.addresses.set(new URL(origin).origin, await listener.listen(0));
    }
    return hosts;
  }

  request(request: HttpRequest, listener: HttpListener): HttpExchange {
    this.underWay += 1;
    return new WatchedExchange(this.http, { ...request, url: this.route(request) }, listener, () => {
      this.underWay -= 1;
    });
  }

  /** Counts requests from here on. */
  beginCourse(): void {
    this.count = 0;
  }

  /** The device has lost its connections. */
  cutConnections(): void {
    this.http.close();
    this.http = new NodeHttp({ ca: LOOPBACK_TLS.cert });
  }

  async close(): Promise<void> {
    this.http.close();
    await Promise.all(this.listeners.map((listener) => listener.close()));
  }

  /** Where a request really goes. */
  private route({ method, url, headers }: HttpRequest): string {
    // What is no URL the platform itself refuses, before it connects.
    if (!URL.canParse(url)) return url;
    const { protocol, origin } = new URL(url);
    const address = this.addresses.get(origin);
    const refused = this.refuses(this.count);
    this.count += 1;
    const path = url.replace(/^https?:\/\/[^/?#]*/i, '');
    if (address !== undefined && !refused) return address + path;
    this.queue.push({ method, url, headers: headersOf(headers), body: undefined, response: undefined });
    return `${protocol}//${NOWHERE}${path}`;
  }

  private receive(origin: string, request: IncomingMessage, response: ServerResponse): void {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const { method = '', url = '', rawHeaders } = request;
      const body = Buffer.concat(pieces);
      this.queue.push({ method, url: origin + url, headers: headersOf(rawHeaders), body, response });
    });
  }
}

function headersOf(pairs: readonly string[]): Record<string, string> {
  const names = pairs.filter((_, index) => index % 2 === 0);
  return Object.fromEntries(names.map((name, index) => [name.toLowerCase(), pairs[2 * index + 1]]));
}
