import { FlashResult } from 'dmlet';
import { type FlashDoors, MemoryFlash } from '../support/memory-flash.js';
import type { Cut } from './cut.js';
import { type Cost, CutStore, isCommitKey, type Traced } from './cut-store.js';

type Variant = Pick<Cut, 'how' | 'count'>;

/** How a store of keys and values behaves. */
export interface KeyBehaviour {
  readonly doors: FlashDoors;
  /** Whether an operation does all or nothing; else it may leave whatever hal/flash.ts warns of. */
  readonly isAtomic: boolean;
  /** Whether a key's old value is erased by an operation of its own before the new one is written. */
  readonly erasesFirst: boolean;
  /** Operations that the store may have told of and not done yet when the power goes. */
  readonly unsynced: number;
}

const BEFORE: Variant = { how: 'before', count: 0 };
const AFTER: Variant = { how: 'after', count: 0 };

/** Header and trailer of a record (FORMAT.md §2): the places where a tear changes its meaning most. */
const HEADER = 10;
const TRAILER = 4;

/** A store of keys and values, each an operation of its own. */
export class KeyStore extends CutStore {
  readonly keySize: number;
  readonly valueSize: number;
  readonly capacity: number;
  private readonly medium: MemoryFlash;
  /** What each of the last operations replaced. */
  private undo: [key: string, old: Uint8Array | undefined][] = [];

  constructor(
    private readonly behaviour: KeyBehaviour,
    values: ReadonlyMap<string, Uint8Array> = new Map(),
  ) {
    super();
    this.medium = new MemoryFlash(behaviour.doors);
    this.keySize = this.medium.keySize;
    this.valueSize = this.medium.valueSize;
    this.capacity = this.medium.capacity;
    for (const [key, value] of values) this.medium.values.set(key, value);
  }

  restarted(): KeyStore {
    return new KeyStore(this.behaviour, this.medium.values);
  }

  cuts({ name, key, size }: Traced): Variant[] {
    const { isAtomic, unsynced } = this.behaviour;
    if (unsynced > 0) return Array.from({ length: unsynced + 1 }, (_, count) => ({ how: 'late', count }));
    if (isAtomic) return [BEFORE, AFTER];
    const half = size >> 1;
    const refusals: Variant[] = (['failed', 'full', 'worn'] as const).map((how) => ({ how, count: 0 }));
    const flipped: Variant = { how: 'flipped', count: half };
    if (name === 'remove') return [BEFORE, AFTER, { how: 'torn', count: half }, flipped, ...refusals];
    const inner = isCommitKey(key)
      ? Array.from({ length: size }, (_, count) => count)
      : [0, 1, HEADER, half, size - TRAILER, size - 1];
    const torn = inner.filter((count, i) => count < size && inner.indexOf(count) === i);
    const gone: Variant = { how: 'gone', count: 0 };
    return [BEFORE, AFTER, gone, ...torn.map((count): Variant => ({ how: 'torn', count })), flipped, ...refusals];
  }

  override rotting(): { key: string; size: number }[] {
    const keys = this.behaviour.isAtomic ? [] : [...this.medium.values.keys()];
    return keys.sort().map((key) => ({ key, size: this.medium.values.get(key)?.length ?? 0 }));
  }

  override rot(key: string, at: number): void {
    this.leave(key, this.medium.values.get(key) ?? new Uint8Array(0), 'flipped', at);
  }

  cost(): Cost {
    return 'nothing';
  }

  protected put(key: string, bytes: Uint8Array): FlashResult {
    const { values } = this.medium;
    if (this.behaviour.erasesFirst && values.has(key)) {
      const erased = this.erase('erase', key);
      if (erased !== FlashResult.Ok) return erased;
    }
    return this.run({
      name: 'write',
      key,
      size: bytes.length,
      perform: () => this.undoable(key, () => this.medium.write(key, bytes, 0, bytes.length)),
      leave: (how, count) => this.leave(key, bytes, how, count),
    });
  }

  protected drop(key: string): FlashResult {
    return this.medium.values.has(key) ? this.erase('remove', key) : FlashResult.Ok;
  }

  protected visit(visit: (key: string) => void): void {
    this.medium.keys(visit);
  }

  protected get(key: string, into: Uint8Array): number {
    return this.medium.read(key, into);
  }

  private erase(name: string, key: string): FlashResult {
    const old = this.medium.values.get(key) ?? new Uint8Array(0);
    return this.run({
      name,
      key,
      size: old.length,
      perform: () => this.undoable(key, () => this.medium.remove(key)),
      leave: (how, count) => this.leave(key, old, how, count),
    });
  }

  private undoable(key: string, perform: () => FlashResult): FlashResult {
    if (this.behaviour.unsynced > 0) this.undo.push([key, this.medium.values.get(key)]);
    return perform();
  }

  private leave(key: string, value: Uint8Array, how: Cut['how'], count: number): void {
    const { values } = this.medium;
    if (how === 'gone') values.delete(key);
    if (how === 'torn') values.set(key, value.slice(0, count));
    if (how === 'flipped') values.set(key, flipped(value, count));
    for (let i = 0; how === 'late' && i < count; i += 1) {
      const [changed, old] = this.undo.pop() ?? [];
      if (changed === undefined) return;
      if (old === undefined) values.delete(changed);
      else values.set(changed, old);
    }
  }
}

function flipped(value: Uint8Array, at: number): Uint8Array {
  const bytes = value.slice();
  bytes[at] ^= 0x10;
  return bytes;
}
