import type { Flash, Log, Platform } from 'dmlet';
import { platform } from '../device/platform.js';
import { LoopbackHttp } from './loopback-http.js';

export { XsClock as NodeClock, XsDigests as NodeDigests, XsText as NodeText } from '../device/platform.js';

/** The platform of Node, as this machine has it. */
export interface XsPlatform extends Platform {
  http: LoopbackHttp;
}

export function nodePlatform(
  flash: Flash,
  identity: Readonly<Record<string, string>>,
  { log, show }: { log?: Log; show?: (url: string) => void } = {},
): XsPlatform {
  return {
    ...platform(new LoopbackHttp()),
    http: new LoopbackHttp(),
    flash,
    identity: { value: (name) => identity[name] ?? '' },
    log,
    ui: show && { show },
  };
}

/** Bytes in memory as a resource. */
export class BytesResource {
  constructor(private readonly bytes: Uint8Array) {}

  read(offset: number, into: Uint8Array): number {
    const part = this.bytes.subarray(offset, offset + into.length);
    into.set(part);
    return part.length;
  }
}
