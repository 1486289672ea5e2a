import { type HttpExchange, HttpFailure, type HttpListener, type HttpRequest } from '../../hal/http.js';
import type { Text } from '../../hal/text.js';
import type { Connection, ConnectionUser, Timers } from './connection.js';
import { Response } from './response.js';

/** Most bytes of a request's body that are taken at once: TLS makes a record of them. */
const PIECE = 512;

const NOTHING = new Uint8Array(0);

/** A request on its connection, and the response to it. */
export class Exchange implements HttpExchange, ConnectionUser {
  private readonly listener: HttpListener;
  private readonly timers: Timers;
  private readonly response: Response;
  /** Undefined once the exchange is over. */
  private connection: Connection | undefined;
  /** What goes out, from `sent` to `filled`: the header, then pieces of the body. */
  private out: Uint8Array;
  private sent: number;
  private filled: number;
  /** Bytes of the body that are not yet in `out`; those of them that the listener may write. */
  private bodyLeft: number;
  private granted: number;
  private isTold: boolean;
  /** The listener knows that there is something to read, and has not read all of it. */
  private isAnnounced: boolean;
  private timer: unknown;

  constructor(
    request: HttpRequest,
    header: Uint8Array,
    connection: Connection,
    listener: HttpListener,
    timers: Timers,
    text: Text,
  ) {
    this.listener = listener;
    this.timers = timers;
    this.response = new Response(request.wanted, listener, text);
    this.connection = connection;
    this.out = header;
    this.sent = 0;
    this.filled = header.length;
    this.bodyLeft = Math.max(0, request.bodyLength);
    this.granted = 0;
    this.isTold = false;
    this.isAnnounced = false;
    this.timer = undefined;
    connection.use(this);
    // The connection may stand already, or have failed.
    this.later();
  }

  write(bytes: Uint8Array, from: number, to: number): void {
    const { connection } = this;
    if (connection === undefined) return;
    this.out.set(bytes.subarray(from, to), this.filled);
    this.filled += to - from;
    this.granted -= to - from;
    this.bodyLeft -= to - from;
    if (this.granted > 0) return;
    this.flush(connection);
    if (this.bodyLeft === 0 || connection.window > 0) this.later();
  }

  read(into: Uint8Array, from: number, to: number): number {
    const { connection, response } = this;
    if (connection === undefined) return 0;
    let at = from;
    this.takeFraming(connection);
    while (at < to && response.isBody && connection.readable > 0) {
      const count = Math.min(to - at, connection.readable, response.left);
      connection.read(into, at, count);
      response.took(count);
      at += count;
      this.takeFraming(connection);
    }
    if (connection.readable === 0 || !response.isBody) {
      this.isAnnounced = false;
      this.later();
    }
    return at - from;
  }

  close(): void {
    const connection = this.detach();
    if (connection !== undefined) connection.close();
  }

  advance(): void {
    const { connection } = this;
    if (connection?.isUp) this.send(connection);
    if (this.connection !== undefined) this.receive(this.connection);
  }

  private send(connection: Connection): void {
    if (this.granted > 0 || !this.flush(connection)) return;
    const count = Math.min(this.bodyLeft, PIECE, connection.window);
    if (this.bodyLeft === 0) {
      this.out = NOTHING;
      if (!this.isTold) this.grant(0);
    } else if (count > 0) {
      const size = Math.min(this.bodyLeft, PIECE);
      if (this.out.length < size) this.out = new Uint8Array(size);
      this.grant(count);
    }
  }

  private grant(count: number): void {
    this.isTold = true;
    this.granted = count;
    this.sent = 0;
    this.filled = 0;
    this.listener.onWritable(count);
  }

  /** @returns whether nothing is left to send of what there was. */
  private flush(connection: Connection): boolean {
    this.sent += connection.write(this.out, this.sent, this.filled);
    return this.sent === this.filled;
  }

  private receive(connection: Connection): void {
    const { response, listener } = this;
    this.takeFraming(connection);
    // A listener may have closed the exchange meanwhile.
    if (this.connection === undefined) return;
    const isEmpty = connection.readable === 0;
    if (connection.isOver && isEmpty) response.close();
    if (response.isEnd) {
      this.detach();
      const isOut = this.bodyLeft === 0 && this.sent === this.filled;
      if (response.isKept && isOut && isEmpty && !connection.isOver) connection.release();
      else connection.close();
      listener.onEnd();
    } else if (response.fault !== '') this.fail(HttpFailure.Protocol, response.fault);
    else if (response.isBody && !isEmpty) {
      if (this.isAnnounced) return;
      this.isAnnounced = true;
      listener.onReadable();
    } else if (connection.isOver) {
      const isStale = connection.isReused && response.isNew;
      this.fail(isStale ? HttpFailure.Stale : connection.failure, connection.detail);
    }
  }

  /** Takes what comes before the next bytes of the body. */
  private takeFraming(connection: Connection): void {
    const { response } = this;
    while (this.connection !== undefined && connection.readable > 0 && response.takes)
      response.take(connection.readByte());
  }

  private fail(failure: HttpFailure, detail: string): void {
    this.close();
    this.listener.onFailure(failure, detail);
  }

  private detach(): Connection | undefined {
    const { connection } = this;
    this.connection = undefined;
    if (this.timer !== undefined) this.timers.cancel(this.timer);
    this.timer = undefined;
    return connection;
  }

  /** Looks after what has changed within a call, from the event loop. */
  private later(): void {
    if (this.timer !== undefined) return;
    this.timer = this.timers.after(0, () => {
      this.timer = undefined;
      this.advance();
    });
  }
}
