import type { Digest, Digests } from '../../hal/digest.js';

/** A digest of the SDK's module `crypt`. */
export interface NativeDigest {
  write(bytes: Uint8Array): void;
  close(): ArrayBuffer;
}

export interface NativeDigests {
  new (type: string): NativeDigest;
}

class Sha256 implements Digest {
  private readonly digest: NativeDigest;

  constructor(Native: NativeDigests) {
    this.digest = new Native('SHA256');
  }

  update(bytes: Uint8Array, from: number, to: number): void {
    this.digest.write(bytes.subarray(from, to));
  }

  finish(): Uint8Array {
    return new Uint8Array(this.digest.close());
  }
}

export class ModdableDigests implements Digests {
  private readonly native: NativeDigests;

  constructor(native: NativeDigests) {
    this.native = native;
  }

  sha256(): Digest {
    return new Sha256(this.native);
  }
}
