import type { Text } from '../hal/text.js';
import { copyBytes } from './text-buffer.js';

/** Something that is written piece by piece, as often as needed: once to be measured, once to be sent, once more after a redirect. */
export interface BodySource {
  /** Goes back to the beginning. */
  rewind(): void;
  /** The next piece, a few hundred characters at most; '' behind the last. No piece ends within a surrogate pair. */
  next(): string;
}

/** Fills windows of any size from a source of pieces. */
export class BodyWriter {
  private readonly text: Text;
  private piece: Uint8Array;
  private at: number;
  private source: BodySource | undefined;

  constructor(text: Text) {
    this.text = text;
    this.piece = new Uint8Array(0);
    this.at = 0;
    this.source = undefined;
  }

  /** Begins to write `source` from its beginning. */
  begin(source: BodySource): void {
    source.rewind();
    this.source = source;
    // Nothing is left of the piece before.
    this.at = this.piece.length;
  }

  /** Bytes that `source` will write; begins it. */
  measure(source: BodySource): number {
    let length = 0;
    source.rewind();
    for (let piece = source.next(); piece !== ''; piece = source.next()) length += this.text.encode(piece).length;
    this.begin(source);
    return length;
  }

  /**
   * Writes into `into` from `from`, at most up to `to`.
   * @returns the place behind the last byte written; less than `to` only at the end of the source.
   */
  fill(into: Uint8Array, from: number, to: number): number {
    let at = from;
    while (at < to) {
      if (this.at === this.piece.length) {
        this.piece = this.text.encode((this.source as BodySource).next());
        this.at = 0;
        if (this.piece.length === 0) break;
      }
      const count = Math.min(this.piece.length - this.at, to - at);
      copyBytes(this.piece, this.at, this.at + count, into, at);
      this.at += count;
      at += count;
    }
    return at;
  }
}
