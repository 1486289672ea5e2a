/** Bytes that lie where they need not be copied to be read. */
export interface Bytes {
  readonly size: number;
  /** Copies what begins at `offset` to `into`, from `from` to `to`. @returns how many bytes; 0 at the end. */
  copy(offset: number, into: Uint8Array, from: number, to: number): number;
}

/** Bytes in memory. */
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

/** All of the bytes in memory. */
export function inMemory(bytes: Bytes): Uint8Array {
  const copy = new Uint8Array(bytes.size);
  bytes.copy(0, copy, 0, copy.length);
  return copy;
}
