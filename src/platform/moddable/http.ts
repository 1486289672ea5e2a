import {
  type HttpClient,
  type HttpExchange,
  HttpFailure,
  type HttpListener,
  type HttpRequest,
} from '../../hal/http.js';
import type { Text } from '../../hal/text.js';
import { Connection, type Timers } from './connection.js';
import { Exchange } from './exchange.js';
import { guardedNetwork, guardedSecureNetwork } from './guard.js';
import type { Network, SecureNetwork } from './network.js';
import { headerOf, type Target, targetOf } from './target.js';

/** What the client stands on. */
export interface ModdableHttpOptions {
  /** As `device.network.http`. */
  readonly http: Network;
  /** As `device.network.https`. */
  readonly https: SecureNetwork;
  readonly timers: Timers;
  readonly text: Text;
}

/**
 * HTTP and HTTPS over the SDK's sockets. What the SDK's own client gets wrong cannot be set right from outside: it takes interim responses for
 * final ones, keeps one of several equal headers, waits for the body of a 304, and throws, which ends the machine, where a chunk has a trailer.
 */
export class ModdableHttp implements HttpClient {
  private readonly http: Network;
  private readonly https: SecureNetwork;
  private readonly timers: Timers;
  private readonly text: Text;
  private connections: Connection[];

  constructor({ http, https, timers, text }: ModdableHttpOptions) {
    this.http = http;
    this.https = https;
    this.timers = timers;
    this.text = text;
    this.connections = [];
  }

  request(request: HttpRequest, listener: HttpListener): HttpExchange {
    const { timers, text } = this;
    const target = targetOf(request.url);
    const header = target && headerOf(request, target, text);
    if (target === undefined || header === undefined) {
      const timer = timers.after(0, () => listener.onFailure(HttpFailure.Protocol, `bad request: ${request.url}`));
      return { write() {}, read: () => 0, close: () => timers.cancel(timer) };
    }
    return new Exchange(request, header, this.connectionTo(target, request.newConnection), listener, timers, text);
  }

  /** Closes the connections that are kept. */
  close(): void {
    for (const connection of this.connections) if (connection.isFree) connection.close();
  }

  /** Closes all that nobody uses but one that can be used: a device has no memory for more. */
  private connectionTo(target: Target, isNew: boolean): Connection {
    let found: Connection | undefined;
    for (const connection of this.connections) {
      if (!isNew && found === undefined && connection.isFreeFor(target)) found = connection;
      else if (connection.isFree) connection.close();
    }
    this.connections = this.connections.filter((connection) => !connection.isClosed);
    if (found !== undefined) return found;
    // Guards are made for each connection, and go before it stands: a device that is idle has none in memory.
    const network = target.isSecure ? guardedSecureNetwork(this.https) : guardedNetwork(this.http);
    const connection = new Connection(target, network, this.timers);
    this.connections.push(connection);
    return connection;
  }
}
