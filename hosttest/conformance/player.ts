import { Captures } from './compare.js';
import { actOn } from './device-lines.js';
import { type Fail, failuresOf } from './failure.js';
import { type Arrived, type Happening, Hosts } from './hosts.js';
import { checkOutcome } from './outcome-check.js';
import { package0 } from './package0.js';
import { PlayedDevice, resourceOf } from './played-device.js';
import { checkRequest } from './request-check.js';
import { Rest } from './rest.js';
import { type Answer, answeredBy, type DeviceLine, type RequestStep, type Step } from './step.js';
import type { Transcript } from './transcript.js';

/** Time in which nothing more may happen behind the course. */
const DAY = 86400000;

/**
 * Plays a transcript to a device, over real HTTP.
 * @throws TranscriptFailure where the device does something else.
 */
export async function play(transcript: Transcript): Promise<void> {
  const hosts = await Hosts.open(transcript.origins);
  const device = new PlayedDevice(transcript.given, hosts, (text) => hosts.queue.push(text));
  try {
    await new Player(transcript, hosts, device).play();
  } finally {
    if (device.isOn) device.switchOff();
    await hosts.close();
  }
}

class Player {
  private readonly captures = new Captures();
  private readonly fail: Fail;
  private readonly rest: Rest;
  /** The request that the next answer is for. */
  private open: Arrived | undefined;
  /** Requests that never get an answer. */
  private readonly held: Arrived[] = [];
  /** Where the transcript is. */
  private line = 1;

  constructor(
    private readonly transcript: Transcript,
    private readonly hosts: Hosts,
    private readonly device: PlayedDevice,
  ) {
    this.fail = failuresOf(transcript.file);
    this.rest = new Rest(device.clock, hosts, () => this.open !== undefined || this.held.some(isConnected));
  }

  async play(): Promise<void> {
    const { steps, given, outcome } = this.transcript;
    if (given.bootstrap !== undefined && !steps.some(isStart)) await this.setUp();
    this.hosts.beginCourse();
    const exchanges = mannersOf(steps);
    this.hosts.refuses = (count) => exchanges[count] === 'no connection';
    for (const step of steps) {
      this.line = step.line;
      await this.take(step);
    }
    await this.rest.reached();
    this.expectNothing('at the end');
    checkOutcome(this.device.client.device, outcome, this.fail);
    await this.advance(DAY, 'within a day after the end');
    this.expectNothing('within a day after the end');
  }

  /** Bootstraps the device, and lets its servers end the sessions that it opens then. */
  private async setUp(): Promise<void> {
    this.act(() => this.device.start(), '');
    for (;;) {
      await this.rest.reached();
      const arrived = this.hosts.queue.shift();
      if (arrived === undefined) return;
      if (typeof arrived === 'string' || arrived.response === undefined) {
        this.fail(this.line, `before the course: ${describe(arrived)}`);
      }
      arrived.response
        .writeHead(200, { 'Content-Type': 'application/vnd.oma.dm.request+json' })
        .end('{"CMD":[["END"]]}');
    }
  }

  private async take(step: Step): Promise<void> {
    // What happens comes behind what the network has begun.
    if (step.kind !== 'answer') await this.rest.reached();
    switch (step.kind) {
      case 'request':
        this.expectRequest(step);
        break;
      case 'answer':
        this.answer(step);
        break;
      case 'notify': {
        const bytes = package0({ ...step.block, text: this.filled(step.block.text) }, this.fail);
        const code = this.device.client.notify(bytes);
        if (code !== step.refusal) this.fail(step.line, `expected "${step.refusal}", actual "${code}"`);
        break;
      }
      case 'bootstrap':
        this.act(() => {
          if (step.restarts) this.restart(() => this.device.restart(step.block.text));
          else this.device.client.applyBootstrap(resourceOf(step.block.text));
        }, step.refusal);
        break;
      case 'device':
        await this.takeLine(step.action);
        break;
    }
  }

  private async takeLine(action: DeviceLine): Promise<void> {
    if (action.kind === 'hears') this.hear(this.filled(action.text));
    else if (action.kind === 'advance') await this.advance(action.milliseconds, 'before its time');
    else this.restart(() => this.act(() => actOn(this.device, this.filled(action.text)), action.refusal));
  }

