import { DmClient, type FlashResult, type Limits } from 'dmlet';
import { BytesResource, NodeHttp, nodePlatform } from 'dmlet/node';
import { type Fault, type ReferenceServer, startReferenceServer } from 'dmlet/server';
import { until } from '../server/loopback.js';
import { CountingClock } from '../support/counting-clock.js';
import { bootstrapWith, MMS, mmsDocument, NAP, napDocument } from '../support/device-bootstrap.js';
import { CutFlash } from '../support/device-cut-flash.js';
import { Lcg } from '../support/lcg.js';
import { Cable } from './cable.js';
import { Ledger } from './ledger.js';
import { Saboteur } from './saboteur.js';

/** Times that a soak can wait for. */
const LIMITS: Partial<Limits> = {
  connectTime: 100,
  headersTime: 100,
  idleTime: 100,
  wholeTime: 1000,
  settleTime: 2,
  retryFirst: 2,
  retryCap: 20,
};

/** Milliseconds in which a session ends, well or badly. */
const MOST_SESSION = 30000;

/** Sessions without harm until one ends well. */
const MOST_TRIES = 5;

const PLACES = [`${MMS}//Name`, `${NAP}//NapId`];
const DEFAULT = 'DEFAULT';
const PADDING = 6;

/** A number as a value: of the same length always, so that what is stored takes the same room. */
function numbered(value: number): string {
  return String(value).padStart(PADDING, '0');
}

/** As much of a Package#3 as is looked at. */
interface Response {
  readonly Status: readonly { sc: number; Data?: { ClientURI: string; MOData: Record<string, string> }[] }[];
}

/** A flash whose power goes with that of the radio. */
class DeviceFlash extends CutFlash {
  onOff: () => void = () => {};

  override write(key: string, bytes: Uint8Array, from: number, to: number): FlashResult {
    return this.told(super.write(key, bytes, from, to));
  }

  override remove(key: string): FlashResult {
    return this.told(super.remove(key));
  }

  private told(result: FlashResult): FlashResult {
    if (this.isOff) this.onOff();
    return result;
  }
}

/** What a soak has met. */
export interface SoakFigures {
  sessions: number;
  /** Sessions by how they ended. */
  readonly ends: Map<string, number>;
  powerCuts: number;
  networkCuts: number;
  faults: number;
  flashWrites: number;
  flashRemovals: number;
  /** Most bytes in flash. */
  flashBytes: number;
  alerts: number;
}

/** A device, the reference server, and a saboteur between them. */
export class Soak {
  readonly figures: SoakFigures = {
    sessions: 0,
    ends: new Map(),
    powerCuts: 0,
    networkCuts: 0,
    faults: 0,
    flashWrites: 0,
    flashRemovals: 0,
    flashBytes: 0,
    alerts: 0,
  };
  /** What went wrong, one line each. */
  readonly wrong: string[] = [];
  /** Objects in flash when the device had settled. */
  flashObjects = 0;
  private readonly ledger = new Ledger();
  private readonly saboteur: Saboteur;
  private readonly clock = new CountingClock();
  private flash = new DeviceFlash();
  private http = new NodeHttp();
  private client!: DmClient;
  private rounds = 0;
  /** Bytes of the tree in use when the device had all of its objects for the first time. */
  private used = 0;

  private constructor(
    private readonly server: ReferenceServer,
    private readonly cable: Cable,
    private readonly random: Lcg,
  ) {
    this.saboteur = new Saboteur(random, cable);
  }

  /** @param seed of what the saboteur chooses; what comes of it is also a matter of time. */
  static async begin(seed: number): Promise<Soak> {
    const server = await startReferenceServer();
    const soak = new Soak(server, await Cable.lay(server.origin), new Lcg(seed));
    await soak.powerOn();
    await soak.idle();
    return soak;
  }

  /** One session with whatever happens meanwhile. */
  async round(): Promise<void> {
    this.rounds += 1;
    const place = this.random.pick(PLACES);
    const value = this.ledger.next(place);
    const number = this.ledger.next(DEFAULT);
    this.offer(place, value, number, this.saboteur.fault());
    this.saboteur.rig(this.flash);
    this.saboteur.mayCutNetwork();
    if (this.client.device.alerts.rows.length < 4) {
      this.ledger.raise(this.client, numbered(this.rounds));
      this.figures.alerts += 1;
    }
    const code = await this.session();
    this.figures.ends.set(code, (this.figures.ends.get(code) ?? 0) + 1);
    this.acknowledged(number);
    this.saboteur.stop();
    if (this.flash.isOff) await this.powerCut();
    // What is still under way would be taken for a part of the next round.
    await this.idle();
    this.ledger.compare((what) => this.found(what));
  }

