import type { Network, SecureNetwork, Socket, SocketCallbacks, SocketClass } from './network.js';

/** Types of the records that a TLS handshake consists of. */
const CHANGE_CIPHER = 20;
const HANDSHAKE = 22;

/** What stands above TLS, and is told of what happens below it. */
export interface Guarded {
  /** The handshake is done. */
  readonly isUp: boolean;
  /** TCP is connected. */
  onTcp(): void;
  /** TLS has thrown, and is of no more use. */
  onThrown(thrown: unknown): void;
}

/** The options of a TLS socket, which it hands on to the TCP socket below. */
export interface GuardedOptions extends SocketCallbacks {
  readonly guarded: Guarded;
}

function caught(callback: ((count: number) => void) | undefined, onThrown: (thrown: unknown) => void) {
  return function (this: Socket, count: number): void {
    try {
      if (callback !== undefined) callback.call(this, count);
    } catch (thrown) {
      onThrown(thrown);
    }
  };
}

/** UDP for the SDK's resolver, which throws from within the socket's callback where a packet is damaged: that would end the machine. */
function guardedUdp(io: SocketClass): SocketClass {
  return class extends io {
    constructor(options: SocketCallbacks) {
      super({ ...options, onReadable: caught(options.onReadable, () => {}) });
    }
  };
}

/** TCP for the SDK's TLS, which throws from within the socket's callbacks where a certificate, a record or an alert is not as it should be. */
function guardedTcp(io: SocketClass): SocketClass {
  return class extends io {
    private readonly guarded: Guarded;

    constructor(options: SocketCallbacks) {
      const { guarded } = options as GuardedOptions;
      const onThrown = (thrown: unknown): void => guarded.onThrown(thrown);
      const onWritable = (count: number): void => {
        guarded.onTcp();
        if (options.onWritable !== undefined) options.onWritable(count);
      };
      super({
        ...options,
        onReadable: caught(options.onReadable, onThrown),
        onWritable: caught(onWritable, onThrown),
        onError: caught(options.onError, onThrown),
      });
      this.guarded = guarded;
    }

    /**
     * Until the handshake is done, TLS may see the records of a handshake only. The SDK takes a `close_notify` in the clear for its end, and
     * would send the request in the clear; data in the clear it would hand out as the beginning of the answer.
     */
    override read(into: Uint8Array): number | undefined {
      const count = super.read(into);
      // A record is read into a buffer of its own, from its start.
      const isStart = into.byteOffset === 0 && !this.guarded.isUp;
      if (isStart && into[0] !== HANDSHAKE && into[0] !== CHANGE_CIPHER)
        throw new Error(`record ${into[0]} in the handshake`);
      return count;
    }
  };
}

/** The same network, with a guarded resolver. */
export function guardedNetwork<N extends Network>(network: N): N {
  const { dns } = network;
  return { ...network, dns: { ...dns, socket: { ...dns.socket, io: guardedUdp(dns.socket.io) } } };
}

/** Bytes of a TLS record to ask the server for. TLS holds a whole one; servers that are not asked send 16 KB. */
const RECORD = 1024;

/** The same network, with a guarded resolver, with guarded TCP below TLS, and with small records where the server heeds that. */
export function guardedSecureNetwork(network: SecureNetwork): SecureNetwork {
  const { socket } = network;
  const { TCP } = socket;
  const secure = { tls_max_fragment_length: RECORD, ...socket.secure };
  return { ...guardedNetwork(network), socket: { ...socket, TCP: { ...TCP, io: guardedTcp(TCP.io) }, secure } };
}
