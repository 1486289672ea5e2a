import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { notificationId } from './alert-check.js';
import { type Answer, textAnswer } from './answer.js';
import { judgeResponse } from './expected.js';
import type { Journal } from './journal.js';
import type { NotificationContent } from './notification.js';
import { type InspectedPackage, inspectPackage } from './package-check.js';
import type { Reply } from './reply.js';
import type { RequestBody } from './request-body.js';
import { parseTarget } from './request-target.js';
import type { SessionScript } from './script-types.js';
import { Session } from './session.js';

interface Device {
  /** Entries of the present script that its sessions followed. */
  readonly met: Set<SessionScript>;
  session?: Session;
  /** The last package that was accepted on a connection used before, as it came, and its answer. */
  last?: { readonly url: string; readonly text: string; readonly socket: Socket; readonly reply: Reply };
}

/** The DM Server: checks each package, and answers it from the script of the device's session. */
export class DmServer {
  private readonly devices = new Map<string, Device>();
  /** NOTIFICATION-IDs of which a Package#1 must come with MOS. */
  private readonly wantMos = new Set<number>();
  private sessions: readonly SessionScript[] = [];
  /** Connections on which something came before. */
  private readonly used = new WeakSet<Socket>();

  constructor(
    private readonly origin: string,
    private readonly journal: Journal,
  ) {}

  /** What devices get from their next Package#1 on. Sessions under way keep what they have. */
  setSessions(sessions: readonly SessionScript[]): void {
    this.sessions = sessions;
    for (const device of this.devices.values()) device.met.clear();
  }

  /** A notification went out. */
  notified({ id, wantsMos = false }: NotificationContent): void {
    if (id === undefined) return;
    if (wantsMos) this.wantMos.add(id);
    else this.wantMos.delete(id);
  }

  /** A connection has served a request of whatever kind. */
  served(socket: Socket): void {
    this.used.add(socket);
  }

  /** @param refusal the answer to a client that did not prove who it is. */
  receive(request: IncomingMessage, body: RequestBody, refusal: Answer | undefined): Reply {
    const { method, url = '', headers, socket } = request;
    if (method !== 'POST') {
      const text = `method ${method} to ${url}, expected POST`;
      this.journal.addViolation(text);
      return this.send('', url, { answer: textAnswer(400, text) });
    }
    const received = inspectPackage(url, headers, body);
    const reply = this.answer(received, refusal, socket);
    this.journal.addPackage(received);
    return this.send(received.devId, url, reply ?? { answer: textAnswer(400, received.violations.join('\n')) });
  }

  /** @returns undefined where the package is refused, for the violations that it then has. */
  private answer(received: InspectedPackage, refusal: Answer | undefined, socket: Socket): Reply | undefined {
    const { number, devId, path, statuses, text, violations } = received;
    const device = this.devices.get(devId) ?? { met: new Set() };
    const answered = { number, url: new URL(path, this.origin).href, statuses };
    if (number === 3 && violations.length === 0) {
      const wrong = judgeResponse(device.session?.expected, answered);
      if (wrong && !refusal && isRepeated(device, received, socket)) return device.last?.reply;
      if (wrong) violations.push(wrong);
    }
    if (number === 1 && this.lacksMos(received)) violations.push('MOS is missing, which the notification asked for');
    if (violations.length > 0 || refusal) {
      if (number === 3) device.session?.end(violations.length > 0 ? 'a refused Package#3' : 'status 401');
      return violations.length > 0 || !refusal ? undefined : { answer: refusal };
    }
    this.devices.set(devId, device);
    if (number === 1 && !device.session?.takesInitiation(answered.url)) {
      device.session = this.begin(devId, parseTarget(path).path, device);
    }
    const reply = device.session?.answer(answered);
    device.last = reply !== undefined && this.used.has(socket) ? { url: path, text, socket, reply } : undefined;
    return reply;
  }

  private lacksMos({ alerts, hasMos }: InspectedPackage): boolean {
    const id = alerts.map(notificationId).find((one) => one !== undefined);
    return id !== undefined && this.wantMos.has(id) && !hasMos;
  }

  private begin(devId: string, path: string, { met }: Device): Session {
    const entry = this.sessions.find(
      (one) =>
        !met.has(one) &&
        (one.devID === undefined || one.devID === devId) &&
        (one.server === undefined || parseTarget(one.server).path === path),
    );
    if (entry) met.add(entry);
    return new Session(entry?.packages ?? []);
  }

  private send(devId: string, path: string, reply: Reply): Reply {
    const { answer, fault } = reply;
    const event = { devId, path, status: answer.status, text: answer.body.toString(), fault: fault?.kind };
    this.journal.report({ type: 'sent', ...event });
    return reply;
  }
}

/** Whether a package is the last one again: its connection went before the answer was there (PROTOCOL.md HTTP-36). */
function isRepeated({ last }: Device, { path, text }: InspectedPackage, socket: Socket): boolean {
  return last?.url === path && last.text === text && last.socket !== socket && last.socket.destroyed;
}
