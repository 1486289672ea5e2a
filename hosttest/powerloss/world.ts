import type { HttpRequest } from 'dmlet';
import { bytesOf } from '../support/bytes.js';
import type { Answer } from '../support/paced-http.js';
import type { CutStore } from './cut-store.js';
import { type Asked, Promises } from './promises.js';

export const ORIGIN = 'https://dm.example';

const REQUEST_TYPE = 'application/vnd.oma.dm.request+json';
const INITIATION_TYPE = 'application/vnd.oma.dm.initiation+json';
const MO_TYPE = 'application/vnd.oma.dm.mo+json';

/** A command, and which keys of the scenario get which values by it. */
export interface Said {
  readonly words: readonly string[];
  readonly gives?: Readonly<Record<string, string>>;
}

/** What a Data Repository has under a path. */
export interface Stored {
  readonly document: unknown;
  readonly etag?: string;
  /** Requests that get 503 first. */
  faults?: number;
}

interface Package {
  readonly Alert?: { AlertType: string; Data?: string }[];
  readonly Status?: { sc: number }[];
}

/** All that is not the device: DM Server, Data Repository, and what they know. The power of the device does not concern it. */
export class World {
  readonly promises: Promises;
  /** What the server sends in the next session: a list of commands a package. */
  packages: Said[][] = [];
  readonly resources = new Map<string, Stored>();
  /** Alerts that the server has got: AlertType and data. */
  readonly alerts: string[] = [];
  /** Bodies that were put. */
  readonly reports: string[] = [];
  /** How often the scenario was begun. */
  attempts = 0;
  /** The flash has refused something while the power stayed. */
  hasRefused = false;
  private store: CutStore | undefined;
  private before = 0;
  private round = 0;
  private asked: Asked[][] = [];

  /** @param initial the value of a key at first. */
  constructor(initial: (key: string) => string) {
    this.promises = new Promises(() => (this.store?.isOff ? undefined : this.operations), initial);
  }

  /** The device has this store from now on. */
  powered(store: CutStore): void {
    this.before = this.operations;
    this.store = store;
  }

  /** Operations of all stores so far. */
  get operations(): number {
    return this.before + (this.store?.operations ?? 0);
  }

  /** Operations until the device was last switched on. */
  get operationsBefore(): number {
    return this.before;
  }

  answer(request: HttpRequest, body: string): Answer {
    const path = request.url.slice(ORIGIN.length);
    if (request.method === 'POST') return this.converse(request, JSON.parse(body) as Package);
    if (request.method === 'PUT') {
      if (!this.store?.isOff) this.reports.push(body);
      return answer(200, [], '');
    }
    const resource = this.resources.get(path);
    if (resource === undefined) return answer(404, [], '');
    if (resource.faults) {
      resource.faults -= 1;
      return answer(503, [], '');
    }
    const { etag = '' } = resource;
    const condition = request.headers.indexOf('If-None-Match');
    if (etag !== '' && condition >= 0 && request.headers[condition + 1] === etag)
      return answer(304, ['etag', etag], '');
    const headers = etag === '' ? [] : ['etag', etag];
    return answer(200, ['content-type', MO_TYPE, ...headers], JSON.stringify(resource.document));
  }

  /** Package#1 or Package#3, and the answer to it. */
  private converse(request: HttpRequest, { Alert = [], Status = [] }: Package): Answer {
    const isFirst = request.headers[request.headers.indexOf('Content-Type') + 1] === INITIATION_TYPE;
    if (!this.store?.isOff) for (const { AlertType, Data = '' } of Alert) this.alerts.push(`${AlertType} ${Data}`);
    if (isFirst) this.round = 0;
    else {
      this.asked.forEach((all, i) => {
        const isDone = Status[i]?.sc === 200 || Status[i]?.sc === 202;
        for (const asked of all) isDone ? asked.done() : asked.refused();
      });
    }
    const said = this.packages[this.round] ?? [{ words: ['END'] }];
    this.round += 1;
    this.asked = said.map(({ gives = {} }) =>
      Object.entries(gives).map(([key, value]) => this.promises.ask(key, value)),
    );
    return answer(200, ['content-type', REQUEST_TYPE], JSON.stringify({ CMD: said.map(({ words }) => words) }));
  }
}

function answer(status: number, headers: readonly string[], body: string): Answer {
  return { status, headers, body: bytesOf(Buffer.from(body)) };
}
