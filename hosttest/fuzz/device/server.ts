import { HttpFailure, type HttpRequest } from 'dmlet';
import type { Bytes } from '../../support/bytes.js';
import type { Answer } from '../../support/paced-http.js';
import { DOCUMENTS, END, ORIGIN } from './fixture.js';
import type { Ground } from './ground.js';

const REQUEST_TYPE = 'application/vnd.oma.dm.request+json';
const INITIATION_TYPE = 'application/vnd.oma.dm.initiation+json';
const RESPONSE_TYPE = 'application/vnd.oma.dm.response+json';
const MO_HEADERS: readonly string[] = ['content-type', 'application/vnd.oma.dm.mo+json', 'etag', '"e"'];

/** A DM server and a data repository, which answer by the path alone. */
export class FuzzServer {
  /** What the packages of the next sessions are; behind them comes END. */
  script: readonly Bytes[] = [];
  /** Sessions that still get the script: one that leads to another session would else never end. */
  scripted = 0;
  /** Everything that came with a body: its media type and its bytes, one character a byte. */
  readonly sent: (readonly [type: string, body: string])[] = [];
  /** The last Package#3. */
  reply = '';
  private turn = 0;

  /**
   * @param document what is at `/case`.
   * @param lines get what is asked for.
   */
  constructor(
    private readonly ground: Ground,
    private readonly document: Bytes,
    private readonly lines: string[],
  ) {}

  answer(request: HttpRequest, body: string): Answer {
    const { method, url, headers } = request;
    const type = headers[headers.indexOf('Content-Type') + 1];
    this.lines.push(`${method} ${url} ${headers.join(' ')} ${body}`);
    if (method !== 'GET') this.sent.push([type, body]);
    if (method === 'POST' && type === INITIATION_TYPE) {
      this.scripted -= 1;
      return this.nextPackage(0);
    }
    if (method === 'POST' && type === RESPONSE_TYPE) {
      this.reply = body;
      return this.nextPackage(this.turn);
    }
    return this.atPath(url, method);
  }

  private nextPackage(turn: number): Answer {
    this.turn = turn + 1;
    const body = this.scripted >= 0 && turn < this.script.length ? this.script[turn] : this.ground.text(END);
    return { status: 200, headers: ['content-type', REQUEST_TYPE], body };
  }

  private atPath(url: string, method: string): Answer {
    const path = (url.slice(0, ORIGIN.length) === ORIGIN ? url.slice(ORIGIN.length) : '').split('?')[0];
    const isGet = method === 'GET';
    if (path === '/case') return { status: isGet ? 200 : 204, headers: MO_HEADERS, body: this.document };
    if (path === '/to') return { status: 307, headers: ['location', '/good'] };
    if (path === '/loop') return { status: 307, headers: ['location', 'loop'] };
    if (path === '/type') return { status: 200, headers: ['content-type', 'text/html'], body: this.document };
    if (path === '/silent') return { status: 0 };
    if (path === '/none') return { status: 0, failure: HttpFailure.Connect };
    if (path === '/stale') return { status: 0, failure: HttpFailure.Stale };
    if (path === '/cut') return this.good('/good', HttpFailure.Closed);
    if (path.slice(0, 8) === '/status/') return { status: Number(path.slice(8)) || 404 };
    if (!isGet) return { status: 204, headers: ['omadm-accept', 'application/json;q=0.5, */*;q=0'] };
    return this.good(path, undefined);
  }

  private good(path: string, failure: HttpFailure | undefined): Answer {
    // By comparison: the path is foreign, and on XS a look-up by name would intern it.
    const found = DOCUMENTS.find(([known]) => known === path);
    if (found === undefined) return { status: 404 };
    return { status: 200, headers: MO_HEADERS, body: this.ground.text(found[1]), failure };
  }
}