  /** Lets the device work without harm, and looks whether anything was lost, or is left. */
  async settle(): Promise<void> {
    this.flash.cutAt = 0;
    this.saboteur.stop();
    for (const place of PLACES) {
      let code = '';
      // The limits are so short that a machine which is busy may miss one.
      for (let tries = 0; tries < MOST_TRIES && code !== 'ok'; tries += 1) {
        const number = this.ledger.next(DEFAULT);
        this.offer(place, this.ledger.next(place), number);
        code = await this.session();
        this.acknowledged(number);
      }
      if (code !== 'ok') this.wrong.push(`a session without harm: ${code}`);
      await until(() => this.client.dueCount === 0, 'the end of due work');
    }
    await this.powerOn();
    await this.idle();
    this.ledger.compare((what) => this.found(what));
    this.ledger.deliver(this.server);
    const { used } = this.client.device.tree;
    if (this.used === 0) this.used = used;
    if (used !== this.used) this.wrong.push(`the tree has grown from ${this.used} bytes to ${used}`);
    for (const data of this.ledger.undelivered) this.wrong.push(`alert ${data} was not delivered`);
    this.wrong.push(...this.ledger.lost.splice(0), ...this.server.violations.splice(0));
    const records = new Set([...this.flash.values.keys()].map((key) => key.slice(0, 3)));
    const objects = [...records].filter((key) => key !== 'c0' && key !== 'c1').length;
    this.flashObjects = objects;
  }

  /** Ends it all: no timer and no connection may be left. */
  async end(): Promise<void> {
    this.client.close();
    this.http.close();
    await until(() => this.clock.pending === 0, 'the end of the timers');
    await until(() => this.cable.open === 0, 'the end of the connections');
    await this.cable.close();
    await this.server.close();
    this.figures.networkCuts = this.saboteur.networkCuts;
    this.figures.faults = this.saboteur.faults;
  }

  /** What a session brings: a document, and a DEFAULT. */
  private offer(place: string, value: number, number: number, fault?: Fault): void {
    const { origin } = this.cable;
    const document =
      place === PLACES[0] ? mmsDocument({ Name: numbered(value) }) : napDocument({ NapId: numbered(value) });
    this.server.setResource('/doc', { document, etag: null, ...(fault && { fault }) });
    const CMD = [
      ['HGET', `${origin}/doc`, place.slice(0, place.lastIndexOf('/') + 1)],
      ['DEFAULT', `${origin}/default/${number}`, MMS],
      ['GET', place],
    ];
    this.server.setSessions([{ packages: [{ CMD }] }]);
    this.ledger.deliver(this.server);
    this.server.packages.length = 0;
    this.server.requests.length = 0;
  }

  /** Opens a session. @returns how it ended: `ok`, `power cut`, or the code of its error. */
  private async session(): Promise<string> {
    this.figures.sessions += 1;
    let code = '';
    this.client.openSession('', (error) => {
      code = error === undefined ? 'ok' : error.code;
    });
    const end = Date.now() + MOST_SESSION;
    while (code === '' && !this.flash.isOff) {
      if (Date.now() > end) throw new Error('a session never ended');
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return this.flash.isOff ? 'power cut' : code;
  }

  /** Takes into the ledger what the server was told: what GET has read, and that the DEFAULT is set. */
  private acknowledged(number: number): void {
    this.ledger.deliver(this.server);
    const { packages } = this.server;
    // What arrives before the session's Package#1 was sent by a device that has no power any more.
    const begin = packages.findIndex((received) => received.number === 1);
    for (const received of begin < 0 ? [] : packages.slice(begin)) {
      if (received.number !== 3) continue;
      const [, setDefault, read] = (received.body as Response).Status;
      if (setDefault?.sc === 200) this.ledger.acknowledge(DEFAULT, number);
      for (const { ClientURI, MOData } of read?.Data ?? []) {
        const place = PLACES.find((one) => ClientURI.startsWith(one.split('//')[0])) as string;
        this.ledger.acknowledge(place, Number(Object.values(MOData)[0]));
      }
    }
  }

  /** A number that the device holds; 0 for none. */
  private found(what: string): number {
    if (what === DEFAULT) {
      const row = this.client.device.defaults.find(MMS);
      return row === undefined ? 0 : Number(/\d+$/.exec(row.fields[1])?.[0] ?? 0);
    }
    try {
      return Number(this.client.local.read(what));
    } catch {
      return 0;
    }
  }

  private async powerCut(): Promise<void> {
    this.figures.powerCuts += 1;
    await this.powerOn();
  }

  /** Starts the device with what is in its flash. */
  private async powerOn(): Promise<void> {
    this.client?.close();
    this.http.close();
    this.figures.flashWrites += this.flash.writes;
    this.figures.flashRemovals += this.flash.removals;
    this.figures.flashBytes = Math.max(this.figures.flashBytes, this.flash.bytes);
    const old = this.flash;
    this.flash = new DeviceFlash();
    this.flash.onOff = () => this.cable.cut();
    for (const [key, value] of old.values) this.flash.values.set(key, value);
    this.cable.mend();
    const platform = nodePlatform(this.flash, { MCC: '262', MNC: '01' });
    platform.clock = this.clock;
    this.http = platform.http;
    this.client = new DmClient(platform, { limits: LIMITS });
    const bootstrap = JSON.stringify(bootstrapWith()).replaceAll('{origin}', this.cable.origin);
    this.client.start(new BytesResource(Buffer.from(bootstrap)));
  }

  private idle(): Promise<void> {
    return new Promise((resolve) => this.client.whenIdle(resolve));
  }
}
