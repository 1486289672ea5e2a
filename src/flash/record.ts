import { crc32 } from './crc32.js';

/** Bytes before a record's payload. */
export const HEADER = 10;

/** Bytes behind a record's payload: the checksum. */
export const TRAILER = 4;

/** Byte 0 of a record: dmlet in the upper half, the format in the lower. */
const VERSION = 0xd1;
const FAMILY = 0xf0;
const LAST = 0x80;
const COMMIT = 0x7f;

/** The key of a record: object, generation and part in base 36, so that keys sort as what they name does. */
export function recordKey(object: number, generation: number, part: number): string {
  return base36(object, 3) + base36(generation, 6) + base36(part, 3);
}

function base36(value: number, width: number): string {
  const digits = value.toString(36);
  return '000000'.slice(0, width - digits.length) + digits;
}

/** What a record's key says. */
export interface RecordKey {
  readonly text: string;
  readonly object: number;
  readonly generation: number;
  readonly part: number;
}

/** Reads a key; undefined where it is no record's. */
export function parseRecordKey(text: string): RecordKey | undefined {
  const key = {
    text,
    object: Number.parseInt(text.slice(0, 3), 36),
    generation: Number.parseInt(text.slice(3, 9), 36),
    part: Number.parseInt(text.slice(9), 36),
  };
  return recordKey(key.object, key.generation, key.part) === text ? key : undefined;
}

/** The header of the record that was read last. FORMAT.md §2 defines the bits. */
export class RecordHeader {
  kind = 0;
  isLast = false;
  object = 0;
  generation = 0;
  part = 0;
  /** The record is whole, and of a format that this client does not know. */
  isOtherFormat = false;

  get isCommit(): boolean {
    return this.kind === COMMIT;
  }

  /**
   * Reads the header of a record that lies at the start of `bytes`.
   * @returns false where the record is not whole, or not one of ours.
   */
  read(bytes: Uint8Array, length: number): boolean {
    this.isOtherFormat = false;
    if (length < HEADER + TRAILER) return false;
    if (word32(bytes, length - TRAILER) !== crc32(bytes, 0, length - TRAILER, 0)) return false;
    this.isOtherFormat = bytes[0] !== VERSION && (bytes[0] & FAMILY) === (VERSION & FAMILY);
    if (bytes[0] !== VERSION) return false;
    this.kind = bytes[1] & ~LAST;
    this.isLast = (bytes[1] & LAST) !== 0;
    this.object = word16(bytes, 2);
    this.generation = word32(bytes, 4);
    this.part = word16(bytes, 8);
    return true;
  }

  /**
   * Puts header and checksum around the payload that lies in `bytes` from `HEADER` to `end`.
   * @returns the record's length.
   */
  write(
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

  /** Writes a commit record for `generation` to the start of `bytes`. @returns its length. */
  writeCommit(bytes: Uint8Array, generation: number): number {
    return this.write(bytes, HEADER, COMMIT, true, 0, generation, 0);
  }
}

function word16(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8);
}

function word32(bytes: Uint8Array, at: number): number {
  return (word16(bytes, at) | (word16(bytes, at + 2) << 16)) >>> 0;
}

function putWord(bytes: Uint8Array, at: number, value: number, size: number): void {
  for (let i = 0; i < size; i += 1) bytes[at + i] = value >>> (8 * i);
}
