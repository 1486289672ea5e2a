import { type Clock, type Definition, DmClient, type DmError, type Flash, type Limits, type Text } from 'dmlet';
import { BytesResource, type NodeHttpOptions, type NodePlatform, nodePlatform } from 'dmlet/node';
import {
  type PackageScript,
  type ReceivedPackage,
  type ReferenceServer,
  type ReferenceServerOptions,
  type ServerEvent,
  startReferenceServer,
} from 'dmlet/server';
import * as assert from 'uvu/assert';
import { until } from '../server/loopback.js';
import { type BootstrapDocument, bootstrapWith, type MoElement } from './device-bootstrap.js';
import { DeviceLog } from './device-log.js';
import { durableState, wholeState } from './device-state.js';
import { MemoryFlash } from './memory-flash.js';

/** A status of a Package#3. */
export interface Status {
  sc: number;
  URI?: string[];
  Data?: MoElement[];
}

/** What came of a session: the error's code, '' for none, and the statuses of each Package#3. */
export interface Conversation {
  code: string;
  error: DmError | undefined;
  replies: Status[][];
  /** The same, codes only. */
  statuses: number[][];
}

/** What came of a request for configuration. */
export interface Configuration {
  code: string;
  error: DmError | undefined;
  uris: readonly string[];
}

/** How a device differs from the usual one. */
export interface DeviceSetup {
  /** Text, or a JSON form with `{origin}` for the server's; null: the device has none. */
  bootstrap?: string | BootstrapDocument | null;
  limits?: Partial<Limits>;
  /** What the device knows of itself; may be changed while it runs. */
  identity?: Record<string, string>;
  flash?: Flash;
  allowPersonal?: boolean;
  /** Definitions of the application's MOs. */
  definitions?: readonly Definition[];
  /** What the source of randomness always says: 0, the default, makes every retry immediate. */
  random?: number;
  /** The system's by default. */
  clock?: Clock;
  http?: NodeHttpOptions;
  /**
   * Most texts that the device may encode. What it sends is made of pieces, each encoded once: where it would go on for ever, within one
   * turn of the event loop, nothing else could end the test.
   */
  encodings?: number;
}

/** Home network of the SIM, and the network camped on. */
export const NETWORKS = { MCC: '262', MNC: '01', CMCC: '208', CMNC: '10' };

/** A client on the Node platform that talks to the reference server of its stage. */
export class TestDevice {
  readonly client: DmClient;
  readonly flash: Flash;
  readonly log = new DeviceLog();
  readonly platform: NodePlatform;
  readonly identity: Record<string, string>;
  private isOff = false;

  constructor(
    private readonly server: ReferenceServer,
    readonly setup: DeviceSetup,
  ) {
    const { flash = new MemoryFlash(), identity = { ...NETWORKS }, random = 0 } = setup;
    this.flash = flash;
    this.identity = identity;
    this.platform = nodePlatform(flash, {}, { log: this.log, http: setup.http });
    this.platform.identity = { value: (name) => this.identity[name] ?? '' };
    this.platform.random = { next: () => random };
    if (setup.clock !== undefined) this.platform.clock = setup.clock;
    if (setup.encodings !== undefined) this.platform.text = limitedText(this.platform.text, setup.encodings);
    const { limits, allowPersonal, definitions } = setup;
    this.client = new DmClient(this.platform, { limits, allowPersonal, definitions });
  }

  /** Starts the client. @returns whether the bootstrap was applied. @throws DmError */
  start(): boolean {
    const { bootstrap = bootstrapWith() } = this.setup;
    return this.client.start(bootstrap === null ? undefined : this.resource(bootstrap));
  }

  /** A bootstrap as the firmware holds it. */
  resource(bootstrap: string | BootstrapDocument): BytesResource {
    const text = typeof bootstrap === 'string' ? bootstrap : JSON.stringify(bootstrap);
    return new BytesResource(Buffer.from(text.replaceAll('{origin}', this.server.origin)));
  }

  /** Waits until nothing runs any more. */
  idle(): Promise<void> {
    this.expectOn();
    return new Promise((resolve) => this.client.whenIdle(resolve));
  }

