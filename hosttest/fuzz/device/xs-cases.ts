import type { HttpClient, Platform } from 'dmlet';
import { crc32 } from '../../../src/flash/crc32.js';
import type { Bytes } from '../../support/bytes.js';
import type { Host } from '../../xs/device/host.js';
import { platform, TEXT } from '../../xs/device/platform.js';
import type { Ground } from './ground.js';
import { WRONG } from './life.js';
import { runTrial, type Subject } from './subjects.js';

declare const host: Host;

/** Cases on the machine: the flash lies beside it, and nothing of one case is left for the next. */
class XsGround implements Ground {
  platform(http: HttpClient): Platform {
    return platform(http);
  }

  wipe(): void {
    const keys: string[] = [];
    host.flashKeys((key) => keys.push(key));
    for (const key of keys) host.flashRemove(key);
  }

  prepare(make: (made: () => void) => void, done: () => void): void {
    make(done);
  }

  plant(key: string, value: Uint8Array): void {
    host.flashWrite(key, value, 0, value.length);
  }

  text(text: string): Bytes {
    const bytes = TEXT.encode(text);
    return {
      size: bytes.length,
      copy(offset, into, from, to) {
        const end = Math.min(to, from + bytes.length - offset);
        for (let i = from; i < end; i += 1) into[i] = bytes[offset + i - from];
        return Math.max(0, end - from);
      },
    };
  }
}

/** Of what a case came to, lines are compared by this. */
export function digestOf(lines: readonly string[], encode: (text: string) => Uint8Array): number {
  let crc = 0;
  for (const line of lines) {
    const bytes = encode(line);
    crc = crc32(bytes, 0, bytes.length, crc);
  }
  return crc >>> 0;
}

/** Runs the inputs one after another. Prints `begin N`, what is wrong, and `end N` with a digest of what happened and the names that were interned so far. */
export function runCases(subject: Subject, count: number): void {
  const ground = new XsGround();
  const next = (index: number): void => {
    if (index === count) return;
    host.print(`begin ${index}`);
    const input: Bytes = {
      size: host.inputSize(index),
      copy: (offset, into, from, to) => host.read(index, offset, into, from, to),
    };
    runTrial(subject, { ground, input, pace: 0 }, (lines) => {
      for (const line of lines) if (line.slice(0, WRONG.length) === WRONG) host.print(line);
      host.print(`end ${index} ${digestOf(lines, (line) => TEXT.encode(line))} ${host.keys()}`);
      host.after(0, () => next(index + 1));
    });
  };
  next(0);
}
