/** The part of jsonparse that the benchmark uses; the package has no types. */
declare module 'jsonparse' {
  export default class Parser {
    /** Containers that are open around the value of which `onValue` is told, and one entry for the document. */
    readonly stack: readonly unknown[];
    /** Replaced by the user: a value, at any depth, is whole. */
    onValue: (value: unknown) => void;
    write(chunk: Buffer): void;
  }
}
