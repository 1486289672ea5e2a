import * as net from 'node:net';

/** The network between a device and its server: it can be cut in the middle of anything. */
export class Cable {
  private readonly sockets = new Set<net.Socket>();
  private isCut = false;

  private constructor(
    private readonly server: net.Server,
    /** Where the device finds the server. */
    readonly origin: string,
  ) {}

  /** @param far the server's origin. */
  static async lay(far: string): Promise<Cable> {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const cable = new Cable(server, `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`);
    const { hostname, port } = new URL(far);
    server.on('connection', (near) => cable.join(near, net.connect(Number(port), hostname)));
    return cable;
  }

  /** Ends every connection, and lets none through until `mend`. */
  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy();
  }

  mend(): void {
    this.isCut = false;
  }

  /** Ends that are open. */
  get open(): number {
    return this.sockets.size;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(near: net.Socket, far: net.Socket): void {
    for (const [one, other] of [
      [near, far],
      [far, near],
    ]) {
      this.sockets.add(one);
      one.on('error', () => {});
      one.on('close', () => {
        this.sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
    if (this.isCut) near.destroy();
  }
}
