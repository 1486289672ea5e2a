import * as net from 'node:net';
import type { Socket, SocketCallbacks, SocketClass } from '../../src/platform/moddable/network.js';

/** What a socket is made with, beside its callbacks. */
interface TcpOptions extends SocketCallbacks {
  address: string;
  port: number;
}

const WRITABLE = 1;
const READABLE = 2;
const ERROR = 4;

/** Over a socket of Node, what the SDK's TCP sockets have in common. Their faults are named after the functions in which they were read. */
abstract class FakeTcp implements Socket {
  /** The socket that was made last: a layer above hides it from the one who made it. */
  static latest: FakeTcp | undefined;
  protected readonly wire: net.Socket;
  /** Received bytes that are not read. */
  protected bytes: Buffer = Buffer.alloc(0);
  protected triggered = 0;
  protected hasError = false;
  protected isConnected = false;
  protected isEnded = false;
  protected isClosed = false;
  private isNumber = false;

  constructor(
    protected readonly options: TcpOptions,
    /** Most bytes that are received unread. */
    protected readonly room: number,
  ) {
    // xs_tcp_constructor: an address that is none throws.
    if (!net.isIPv4(options.address)) throw new Error('invalid address');
    FakeTcp.latest = this;
    // Reads no more than is asked for, so that the peer is held back.
    this.wire = net.connect({ host: options.address, port: options.port, noDelay: true });
    this.wire.on('connect', () => this.onConnect());
    this.wire.on('readable', () => this.receive());
    this.wire.on('end', () => this.ended());
    this.wire.on('error', () => this.ended());
    this.wire.on('close', () => this.ended());
  }

  get format(): string {
    return this.isNumber ? 'number' : 'buffer';
  }

  set format(format: string) {
    this.validate();
    if (format !== 'number' && format !== 'buffer') throw new RangeError('unimplemented');
    this.isNumber = format === 'number';
  }

  /** xs_tcp_read: nothing where nothing is there; more than there is throws; with a number as format, one byte. */
  read(into?: Uint8Array): number | undefined {
    this.validate();
    if (this.bytes.length === 0) return undefined;
    const requested = this.isNumber ? 1 : (into as Uint8Array).byteLength;
    if (requested <= 0 || requested > this.bytes.length) throw new Error('invalid');
    const result = this.isNumber ? this.bytes[0] : requested;
    if (!this.isNumber) (into as Uint8Array).set(this.bytes.subarray(0, requested));
    this.bytes = this.bytes.subarray(requested);
    // The end is told when all was read.
    if (this.bytes.length === 0 && this.hasError) this.trigger(ERROR);
    setImmediate(() => this.receive());
    return result;
  }

  abstract write(bytes: Uint8Array): number | undefined;

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.wire.destroy();
  }

  /** Calls back as if bytes had come: for a layer above whose work takes time here, and none in the SDK. */
  poke(): void {
    setImmediate(() => {
      if (!this.isClosed) this.options.onReadable?.call(this, this.bytes.length);
    });
  }

  protected abstract trigger(what: number): void;
  protected abstract onConnect(): void;
  protected abstract ended(): void;

  /** Host data is gone once a socket is closed (doClose): whatever is called then throws. */
  protected validate(): void {
    if (this.isClosed) throw new Error('xs_tcp: invalid receiver');
  }

  protected receive(): void {
    const count = Math.min(this.room - this.bytes.length, this.wire.readableLength);
    if (this.isClosed) return;
    if (count > 0) {
      this.bytes = Buffer.concat([this.bytes, this.wire.read(count)]);
      this.trigger(READABLE);
    } else if (this.wire.readableLength === 0) this.wire.read(0);
  }
}

/** modules/io/socket/lin/tcp.c: the simulator on Linux. */
export class LinTcp extends FakeTcp {
  private static readonly SIZE = 1536;
  private bytesWritable = 0;
  private isPosted = false;

  constructor(options: SocketCallbacks) {
    super(options as TcpOptions, LinTcp.SIZE);
  }

  /** xs_tcp_write: what exceeds the count throws; on a socket with an error the bytes are lost. */
  write(bytes: Uint8Array): number | undefined {
    this.validate();
    if (bytes.length > this.bytesWritable) throw new Error('would block');
    this.bytesWritable -= bytes.length;
    if (!this.wire.writable) return undefined;
    this.wire.write(Buffer.from(bytes), () =>
      setImmediate(() =>
        setImmediate(() => {
          // tcpTask, some time later: when the system takes bytes, all of the buffer's size can be written.
          this.bytesWritable = LinTcp.SIZE;
          this.trigger(WRITABLE);
        }),
      ),
    );
    return this.bytesWritable;
  }

