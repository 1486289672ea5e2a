/** The global object `host` of the machine. What it keeps is not in the machine's pool. */
export interface Host {
  /** A line of the run's report. */
  print(text: string): void;
  /** Notes bytes that leave the device in the run's report, up to 1023 at once. */
  sent(bytes: Uint8Array, from: number, to: number): void;
  /** Microseconds of processor time. */
  now(): number;
  /** Collects garbage. */
  gc(): void;
  /** Bytes of slots and chunks in use, garbage included. */
  used(): number;
  /** Names that were interned at run time. */
  keys(): number;
  /** Notes the machine's memory in the run's report. */
  mark(label: string): void;
  /** Bytes of an input of the run. */
  inputSize(input: number): number;
  /** Copies an input from `offset` to `bytes` from `from` to `to`. @returns how many bytes; 0 at the end. */
  read(input: number, offset: number, bytes: Uint8Array, from: number, to: number): number;
  /** Bytes as a string, U+0000 included. @throws TypeError where they are not UTF-8. */
  decode(bytes: Uint8Array, from: number, to: number): string;
  /** A string as UTF-8; a lone surrogate becomes U+FFFD. */
  encode(text: string): ArrayBuffer;
  flashKeys(visit: (key: string) => void): void;
  /** @returns the value's length, -1 where there is none; as much as fits is copied. */
  flashRead(key: string, into: Uint8Array): number;
  flashWrite(key: string, bytes: Uint8Array, from: number, to: number): void;
  flashRemove(key: string): void;
  /** Begins a digest; its state is in the pool, as that of a device's native digest. */
  sha256(): object;
  sha256Update(digest: object, bytes: Uint8Array, from: number, to: number): void;
  sha256Finish(digest: object): ArrayBuffer;
  /** Calls back from the event loop, whose clock jumps to the next timer. @returns a handle. */
  after(delay: number, callback: () => void): number;
  cancel(timer: number): void;
  /** Milliseconds of that clock. */
  uptime(): number;
}

/** What the engine adds to the language. */
export interface Xs {
  /** Stops at a NUL byte. */
  readonly fromArrayBuffer: (buffer: ArrayBufferLike, offset: number, length: number) => string;
}
