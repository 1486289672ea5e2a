import type { IncomingMessage } from 'node:http';
import { textAnswer } from './answer.js';
import { judgeResponse } from './expected.js';
import type { Journal } from './journal.js';
import { type InspectedPackage, inspectPackage } from './package-check.js';
import type { Reply } from './reply.js';
import type { RequestBody } from './request-body.js';
import type { SessionScript } from './script-types.js';
import { Session } from './session.js';

interface Device {
  /** Sessions begun with the present script. */
  begun: number;
  session?: Session;
}

/** The DM Server: checks each package, and answers it from the script of the device's session. */
export class DmServer {
  private readonly devices = new Map<string, Device>();
  private sessions: readonly SessionScript[] = [];

  constructor(
    private readonly origin: string,
    private readonly journal: Journal,
  ) {}

  /** What devices get from their next Package#1 on. Sessions under way keep what they have. */
  setSessions(sessions: readonly SessionScript[]): void {
    this.sessions = sessions;
    for (const device of this.devices.values()) device.begun = 0;
  }

  receive({ method, url = '', headers }: IncomingMessage, body: RequestBody): Reply {
    if (method !== 'POST') {
      const text = `method ${method} to ${url}, expected POST`;
      this.journal.addViolation(text);
      return this.send('', url, { answer: textAnswer(400, text) });
    }
    const received = inspectPackage(url, headers, body);
    const reply = this.answer(received);
    this.journal.addPackage(received);
    return this.send(received.devId, url, reply ?? { answer: textAnswer(400, received.violations.join('\n')) });
  }

  /** @returns undefined where the package is refused, for the violations that it then has. */
  private answer(received: InspectedPackage): Reply | undefined {
    const { number, devId, path, statuses, violations } = received;
    const device = this.devices.get(devId) ?? { begun: 0 };
    const answered = { number, url: new URL(path, this.origin).href, statuses };
    if (number === 3 && violations.length === 0) {
      const wrong = judgeResponse(device.session?.expected, answered);
      if (wrong) violations.push(wrong);
    }
    if (violations.length > 0) {
      if (number === 3) device.session?.end('a refused Package#3');
      return undefined;
    }
    this.devices.set(devId, device);
    if (number === 1 && !device.session?.takesInitiation(answered.url)) device.session = this.begin(devId, device);
    return device.session?.answer(answered);
  }

  private begin(devId: string, device: Device): Session {
    const open = this.sessions.filter(({ devID }) => devID === undefined || devID === devId);
    return new Session(open[device.begun++]?.packages ?? []);
  }

  private send(devId: string, path: string, reply: Reply): Reply {
    const { answer, fault } = reply;
    const event = { devId, path, status: answer.status, text: answer.body.toString(), fault: fault?.kind };
    this.journal.report({ type: 'sent', ...event });
    return reply;
  }
}
