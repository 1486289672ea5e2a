import type { Clock } from '../../hal/clock.js';
import { HttpFailure } from '../../hal/http.js';
import type { Guarded } from './guard.js';
import type { Network, Resolver, Socket } from './network.js';
import type { Target } from './target.js';

/** Milliseconds for which a connection is kept that nobody uses: longer than a session's pauses, and TLS takes much memory. */
const IDLE_TIME = 10000;

/** Bytes that TLS may add to a record beyond the 32 that the SDK counts when it says how many can still be written. */
const RECORD_OVERHEAD = 64;

/** Timers of the event loop. */
export type Timers = Pick<Clock, 'after' | 'cancel'>;

/** Gets told from the event loop that something of its connection has changed. */
export interface ConnectionUser {
  advance(): void;
}

/** A connection to a server: name look-up, TCP and TLS. It serves one user after the other. */
export class Connection implements Guarded {
  /** Bytes that can be read. */
  readable: number;
  /** Bytes that can be written. */
  window: number;
  /** It stands: bytes can be written, or could be until it ended. */
  isUp: boolean;
  /** No more bytes will come, and none can be written; why, while nobody knows, is in `failure` and `detail`. */
  isOver: boolean;
  isClosed: boolean;
  /** It served another user before. */
  isReused: boolean;
  failure: HttpFailure;
  detail: string;
  private readonly target: Target;
  /** Undefined once the socket is made. */
  private network: Network | undefined;
  private readonly timers: Timers;
  private user: ConnectionUser | undefined;
  private socket: Socket | undefined;
  private resolver: Resolver | undefined;
  private hasTcp: boolean;
  private format: string;
  private idle: unknown;

  constructor(target: Target, network: Network, timers: Timers) {
    this.target = target;
    this.network = network;
    this.timers = timers;
    this.readable = 0;
    this.window = 0;
    this.isUp = false;
    this.isOver = false;
    this.isClosed = false;
    this.isReused = false;
    this.hasTcp = false;
    this.format = '';
    this.failure = HttpFailure.Connect;
    this.detail = '';
    try {
      this.resolver = new network.dns.io(network.dns);
      this.resolver.resolve({
        host: target.host,
        onResolved: (_host, address) => this.connect(address),
        onError: () => this.end(HttpFailure.Name, target.host),
      });
    } catch (thrown) {
      this.end(HttpFailure.Name, String(thrown));
    }
  }

  /** True where it leads to a target, and nobody uses it. */
  isFreeFor(target: Target): boolean {
    const own = this.target;
    const isSame = own.host === target.host && own.port === target.port && own.isSecure === target.isSecure;
    return isSame && this.isFree && !this.isClosed;
  }

  get isFree(): boolean {
    return this.user === undefined;
  }

  use(user: ConnectionUser): void {
    this.stopIdling();
    this.user = user;
  }

  /** Ends its use; it is kept for a while. */
  release(): void {
    this.user = undefined;
    this.isReused = true;
    this.idle = this.timers.after(IDLE_TIME, () => this.close());
  }

  /** @returns the next byte; there must be one. */
  readByte(): number {
    this.readable -= 1;
    return this.formatted('number').read() as number;
  }

  /** @param count not above `readable`. */
  read(into: Uint8Array, from: number, count: number): void {
    this.readable -= count;
    this.formatted('buffer').read(into.subarray(from, from + count));
  }

  /** Writes as much as the window takes. @returns how many bytes. */
  write(bytes: Uint8Array, from: number, to: number): number {
    const count = Math.min(to - from, this.window);
    if (count === 0 || this.isOver) return 0;
    try {
      const left = this.formatted('buffer').write(bytes.subarray(from, from + count)) || 0;
      this.window = Math.max(0, this.target.isSecure ? left - RECORD_OVERHEAD : left);
    } catch {
      // The peer has closed it; what had come can still be read, and the socket tells of the end behind that.
      this.window = 0;
    }
    return count;
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.user = undefined;
    this.stopIdling();
    if (this.resolver !== undefined) this.resolver.close();
    if (this.socket !== undefined) this.socket.close();
    this.resolver = undefined;
    this.socket = undefined;
  }

  onTcp(): void {
    this.hasTcp = true;
  }

  onThrown(thrown: unknown): void {
    this.broken(String(thrown));
  }

  private stopIdling(): void {
    if (this.idle !== undefined) this.timers.cancel(this.idle);
    this.idle = undefined;
  }

  private formatted(format: string): Socket {
    const socket = this.socket as Socket;
    if (this.format !== format) socket.format = format;
    this.format = format;
    return socket;
  }

  private connect(address: string): void {
    if (this.isClosed) return;
    const { host, port } = this.target;
    const { socket } = this.network as Network;
    this.network = undefined;
    this.resolver = undefined;
    const options = {
      ...socket,
      host,
      address,
      port,
      nodelay: true,
      guarded: this,
      onReadable: (count: number) => this.onReadable(count),
      onWritable: (count: number) => this.onWritable(count),
      onError: () => this.broken('closed'),
    };
    try {
      this.socket = new socket.io(options);
    } catch (thrown) {
      this.end(HttpFailure.Connect, String(thrown));
    }
  }

  private onReadable(count: number): void {
    this.readable = count;
    this.tell();
  }

  private onWritable(count: number): void {
    this.isUp = true;
    this.window = count;
    if (this.user !== undefined) this.user.advance();
  }

  private broken(detail: string): void {
    let failure = HttpFailure.Closed;
    if (!this.isUp) failure = this.hasTcp ? HttpFailure.Tls : HttpFailure.Connect;
    this.end(failure, detail);
  }

  private end(failure: HttpFailure, detail: string): void {
    if (this.isOver) return;
    this.isOver = true;
    this.failure = failure;
    this.detail = detail;
    this.tell();
  }

  /** Bytes and an end that nobody waits for, are of no use to anybody. */
  private tell(): void {
    if (this.user !== undefined) this.user.advance();
    else this.close();
  }
}
