import type { Text } from '../../hal/text.js';

/** An encoder of the SDK's module `text/encoder`. Keeps U+0000, and leaves lone surrogates as they are, in three bytes. */
export interface Encoder {
  encode(text: string): Uint8Array;
}

/** A decoder of the SDK's module `text/decoder`. Keeps U+0000. */
export interface Decoder {
  /** @throws TypeError for what is not UTF-8, where the decoder was made `fatal`. */
  decode(bytes: Uint8Array): string;
}

/** `String.fromArrayBuffer` of the engine. Stops at a NUL byte, throws for what is not UTF-8. */
export type FromArrayBuffer = (buffer: ArrayBufferLike, offset: number, length: number) => string;

/** U+FFFD in UTF-8: as long as a surrogate. */
const REPLACEMENT: readonly number[] = [0xef, 0xbf, 0xbd];

/** The first byte of a surrogate, and the least that its second byte is. */
const SURROGATE_LEAD = 0xed;
const SURROGATE_SECOND = 0xa0;

export class ModdableText implements Text {
  private readonly encoder: Encoder;
  private readonly decoder: Decoder;
  private readonly fromArrayBuffer: FromArrayBuffer;

  /** @param decoder a fatal one that keeps a byte order mark. */
  constructor(encoder: Encoder, decoder: Decoder, fromArrayBuffer: FromArrayBuffer) {
    this.encoder = encoder;
    this.decoder = decoder;
    this.fromArrayBuffer = fromArrayBuffer;
  }

  encode(text: string): Uint8Array {
    const bytes = this.encoder.encode(text);
    for (let at = bytes.indexOf(SURROGATE_LEAD); at >= 0; at = bytes.indexOf(SURROGATE_LEAD, at + 1)) {
      if (bytes[at + 1] >= SURROGATE_SECOND) bytes.set(REPLACEMENT, at);
    }
    return bytes;
  }

  decode(bytes: Uint8Array, from: number, to: number): string {
    const fromArrayBuffer = this.fromArrayBuffer;
    // Needs no view, and is right where the text is ASCII without NUL: only then it is as long as the bytes.
    const text = fromArrayBuffer(bytes.buffer, bytes.byteOffset + from, to - from);
    return text.length === to - from ? text : this.decoder.decode(bytes.subarray(from, to));
  }
}
