import type { Clock, HttpClient, Platform } from 'dmlet';
import { NodeDigests } from 'dmlet/node';
import { MemoryFlash } from '../support/memory-flash.js';
import { utf8 } from '../support/utf8.js';
import type { Bytes, Ground } from './device/ground.js';

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

const MOST_DELAY = 0x7fffffff;

/** An event loop whose clock jumps to the next timer. */
export class EventLoop implements Clock {
  /** Delays that no clock takes (src/hal/clock.ts). */
  readonly broken: number[] = [];
  private timers: Timer[] = [];
  private time = 0;

  isSet(): boolean {
    return true;
  }

  now(): number {
    return 1700000000 + Math.floor(this.time / 1000);
  }

  uptime(): number {
    return this.time;
  }

  after(delay: number, callback: () => void): unknown {
    if (!(delay >= 0 && delay <= MOST_DELAY)) this.broken.push(delay);
    const timer = { at: this.time + delay, callback };
    let place = this.timers.length;
    while (place > 0 && this.timers[place - 1].at > timer.at) place -= 1;
    this.timers.splice(place, 0, timer);
    return timer;
  }

  cancel(timer: unknown): void {
    const place = this.timers.indexOf(timer as Timer);
    if (place >= 0) this.timers.splice(place, 1);
  }

  /** Timers that wait. */
  get pending(): number {
    return this.timers.length;
  }

  /** Runs the next timer. @returns false where there is none. */
  step(): boolean {
    const next = this.timers.shift();
    if (next === undefined) return false;
    this.time = next.at;
    next.callback();
    return true;
  }
}

/** Bytes in memory as an input. */
export function bytesOf(bytes: Uint8Array): Bytes {
  return {
    size: bytes.length,
    copy(offset, into, from, to) {
      const part = bytes.subarray(offset, offset + to - from);
      into.set(part, from);
      return part.length;
    },
  };
}

/** What the first `prepare` made: it makes the same whenever it is called. */
export const prepared = new Map<string, Uint8Array>();

/** A case's ground on Node. */
export class NodeGround implements Ground {
  readonly loop = new EventLoop();
  readonly flash = new MemoryFlash();

  platform(http: HttpClient): Platform {
    return {
      http,
      flash: this.flash,
      clock: this.loop,
      random: { next: () => 0.5 },
      digests: new NodeDigests(),
      text: utf8,
      identity: { value: () => '' },
    };
  }

  wipe(): void {
    this.flash.values.clear();
  }

  prepare(make: (made: () => void) => void, done: () => void): void {
    if (prepared.size > 0) {
      for (const [key, value] of prepared) this.flash.values.set(key, value);
      done();
      return;
    }
    make(() => {
      for (const [key, value] of this.flash.values) prepared.set(key, value);
      done();
    });
  }

  plant(key: string, value: Uint8Array): void {
    this.flash.values.set(key, value);
  }

  text(text: string): Bytes {
    return bytesOf(utf8.encode(text));
  }
}
