import type { Files, OpenFile } from '../../src/platform/moddable/file-flash.js';

/** What a disk holds, and whether it takes more. */
export interface Disk {
  readonly files: Map<string, Uint8Array>;
  /** Bytes that the files may have in all. */
  capacity: number;
  /** Whether lack of room shows while writing, or not before the file is closed. */
  tellsAt: 'write' | 'close';
}

/**
 * The SDK's module `file` on littlefs, as modules/files/file/littlefs/modLittlefs.c has it (commit 48ee02d). What a file holds changes when it is
 * closed, all or nothing; so littlefs itself promises. xs_File makes the entry of a new file at once, and keeps what an old one holds;
 * xs_file_destructor does not look whether the close failed; xs_file_read throws at the end; xs_file_delete and xs_file_rename answer false.
 */
export function littlefs(disk: Disk): Files {
  const used = (): number => [...disk.files.values()].reduce((sum, { length }) => sum + length, 0);

  class FakeFile implements OpenFile {
    static exists(path: string): boolean {
      return disk.files.has(path);
    }

    static delete(path: string): boolean {
      return disk.files.delete(path);
    }

    static rename(from: string, to: string): boolean {
      const bytes = disk.files.get(from);
      if (bytes === undefined || !to.startsWith('/')) return false;
      disk.files.set(to, bytes);
      disk.files.delete(from);
      return true;
    }

    private bytes: Uint8Array;
    private position = 0;
    private isOpen = true;

    constructor(
      private readonly path: string,
      write = false,
    ) {
      if (!write && !disk.files.has(path)) throw new Error('No directory entry');
      this.bytes = disk.files.get(path) ?? new Uint8Array(0);
      disk.files.set(path, this.bytes);
    }

    get length(): number {
      return this.bytes.length;
    }

    read(_type: ArrayBufferConstructor, count: number): ArrayBuffer {
      if (this.position >= this.bytes.length) throw new Error('read past end of file');
      const part = this.bytes.slice(this.position, this.position + count);
      this.position += part.length;
      return part.buffer as ArrayBuffer;
    }

    write(bytes: Uint8Array): void {
      const end = this.position + bytes.length;
      const grown = new Uint8Array(Math.max(end, this.bytes.length));
      grown.set(this.bytes);
      grown.set(bytes, this.position);
      if (disk.tellsAt === 'write' && used() + bytes.length > disk.capacity) throw new Error('No space left on device');
      this.bytes = grown;
      this.position = end;
    }

    close(): void {
      if (!this.isOpen) throw new Error('invalid receiver');
      this.isOpen = false;
      const old = disk.files.get(this.path)?.length ?? 0;
      if (used() - old + this.bytes.length <= disk.capacity) disk.files.set(this.path, this.bytes);
    }
  }

  /** xs_file_iterator_next: the folder itself and the one above it come first, and have no length. */
  class FakeIterator {
    private readonly entries: { name: string; length?: number }[];

    constructor(folder: string) {
      const inside = [...disk.files].filter(([path]) => path.startsWith(`${folder}/`));
      const files = inside.map(([path, { length }]) => ({ name: path.slice(folder.length + 1), length }));
      this.entries = [{ name: '.' }, { name: '..' }, ...files];
    }

    next(): { name: string; length?: number } | undefined {
      return this.entries.shift();
    }
  }

  return { File: FakeFile, Iterator: FakeIterator, Directory: { create() {} } };
}
