import type { Resolver, Socket, SocketCallbacks, SocketOptions } from '../../src/platform/moddable/network.js';

/** What a name server answers, packet by packet: an address, '' for none, or `damaged`. */
const ANSWERS: readonly [host: string, packets: readonly string[]][] = [['damaged.example', ['damaged', '127.0.0.1']]];

interface UdpOptions extends SocketCallbacks {
  target: FakeResolver;
}

interface Request {
  host: string;
  onResolved(host: string, address: string): void;
  onError(): void;
}

/** A UDP socket with a name server behind it. */
export class FakeUdp implements Socket {
  format = 'buffer';
  readonly target: FakeResolver;
  private isClosed = false;

  constructor(private readonly options: SocketCallbacks) {
    this.target = (options as UdpOptions).target;
  }

  read(): undefined {}

  write(bytes: Uint8Array): undefined {
    const host = String.fromCharCode(...bytes);
    const packets = ANSWERS.find(([name]) => name === host)?.[1] ?? [''];
    for (const packet of packets)
      setImmediate(() => {
        if (this.isClosed) return;
        this.target.packet = packet;
        this.options.onReadable?.call(this, 1);
      });
  }

  close(): void {
    this.isClosed = true;
  }
}

/**
 * examples/io/udp/dns/dns.js: an address is found from a timer, and is no better than four numbers; a name is asked for over UDP. A damaged packet
 * throws from the callback of the UDP socket (parseQname in modules/network/dns/moddnsparser.c).
 */
export class FakeResolver implements Resolver {
  packet = '';
  private readonly udp: SocketOptions;
  private socket: Socket | undefined;
  private isClosed = false;

  constructor(options: object) {
    this.udp = (options as { socket: SocketOptions }).socket;
  }

  resolve(request: Request): void {
    const host = request.host === 'localhost' ? '127.0.0.1' : request.host;
    if (host === '') throw new Error();
    const parts = host.split('.');
    if (parts.length === 4 && parts.every((part) => String(Number.parseInt(part, 10)) === part))
      this.later(() => request.onResolved(host, host));
    else this.later(() => this.ask(host, request));
  }

  close(): void {
    this.isClosed = true;
    this.socket?.close();
    this.socket = undefined;
  }

  private ask(host: string, request: Request): void {
    const options: UdpOptions = {
      target: this,
      onReadable(this: FakeUdp) {
        const { target } = this;
        if (target.packet === 'damaged') throw new Error('bad name');
        target.close();
        if (target.packet === '') request.onError();
        else request.onResolved(host, target.packet);
      },
    };
    this.socket = new this.udp.io(options);
    this.socket.write(Uint8Array.from(host, (char) => char.charCodeAt(0)));
  }

  private later(act: () => void): void {
    setImmediate(() => {
      if (!this.isClosed) act();
    });
  }
}
