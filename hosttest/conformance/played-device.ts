import { DmClient, type DmError, type HttpClient, type Platform } from 'dmlet';
import { BytesResource, NodeDigests, NodeText } from 'dmlet/node';
import { MemoryFlash } from '../support/memory-flash.js';
import type { Given } from './given.js';
import { StepClock } from './step-clock.js';

/** 2023-11-14T22:13:20Z, where the clock is set and no other time is given. */
const USUAL_TIME = 1700000000;
/** What the source of randomness always says: a wait is half of its bound. */
const USUAL_CHANCE = 0.5;

/** The device that a transcript is played to. */
export class PlayedDevice {
  readonly clock: StepClock;
  readonly identity: Record<string, string>;
  client: DmClient;
  isOn = false;
  private readonly platform: Platform;
  private bootstrap: string | undefined;

  /** @param hears gets what applications hear. */
  constructor(
    private readonly given: Given,
    http: HttpClient,
    readonly hears: (text: string) => void,
  ) {
    const { bootstrap, identity, options } = given;
    const time = options.get('clock') ?? String(USUAL_TIME);
    this.clock = new StepClock(time === 'unset' ? undefined : Number(time));
    this.identity = { ...identity };
    this.bootstrap = bootstrap;
    const chance = Number(options.get('chance') ?? USUAL_CHANCE);
    this.platform = {
      http,
      flash: new MemoryFlash(),
      clock: this.clock,
      random: { next: () => chance },
      digests: new NodeDigests(),
      text: new NodeText(),
      identity: { value: (name) => this.identity[name] ?? '' },
    };
    if (options.get('browser') === 'yes') this.platform.ui = { show: (url) => this.hears(`shows ${url}`) };
    this.client = this.newClient();
  }

  /** The DevID that packages must carry. */
  get devId(): string {
    return this.identity.DevID ?? /"DevID":\s*"([^"]*)"/.exec(this.bootstrap ?? '')?.[1] ?? '';
  }

  /** Switches the device on. @throws DmError */
  start(): void {
    this.isOn = true;
    this.client.start(this.bootstrap === undefined ? undefined : resourceOf(this.bootstrap));
  }

  /** Switches it off and on; the flash stays. @param bootstrap a new firmware's. */
  restart(bootstrap = this.bootstrap): void {
    this.switchOff();
    this.bootstrap = bootstrap;
    this.client = this.newClient();
    this.start();
  }

  switchOff(): void {
    this.isOn = false;
    this.client.close();
  }

  /** What an application that opens a session hears. */
  openSession(srvId: string): void {
    const name = srvId === '' ? 'session' : `session with ${srvId}`;
    this.client.openSession(srvId, (error) => this.hears(`${name} ${error === undefined ? 'ended' : failed(error)}`));
  }

  /** What an application that asks for configuration hears. */
  configured(name: string): (error: DmError | undefined, uris: readonly string[]) => void {
    return (error, uris) => this.hears(`${name} ${error === undefined ? ['is at', ...uris].join(' ') : failed(error)}`);
  }

  private newClient(): DmClient {
    const { definitions, limits, options } = this.given;
    return new DmClient(this.platform, { definitions, limits, allowPersonal: options.get('personal') === 'yes' });
  }
}

/** A document as the device holds it. */
export function resourceOf(text: string): BytesResource {
  return new BytesResource(Buffer.from(text));
}

function failed({ code, status, retryAfter }: DmError): string {
  const more = code === 'HTTP_STATUS' ? ` ${status}` : retryAfter > 0 ? `, try again in ${retryAfter} s` : '';
  return `failed: ${code}${more}`;
}