  /** Waits for work that is tried again at once. */
  async settled(): Promise<void> {
    for (let tries = 0; tries < 300; tries += 1) {
      await this.idle();
      if (this.client.dueCount === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    throw new Error('still due');
  }

  /** Opens a session, in which the server sends these packages and then END. */
  async converse(packages: PackageScript[], srvId = ''): Promise<Conversation> {
    this.server.setSessions([{ packages }]);
    const before = this.server.packages.length;
    const error = await this.session(srvId);
    const replies = this.server.packages.slice(before).filter(isResponse).map(statusesOf);
    return { code: error?.code ?? '', error, replies, statuses: replies.map((reply) => reply.map(({ sc }) => sc)) };
  }

  /** Runs these commands in a session of one package. @returns the status of each. */
  async run(...commands: string[][]): Promise<Status[]> {
    const { code, replies } = await this.converse([{ CMD: commands }]);
    assert.equal([code, replies.length], ['', 1], 'a session with one Package#3');
    return replies[0];
  }

  /** As `run`. @returns the status codes. */
  async codes(...commands: string[][]): Promise<number[]> {
    return (await this.run(...commands)).map(({ sc }) => sc);
  }

  /** Opens a session with the server as it is scripted. @returns the error with which it ended. */
  session(srvId = ''): Promise<DmError | undefined> {
    this.expectOn();
    return new Promise((resolve) => this.client.openSession(srvId, resolve));
  }

  /** Asks for configuration as an application does. */
  configure(moid: string): Promise<Configuration> {
    this.expectOn();
    return new Promise((resolve) =>
      this.client.requestConfiguration(moid, (error, uris) => resolve({ code: error?.code ?? '', error, uris })),
    );
  }

  /** What the device holds, and what it takes. */
  get state(): string {
    return wholeState(this.client);
  }

  /** What must be the same after a restart. */
  get durable(): string {
    return durableState(this.client);
  }

  close(): void {
    this.isOff = true;
    this.client.close();
    this.platform.http.close();
  }

  /** A client that is closed answers nothing: a test that waits for it would end without a word. */
  private expectOn(): void {
    if (this.isOff) throw new Error('the device is switched off');
  }
}

/** One test's server and devices. */
export class Stage {
  /** What the server saw, in order: `#1`, `#3 200 404`, `GET /path`. */
  readonly seen: string[] = [];
  /** What the server may find fault with; nothing by default. */
  violations: string[] = [];
  private readonly devices: TestDevice[] = [];
  private readonly others: ReferenceServer[] = [];
  server!: ReferenceServer;

  /** Starts another server; it is closed with the stage. */
  async open(options: ReferenceServerOptions = {}): Promise<ReferenceServer> {
    const server = await startReferenceServer({ ...options, onEvent: (event) => this.note(event) });
    this.others.push(server);
    return server;
  }

  /** A device that is not started. */
  device(setup: DeviceSetup = {}): TestDevice {
    const device = new TestDevice(this.server, setup);
    this.devices.push(device);
    return device;
  }

  /** A device that has done all that was due at its start. What that left in the journals is forgotten. */
  async start(setup: DeviceSetup = {}): Promise<TestDevice> {
    const device = this.device(setup);
    device.start();
    await device.idle();
    this.forget(device);
    return device;
  }

  /** A device with the flash of another one, which is switched off. */
  async restart(device: TestDevice, changes: DeviceSetup = {}): Promise<TestDevice> {
    device.close();
    return this.start({ ...device.setup, flash: device.flash, ...changes });
  }

  /** Begins the journals anew. */
  forget(device: TestDevice): void {
    device.log.lines.length = 0;
    this.seen.length = 0;
    this.server.packages.length = 0;
    this.server.requests.length = 0;
  }

  /** Closes everything; every connection must go with its device. */
  async close(): Promise<void> {
    for (const device of this.devices) device.close();
    for (const server of this.others) await until(() => server.openSockets() === 0, 'the end of the connections');
    for (const server of this.others) await server.close();
  }

  /** What the servers found fault with. */
  get found(): string[] {
    return this.others.flatMap((server) => server.violations);
  }

  private note(event: ServerEvent): void {
    if (event.type === 'received') this.seen.push(lineOf(event.package));
    if (event.type === 'request') this.seen.push(`${event.request.method} ${event.request.path}`);
  }
}

/** Runs a test on a stage with one server, and checks that it left nothing behind. */
export function onStage(act: (stage: Stage) => Promise<void>, options?: ReferenceServerOptions): () => Promise<void> {
  return async () => {
    const stage = new Stage();
    stage.server = await stage.open(options);
    try {
      await act(stage);
    } finally {
      await stage.close();
    }
    assert.equal(stage.found, stage.violations, 'violations');
  };
}

/** For `assert.throws`: true for a DmError with that code. */
export function withCode(code: string): (error: unknown) => boolean {
  return (error) => (error as DmError).name === 'DmError' && (error as DmError).code === code;
}

/** What `act` comes to, or what was thrown into the event loop meanwhile. */
export function orUncaught<T>(act: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    process.once('uncaughtException', reject);
    act.then(resolve, reject).finally(() => process.off('uncaughtException', reject));
  });
}

function limitedText(text: Text, most: number): Text {
  let left = most;
  return {
    encode(value) {
      left -= 1;
      if (left < 0) throw new Error(`more than ${most} texts encoded`);
      return text.encode(value);
    },
    decode: (bytes, from, to) => text.decode(bytes, from, to),
  };
}

function isResponse({ number }: ReceivedPackage): boolean {
  return number === 3;
}

function statusesOf(response: ReceivedPackage): Status[] {
  return (response.body as { Status: Status[] }).Status;
}

function lineOf(received: ReceivedPackage): string {
  if (received.number === 1) return '#1';
  return ['#3', ...statusesOf(received).map(({ sc }) => sc)].join(' ');
}
