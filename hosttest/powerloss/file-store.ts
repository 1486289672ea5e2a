import { FlashResult } from 'dmlet';
import type { Cut } from './cut.js';
import { type Cost, CutStore, type Traced } from './cut-store.js';

type Variant = Pick<Cut, 'how' | 'count'>;

/**
 * The preferences of the Linux simulator, as in the SDK's modules/files/preference/lin/preference.js: all of them in one JSON file, which
 * is deleted and written anew for each change. A file that does not parse counts as none.
 */
export class FileStore extends CutStore {
  readonly keySize = 15;
  readonly valueSize = 4000;
  readonly capacity = 0;
  private readonly cache: Record<string, string>;

  constructor(private file: string | undefined = undefined) {
    super();
    this.cache = load(file);
  }

  restarted(): FileStore {
    return new FileStore(this.file);
  }

  cuts({ name, size }: Traced): Variant[] {
    const edges: Variant[] = [
      { how: 'before', count: 0 },
      { how: 'after', count: 0 },
    ];
    if (name !== 'write file') return edges;
    return [...edges, { how: 'torn', count: 0 }, { how: 'torn', count: size >> 1 }, { how: 'torn', count: size - 1 }];
  }

  cost({ name }: Traced, { how }: Cut): Cost {
    if (name === 'delete file') return how === 'before' ? 'nothing' : 'anything';
    return how === 'after' ? 'nothing' : 'anything';
  }

  protected put(key: string, bytes: Uint8Array): FlashResult {
    this.cache[key] = bytes.toString();
    return this.save(key);
  }

  protected drop(key: string): FlashResult {
    if (this.cache[key] === undefined) return FlashResult.Ok;
    delete this.cache[key];
    return this.save(key);
  }

  protected visit(visit: (key: string) => void): void {
    for (const key of Object.keys(this.cache)) visit(key);
  }

  protected get(key: string, into: Uint8Array): number {
    const text = this.cache[key];
    if (text === undefined) return -1;
    const value = Uint8Array.from(text.split(',').map(Number));
    into.set(value.subarray(0, into.length));
    return value.length;
  }

  private save(key: string): FlashResult {
    const json = JSON.stringify(this.cache);
    if (this.file !== undefined) {
      this.run({
        name: 'delete file',
        key,
        size: 0,
        perform: () => {
          this.file = undefined;
          return FlashResult.Ok;
        },
      });
    }
    return this.run({
      name: 'write file',
      key,
      size: json.length,
      perform: () => {
        this.file = json;
        return FlashResult.Ok;
      },
      leave: (_how, count) => {
        this.file = json.slice(0, count);
      },
    });
  }
}

function load(file: string | undefined): Record<string, string> {
  try {
    return JSON.parse(file ?? '{}') as Record<string, string>;
  } catch {
    return {};
  }
}
