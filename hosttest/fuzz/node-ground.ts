import type { HttpClient, Platform } from 'dmlet';
import { NodeDigests } from 'dmlet/node';
import { type Bytes, bytesOf } from '../support/bytes.js';
import { MemoryFlash } from '../support/memory-flash.js';
import { TestClock } from '../support/test-clock.js';
import { utf8 } from '../support/utf8.js';
import type { Ground } from './device/ground.js';

/** What the first `prepare` made: it makes the same whenever it is called. */
export const prepared = new Map<string, Uint8Array>();

/** A case's ground on Node. */
export class NodeGround implements Ground {
  readonly loop = new TestClock();
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
