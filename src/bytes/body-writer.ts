import type { Text } from '../hal/text.js';
import { copyBytes } from './text-buffer.js';

/** Where a source puts its pieces. */
export interface PieceTaker {
  put(text: string): void;
  /** A piece that stays as it is until the source's next step. */
  putBytes(bytes: Uint8Array, from: number, to: number): void;
}

/** Something that is written piece by piece, as often as needed: once to be measured, once to be sent, once more after a redirect. */
export interface BodySource {
  /** Goes back to the beginning. */
  rewind(): void;
  /**
   * Puts the next piece, by one call to `out.put` or `out.putBytes`.
   * @returns false when there are no more; then nothing was put.
   */
  step(out: PieceTaker): boolean;
}

/** Fills windows of any size from a source of pieces. */
export class BodyWriter implements PieceTaker {
  private readonly text: Text;
  private piece: Uint8Array;
  private at: number;
  private end: number;
  private source: BodySource | undefined;

  constructor(text: Text) {
    this.text = text;
    this.piece = new Uint8Array(0);
    this.at = 0;
    this.end = 0;
    this.source = undefined;
  }

  /** Begins to write `source` from its beginning. */
  begin(source: BodySource): void {
    source.rewind();
    this.source = source;
    this.at = 0;
    this.end = 0;
  }

  /** Bytes that `source` will write. */
  measure(source: BodySource): number {
    let length = 0;
    this.begin(source);
    while (source.step(this)) length += this.end - this.at;
    this.begin(source);
    return length;
  }

  /** Called by the source: the next piece. */
  put(text: string): void {
    this.piece = this.text.encode(text);
    this.at = 0;
    this.end = this.piece.length;
  }

  /** Called by the source: the next piece, which stays as it is until the source's next step. */
  putBytes(bytes: Uint8Array, from: number, to: number): void {
    this.piece = bytes;
    this.at = from;
    this.end = to;
  }

  /**
   * Writes into `into` from `from`, at most up to `to`.
   * @returns the place behind the last byte written; less than `to` only at the end of the source.
   */
  fill(into: Uint8Array, from: number, to: number): number {
    const source = this.source as BodySource;
    let at = from;
    while (at < to) {
      if (this.at === this.end && !source.step(this)) break;
      const step = Math.min(this.end - this.at, to - at);
      copyBytes(this.piece, this.at, this.at + step, into, at);
      this.at += step;
      at += step;
    }
    return at;
  }
}
