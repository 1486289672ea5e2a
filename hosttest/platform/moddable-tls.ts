import { Duplex } from 'node:stream';
import * as tls from 'node:tls';
import type { Socket, SocketCallbacks, SocketClass, SocketOptions } from '../../src/platform/moddable/network.js';
import { latestTcp } from './moddable-tcp.js';

interface TlsOptions extends SocketCallbacks {
  host: string;
  TCP: SocketOptions;
  secure?: { ca?: string };
}

const ALERT = 21;
const DATA = 23;
/** Bytes of a record's header. */
const HEADER = 5;
/** TLSSocket: what is taken off the count of TCP, and (SSLSession.write) off what `write` returns. */
const OVERHEAD = 96;
const WRITE_OVERHEAD = 32;

/**
 * examples/io/tcp/tlssocket/tlssocket.js on modules/crypt/ssl/session_419.js. Node does the cryptography, in its own time: what the SDK does within
 * a callback of TCP is done within a later one.
 */
export class FakeTls implements Socket {
  private readonly tcp: Socket;
  private readonly poke: () => void;
  private readonly engine: tls.TLSSocket;
  private readonly duplex: Duplex;
  private readonly options: TlsOptions;
  /** What is to be done within the next callback of TCP. */
  private readonly due: (() => void)[] = [];
  private readable = 0;
  /** Bytes that TCP takes, and what is left of them beside those that are being encrypted. */
  private room = 0;
  private writable = 0;
  private record = new Uint8Array(new ArrayBuffer(HEADER));
  private offset = 0;
  private isReady = false;
  private isInClear = false;
  private isClosed = false;
  private isNumber = false;
  private data: Uint8Array | undefined;
  /** A record of data is being decrypted. */
  private isBusy = false;
  private unsent = Buffer.alloc(0);

  constructor(options: SocketCallbacks) {
    this.options = options as TlsOptions;
    const { host, secure, TCP } = this.options;
    this.tcp = new TCP.io({
      ...options,
      onReadable: (count) => this.onReadable(count),
      onWritable: (count) => this.onWritable(count),
      onError: () => this.options.onError?.(0),
    });
    const tcp = latestTcp();
    this.poke = () => tcp?.poke();
    this.duplex = new Duplex({
      read() {},
      write: (chunk: Buffer, _encoding, done) => {
        this.unsent = Buffer.concat([this.unsent, chunk]);
        this.flush();
        done();
      },
    });
    const servername = /^[\d.]+$/.test(host) ? undefined : host;
    this.engine = tls.connect({ socket: this.duplex, host, servername, maxVersion: 'TLSv1.2', ...secure });
    this.engine.on('secureConnect', () => this.later(() => this.ready()));
    this.engine.on('data', (chunk: Buffer) => this.later(() => this.received(chunk)));
    this.engine.on('end', () => this.later(() => this.options.onError?.(0)));
    this.engine.on('error', (error) =>
      this.later(() => {
        throw error;
      }),
    );
  }

  get format(): string {
    return this.isNumber ? 'number' : 'buffer';
  }

  set format(format: string) {
    if (format !== 'number' && format !== 'buffer') throw new RangeError();
    this.isNumber = format === 'number';
  }

  read(into?: Uint8Array): number | undefined {
    const { data } = this;
    if (data === undefined) return undefined;
    const count = this.isNumber ? 1 : Math.min((into as Uint8Array).byteLength, data.length);
    const result = this.isNumber ? data[0] : count;
    if (!this.isNumber) (into as Uint8Array).set(data.subarray(0, count));
    this.data = count < data.length ? data.subarray(count) : undefined;
    if (this.data === undefined) this.poke();
    return result;
  }

  /** SSLSession.write: a record for each call; without a cipher it is in the clear. */
  write(bytes: Uint8Array): number {
    if (bytes.length + OVERHEAD - WRITE_OVERHEAD > this.writable) throw new Error('would block');
    if (this.isInClear)
      this.writable = this.tcp.write(Uint8Array.of(DATA, 3, 3, bytes.length >> 8, bytes.length, ...bytes)) as number;
    else this.engine.write(Buffer.from(bytes));
    // What TCP says of the encrypted record comes later here.
    this.writable = Math.max(0, this.writable - bytes.length - OVERHEAD);
    return Math.max(0, this.writable - WRITE_OVERHEAD);
  }

  close(): void {
    this.isClosed = true;
    this.tcp.close();
    this.engine.destroy();
  }

  private later(act: () => void): void {
    this.due.push(act);
    this.poke();
  }

  private flush(): void {
    const count = Math.min(this.unsent.length, this.room);
    if (count === 0 || this.isClosed) return;
    this.room = this.tcp.write(this.unsent.subarray(0, count)) ?? 0;
    this.unsent = this.unsent.subarray(count);
  }

  private onWritable(count: number): void {
    this.room = count;
    this.flush();
    this.writable = this.room;
    if (this.isReady && this.writable > OVERHEAD) this.options.onWritable?.(this.writable - OVERHEAD);
  }

  private onReadable(count: number): void {
    this.readable = count;
    for (let act = this.due.shift(); act !== undefined; act = this.due.shift()) {
      act();
      // messageHandler: touches the session behind the callback, which may have closed the socket.
      if (this.isClosed) throw new TypeError('cannot coerce undefined to object');
    }
    while (this.data === undefined && !this.isBusy && this.readable > 0) this.readRecord();
  }

  private ready(): void {
    this.isReady = true;
    this.onWritable(this.room);
  }

  private received(chunk: Uint8Array): void {
    this.isBusy = false;
    this.data = chunk;
    this.options.onReadable?.(chunk.length);
  }

  /** SSLSession.readPacket: the header of a record, then its body, each as far as it is there. */
  private readRecord(): void {
    const need = Math.min(this.record.length - this.offset, this.readable);
    this.tcp.read(this.record.subarray(this.offset, this.offset + need));
    this.readable -= need;
    this.offset += need;
    if (this.offset < this.record.length) return;
    if (this.offset === HEADER) {
      const whole = new Uint8Array(HEADER + this.record[3] * 256 + this.record[4]);
      whole.set(this.record);
      this.record = whole;
      return;
    }
    const { record } = this;
    this.record = new Uint8Array(new ArrayBuffer(HEADER));
    this.offset = 0;
    this.unpack(record);
  }

  /**
   * recordProtocol.unpacketize without a cipher. SSLSession.handshake: an alert that says `close_notify` is the end of the handshake. SSLSession.putData: what
   * comes as data before the handshake is done, is handed out behind it.
   */
  private unpack(record: Uint8Array): void {
    const [type] = record;
    if (!this.isReady && type === ALERT && record[HEADER + 1] === 0) {
      this.isInClear = true;
      this.ready();
    } else if (!this.isReady && type === DATA) this.later(() => this.received(record.subarray(HEADER)));
    else {
      this.isBusy = this.isReady && type === DATA;
      this.duplex.push(record);
    }
  }
}

/** TLS that trusts one authority, or nobody. */
export function secureSocket(ca: string | undefined): { io: SocketClass; secure: object } {
  return { io: FakeTls, secure: { ca: ca ?? [] } };
}
