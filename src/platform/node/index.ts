import type { Flash } from '../../hal/flash.js';
import type { Log } from '../../hal/log.js';
import type { Platform } from '../../hal/platform.js';
import { NodeHttp, type NodeHttpOptions } from './http.js';
import { NodeClock, NodeDigests, NodeIdentity, NodeRandom, NodeText } from './system.js';

export { NodeFlash, type NodeFlashOptions } from './flash.js';
export { NodeHttp, type NodeHttpOptions } from './http.js';
export { BytesResource, NodeClock, NodeDigests, NodeIdentity, NodeRandom, NodeResource, NodeText } from './system.js';

/** A platform on Node; `http` is the client to close when it is no longer needed. */
export interface NodePlatform extends Platform {
  http: NodeHttp;
}

/** What a platform may have besides. */
export interface NodePlatformOptions {
  log?: Log;
  http?: NodeHttpOptions;
  /** Shows a page to the user (src/hal/ui.ts); without it there is no browser. */
  show?: (url: string) => void;
}

/**
 * Everything that the core needs, on Node.
 * @param flash what keeps the device's state, as a rule a `NodeFlash`.
 * @param identity values by name: MCC, MNC, DevID, Bearer …
 * @throws the TLS library's error for certificates that cannot be used.
 */
export function nodePlatform(
  flash: Flash,
  identity: Record<string, string>,
  { log, http, show }: NodePlatformOptions = {},
): NodePlatform {
  return {
    http: new NodeHttp(http),
    flash,
    clock: new NodeClock(),
    random: new NodeRandom(),
    digests: new NodeDigests(),
    text: new NodeText(),
    identity: new NodeIdentity(identity),
    log,
    ui: show && { show },
  };
}
