import { type ClientRequest, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect, type Socket } from 'node:net';

const REQUEST = 'application/vnd.oma.dm.request+json';
const PACKAGE_TYPES = {
  1: 'application/vnd.oma.dm.initiation+json',
  3: 'application/vnd.oma.dm.response+json',
};
const MO = 'application/vnd.oma.dm.mo+json';

/** What a test has seen of a response so far; it changes until `isOver`. */
export interface Seen {
  /** 0 as long as there is no header. */
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** The sizes of the pieces in which the body came. */
  pieces: number[];
  /** The response ended as its framing says. */
  complete: boolean;
  isOver: boolean;
}

export interface Sent {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

/** Begins an exchange on its own connection, and leaves it to the caller to look at it. */
export function begin(url: string, sent: Sent = {}): { seen: Seen; over: Promise<Seen>; request: ClientRequest } {
  const seen: Seen = { status: 0, headers: {}, body: Buffer.alloc(0), pieces: [], complete: false, isOver: false };
  const { method = 'GET', body, headers = {} } = sent;
  const hasLength = body !== undefined && headers['Transfer-Encoding'] === undefined;
  const length: Record<string, number> = hasLength ? { 'Content-Length': Buffer.byteLength(body) } : {};
  const options = { method, agent: false, rejectUnauthorized: false, headers: { ...length, ...headers } };
  const request = url.startsWith('https:') ? httpsRequest(url, options) : httpRequest(url, options);
  const over = new Promise<Seen>((resolve) => {
    request.on('response', (response) => {
      seen.status = response.statusCode ?? 0;
      seen.headers = response.headers;
      response.on('data', (piece: Buffer) => {
        seen.pieces.push(piece.length);
        seen.body = Buffer.concat([seen.body, piece]);
      });
      response.on('error', () => {});
      response.on('end', () => {
        seen.complete = response.complete;
      });
    });
    request.on('error', () => {});
    request.on('close', () => {
      seen.isOver = true;
      resolve(seen);
    });
  });
  request.end(body);
  return { seen, over, request };
}

export function send(url: string, sent: Sent = {}): Promise<Seen> {
  return begin(url, sent).over;
}

/** A connection that says nothing by itself, and takes whatever comes. */
export function open(origin: string): Socket {
  const { hostname, port } = new URL(origin);
  return connect(Number(port), hostname)
    .on('error', () => {})
    .resume();
}

/** Sends bytes as they are. @returns all that came until the connection was closed. */
export function sendRaw(origin: string, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = open(origin);
    socket.write(text);
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
    });
    socket.on('close', () => resolve(received));
  });
}

/** Waits for something that happens soon, by asking again and again. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    if (tries > 5000) throw new Error(`never came: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

export const CLIENT_INITIATED = { AlertType: 'urn:oma:at:dm:2.0:ClientInitiatedMgmt' };

export function packageHeaders(number: 1 | 3, devId = 'IMEI:1'): Record<string, string> {
  return { 'Content-Type': PACKAGE_TYPES[number], Accept: REQUEST, 'OMADM-DevID': devId };
}

/** Sends a proper Package#1. */
export function initiate(origin: string, devId?: string, path = '/dm'): Promise<Seen> {
  const body = JSON.stringify({ Alert: [CLIENT_INITIATED] });
  return send(origin + path, { method: 'POST', headers: packageHeaders(1, devId), body });
}

/** Sends a Package#3 with these status codes. */
export function respond(origin: string, statuses: number[], devId?: string, path = '/dm'): Promise<Seen> {
  const body = JSON.stringify({ Status: statuses.map((sc) => ({ sc })) });
  return send(origin + path, { method: 'POST', headers: packageHeaders(3, devId), body });
}

/** Uploads a value to the repository as a client does. */
export function upload(method: 'PUT' | 'POST', url: string, value: unknown, type = MO): Promise<Seen> {
  return send(url, { method, headers: { 'Content-Type': type }, body: JSON.stringify(value) });
}
