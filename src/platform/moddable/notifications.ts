/** A socket of the SDK's module `embedded:io/socket/udp`. */
export interface UdpSocket {
  /** The oldest datagram that waits, undefined where there is none. */
  read(): ArrayBuffer | undefined;
  close(): void;
}

export interface UdpSockets {
  /** @throws Error where the port is taken, or there is no network. */
  new (options: { port: number; onReadable: () => void }): UdpSocket;
}

/**
 * Gives what comes to a UDP port to the client.
 * @param notify takes one datagram.
 * @returns the socket, to close.
 * @throws Error where the port cannot be had.
 */
export function listenForNotifications(Udp: UdpSockets, port: number, notify: (bytes: Uint8Array) => void): UdpSocket {
  const socket: UdpSocket = new Udp({
    port,
    onReadable() {
      // All that are there: what came during the call may not be told of.
      for (let datagram = socket.read(); datagram !== undefined; datagram = socket.read()) {
        notify(new Uint8Array(datagram));
      }
    },
  });
  return socket;
}
