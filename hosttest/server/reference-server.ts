import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from './answer.js';
import { Authentication } from './authentication.js';
import { deliver } from './delivery.js';
import { DmServer } from './dm-server.js';
import { Journal, type ReceivedPackage, type ReceivedRequest, type ServerEvent } from './journal.js';
import { Listener, type ServerTls } from './listener.js';
import { encodeNotification, type NotificationContent } from './notification.js';
import { MAX_PACKAGE } from './package-check.js';
import type { Reply } from './reply.js';
import { MAX_UPLOAD, Repository } from './repository.js';
import { readBody } from './request-body.js';
import { RequestRecord } from './request-record.js';
import { isDmTarget, parseTarget } from './request-target.js';
import { checkResource, checkResourcePath, checkScript, checkSessions } from './script.js';
import type { ResourceHandler, ResourceScript, Script, SessionScript } from './script-types.js';
import { sendDatagram } from './send-datagram.js';

export interface ReferenceServerOptions {
  /** TCP port on 127.0.0.1; 0, the default, takes any free one. */
  port?: number;
  /** By default every package is answered with END, and the repository is empty. */
  script?: Script;
  /** With it the server speaks HTTPS. */
  tls?: ServerTls;
  /** Called as things happen, for printing. */
  onEvent?: (event: ServerEvent) => void;
}

export interface ReferenceServer {
  /** `http://127.0.0.1:PORT`, or `https:` */
  readonly origin: string;
  /** Every Package#1 and #3, in order. */
  readonly packages: ReceivedPackage[];
  /** Every request to the Data Repository, in order of arrival. */
  readonly requests: ReceivedRequest[];
  /** What clients did against the protocol, in packages and in requests. */
  readonly violations: string[];
  /**
   * Replaces what devices get, from their next Package#1 on, which gets the first entry open to it.
   * @throws ScriptError
   */
  setSessions(sessions: SessionScript[]): void;
  /**
   * Adds or replaces a resource.
   * @param path begins with `/`, is not `/dm` nor below it; one with a query is for that query only.
   * @throws ScriptError
   */
  setResource(path: string, resource: ResourceScript | ResourceHandler): void;
  removeResource(path: string): void;
  /**
   * Sends a Package#0 by UDP. A Package#1 that names its id must have MOS where it asks for that.
   * @returns when the datagram has left.
   * @throws RangeError for a value that no notification can hold; the socket layer's error for a host or port that is none.
   */
  notify(host: string, port: number, notification: NotificationContent): Promise<void>;
  /** Connections open now. */
  openSockets(): number;
  /** Stops listening and destroys every connection, with its timers. Resolves when all are gone. */
  close(): Promise<void>;
}

/**
 * Starts a DM Server, at `/dm` and below, and a Data Repository, at every other path.
 * @throws ScriptError for a script that cannot be used; the socket layer's error for a port that cannot be had.
 */
export async function startReferenceServer(options: ReferenceServerOptions = {}): Promise<ReferenceServer> {
  const script = checkScript(options.script ?? {}, 'script');
  const authentication = new Authentication(script.authentication ?? {});
  const journal = new Journal(options.onEvent ?? (() => {}));
  const repository = new Repository(journal);
  const listener = new Listener(
    options.tls,
    (request, response) => {
      response.on('close', () => dmServer.served(request.socket));
      if (isDm(request)) serveDm(request, response);
      else serveRepository(request, response);
    },
    (reason) => journal.addViolation(`not an HTTP request: ${reason}`),
  );
  const origin = await listener.listen(options.port ?? 0);
  const dmServer = new DmServer(origin, journal);

  function refusalOf({ method, url = '', headers }: IncomingMessage): Answer | undefined {
    if (headers.authorization !== undefined && !options.tls) {
      journal.addViolation(`${method} to ${url}: credentials without TLS`);
    }
    return authentication.refusal(url, headers);
  }

  function serveDm(request: IncomingMessage, response: ServerResponse): void {
    const refusal = refusalOf(request);
    readBody(request, MAX_PACKAGE, (body) => deliver(response, dmServer.receive(request, body, refusal)));
  }

  function serveRepository(request: IncomingMessage, response: ServerResponse): void {
    const record = new RequestRecord(request, response);
    journal.addRequest(record);
    const refusal = refusalOf(request);
    const handler = refusal ? undefined : repository.handlerOf(record.path);
    if (handler) {
      response.on('close', () => journal.report({ type: 'request', request: record }));
      handler(request, response);
    }
    readBody(request, MAX_UPLOAD, (body) => {
      record.received(body);
      if (!handler) answer(record, response, refusal ? { answer: refusal } : repository.receive(record));
    });
  }

  function answer(record: RequestRecord, response: ServerResponse, reply: Reply): void {
    record.answered(reply.answer.status);
    journal.report({ type: 'request', request: record, fault: reply.fault?.kind });
    deliver(response, reply);
  }

  function setResource(path: string, resource: ResourceScript | ResourceHandler): void {
    checkResourcePath(path, 'resource');
    if (typeof resource === 'function') repository.set(path, resource);
    else repository.set(path, withOrigin(checkResource(path, resource), origin));
  }

  function setSessions(sessions: SessionScript[]): void {
    dmServer.setSessions(withOrigin(checkSessions(sessions, 'sessions'), origin));
  }

  async function notify(host: string, port: number, notification: NotificationContent): Promise<void> {
    const bytes = encodeNotification(notification);
    dmServer.notified(notification);
    await sendDatagram(host, port, bytes);
    const { serverId } = notification;
    journal.report({ type: 'notification', to: `${host}:${port}`, serverId, bytes: bytes.length });
  }

  try {
    setSessions(script.sessions ?? []);
    for (const [path, resource] of Object.entries(script.repository ?? {})) setResource(path, resource);
  } catch (error) {
    await listener.close();
    throw error;
  }
  return {
    origin,
    packages: journal.packages,
    requests: journal.requests,
    violations: journal.violations,
    setSessions,
    setResource,
    removeResource: (path) => repository.remove(path),
    notify,
    openSockets: () => listener.openSockets(),
    close: () => listener.close(),
  };
}

function isDm({ url = '' }: IncomingMessage): boolean {
  return isDmTarget(parseTarget(url));
}

function withOrigin<T>(value: T, origin: string): T {
  return JSON.parse(JSON.stringify(value).replaceAll('{origin}', origin)) as T;
}