  protected onConnect(): void {
    this.isConnected = true;
    this.bytesWritable = LinTcp.SIZE;
    this.trigger(WRITABLE);
  }

  /** tcpTask: an end that is met while bytes are unread is not told, and once it is met, nothing is told any more. */
  protected ended(): void {
    if (this.isEnded || this.wire.readableLength > 0) return;
    this.isEnded = true;
    setImmediate(() => {
      if (this.bytes.length === 0) this.trigger(ERROR);
      this.hasError = true;
    });
  }

  protected trigger(what: number): void {
    if (this.hasError || this.isClosed) return;
    this.triggered |= what;
    if (!this.isPosted) setImmediate(() => this.report());
    this.isPosted = true;
  }

  /** reportTrigger: what was due is called even if a callback before it has closed the socket. */
  private report(): void {
    const { triggered } = this;
    this.isPosted = false;
    this.triggered = 0;
    if (this.isClosed) return;
    const isError = (triggered & ERROR) !== 0;
    if ((triggered & WRITABLE) !== 0 && this.bytesWritable > 0 && !isError)
      this.options.onWritable?.call(this, this.bytesWritable);
    if ((triggered & READABLE) !== 0 && this.bytes.length > 0) this.options.onReadable?.call(this, this.bytes.length);
    if (isError) this.options.onError?.call(this, 0);
  }
}

/** modules/io/socket/lwip/tcp.c: ESP32, ESP8266, Pico. */
export class LwipTcp extends FakeTcp {
  private static readonly WINDOW = 5744;
  private static readonly SEND_BUFFER = 2920;
  private inFlight = 0;
  private isReady = false;
  private hasPcb = true;

  constructor(options: SocketCallbacks) {
    super(options as TcpOptions, LwipTcp.WINDOW);
  }

  /** xs_tcp_write: throws before the connection stands and behind its end, is silent between the two ends. */
  write(bytes: Uint8Array): number | undefined {
    this.validate();
    if (!this.isReady) throw new Error('not ready');
    if (this.hasError || !this.hasPcb || !this.wire.writable) return undefined;
    if (bytes.length > this.sendable) throw new Error('would block');
    this.inFlight += bytes.length;
    this.wire.write(Buffer.from(bytes), () => {
      this.inFlight -= bytes.length;
      this.trigger(WRITABLE);
    });
    return this.sendable;
  }

  protected onConnect(): void {
    this.isConnected = true;
    this.isReady = true;
    this.trigger(WRITABLE);
  }

  protected ended(): void {
    if (this.isEnded || this.wire.readableLength > 0) return;
    this.isEnded = true;
    this.hasPcb = !this.wire.destroyed;
    this.trigger(ERROR);
  }

  protected trigger(what: number): void {
    const isPosted = this.triggered !== 0;
    this.triggered |= what;
    if (!isPosted) setImmediate(() => this.deliver());
  }

  /** tcpDeliver: an end is told behind all bytes, and may be told twice; from when it is known, nothing can be written. */
  private deliver(): void {
    const { triggered } = this;
    this.triggered = 0;
    if ((triggered & ERROR) !== 0) {
      this.hasError = true;
      this.isReady = false;
    }
    if ((triggered & READABLE) !== 0 && this.bytes.length > 0) this.call(this.options.onReadable, this.bytes.length);
    if (this.hasError && this.bytes.length > 0) return;
    if (this.hasError) this.call(this.options.onError, 0);
    else if ((triggered & WRITABLE) !== 0) this.call(this.options.onWritable, this.sendable);
  }

  private get sendable(): number {
    return LwipTcp.SEND_BUFFER - this.inFlight;
  }

  /** doClose: a closed socket calls nothing. */
  private call(callback: ((count: number) => void) | undefined, count: number): void {
    if (!this.isClosed) callback?.call(this, count);
  }
}

/** The stacks that the SDK has, by name. */
export const STACKS: readonly [name: string, tcp: SocketClass][] = [
  ['lin', LinTcp],
  ['lwip', LwipTcp],
];

export function latestTcp(): FakeTcp | undefined {
  return FakeTcp.latest;
}
