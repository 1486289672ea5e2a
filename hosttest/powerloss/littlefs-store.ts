import { FlashResult } from 'dmlet';
import { FileFlash, type Files, type OpenFile } from '../../src/platform/moddable/file-flash.js';
import { littlefs } from '../platform/moddable-files.js';
import type { Cut } from './cut.js';
import { type Cost, CutStore, PowerCut } from './cut-store.js';

const DOORS = { keySize: 15, valueSize: 4000, capacity: 0, overhead: 0 };

/** What the firmware for ESP8266 and Pico stores with: its own adapter, on littlefs. Each change that littlefs makes to its disk is an operation. */
export class LittlefsStore extends CutStore {
  readonly keySize = DOORS.keySize;
  readonly valueSize = DOORS.valueSize;
  readonly capacity = DOORS.capacity;
  private readonly content: Map<string, Uint8Array>;
  private readonly flash: FileFlash;
  /** The key at hand. */
  private key = '';

  constructor(content: ReadonlyMap<string, Uint8Array> = new Map()) {
    super();
    this.content = new Map(content);
    this.flash = new FileFlash(this.files(), DOORS);
  }

  restarted(): LittlefsStore {
    return new LittlefsStore(this.content);
  }

  cuts(): Pick<Cut, 'how' | 'count'>[] {
    return [
      { how: 'before', count: 0 },
      { how: 'after', count: 0 },
    ];
  }

  cost(): Cost {
    return 'nothing';
  }

  protected put(key: string, bytes: Uint8Array): FlashResult {
    this.key = key;
    return this.powered(this.flash.write(key, bytes, 0, bytes.length));
  }

  protected drop(key: string): FlashResult {
    this.key = key;
    return this.powered(this.flash.remove(key));
  }

  protected visit(visit: (key: string) => void): void {
    this.flash.keys(visit);
  }

  protected get(key: string, into: Uint8Array): number {
    return this.flash.read(key, into);
  }

  /** The adapter takes a power cut for a failure of the file system. */
  private powered(result: FlashResult): FlashResult {
    if (this.isOff) throw new PowerCut(this.key);
    return result;
  }

  private change<T>(name: string, act: () => T): T {
    if (this.isOff) throw new PowerCut(name);
    let result: T | undefined;
    const perform = (): FlashResult => {
      result = act();
      return FlashResult.Ok;
    };
    this.run({ name, key: this.key, size: 0, perform });
    return result as T;
  }

  /** littlefs, whose power may go at each change. */
  private files(): Files {
    const { File, Iterator, Directory } = littlefs({ files: this.content, capacity: 1 << 20, tellsAt: 'close' });
    const change = this.change.bind(this);

    class CutFile implements OpenFile {
      static exists(path: string): boolean {
        return File.exists(path);
      }

      static delete(path: string): boolean {
        return File.exists(path) && change('delete', () => File.delete(path));
      }

      static rename(from: string, to: string): boolean {
        return change('rename', () => File.rename(from, to));
      }

      private readonly file: OpenFile;
      private readonly isWritten: boolean;

      constructor(path: string, write = false) {
        this.isWritten = write;
        const open = (): OpenFile => new File(path, write);
        this.file = write ? change('create', open) : open();
      }

      get length(): number {
        return this.file.length;
      }

      read(type: ArrayBufferConstructor, count: number): ArrayBuffer {
        return this.file.read(type, count);
      }

      write(bytes: Uint8Array): void {
        this.file.write(bytes);
      }

      close(): void {
        if (this.isWritten) change('commit', () => this.file.close());
        else this.file.close();
      }
    }

    return { File: CutFile, Iterator, Directory };
  }
}
