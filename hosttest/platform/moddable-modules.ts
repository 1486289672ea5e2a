import { createHash } from 'node:crypto';
import type { NativeDigest } from '../../src/platform/moddable/digests.js';
import type { UdpSocket } from '../../src/platform/moddable/notifications.js';
import type { NativeResource } from '../../src/platform/moddable/resource.js';
import type { Decoder, Encoder } from '../../src/platform/moddable/text.js';

// The SDK's modules besides its stores, as its sources of June 2026 (commit 48ee02d) have them.

/** `crypt`: modules/crypt/digest/modCrypt.c knows digests by their names in capitals, and throws for any other. */
export class FakeDigest implements NativeDigest {
  private readonly hash = createHash('sha256');

  constructor(type: string) {
    if (type !== 'SHA256') throw new Error('crypt: unsupported digest');
  }

  write(bytes: Uint8Array): void {
    this.hash.update(bytes);
  }

  close(): ArrayBuffer {
    return new Uint8Array(this.hash.digest()).buffer;
  }
}

/** `text/encoder`: modules/data/text/encoder/textencoder.c joins pairs of surrogates, and leaves a lone one as the three bytes that it is in the engine. */
export class FakeEncoder implements Encoder {
  encode(text: string): Uint8Array {
    const bytes: number[] = [];
    for (const character of text) {
      const code = character.codePointAt(0) as number;
      if (code < 0x80) bytes.push(code);
      else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
      else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
      else {
        bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
      }
    }
    return Uint8Array.from(bytes);
  }
}

/** `text/decoder`: modules/data/text/decoder/textdecoder.c keeps NUL. A fatal one throws. */
export class FakeDecoder implements Decoder {
  private readonly decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

  decode(bytes: Uint8Array): string {
    return this.decoder.decode(bytes);
  }
}

/** `String.fromArrayBuffer`: xs/sources/xsString.c stops at a NUL byte, and throws for what is not UTF-8. */
export function fakeFromArrayBuffer(buffer: ArrayBufferLike, offset: number, length: number): string {
  const bytes = new Uint8Array(buffer, offset, length);
  const end = bytes.indexOf(0);
  return new FakeDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/** `Resource`: Resource_slice of modules/files/resource/Resource.c bounds the end, not the beginning. */
export class FakeResource implements NativeResource {
  constructor(private readonly bytes: Uint8Array) {}

  get byteLength(): number {
    return this.bytes.length;
  }

  slice(begin: number, end: number): ArrayBuffer {
    const to = Math.min(end, this.bytes.length);
    if (to < begin) throw new RangeError('out of memory');
    return this.bytes.slice(begin, to).buffer as ArrayBuffer;
  }
}

/** `timer` and `time`: modules/base/timer/modTimer.c calls back with the timer, and is content with one that is over. Time stands until it is moved. */
export class FakeTimers {
  /** What modules/base/time/esp/modTime.c reads from a counter of 32 bits. */
  ticks = 0;
  private readonly waiting = new Map<object, { at: number; every: number; callback: (timer: object) => void }>();
  private now = 0;

  set(callback: (timer: object) => void, delay: number): object {
    return this.add(callback, delay, 0);
  }

  repeat(callback: (timer: object) => void, delay: number): object {
    return this.add(callback, delay, delay);
  }

  clear(timer: unknown): void {
    this.waiting.delete(timer as object);
  }

  /** Lets milliseconds go by. */
  pass(milliseconds: number): void {
    const end = this.now + milliseconds;
    for (let due = this.next(end); due !== undefined; due = this.next(end)) {
      const [timer, entry] = due;
      this.move(entry.at - this.now);
      if (entry.every > 0) entry.at += entry.every;
      else this.waiting.delete(timer);
      entry.callback(timer);
    }
    this.move(end - this.now);
  }

  private add(callback: (timer: object) => void, delay: number, every: number): object {
    const timer = {};
    this.waiting.set(timer, { at: this.now + delay, every, callback });
    return timer;
  }

  private next(end: number) {
    return [...this.waiting].filter(([, { at }]) => at <= end).sort(([, one], [, other]) => one.at - other.at)[0];
  }

  private move(milliseconds: number): void {
    this.now += milliseconds;
    this.ticks = (this.ticks + milliseconds) | 0;
  }
}

/** `embedded:io/socket/udp`: modules/io/socket/lwip/udp.c keeps datagrams until they are read, and does not tell again of one that it told of. */
export class ListeningUdp implements UdpSocket {
  static readonly open: ListeningUdp[] = [];
  readonly port: number;
  private readonly onReadable: (count: number) => void;
  private readonly datagrams: ArrayBuffer[] = [];

  constructor(options: { port: number; onReadable: (count: number) => void }) {
    if (ListeningUdp.open.some(({ port }) => port === options.port)) throw new Error('bind failed');
    this.port = options.port;
    this.onReadable = options.onReadable;
    ListeningUdp.open.push(this);
  }

  read(): ArrayBuffer | undefined {
    return this.datagrams.shift();
  }

  close(): void {
    ListeningUdp.open.splice(ListeningUdp.open.indexOf(this), 1);
  }

  /** Datagrams that come before the callback does. */
  receive(...datagrams: Uint8Array[]): void {
    this.datagrams.push(...datagrams.map((bytes) => bytes.slice().buffer as ArrayBuffer));
    this.onReadable(this.datagrams.length);
  }
}
