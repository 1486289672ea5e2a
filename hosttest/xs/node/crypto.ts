import type { Host } from '../device/host.js';
import { Buffer } from './buffer.js';

declare const host: Host;

class Hash {
  private readonly digester = host.sha256();

  update(content: string | Uint8Array): this {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    host.sha256Update(this.digester, bytes, 0, bytes.length);
    return this;
  }

  digest(encoding?: string): Uint8Array | string {
    const bytes = new Buffer(host.sha256Finish(this.digester));
    return encoding === undefined ? bytes : bytes.toString(encoding);
  }
}

/** SHA-256, the only one that tests use. */
export function createHash(): Hash {
  return new Hash();
}
