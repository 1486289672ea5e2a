/** CRC-32 (IEEE 802.3) by half bytes: 16 entries instead of 256, since a device holds the table in ROM. */
const TABLE: readonly number[] = [
  0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c, 0xedb88320,
  0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
];

/**
 * @param before the checksum of what comes before, 0 at the beginning.
 * @returns the checksum of all of it and `bytes` from `from` to `to`, as an unsigned 32-bit number.
 */
export function crc32(bytes: Uint8Array, from: number, to: number, before: number): number {
  let crc = before ^ 0xffffffff;
  for (let i = from; i < to; i += 1) {
    const c = bytes[i];
    crc = (crc >>> 4) ^ TABLE[(crc ^ c) & 0x0f];
    crc = (crc >>> 4) ^ TABLE[(crc ^ (c >> 4)) & 0x0f];
  }
  return (crc ^ 0xffffffff) >>> 0;
}
