import { DmClient, type DmError, ERROR_STATUS, type Log, type Text } from 'dmlet';
import { type Bytes, inMemory } from '../../support/bytes.js';
import type { Pace } from '../../support/pace.js';
import { PacedHttp } from '../../support/paced-http.js';
import {
  BOOTSTRAP,
  DEFINITIONS,
  EXECUTED,
  FUMO,
  LIMITS,
  METER,
  MMS,
  MOST_URI,
  NAP,
  PROBE,
  SERVER_ID,
} from './fixture.js';
import type { Ground } from './ground.js';
import { FuzzServer } from './server.js';

/** Sessions in a row that get the same packages: that which was opened, and one that came of it. */
const SCRIPTED = 2;

/** How a line begins that says what must never be. */
export const WRONG = 'WRONG ';

/** Writes a client's log down, one line an event; without texts that engines word differently. */
class LineLog implements Log {
  constructor(private readonly lines: string[]) {}

  package(number: number, url: string, bytes: number): void {
    // Of a body that is given up it depends on the pieces how much had come.
    this.lines.push(`package ${number} ${url} ${number === 2 ? '' : bytes}`);
  }

  command(source: string, name: string, parameters: string[], status: number): void {
    this.lines.push(`${source} ${name} ${parameters.length} ${status}`);
  }

  exchange(method: string, url: string, status: number): void {
    this.lines.push(`exchange ${method} ${url} ${status}`);
  }

  stored(clientUri: string): void {
    this.lines.push(`stored ${clientUri}`);
  }

  removed(clientUri: string): void {
    this.lines.push(`removed ${clientUri}`);
  }

  finished(work: string, subject: string, code: string): void {
    this.lines.push(`finished ${work} ${subject} ${code}`);
  }

  note(code: string, detail: string): void {
    this.lines.push(code === 'INTERNAL' ? `${WRONG}note ${detail}` : `note ${code}`);
  }
}

/** A client between two restarts, with a network of its own. */
export class Life {
  readonly client: DmClient;
  readonly http: PacedHttp;
  readonly server: FuzzServer;

  /** @param document what the repository holds at `/case`. */
  constructor(
    readonly ground: Ground,
    document: Bytes,
    pace: Pace,
    readonly lines: string[],
  ) {
    this.server = new FuzzServer(ground, document, lines);
    const platform = ground.platform(undefined as never);
    this.http = new PacedHttp(platform.clock, pace, MOST_URI, (request, body) => this.server.answer(request, body));
    platform.http = this.http;
    platform.log = new LineLog(lines);
    platform.identity = { value: (name) => (name === 'MCC' ? '262' : '') };
    platform.ui = { show: (url) => lines.push(`show ${url}`) };
    this.client = new DmClient(platform, { limits: LIMITS, definitions: DEFINITIONS });
    this.client.onExecute(FUMO, EXECUTED, () => 200);
    this.client.onExecute(METER, 'Log/*', () => undefined);
  }

  /** Starts with a bootstrap. @returns what came of it: `applied`, `known`, or the error's code. */
  start(bootstrap: Bytes): string {
    return this.attempt(() =>
      this.client.start({ read: (at, into) => bootstrap.copy(at, into, 0, into.length) }) ? 'applied' : 'known',
    );
  }

  /** What `act` says, or the code of its error. */
  attempt(act: () => string): string {
    try {
      return act();
    } catch (thrown) {
      return this.codeOf(thrown as DmError);
    }
  }

  /** Opens a session in which the server sends these packages, waits for all work, and notes what came of it. */
  session(packages: readonly Bytes[], done: () => void): void {
    this.server.script = packages;
    this.server.scripted = SCRIPTED;
    this.client.openSession(SERVER_ID, (error) => {
      this.lines.push(`session ${this.codeOf(error)}`);
      this.client.whenIdle(done);
    });
  }

  /** Asks for configuration of three MOs, one after another. */
  configure(done: () => void): void {
    const moids = [MMS, NAP, FUMO];
    const next = (): void => {
      const moid = moids.shift();
      if (moid === undefined) this.client.whenIdle(done);
      else {
        this.client.requestConfiguration(moid, (error, uris) => {
          this.lines.push(`configuration ${this.codeOf(error)} ${uris.join(' ')}`);
          next();
        });
      }
    };
    next();
  }

  /** Reads all that the server may see. */
  probe(done: (seen: string) => void): void {
    this.server.reply = '';
    this.session([this.ground.text(PROBE)], () => done(this.server.reply));
  }

  close(): void {
    this.client.close();
    if (this.http.open !== 0) this.lines.push(`${WRONG}${this.http.open} exchanges are left`);
    for (const what of this.http.broken) this.lines.push(`${WRONG}${what}`);
  }

  /** The code of an error that may leave the core; any other is wrong. */
  codeOf(error: DmError | undefined): string {
    if (error === undefined) return 'ok';
    const code = String(error.code);
    if (error.name === 'DmError' && code !== 'INTERNAL' && Object.keys(ERROR_STATUS).indexOf(code) >= 0) return code;
    this.lines.push(`${WRONG}${error.name} ${error.message} ${String(error.cause)}`);
    return 'wrong';
  }
}

/** A bootstrap as usual. */
export function usualBootstrap(ground: Ground): Bytes {
  return ground.text(BOOTSTRAP);
}

/** Bytes as a string, one character a byte where they are no UTF-8. */
export function textOf(bytes: Bytes, text: Text): string {
  const all = inMemory(bytes);
  try {
    return text.decode(all, 0, all.length);
  } catch {
    let latin = '';
    for (let i = 0; i < all.length; i += 1) latin += String.fromCharCode(all[i]);
    return latin;
  }
}