  private hear(expected: string): void {
    const actual = this.hosts.queue.shift();
    if (actual !== expected) this.fail(this.line, `expected to hear: ${expected}\nactual: ${describe(actual)}`);
  }

  /** What may be a restart: connections go with the client. */
  private restart(act: () => void): void {
    const before = this.device.client;
    act();
    if (this.device.client !== before || !this.device.isOn) this.hosts.cutConnections();
  }

  private act(act: () => void, refusal: string): void {
    let code = '';
    try {
      act();
    } catch (thrown) {
      if (!(thrown instanceof Error)) throw thrown;
      if (thrown.name !== 'DmError') this.fail(this.line, thrown.message);
      code = (thrown as Error & { code: string }).code;
    }
    if (code !== refusal) this.fail(this.line, `expected ${refusal || 'success'}, actual ${code || 'success'}`);
  }

  private expectRequest(step: RequestStep): void {
    const arrived = this.hosts.queue.shift();
    if (arrived === undefined || typeof arrived === 'string') {
      this.fail(step.line, `expected ${step.method} ${step.url}\nactual: ${describe(arrived)}`);
    }
    checkRequest(step, arrived, this.device.devId, this.captures, this.fail);
    this.open = arrived;
    const resource = answeredBy(step, this.transcript.given.resources);
    if (resource !== undefined) this.answer(resource.answer);
  }

  private answer({ status, manner, type, headers, body, line }: Answer): void {
    const { response, method, url } = this.open as Arrived;
    if (manner === 'never') this.held.push(this.open as Arrived);
    this.open = undefined;
    if (manner === 'never' || manner === 'no connection') return;
    if (response === undefined) this.fail(line, `${method} ${url} found no connection`);
    const sent: Record<string, string> = {};
    const isTyped = headers.some(({ name }) => name === 'content-type');
    if (body !== undefined && !isTyped) sent['content-type'] = type;
    for (const { name, value } of headers) if (value !== undefined) sent[name] = this.filled(value);
    const text = body === undefined ? '' : this.filled(body.text);
    const bytes = body?.language === 'hex' ? Buffer.from(text.replace(/\s+/g, ''), 'hex') : Buffer.from(text);
    const isWhole = manner === 'whole';
    if (status !== 204 && status !== 304) sent['content-length'] = String(bytes.length + (isWhole ? 0 : 1));
    response.writeHead(status, sent);
    if (isWhole) response.end(bytes);
    else response.write(bytes, () => response.socket?.destroySoon());
  }

  private async advance(milliseconds: number, when: string): Promise<void> {
    const { clock } = this.device;
    const end = clock.uptime() + milliseconds;
    for (;;) {
      this.expectNothing(when);
      const ran = clock.step(end);
      if (!ran) return;
      await this.rest.reached();
      if (clock.uptime() === end) return;
    }
  }

  /** Nothing may have happened that the transcript has not named. */
  private expectNothing(when: string): void {
    const { queue } = this.hosts;
    if (queue.length > 0) this.fail(this.line, `not expected, and came ${when}:\n${queue.map(describe).join('\n')}`);
  }

  private filled(text: string): string {
    try {
      return this.captures.fill(text);
    } catch (thrown) {
      this.fail(this.line, thrown instanceof Error ? thrown.message : String(thrown));
    }
  }
}

function describe(happening: Happening | undefined): string {
  if (happening === undefined) return 'nothing';
  if (typeof happening === 'string') return `heard: ${happening}`;
  const { method, url, body } = happening;
  return `${method} ${url} ${body ?? 'without connection'}`;
}

function isStart(step: Step): boolean {
  return step.kind === 'device' && step.action.kind === 'act' && step.action.text === 'start';
}

function isConnected({ response }: Arrived): boolean {
  return response?.socket?.destroyed === false;
}

/** How each request of the course is answered, in order. */
function mannersOf(steps: readonly Step[]): string[] {
  const manners: string[] = [];
  for (const step of steps) {
    if (step.kind === 'request') manners.push('whole');
    if (step.kind === 'answer') manners[manners.length - 1] = step.manner;
  }
  return manners;
}
