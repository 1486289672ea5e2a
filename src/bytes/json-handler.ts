/** Literal values of JSON. */
export const enum Literal {
  Null = 0,
  False = 1,
  True = 2,
}

/**
 * Gets the tokens of a JSON text. Strings come decoded, as pieces of UTF-8: `beginText`, any number of `text`, `endText`.
 * Pieces lie in the input chunk or in the scanner's own scratch: valid during the call only.
 */
export interface JsonHandler {
  beginObject(): void;
  endObject(): void;
  beginArray(): void;
  endArray(): void;
  /** A string begins: a member's name where `isName`, else a value. */
  beginText(isName: boolean): void;
  text(bytes: Uint8Array, from: number, to: number): void;
  endText(isName: boolean): void;
  /** A number, as written; nothing (`from` equal to `to`) where it is longer than any that matters. */
  number(bytes: Uint8Array, from: number, to: number): void;
  literal(value: Literal): void;
}

function ignore(): void {}

/** Gets what is skipped. */
export const SILENT: JsonHandler = {
  beginObject: ignore,
  endObject: ignore,
  beginArray: ignore,
  endArray: ignore,
  beginText: ignore,
  text: ignore,
  endText: ignore,
  number: ignore,
  literal: ignore,
};
