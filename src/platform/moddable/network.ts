/** A TCP or TLS socket of the SDK. Once closed, it must not be touched: every call would throw. */
export interface Socket {
  /** `number`: `read` gives the next byte; `buffer`: it fills what it gets. */
  format: string;
  /** @returns the byte, or how many were copied. Asked for more than there is, it throws. */
  read(into?: Uint8Array): number | undefined;
  /** @returns bytes that can be written now; with some faults of the connection nothing, or no number. Given more than that, it throws. */
  write(bytes: Uint8Array): number | undefined;
  close(): void;
}

/** What a socket calls, from the event loop. What a callback throws ends the machine. */
export interface SocketCallbacks {
  /** `count` bytes can be read in all. Not repeated until more come. */
  onReadable?: (count: number) => void;
  /** It is connected, and `count` bytes can be written. */
  onWritable?: (count: number) => void;
  /** It is closed, whoever did it; TCP tells it when all was read, TLS at once. It may come twice. There is nothing to count. */
  onError?: (count: number) => void;
}

export type SocketClass = new (options: SocketCallbacks) => Socket;

/** A class of sockets with the options that each of its sockets gets. */
export interface SocketOptions {
  readonly io: SocketClass;
}

/** A resolver of names: its callbacks come from the event loop. */
export interface Resolver {
  resolve(request: { host: string; onResolved(host: string, address: string): void; onError(): void }): void;
  close(): void;
}

export interface DnsOptions {
  readonly io: new (options: object) => Resolver;
  /** UDP, over which it asks. */
  readonly socket: SocketOptions;
}

/** How to connect: `device.network.http` of the SDK, whose own HTTP client is not used. */
export interface Network {
  readonly dns: DnsOptions;
  readonly socket: SocketOptions;
}

/** How to connect with TLS: `device.network.https`. `socket.secure` holds certificates and keys. */
export interface SecureNetwork extends Network {
  readonly socket: SocketOptions & { readonly TCP: SocketOptions; readonly secure?: object };
}
