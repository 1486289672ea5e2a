/**
 * Strings to UTF-8 bytes and back. Platforms do this natively, 10 to 40 times faster than a script's loop.
 *
 * Both directions keep U+0000. Neither keeps a reference to what it is given.
 */
export interface Text {
  /**
   * @param text any string; a lone surrogate becomes U+FFFD.
   * @returns new bytes, owned by the caller.
   */
  encode(text: string): Uint8Array;

  /**
   * @param bytes buffer that is read from `from` (inclusive) to `to` (exclusive).
   * @returns the string. Bytes that are not UTF-8 throw; of what, is the platform's choice: the core only hands in bytes
   *   that it has validated, and wraps what is thrown.
   */
  decode(bytes: Uint8Array, from: number, to: number): string;
}
