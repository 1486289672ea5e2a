import {
  type Clock,
  type Digest,
  type Digests,
  type Flash,
  FlashResult,
  type HttpClient,
  type Identity,
  type Platform,
  type Random,
  type Resource,
  type Text,
} from 'dmlet';
import type { Host, Xs } from './host.js';

declare const host: Host;

const fromArrayBuffer = (String as unknown as Xs).fromArrayBuffer;

export class XsText implements Text {
  encode(text: string): Uint8Array {
    return new Uint8Array(host.encode(text));
  }

  /** The engine's own function is the fastest, and stops at a NUL byte: then the text is shorter than ASCII would be. */
  decode(bytes: Uint8Array, from: number, to: number): string {
    const text = fromArrayBuffer(bytes.buffer, bytes.byteOffset + from, to - from);
    return text.length === to - from ? text : host.decode(bytes, from, to);
  }
}

export class XsClock implements Clock {
  isSet(): boolean {
    return true;
  }

  now(): number {
    return 1700000000 + Math.floor(host.uptime() / 1000);
  }

  uptime(): number {
    return host.uptime();
  }

  after(delay: number, callback: () => void): unknown {
    return host.after(delay, callback);
  }

  cancel(timer: unknown): void {
    host.cancel(timer as number);
  }
}

/** NVS, beside the machine. */
/** Room for any number of records. */
export const ANY_ROOM = Number.POSITIVE_INFINITY;

class XsFlash implements Flash {
  readonly keySize: number;
  readonly valueSize: number;
  readonly capacity: number;
  private room: number;

  /** @param room for so many records; each removal makes room for one. */
  constructor(room: number) {
    this.keySize = 15;
    this.valueSize = 4000;
    this.capacity = 0;
    this.room = room;
  }

  keys(visit: (key: string) => void): void {
    host.flashKeys(visit);
  }

  read(key: string, into: Uint8Array): number {
    return host.flashRead(key, into);
  }

  write(key: string, bytes: Uint8Array, from: number, to: number): FlashResult {
    if (this.room === 0) return FlashResult.Full;
    this.room -= 1;
    host.flashWrite(key, bytes, from, to);
    return FlashResult.Ok;
  }

  remove(key: string): FlashResult {
    host.flashRemove(key);
    this.room += 1;
    return FlashResult.Ok;
  }
}

class XsDigest implements Digest {
  private readonly digest: object;

  constructor() {
    this.digest = host.sha256();
  }

  update(bytes: Uint8Array, from: number, to: number): void {
    host.sha256Update(this.digest, bytes, from, to);
  }

  finish(): Uint8Array {
    return new Uint8Array(host.sha256Finish(this.digest));
  }
}

export class XsDigests implements Digests {
  sha256(): Digest {
    return new XsDigest();
  }
}

class XsRandom implements Random {
  next(): number {
    return 0.5;
  }
}

class NoIdentity implements Identity {
  value(): string {
    return '';
  }
}

export const TEXT: Text = new XsText();

/** An input of the run as a resource of the firmware. */
export class InputResource implements Resource {
  private readonly input: number;

  constructor(input: number) {
    this.input = input;
  }

  read(offset: number, into: Uint8Array): number {
    return host.read(this.input, offset, into, 0, into.length);
  }
}

/**
 * Everything that the core needs, on this machine: as small as adapters can be.
 * @param room of flash, in records.
 */
export function platform(http: HttpClient, room = ANY_ROOM): Platform {
  return {
    http,
    flash: new XsFlash(room),
    clock: new XsClock(),
    random: new XsRandom(),
    digests: new XsDigests(),
    text: TEXT,
    identity: new NoIdentity(),
  };
}
