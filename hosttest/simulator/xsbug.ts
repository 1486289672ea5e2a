import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';

/** A reading of the machine's memory. What is in use has garbage in it. */
export interface Sample {
  /** Bytes. */
  readonly chunks: number;
  readonly slots: number;
  readonly stack: number;
  /** Names of properties that the machine has beyond those in flash. */
  readonly keys: number;
}

/** Instruments of the SDK that make a sample. */
const INSTRUMENTS: Record<keyof Sample, string> = {
  chunks: 'Chunk used',
  slots: 'Slot used',
  stack: 'Stack used',
  keys: 'Keys used',
};

const END = '</xsbug>';

/** What a debugger says to let a machine run on. */
const GO = '\r\n<go/>\r\n';

const NAMED: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function plain(text: string): string {
  return text.replace(/&(?:#(\d+)|(\w+));/g, (all, code: string | undefined, name: string) =>
    code === undefined ? (NAMED[name] ?? all) : String.fromCodePoint(Number(code)),
  );
}

/** What a machine of the SDK tells its debugger, read piece by piece. */
export class XsbugReader {
  /** Everything that the program has traced. */
  trace = '';
  readonly samples: Sample[] = [];
  /** Places at which the program waits to be told to go on. */
  readonly breaks: string[] = [];
  private text = '';
  private instruments: string[] = [];

  /** @returns whether the machine waits for an answer: when it has just connected, and where it has stopped. */
  read(text: string): boolean {
    let isWaiting = false;
    this.text += text;
    for (let end = this.text.indexOf(END); end >= 0; end = this.text.indexOf(END)) {
      isWaiting = this.document(this.text.slice(0, end)) || isWaiting;
      this.text = this.text.slice(end + END.length);
    }
    return isWaiting;
  }

  private document(document: string): boolean {
    if (document.includes('<instruments>'))
      this.instruments = [...document.matchAll(/<instrument name="([^"]*)"/g)].map(([, name]) => name);
    for (const [, values] of document.matchAll(/<samples>([^<]*)<\/samples>/g))
      this.sample(values.split(',').map(Number));
    for (const [, text] of document.matchAll(/<log(?: [^>]*)?>([^<]*)<\/log>/g)) this.log(plain(text));
    for (const [, text] of document.matchAll(/<break(?: [^>]*)?>([^<]*)<\/break>/g)) this.breaks.push(plain(text));
    return document.includes('<login ') || document.includes('<break');
  }

  /** Each exception is told, whether it is caught or not: that is not the program's trace. */
  private log(text: string): void {
    if (!text.startsWith('# Exception: ')) this.trace += text;
  }

  private sample(values: readonly number[]): void {
    const value = (name: string): number => values[this.instruments.indexOf(name)] ?? 0;
    const { chunks, slots, stack, keys } = INSTRUMENTS;
    this.samples.push({ chunks: value(chunks), slots: value(slots), stack: value(stack), keys: value(keys) });
  }
}

/** Stands in for the SDK's debugger: machines connect to it, and are let run. */
export class Xsbug {
  readonly reader = new XsbugReader();
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private readonly waiting = new Set<() => void>();

  private constructor() {
    this.server = createServer((socket) => this.serve(socket));
  }

  /** Listens on a free port of loopback. */
  static async open(): Promise<Xsbug> {
    const xsbug = new Xsbug();
    await new Promise<void>((resolve, reject) => {
      xsbug.server.once('error', reject);
      xsbug.server.listen(0, '127.0.0.1', resolve);
    });
    return xsbug;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** The whole lines of the trace. */
  get lines(): string[] {
    return this.reader.trace.split('\n').slice(0, -1);
  }

  /**
   * @returns the first line with `text` in it, past or to come.
   * @throws Error after `milliseconds` without one.
   */
  line(text: string, milliseconds: number): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const line = this.lines.find((each) => each.includes(text));
        if (line !== undefined) end(() => resolve(line));
      };
      const timer = setTimeout(
        () =>
          end(() => reject(new Error(`no “${text}” in the trace within ${milliseconds} ms:\n${this.reader.trace}`))),
        milliseconds,
      );
      const end = (result: () => void): void => {
        clearTimeout(timer);
        this.waiting.delete(look);
        result();
      };
      this.waiting.add(look);
      look();
    });
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket);
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      if (this.reader.read(text)) socket.write(GO);
      for (const look of [...this.waiting]) look();
    });
    // A machine that is ended breaks its connection off.
    socket.on('error', () => {});
    socket.on('close', () => this.sockets.delete(socket));
  }
}
