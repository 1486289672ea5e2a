/** SHA-256, computed as the bytes come by. */
export interface Digest {
  /** Adds bytes; `bytes` is not kept. */
  update(bytes: Uint8Array, from: number, to: number): void;
  /** @returns the 32 bytes of the digest, owned by the caller. The digest takes no more bytes afterwards. */
  finish(): Uint8Array;
}

export interface Digests {
  sha256(): Digest;
}
