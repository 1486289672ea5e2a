import { DmClient, type HttpRequest, type Log } from 'dmlet';
import { PLATFORM_LIMITS as DEVICE_LIMITS } from '../../../src/platform/moddable/limits-32k.js';
import type { Host } from './host.js';
import { type Answer, MO_TYPE, REQUEST_TYPE, ScriptedHttp } from './http.js';
import { InputResource, platform } from './platform.js';

declare const host: Host;

/** Inputs of the run: these, and then the hostile bodies. */
const BOOTSTRAP = 0;
const FETCH = 1;
const END = 2;
const FIRST_BODY = 3;

/** How a session ends in which all commands of the cut body run. */
const WHOLE = '2 200 501 404 200';

/** Keeps the statuses of a session's commands, as far as they are few. */
class Statuses implements Log {
  text = '';

  command(_source: string, _name: string, _parameters: string[], status: number): void {
    if (this.text.length < 20) this.text += ` ${status}`;
  }

  package(): void {}
  exchange(): void {}
  stored(): void {}
  removed(): void {}
  finished(): void {}
  note(): void {}
}

/** A client whose sessions bring hostile bodies, one after the other: memory that one of them loses is missing to the next. */
class Target {
  private readonly client: DmClient;
  private readonly log = new Statuses();
  /** The input that is sent as Package#2, or as the document that Package#2 has fetched. */
  private body = FIRST_BODY;
  private cutAt: number | undefined = undefined;
  private isDocument = false;
  private packages = 0;

  constructor() {
    const http = new ScriptedHttp((request) => this.answer(request));
    this.client = new DmClient({ ...platform(http), log: this.log }, { limits: DEVICE_LIMITS });
    this.client.start(new InputResource(BOOTSTRAP));
  }

  /** Runs a session. @param done gets how many packages were asked for, the statuses of commands, and the error's code. */
  session(body: number, cutAt: number | undefined, isDocument: boolean, done: (outcome: string) => void): void {
    this.client.whenIdle(() => {
      this.body = body;
      this.cutAt = cutAt;
      this.isDocument = isDocument;
      this.packages = 0;
      this.log.text = '';
      this.client.openSession('', (error) => {
        const code = error === undefined ? '' : ` ${error.code}`;
        done(`${this.packages}${this.log.text}${code}`);
      });
    });
  }

  private answer({ method }: HttpRequest): Answer {
    const hostile = { status: 200, input: this.body, cutAt: this.cutAt };
    if (method === 'GET') return { ...hostile, headers: ['content-type', MO_TYPE] };
    const headers = ['content-type', REQUEST_TYPE];
    this.packages += 1;
    if (this.packages > 1) return { status: 200, headers, input: END };
    return this.isDocument ? { status: 200, headers, input: FETCH } : { ...hostile, headers };
  }
}

/** Sends each of `count` bodies as a Package#2 and as a document, and prints how both sessions ended. */
export function sendAll(count: number): void {
  const target = new Target();
  const next = (body: number): void => {
    if (body === FIRST_BODY + count) return;
    target.session(body, undefined, false, (asPackage) =>
      target.session(body, undefined, true, (asDocument) => {
        host.print(`${asPackage} | ${asDocument}`);
        next(body + 1);
      }),
    );
  };
  next(FIRST_BODY);
}

/** Sends the one body cut at each place, in both ways, and prints how many of the packages were read to their end, of how many. */
export function sendCut(): void {
  const target = new Target();
  const size = host.inputSize(FIRST_BODY);
  let whole = 0;
  const next = (at: number): void => {
    if (at > size) {
      host.print(`${whole} of ${size + 1}`);
      return;
    }
    target.session(FIRST_BODY, at, false, (asPackage) =>
      target.session(FIRST_BODY, at, true, () => {
        if (asPackage === WHOLE) whole += 1;
        next(at + 1);
      }),
    );
  };
  next(0);
}
