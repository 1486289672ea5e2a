/**
 * Gets the tokens of a JSON text. Strings come decoded, as pieces of UTF-8 in whole characters: `beginText`, any number of `text`,
 * `endText`. Pieces lie in the input chunk or in the scanner's own scratch: valid during the call only.
 */
export interface JsonHandler {
  /** An object or an array begins. */
  begin(isObject: boolean): void;
  end(isObject: boolean): void;
  /** A string begins: a member's name where `isName`, else a value. */
  beginText(isName: boolean): void;
  text(bytes: Uint8Array, from: number, to: number): void;
  endText(isName: boolean): void;
  /** A number, `true`, `false` or `null`, as written; nothing (`from` equal to `to`) where it is longer than any that matters. */
  scalar(bytes: Uint8Array, from: number, to: number): void;
}

function ignore(): void {}

/** Gets what is skipped. */
export const SILENT: JsonHandler = {
  begin: ignore,
  end: ignore,
  beginText: ignore,
  text: ignore,
  endText: ignore,
  scalar: ignore,
};
