import { crc32 } from './crc32.js';

/** Bytes before a record's payload. FORMAT.md §2 defines them. */
export const HEADER = 10;

/** Bytes behind a record's payload: the checksum. */
export const TRAILER = 4;

/** Kind of a commit record. */
export const COMMIT = 0x7f;

/** Byte 0 of a record: dmlet in the upper half, the format in the lower. */
const VERSION = 0xd1;
const FAMILY = 0xf0;
const LAST = 0x80;

/** The key of a record: object, generation and part in base 36, so that keys sort as what they name does. */
export function recordKey(object: number, generation: number, part: number): string {
  return base36(object, 3) + base36(generation, 6) + base36(part, 3);
}

function base36(value: number, width: number): string {
  const digits = value.toString(36);
  return '000000'.slice(0, width - digits.length) + digits;
}

/** The number that a part of a key stands for, NaN where it is none. */
export function fromBase36(key: string, from: number, to: number): number {
  return parseInt(key.slice(from, to), 36);
}

/** True where a whole record lies at the start of `bytes`, of whatever format. */
export function isSealed(bytes: Uint8Array, length: number): boolean {
  const end = length - TRAILER;
  return end >= HEADER && length <= bytes.length && readWord(bytes, end, TRAILER) === crc32(bytes, 0, end, 0);
}

/** True for a record of the format that this client writes. */
export function isOurs(bytes: Uint8Array): boolean {
  return bytes[0] === VERSION;
}

/** True for a record of another format of this client. */
export function isOtherFormat(bytes: Uint8Array): boolean {
  return !isOurs(bytes) && (bytes[0] & FAMILY) === (VERSION & FAMILY);
}

/** The key under which a record belongs. */
export function ownKey(bytes: Uint8Array): string {
  return recordKey(readWord(bytes, 2, 2), generationOf(bytes), readWord(bytes, 8, 2));
}

export function kindOf(bytes: Uint8Array): number {
  return bytes[1] & ~LAST;
}

/** True for an object's last part. */
export function isLastPart(bytes: Uint8Array): boolean {
  return (bytes[1] & LAST) !== 0;
}

export function generationOf(bytes: Uint8Array): number {
  return readWord(bytes, 4, 4);
}

/**
 * Puts header and checksum around the payload that lies in `bytes` from `HEADER` to `end`.
 * @returns the record's length.
 */
export function seal(
  bytes: Uint8Array,
  end: number,
  kind: number,
  last: boolean,
  object: number,
  generation: number,
  part: number,
): number {
  bytes[0] = VERSION;
  bytes[1] = kind | (last ? LAST : 0);
  putWord(bytes, 2, object, 2);
  putWord(bytes, 4, generation, 4);
  putWord(bytes, 8, part, 2);
  putWord(bytes, end, crc32(bytes, 0, end, 0), TRAILER);
  return end + TRAILER;
}

function readWord(bytes: Uint8Array, at: number, size: number): number {
  let value = 0;
  for (let i = at + size - 1; i >= at; i -= 1) value = value * 256 + bytes[i];
  return value;
}

function putWord(bytes: Uint8Array, at: number, value: number, size: number): void {
  for (let i = 0; i < size; i += 1) bytes[at + i] = value >>> (8 * i);
}
