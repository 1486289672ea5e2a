import { type Answer, typedHeaders } from './answer.js';
import { type Answered, type Expected, expectAfter } from './expected.js';
import { REQUEST } from './media-types.js';
import { makeReply, type Reply } from './reply.js';
import type { PackageScript } from './script-types.js';

const END: PackageScript = { CMD: [['END']] };

/** One session of one device: which package comes next, and what the device may send after it. */
export class Session {
  private readonly packages: readonly PackageScript[];
  private round = 0;
  private next?: Expected;

  constructor(packages: readonly PackageScript[]) {
    this.packages = packages;
  }

  /** What the device may send now; undefined before the first answer. */
  get expected(): Expected | undefined {
    return this.next;
  }

  /** Whether a Package#1 at this URL goes on with the session, having been redirected, instead of beginning another. */
  takesInitiation(url: string): boolean {
    return this.next?.kind === 'resend' && this.next.number === 1 && this.next.to === url;
  }

  answer(received: Answered): Reply {
    const script = this.packages[this.round] ?? END;
    const reply = makeReply(packageAnswer(script), script.CMD === undefined ? script.fault : undefined);
    const before = this.next?.kind === 'resend' ? this.next.before : this.next;
    this.next = expectAfter(reply, received, before);
    // A redirect to itself is a loop, however often it is asked.
    if (this.next.kind !== 'resend' || this.next.to !== received.url) this.round++;
    return reply;
  }

  end(why: string): void {
    this.next = { kind: 'nothing', why };
  }
}

function packageAnswer(script: PackageScript): Answer {
  if (script.CMD !== undefined) return answerWith(JSON.stringify(script), REQUEST, {});
  const { text = JSON.stringify(script.package) ?? '', type = REQUEST, headers = {} } = script;
  return answerWith(text, type, headers);
}

function answerWith(text: string, type: string | null, headers: Record<string, string>): Answer {
  return { status: 200, headers: typedHeaders(type, headers), body: Buffer.from(text) };
}
