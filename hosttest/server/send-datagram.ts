import { createSocket } from 'node:dgram';

/**
 * Sends one datagram by UDP, as a notification travels (PROTOCOL.md §9).
 * @param host name or address, IPv4.
 * @returns when it has left.
 * @throws the socket layer's error for a host or port that is none, and for more bytes than a datagram has.
 */
export async function sendDatagram(host: string, port: number, bytes: Uint8Array): Promise<void> {
  const socket = createSocket('udp4');
  try {
    await new Promise<void>((resolve, reject) => {
      socket.send(bytes, port, host, (error) => (error ? reject(error) : resolve()));
    });
  } finally {
    socket.close();
  }
}
