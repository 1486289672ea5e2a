import type { Host } from '../device/host.js';

declare const host: Host;

const HEX = '0123456789abcdef';
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** As much of Node's `Buffer` as tests use. */
class XsBuffer extends Uint8Array {
  static alloc(size: number): XsBuffer {
    return new XsBuffer(size);
  }

  static concat(parts: readonly Uint8Array[]): XsBuffer {
    const all = new XsBuffer(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }

  static compare(one: Uint8Array, other: Uint8Array): number {
    for (let i = 0; i < one.length && i < other.length; i += 1) if (one[i] !== other[i]) return one[i] - other[i];
    return one.length - other.length;
  }

  static byteLength(text: string): number {
    return host.encode(text).byteLength;
  }

  copy(target: Uint8Array, at: number, from: number, to: number): void {
    target.set(this.subarray(from, to), at);
  }

  override toString(encoding = 'utf8', from = 0, to = this.length): string {
    if (from > 0 || to < this.length) return host.decode(this, from, to);
    if (encoding === 'utf8' && isUtf8(this)) return host.decode(this, 0, this.length);
    const each = (text: (byte: number) => string): string => Array.from(this, text).join('');
    if (encoding === 'hex') return each((byte) => HEX.charAt(byte >> 4) + HEX.charAt(byte & 15));
    if (encoding === 'base64') return toBase64(this);
    return each((byte) => String.fromCharCode(byte));
  }

  /** Whether it holds a text, too. */
  override includes(wanted: number | string, from?: number): boolean {
    return typeof wanted === 'number' ? super.includes(wanted, from) : this.toString('latin1').includes(wanted, from);
  }

  writeUInt16BE(value: number): void {
    this[0] = value >> 8;
    this[1] = value;
  }

  writeBigUInt64BE(value: bigint): void {
    for (let i = 0; i < 8; i += 1) this[i] = Number((value >> BigInt(8 * (7 - i))) & 0xffn);
  }
}

function copyOf(bytes: ArrayLike<number>): XsBuffer {
  const copy = new XsBuffer(bytes.length);
  copy.set(bytes);
  return copy;
}

function fromHex(text: string): XsBuffer {
  const bytes = new XsBuffer(text.length >> 1);
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const bits = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    for (let j = 0; j < 4; j += 1) text += i + j > bytes.length ? '=' : BASE64.charAt((bits >> (18 - 6 * j)) & 63);
  }
  return text;
}

/** What `from` takes is more than that of the class that it inherits from: it is no method of the class. */
export const Buffer = Object.assign(XsBuffer, {
  from(source: string | ArrayLike<number>, encoding = 'utf8'): XsBuffer {
    if (typeof source !== 'string') return copyOf(source);
    return encoding === 'hex' ? fromHex(source) : new XsBuffer(host.encode(source));
  },
});

export function isUtf8(bytes: Uint8Array): boolean {
  try {
    host.decode(bytes, 0, bytes.length);
    return true;
  } catch {
    return false;
  }
}
