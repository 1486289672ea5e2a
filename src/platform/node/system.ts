import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import type { Clock } from '../../hal/clock.js';
import type { Digest, Digests } from '../../hal/digest.js';
import type { Identity } from '../../hal/identity.js';
import type { Random } from '../../hal/random.js';
import type { Resource } from '../../hal/resource.js';
import type { Text } from '../../hal/text.js';

export class NodeClock implements Clock {
  isSet(): boolean {
    return true;
  }

  now(): number {
    return Math.floor(Date.now() / 1000);
  }

  uptime(): number {
    return performance.now();
  }

  after(delay: number, callback: () => void): unknown {
    return delay === 0 ? setImmediate(callback) : setTimeout(callback, delay);
  }

  cancel(timer: unknown): void {
    clearTimeout(timer as NodeJS.Timeout);
    clearImmediate(timer as NodeJS.Immediate);
  }
}

export class NodeRandom implements Random {
  next(): number {
    return Math.random();
  }
}

class NodeDigest implements Digest {
  private readonly hash = crypto.createHash('sha256');

  update(bytes: Uint8Array, from: number, to: number): void {
    this.hash.update(bytes.subarray(from, to));
  }

  finish(): Uint8Array {
    return new Uint8Array(this.hash.digest());
  }
}

export class NodeDigests implements Digests {
  sha256(): Digest {
    return new NodeDigest();
  }
}

export class NodeText implements Text {
  private readonly decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

  encode(text: string): Uint8Array {
    return Buffer.from(text, 'utf8');
  }

  decode(bytes: Uint8Array, from: number, to: number): string {
    return this.decoder.decode(bytes.subarray(from, to));
  }
}

/** An identity of fixed values. */
export class NodeIdentity implements Identity {
  private readonly values: ReadonlyMap<string, string>;

  constructor(values: Record<string, string>) {
    this.values = new Map(Object.entries(values));
  }

  value(name: string): string {
    return this.values.get(name) ?? '';
  }
}

/** A file as a resource of the firmware. */
export class NodeResource implements Resource {
  private readonly descriptor: number;

  /** @throws the file system's error. */
  constructor(file: string) {
    this.descriptor = fs.openSync(file, 'r');
  }

  read(offset: number, into: Uint8Array): number {
    return fs.readSync(this.descriptor, into, 0, into.length, offset);
  }

  close(): void {
    fs.closeSync(this.descriptor);
  }
}

/** Bytes in memory as a resource. */
export class BytesResource implements Resource {
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  read(offset: number, into: Uint8Array): number {
    const part = this.bytes.subarray(offset, offset + into.length);
    into.set(part);
    return part.length;
  }
}
