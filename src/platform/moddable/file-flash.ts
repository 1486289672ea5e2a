import { CountedFlash, type FlashDoors } from './counted-flash.js';

/** A file of the SDK's module `file`, on littlefs. */
export interface OpenFile {
  readonly length: number;
  /** @throws Error at the end of the file. */
  read(type: ArrayBufferConstructor, count: number): ArrayBuffer;
  /** Writes over what is there; the file keeps what lies behind. @throws Error. */
  write(bytes: Uint8Array): void;
  /** Makes what was written durable, or not: nobody is told. */
  close(): void;
}

/** The SDK's module `file`, on littlefs. */
export interface Files {
  readonly File: {
    /** @param write whether to make it where it is not there. @throws Error. */
    new (path: string, write?: boolean): OpenFile;
    exists(path: string): boolean;
    /** @returns false where it failed. */
    delete(path: string): boolean;
    /** Replaces what is under the other name, all or nothing. @returns false where it failed. */
    rename(from: string, to: string): boolean;
  };
  readonly Iterator: {
    /** Folders have no `length`. */
    new (path: string): { next(): { readonly name: string; readonly length?: number } | undefined };
  };
  readonly Directory: {
    /** One that is there is no fault. @throws Error. */
    create(path: string): void;
  };
}

const FOLDER = '/dmlet';

/** What is being written; no key has a dot. What is left of it after a power cut is written over. */
const TEMPORARY = `${FOLDER}/new.tmp`;

/** In the errors of littlefs where there is no room: of a debug build, of a release. */
const NO_SPACE: readonly string[] = ['No space', '-28'];

/** Files in littlefs as flash, one a record: on ESP8266 and Pico, whose own stores lose what they hold when the power goes. */
export class FileFlash extends CountedFlash {
  private readonly files: Files;

  /** @throws Error where there is no file system. */
  constructor(files: Files, doors: FlashDoors) {
    super(doors);
    this.files = files;
    files.Directory.create(FOLDER);
  }

  keys(visit: (key: string) => void): void {
    const iterator = new this.files.Iterator(FOLDER);
    for (let entry = iterator.next(); entry !== undefined; entry = iterator.next()) {
      if (entry.length !== undefined && entry.name.indexOf('.') < 0) visit(entry.name);
    }
  }

  protected value(key: string): ArrayBuffer | undefined {
    const path = pathOf(key);
    if (!this.files.File.exists(path)) return undefined;
    return this.opened(path, false, (file) => {
      const length = file.length;
      return length > 0 ? file.read(ArrayBuffer, length) : new ArrayBuffer(0);
    });
  }

  /** Written beside the old value, and put in its place when it is whole. */
  protected put(key: string, bytes: Uint8Array): void {
    const { File } = this.files;
    File.delete(TEMPORARY);
    try {
      this.opened(TEMPORARY, true, (file) => file.write(bytes));
      // A close that fails for lack of room leaves a shorter file.
      if (this.opened(TEMPORARY, false, (file) => file.length) !== bytes.length) throw new Error(NO_SPACE[0]);
    } catch (error) {
      File.delete(TEMPORARY);
      throw error;
    }
    if (!File.rename(TEMPORARY, pathOf(key))) throw new Error('rename');
  }

  protected drop(key: string): void {
    const { File } = this.files;
    const path = pathOf(key);
    if (!File.delete(path) && File.exists(path)) throw new Error('delete');
  }

  protected isFull(error: unknown): boolean {
    const text = String(error);
    return NO_SPACE.some((part) => text.indexOf(part) >= 0);
  }

  private opened<T>(path: string, write: boolean, act: (file: OpenFile) => T): T {
    const file = new this.files.File(path, write);
    try {
      return act(file);
    } finally {
      file.close();
    }
  }
}

function pathOf(key: string): string {
  return `${FOLDER}/${key}`;
}
