import { createSocket, type Socket } from 'node:dgram';
import { UsageError } from './usage-error.js';

/** One datagram, and who sent it, as HOST:PORT. */
type DatagramCallback = (bytes: Uint8Array, from: string) => void;

/** Hears the datagrams that come to a UDP port of 127.0.0.1. */
export class NotificationSocket {
  private constructor(private readonly socket: Socket) {}

  /** @param port 0 takes any free one. @throws UsageError where it cannot be had. */
  static async open(port: number, onDatagram: DatagramCallback): Promise<NotificationSocket> {
    const socket = createSocket('udp4');
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once('error', reject);
        socket.bind(port, '127.0.0.1', resolve);
      });
    } catch (error) {
      throw new UsageError(`--listen ${port}: ${(error as Error).message}`);
    }
    socket.on('message', (bytes, { address, port: sender }) => onDatagram(bytes, `${address}:${sender}`));
    return new NotificationSocket(socket);
  }

  get port(): number {
    return this.socket.address().port;
  }

  close(): void {
    this.socket.close();
  }
}
