/** Bytes that the factory put into the firmware: the bootstrap. Read-only, never written to. */
export interface Resource {
  /**
   * Copies bytes that begin at `offset` to the start of `into`, which the caller owns.
   * @returns the count of bytes copied; 0 at or after the end.
   */
  read(offset: number, into: Uint8Array): number;
}
